"""One case on one page: where it stands, when what is due and why, what can be done, what was done."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version as version_of
from typing import Any

from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from markupsafe import Markup

from yifa.calls import live
from yifa.calls.procedure import CallOut
from yifa.cases import kernel, read
from yifa.cases.decide import who_may
from yifa.cases.read import ActView, CasePage, StepView, TermView
from yifa.counts import funnel
from yifa.law import Citation
from yifa.look import charts, write
from yifa.look.words import language, word
from yifa.people import HEAD
from yifa.people.actor import Actor
from yifa.procedure import Refused, registry, typed_of

from .calling import EVERY, Calling, calling_of
from .draw import panel
from .links import FROM, grown, openings
from .names import office_label, post_label
from .papers import files_of
from .review_sheet import SETTLE, Panel, review_panel
from .unsettled import unsettled
from .who import Desk, official

PROGRAM = version_of("yifa")
TONES = {read.GREEN: "green", read.YELLOW: "yellow", read.RED: "red", read.GREY: "grey"}


@dataclass(frozen=True)
class Term:
    """A period as the page draws it."""

    label: str
    cite: Citation
    day: str
    light: str
    said: str
    meter: Markup
    provisional: bool
    sentences: tuple[str, ...]
    open: bool


@dataclass(frozen=True)
class Paper:
    label: str
    number: str
    url: str
    pdf: str
    docx: str
    erased: bool


@dataclass(frozen=True)
class Way:
    """A button that takes a step; `onward`: not one that only puts an entry right."""

    label: str
    cite: Citation
    url: str
    onward: bool


def etag(request: HttpRequest, actor: Actor, id: int, version: int, today: date) -> str:
    """Changes when the case does, or another grows out of it, or the reader, their post, language or login, or the day: lights fade overnight."""
    parts = [
        id,
        version,
        grown(id),
        live.pulse(id),
        actor.person,
        actor.post,
        today,
        get_language(),
        request.session.session_key,
        PROGRAM,
    ]
    return quote_etag(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24])


def said(t: TermView, today: date) -> str:
    """What became of the period, in three or four signs."""
    if t.state == "met":
        return word("逾期办结") if t.late else word("按期办结")
    if t.state == "pause":
        return word("中止计算")
    if t.state == "ended":
        return word("随案终结")
    if t.light == read.GREY and t.due and t.due < today:
        return word("已经过去")  # it limits a step that need not be taken
    return write.left(t.due, today, language())


def term(t: TermView, today: date) -> Term:
    light = {"met": "red" if t.late else "met", "pause": "paused", "ended": "grey"}.get(t.state, t.light)
    until = min(t.met_on or today, t.due or today)
    long = (t.due - t.start).days if t.due else 0
    used = (until - t.start).days / long if long > 0 else 0.0
    gone = 1.0 if t.late or (t.due and today > t.due and t.state == "run") else used
    title = word("{label}已经用去的部分", label=word(t.label))
    tone = "grey" if t.state in ("ended", "pause") else TONES[t.light]
    return Term(
        label=t.label,
        cite=t.cite,
        day=write.short_day(t.due, None, language()) or word("未定"),
        light=light,
        said=said(t, today),
        meter=charts.meter(gone, title, tone),
        provisional=t.provisional,
        sentences=tuple(t.sum.sentences(language())) if t.sum else (),
        open=t.state == "run" and t.light == read.RED,
    )


def ways(page: CasePage) -> list[Way]:
    """First what the periods wait for, the nearest before the others; corrections of entries last."""
    running = sorted((t for t in page.terms if t.state == "run" and t.due), key=lambda t: t.due or date.max)
    pressing = [page.procedure.periods[t.key] for t in running]
    waited = [key for period in pressing if period.duty for key in period.meets]

    def rank(s: StepView) -> tuple[bool, bool, bool, int]:
        place = waited.index(s.key) if s.key in waited else len(waited)
        return s.step.withdraws, s.step.amends is not None, s.step.aside, place

    return [
        Way(
            s.label,
            s.cite,
            reverse("desk:do", args=[page.id, s.key]),
            s.step.onward,
        )
        for s in sorted(page.can, key=rank)
    ]


def refused_now(page: CasePage, desk: Desk) -> dict[str, StepView]:
    """Steps that would be refused whatever is typed: nothing in them has to be, and what the machine finds does not allow it."""
    found = {}
    for s in page.can:
        if s.step.finder is None or any(a.required for a in typed_of(s.step.asks)) or s.step.amends:
            continue
        try:
            kernel.tried(s.step, s.step.asks(on=desk.today), desk.actor, case=page.id)
        except Refused as refused:
            found[s.key] = replace(s, reasons=refused.reasons)
    return found


def grows(page: CasePage, actor: Actor) -> list[Way]:
    """What a case of this kind usually leads to, while it runs: the form of another, filled from this one."""
    if page.final:
        return []
    return [
        Way(step.label, step.cite, f"{reverse('desk:new', args=[p.key, step.key])}?{FROM}={page.id}", True)
        for p in registry().families()
        if actor.handles(p.key)
        for step in p.opening()
        if page.family in step.drafters and not who_may(step, actor, actor.office, own=False)
    ]


def one_by_one(page: CasePage, call: Calling | None) -> list[Way]:
    """While people are being called, what is to be done is done with each of them."""
    if call is None or not call.live.left:
        return []
    begin = page.timeline[0]
    assert begin.cite is not None
    return [Way(word("查看进度，逐人办理"), begin.cite, call.url, True)]


def place_by_place(page: CasePage, review: Panel | None, found: list[Way]) -> list[Way]:
    """While a text is under review its places are answered on the sheet, not in a form one by one."""
    form = reverse("desk:do", args=[page.id, SETTLE])
    return [
        Way(word("逐处审查"), way.cite, review.url, True) if review and way.url == form else way
        for way in found
    ]


def papers(page: CasePage) -> list[Paper]:
    return [
        Paper(
            p.label,
            p.number,
            reverse("desk:paper", args=[page.id, p.entry]),
            reverse("desk:paper_file", args=[page.id, p.entry, "pdf"]),
            reverse("desk:paper_file", args=[page.id, p.entry, "docx"]),
            p.erased,
        )
        for p in page.papers
    ]


def by(act: ActView) -> str:
    """Who took the step: the person, and the post in which they did."""
    place = f"{office_label(act.office_code)} {post_label(act.post_code)}".strip()
    return " · ".join(part for part in (act.who, place) if part)


def heading(page: CasePage) -> str:
    return page.subject or page.number or word(page.title)


def crumbs(family: str, title: str) -> list[tuple[str, str]]:
    return [
        (word("办理事项"), reverse("desk:matters")),
        (word(title), reverse("desk:listing", args=[family])),
    ]


def may_erase(page: CasePage, actor: Actor) -> bool:
    return actor.may(HEAD) and not page.erased and any(f.sealed for f in page.facts)


def context(page: CasePage, desk: Desk) -> dict[str, Any]:
    acts = [
        (a, by(a), reverse("desk:paper", args=[page.id, a.paper.entry]) if a.paper else "")
        for a in page.timeline
    ]
    closed = refused_now(page, desk)
    page = replace(
        page, can=tuple(s for s in page.can if s.key not in closed), cannot=(*page.cannot, *closed.values())
    )
    call = (
        calling_of(page.id, page.office_code, datetime.now(UTC))
        if issubclass(page.procedure, CallOut)
        else None
    )
    review = review_panel(page)
    links = [(reverse("desk:case", args=[link.case]), link) for link in page.links]
    return {
        "case": page,
        "heading": heading(page),
        "crumbs": crumbs(page.family, page.title),
        "office": office_label(page.office_code, desk.today),
        "can": [*grows(page, desk.actor), *one_by_one(page, call), *place_by_place(page, review, ways(page))],
        "calling": call,
        "every": EVERY,
        "funnels": [funnel.of_case(f, page.id) for f in page.procedure.funnels.values() if f.elsewhere],
        "unsettled": unsettled(page),
        "cannot": page.cannot,
        "terms": [term(t, desk.today) for t in page.terms],
        "acts": acts,
        "papers": papers(page),
        "files": files_of(page, desk),
        "links": links,
        "draw": panel(page),
        "review": review,
        "openings": openings(page.id, desk.actor),
        "head": page.timeline[-1].hash if page.timeline else "",
        "erase_url": reverse("desk:erase", args=[page.id]) if may_erase(page, desk.actor) else "",
    }


@require_GET
@official
def case(request: HttpRequest, desk: Desk, id: int) -> HttpResponse:
    """The case's page; nothing is read again while nothing has changed."""
    version = read.version(id, desk.actor)
    if version is None:
        raise Http404(word("没有这个案件，或者它不在您的职权范围内。"))
    tag = etag(request, desk.actor, id, version, desk.today)
    passing = len(get_messages(request)) > 0  # a page with a message on it is shown once and never kept
    if not passing and (unchanged := get_conditional_response(request, etag=tag)):
        return unchanged
    page = read.case(id, desk.actor, desk.today)
    answer = desk.page(request, "desk/case.html", context(page, desk), section=page.family)
    if not passing:
        answer["ETag"] = tag
    return answer
