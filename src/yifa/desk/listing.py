"""Every case of one kind: filtered, sorted, page by page; registers also as they stood on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yifa.cases import read
from yifa.cases.read import AsOf, CaseRow
from yifa.look.fields import Option
from yifa.look.words import language, word
from yifa.look.write import day
from yifa.people.offices import offices
from yifa.procedure import Procedure

from .cells import DUE, STATE, TEXT, TITLE, Cell, columns, css_of, on_label, opening_asks, title_of, told
from .inbox import LIGHTS, beginnings
from .names import office_label
from .posts import read_day
from .step import mine
from .who import Desk, official

FILTERS = ("q", "state", "office", "light", "from", "to")
SORTS = {TITLE: ("number", "number"), "on": ("opened", "-opened"), DUE: ("due", "due")}
OPEN = "open"


@dataclass(frozen=True)
class Heading:
    """A column's heading; `sort` is how the list is ordered by it now, `url` orders it so."""

    label: str
    css: str = ""
    sort: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    url: str
    cells: tuple[Cell, ...]
    final: bool
    gone: bool
    due: date | None = None
    light: str = ""


@dataclass(frozen=True)
class Choice:
    """A filter over one open choice fact."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Wanted:
    """What the reader asked of the list, and the address that asks it again."""

    family: str
    told: dict[str, str]
    order: str
    after: str | None
    day: date | None

    @property
    def narrowed(self) -> bool:
        return bool(self.told or self.day)

    def address(self, name: str = "desk:listing", *more: str, **changes: str) -> str:
        query = {
            **self.told,
            "order": self.order,
            **({"day": self.day.isoformat()} if self.day else {}),
            **changes,
        }
        text = urlencode({k: v for k, v in query.items() if v and (k, v) != ("order", "-opened")})
        return reverse(name, args=[self.family, *more]) + (f"?{text}" if text else "")


def wanted(request: HttpRequest, procedure: type[Procedure]) -> Wanted:
    names = [*FILTERS, *(a.name for a in opening_asks(procedure) if a.choices)]
    given = {n: v for n in names if (v := request.GET.get(n, "").strip())}
    order = request.GET.get("order", "")
    day = read_day(request.GET.get("day", "")) if procedure.kind == "register" else None
    order = order if order in read.ORDERS else "-opened"
    return Wanted(procedure.key, given, order, request.GET.get("after"), day)


@dataclass(frozen=True)
class Shape:
    """Which columns a list needs: one office's list does not name it in every row, a journal has no states to tell."""

    procedure: type[Procedure]
    office: bool

    @property
    def state(self) -> bool:
        return self.procedure.kind != "journal"


def _headings(shape: Shape, w: Wanted) -> list[Heading]:
    procedure = shape.procedure

    def sorted_by(key: str, label: str, css: str = "") -> Heading:
        up, first = SORTS[key]
        now = {up: "ascending", f"-{up}": "descending"}.get(w.order, "")
        turned = up if now == "descending" else f"-{up}" if f"-{up}" in read.ORDERS else up
        url = "" if w.day else w.address(order=turned if now else first)
        return Heading(label, css, now, url)

    due = [sorted_by(DUE, word("期限"))] if procedure.periods else []
    facts = [Heading(word(a.label), css_of(a)) for a in columns(procedure)]
    office = [Heading(word("承办机关"))] if shape.office else []
    state = [Heading(word("状态"))] if shape.state else []
    return [
        sorted_by(TITLE, word("事项")), sorted_by("on", word(on_label(procedure)), "tight"), *facts,
        *office, *state, *due,
    ]  # fmt: skip


ORDERS = {
    "-opened": "{label}，新的在前", "opened": "{label}，早的在前", "-changed": "最近办理的在前", "number": "编号", "due": "到期早的在前",
}  # fmt: skip


def _orders(procedure: type[Procedure], chosen: str) -> list[Option]:
    """The same ways of sorting as the headings offer: a phone shows no headings."""
    label = word(on_label(procedure))
    return [
        Option(key, word(said, label=label), None, key == chosen)
        for key, said in ORDERS.items()
        if key != "due" or procedure.periods
    ]


def _cells(shape: Shape, row: CaseRow | AsOf, name: str, sub: str, on: date) -> list[Cell]:
    procedure = shape.procedure
    facts = [
        Cell(TEXT, word(a.label), told(a, row.facts.get(a.name)), css=css_of(a)) for a in columns(procedure)
    ]
    office = [Cell(TEXT, word("承办机关"), office_label(row.office_code))] if shape.office else []
    state = [Cell(STATE, word("状态"), row.state)] if shape.state else []
    return [
        Cell(TITLE, "", name, sub, "wide"),
        Cell(TEXT, word(on_label(procedure)), day(on, language()), css="tight"),
        *facts,
        *office,
        *state,
    ]


def _row(shape: Shape, row: CaseRow) -> Row:
    procedure, gone = shape.procedure, row.state_key == "withdrawn"
    name, sub = title_of(procedure, row)
    if gone and not shape.state:
        sub = row.state
    cells = _cells(shape, row, name, sub, row.opened)
    if procedure.periods:
        cells.append(Cell(DUE, word("期限")))
    url = reverse("desk:case", args=[row.id])
    due = None if row.final else row.due
    return Row(url, tuple(cells), row.final, gone, due, row.light)


def _was(shape: Shape, row: AsOf) -> Row:
    """A row of the register as it stood; it opens on the case as it is."""
    procedure = shape.procedure
    subject = " · ".join(str(row.facts[n]) for n in procedure.subject if row.facts.get(n))
    name = subject or row.number or f"#{row.id}"
    cells = _cells(shape, row, name, "" if row.number in name else row.number, row.since)
    if procedure.periods:
        cells.append(Cell(DUE, ""))
    return Row(reverse("desk:case", args=[row.id]), tuple(cells), final=False, gone=False)


def _states(procedure: type[Procedure], counts: dict[str, int], chosen: str) -> list[Option]:
    options = [
        Option(k, f"{word(s.label)}（{counts.get(k, 0)}）", None, k == chosen)
        for k, s in procedure.states.items()
    ]
    if procedure.kind == "procedure":
        options.insert(0, Option(OPEN, word("在办的"), None, chosen == OPEN))
    return options


def _choices(procedure: type[Procedure], w: Wanted) -> list[Choice]:
    return [
        Choice(
            a.name,
            a.label,
            tuple(Option(c.name, c.label, None, w.told.get(a.name) == c.name) for c in a.choices),
        )
        for a in columns(procedure)
        if a.choices
    ]


def _total(w: Wanted, counts: dict[str, int]) -> int | None:
    """How many there are, where that is known without counting again."""
    if not w.told:
        return sum(counts.values())
    return counts.get(w.told["state"]) if set(w.told) == {"state"} else None


def _offices(desk: Desk, chosen: str) -> list[Option]:
    mine = [o for o in offices(desk.today) if desk.actor.sees(o.code)]
    return [Option(o.code, office_label(o.code), None, o.code == chosen) for o in mine]


def _said(procedure: type[Procedure], w: Wanted) -> list[str]:
    """What the list was narrowed to, for the head of a printed sheet."""
    choices = {a.name: a for a in opening_asks(procedure) if a.choices}
    label = word(on_label(procedure))
    found = []
    for name, value in w.told.items():
        if name in choices:
            ask = choices[name]
            found.append(f"{word(ask.label)}{word('：')}{told(ask, value)}")
        elif name in ("from", "to"):
            ends = word("{label}自", label=label) if name == "from" else word("至")
            found.append(f"{ends} {day(value, language()) if read_day(value) else value}")
        else:
            found.append(_plain(procedure, name, value))
    return found


def _plain(procedure: type[Procedure], name: str, value: str) -> str:
    state = procedure.states.get(value)
    said = {
        "q": value,
        "state": word(state.label if state else "在办的" if value == OPEN else value),
        "office": office_label(value),
        "light": word(LIGHTS.get(value, value)),
    }
    return f"{word(NAMES[name])}{word('：')}{said[name]}"


NAMES = {"q": "搜索", "state": "状态", "office": "承办机关", "light": "期限"}


def around(shape: Shape, desk: Desk, w: Wanted) -> dict[str, Any]:
    """What stands above the table whichever rows are in it."""
    procedure = shape.procedure
    may_import = bool(beginnings(procedure, desk.actor))
    return {
        "family": procedure.key,
        "title": procedure.title,
        "intro": procedure.intro.split("\n")[0],
        "begin": beginnings(procedure, desk.actor),
        "import_url": reverse("desk:import", args=[procedure.key]) if may_import else "",
        "export": {f: w.address("desk:export", f) for f in ("xlsx", "csv")},
        "columns": _headings(shape, w),
        "orders": [] if w.day else _orders(procedure, w.order),
        "asked": _said(procedure, w),
        "chosen": {
            "q": w.told.get("q", ""), "since": w.told.get("from", ""), "until": w.told.get("to", ""),
            "day": w.day.isoformat() if w.day else "", "order": w.order,
        },
        "lights": [Option(k, word(v), None, w.told.get("light") == k) for k, v in list(LIGHTS.items())[:3]]
        if procedure.periods else [],
        "offices": _offices(desk, w.told.get("office", "")),
        "choices": _choices(procedure, w),
        "on_label": on_label(procedure),
        "as_of": procedure.kind == "register",
        "filtered": w.narrowed,
        "clear_url": reverse("desk:listing", args=[procedure.key]),
    }  # fmt: skip


ON_A_PAGE = 50


def rows_on(shape: Shape, desk: Desk, w: Wanted, on: date) -> dict[str, Any]:
    """The register as it stood at the end of a day, page by page in the order of entry."""
    procedure = shape.procedure
    standing = frozenset(k for k, s in procedure.states.items() if not s.final)
    found = read.as_of(procedure.key, on, desk.actor, states=standing)
    note = word(
        "{day}在册 {n} 条：按法定日期，更正已经计入，撤回的不算。", day=day(on, language()), n=len(found)
    )
    after = int(w.after) if w.after and w.after.isdecimal() else 0
    rest = [r for r in found if r.id > after]
    more = rest[ON_A_PAGE - 1].id if len(rest) > ON_A_PAGE else 0
    return {
        "rows": [_was(shape, r) for r in rest[:ON_A_PAGE]],
        "as_of_note": note,
        "states": [],
        "next_url": w.address(after=str(more)) if more else "",
        "first_url": w.address() if after else "",
        "total": len(found),
    }


def rows_now(shape: Shape, desk: Desk, w: Wanted) -> dict[str, Any]:
    procedure = shape.procedure
    page = read.listing(procedure.key, desk.actor, desk.today, w.told, order=w.order, after=w.after)
    return {
        "rows": [_row(shape, r) for r in page.rows],
        "as_of_note": "",
        "states": _states(procedure, page.counts, w.told.get("state", "")),
        "next_url": w.address(after=page.next) if page.next else "",
        "first_url": w.address() if w.after else "",
        "total": _total(w, page.counts),
    }


@require_GET
@official
def listing(request: HttpRequest, desk: Desk, family: str) -> HttpResponse:
    """The list of one procedure, register or journal."""
    procedure = mine(family, desk)
    w = wanted(request, procedure)
    shape = Shape(procedure, office=len(_offices(desk, "")) > 1)
    rows = rows_on(shape, desk, w, w.day) if w.day else rows_now(shape, desk, w)
    return desk.page(request, "desk/listing.html", around(shape, desk, w) | rows, section=family)
