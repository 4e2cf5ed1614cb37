"""What waits for me, in the order in which it is due, and what to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yifa.cases import read
from yifa.cases.read import GREEN, GREY, RED, YELLOW, CaseRow
from yifa.look.chapters import chapters
from yifa.look.frame import Section
from yifa.look.words import word
from yifa.people.actor import Actor
from yifa.procedure import Procedure, Step, registry

from .frame import ICONS, INBOX, MATTERS
from .names import office_label, post_label
from .who import Desk, official

LIGHTS = {RED: "已逾期", YELLOW: "三日内到期", GREEN: "期限充裕", GREY: "没有期限在走"}
SIGNS = {RED: "alert-triangle", YELLOW: "clock", GREEN: "circle-check", GREY: "circle-minus"}
SHOWN = 2  # steps named in a row; the rest are on the case's page


@dataclass(frozen=True)
class Row:
    """A case in the inbox and the steps its state leaves to this post."""

    case: CaseRow
    office: str
    url: str
    can: tuple[Section, ...]
    total: int


@dataclass(frozen=True)
class Group:
    light: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Light:
    """One count above the list, and the way to those cases alone."""

    key: str
    label: str
    icon: str
    count: int
    url: str
    current: bool


def open_to(step: Step[Any], actor: Actor) -> bool:
    """May this post take the step at all, in some case?"""
    return actor.handles(step.family) and any(r.key in actor.roles for r in step.roles)


def beginnings(procedure: type[Procedure], actor: Actor) -> tuple[Section, ...]:
    """The steps by which this post may begin a case."""
    return tuple(
        Section(s.label, reverse("desk:new", args=[procedure.key, s.key]))
        for s in procedure.opening()
        if open_to(s, actor)
    )


def _row(case: CaseRow, actor: Actor) -> Row:
    procedure = registry().family(case.family)
    steps = [
        s for s in procedure.steps.values() if case.state_key in s.sources and open_to(s, actor) and s.onward
    ]
    meets = {key for p in procedure.periods.values() if p.label == case.due_label for key in p.meets}
    steps.sort(key=lambda s: s.key not in meets)  # first what the nearest period waits for
    url = reverse("desk:case", args=[case.id])
    named = tuple(Section(s.label, reverse("desk:do", args=[case.id, s.key])) for s in steps[:SHOWN])
    return Row(case, office_label(case.office_code), url, named, len(steps))


def _groups(rows: Iterable[CaseRow], actor: Actor) -> list[Group]:
    """The rows come by due date, so each light's rows stand together."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.light, []).append(_row(row, actor))
    return [Group(light, word(LIGHTS[light]), tuple(found[light])) for light in LIGHTS if light in found]


def _summary(counts: dict[str, int]) -> str:
    """One sentence that says where to begin."""
    red, yellow = counts.get(RED, 0), counts.get(YELLOW, 0)
    if red and yellow:
        return word("有 {red} 件已经逾期，请先办理；另有 {yellow} 件三日内到期。", red=red, yellow=yellow)
    if red:
        return word("有 {red} 件已经逾期，请先办理。", red=red)
    if yellow:
        return word("有 {yellow} 件三日内到期。", yellow=yellow)
    return word("没有逾期，也没有三日内到期的事项。")


def _address(**wanted: str) -> str:
    query = urlencode({k: v for k, v in wanted.items() if v})
    return reverse("desk:inbox") + (f"?{query}" if query else "")


def _lights(counts: dict[str, int], family: str, chosen: str) -> list[Light]:
    return [
        Light(
            key, word(label), SIGNS[key], counts.get(key, 0),
            _address(family=family, light="" if key == chosen else key), key == chosen,
        )
        for key, label in LIGHTS.items()
    ]  # fmt: skip


def _families(actor: Actor, light: str, chosen: str) -> list[Section]:
    mine = [p for p in registry().families() if p.kind == "procedure" and _works_on(p, actor)]
    every = Section(word("全部事项"), _address(light=light), current=not chosen)
    return [
        every,
        *(Section(p.title, _address(family=p.key, light=light), current=p.key == chosen) for p in mine),
    ]


def _works_on(procedure: type[Procedure], actor: Actor) -> bool:
    return any(open_to(s, actor) for s in procedure.steps.values())


@dataclass(frozen=True)
class Elsewhere:
    """Another post of the same person, and what waits there."""

    post: str
    label: str
    red: int
    yellow: int
    total: int


def _elsewhere(desk: Desk) -> list[Elsewhere]:
    found = []
    for other in desk.actors:
        counts = read.waiting(other, desk.today)
        if other.post != desk.actor.post and (total := sum(counts.values())):
            label = f"{office_label(other.office)} {post_label(other.post)}"
            found.append(Elsewhere(other.post, label, counts[RED], counts[YELLOW], total))
    return sorted(found, key=lambda e: (-e.red, -e.yellow, -e.total))


@require_GET
@official
def inbox(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Mine to do, by due date."""
    family, light = request.GET.get("family", ""), request.GET.get("light", "")
    light = light if light in LIGHTS else ""
    after = request.GET.get("after")
    page = read.inbox(desk.actor, desk.today, family=family, light=light, after=after)
    first = sorted(registry().families(), key=lambda p: p.kind != "procedure")
    begin = [s for p in first for s in beginnings(p, desk.actor)]
    context = {
        "today": desk.today,
        "post": f"{office_label(desk.actor.office)} {post_label(desk.actor.post)}",
        "summary": _summary(page.counts),
        "tallies": _lights(page.counts, family, light),
        "families": _families(desk.actor, light, family),
        "groups": _groups(page.rows, desk.actor),
        "begin": begin[:2],
        "elsewhere": _elsewhere(desk),
        "next_url": _address(family=family, light=light, after=page.next or "") if page.next else "",
        "first_url": _address(family=family, light=light) if after else "",
        "narrowed": bool(family or light),
        "all_url": _address(),
    }
    return desk.page(request, "desk/inbox.html", context, section=INBOX)


@dataclass(frozen=True)
class Matter:
    """A procedure on the page of all of them."""

    label: str
    intro: str
    url: str
    icon: str
    begin: Sequence[Section]


@dataclass(frozen=True)
class Beside:
    """Another post of the same person, and the matters it deals with that the present one does not."""

    post: str
    label: str
    matters: tuple[str, ...]


def _beside(desk: Desk) -> list[Beside]:
    found = []
    for other in desk.actors:
        more = (
            p.title for p in registry().families() if other.handles(p.key) and not desk.actor.handles(p.key)
        )
        if titles := tuple(more):
            label = f"{office_label(other.office)} {post_label(other.post)}"
            found.append(Beside(other.post, label, titles))
    return found


@require_GET
@official
def matters(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every procedure, register and journal of the county, by chapter."""
    found = [
        (
            c,
            [
                Matter(
                    p.title,
                    p.intro,
                    reverse("desk:listing", args=[p.key]),
                    ICONS[p.kind],
                    beginnings(p, desk.actor),
                )
                for p in c.procedures
                if desk.actor.handles(p.key)
            ],
        )
        for c in chapters()
        if any(desk.actor.handles(p.key) for p in c.procedures)
    ]
    context = {"chapters": found, "beside": _beside(desk)}
    return desk.page(request, "desk/matters.html", context, section=MATTERS)
