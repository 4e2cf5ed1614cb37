"""The duty room on one screen: what is in force, who is being called and has not answered, what is going on where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yifa.calls import afterwards, live, queue
from yifa.calls.afterwards import Minute
from yifa.calls.live import Live
from yifa.calls.procedure import CallOut
from yifa.cases import read
from yifa.cases.read.rows import subject
from yifa.cases.store import Store, day
from yifa.clock import SHANGHAI
from yifa.look.words import word
from yifa.people.actor import Actor
from yifa.people.offices import offices
from yifa.people.scope import sql_scope
from yifa.procedure import Board, Procedure, asks_of, registry

from .frame import has_room
from .names import office_label
from .who import Desk, official

EVERY = 5  # seconds from one look to the next
MOST = 40  # cases on one board
LATELY = 24 * 3600 * 1000  # a call-out that ended stays in sight for a day
LAST = 15  # of what happened lately


# ── Boards ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    label: str
    value: str


@dataclass(frozen=True)
class Card:
    """A case on a board."""

    url: str
    title: str
    office: str
    since: str
    tone: str
    level: str
    drill: bool
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Column:
    """A board: its cases, and how many there are."""

    label: str
    family: str
    cards: tuple[Card, ...]
    n: int
    toned: bool


def boards(actor: Actor) -> list[Column]:
    """Every board of the matters this post deals with."""
    found = []
    for procedure in registry().families():
        for board in procedure.boards.values():
            if actor.handles(procedure.key):
                found.append(_column(procedure, board, actor))
    return sorted(found, key=lambda column: (not column.toned, not column.cards))  # else as the matters stand


def _column(procedure: type[Procedure], board: Board, actor: Actor) -> Column:
    scope, values = sql_scope(actor, "office", "family")
    states = [state.key for state in board.within]
    marks = ", ".join("?" * len(states))
    where = f"family = ? AND state IN ({marks}) AND {scope}"
    params = [procedure.key, *states, *values]
    c = Store().cursor()
    rows = c.all(
        f"SELECT id, edition, office, opened, facts FROM cases_case WHERE {where} ORDER BY id DESC LIMIT {MOST}",
        params,
    )
    counted = c.one(f"SELECT count(*) FROM cases_case WHERE {where}", params)
    cards = tuple(_card(registry().edition(procedure.key, row[1]), board, row) for row in rows)
    return Column(board.label, procedure.key, cards, int(counted[0]) if counted else 0, bool(board.tone))


def _card(procedure: type[Procedure], board: Board, row: Sequence[Any]) -> Card:
    id, _, office, opened, text = row
    facts = json.loads(text)
    asked = {a.name: a for step in procedure.steps.values() for a in asks_of(step.asks) if not a.sealed}
    level = _outcome(asked.get(board.tone), facts.get(board.tone))
    said = []
    for name in board.says:
        ask, value = asked.get(name), facts.get(name)
        if ask is not None and name != board.tone and value not in (None, "", []):
            said.append(Said(ask.label, read.shown(_typed(ask, value), ask.unit)))
    return Card(
        reverse("desk:case", args=[id]),
        subject(procedure, facts, {}) or procedure.title,
        office_label(office),
        day(opened).isoformat(),
        getattr(level, "tone", "") if level else "",
        str(getattr(level, "label", "")) if level else "",
        facts.get(board.drill) is True if board.drill else False,
        tuple(said),
    )


def _outcome(ask: Any, value: Any) -> Enum | None:
    return next((o for o in ask.choices if o.name == value), None) if ask else None


def _typed(ask: Any, value: Any) -> Any:
    return _outcome(ask, value) or value if ask.choices else value


# ── Callings ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Calling:
    """A call-out as the room shows it."""

    live: Live
    office: str
    url: str
    case_url: str
    begun: str
    took: str
    over: bool

    @property
    def bars(self) -> list[tuple[str, int, str, int, int]]:
        """What the people of a call-out have come to: name, how many, tone, where its part of the bar begins and how wide it is."""
        s = self.live.standing
        parts = [
            (word("已叫应"), s.answered, "green"),
            (word("转人工上门"), s.handed, "yellow"),
            (word("已终止"), s.given_up, "grey"),
            (word("正在叫应"), s.calling, "blue"),
            (word("无人应答"), s.unanswered, "red"),
        ]
        found, x = [], 0
        for name, n, tone in parts:
            wide = round(1000 * n / s.all) if s.all else 0
            found.append((name, n, tone, x, wide))
            x += wide
        return found


def callings(actor: Actor, now: datetime) -> list[Calling]:
    """Those that go on, and those that ended within a day; what goes on first."""
    families = [p.key for p in registry().families() if issubclass(p, CallOut) and actor.handles(p.key)]
    if not families:
        return []
    scope, values = sql_scope(actor, "k.office", "k.family")
    marks = ", ".join("?" * len(families))
    sql = (
        "SELECT o.case_id, k.office FROM calls_callout o JOIN cases_case k ON k.id = o.case_id"
        f" WHERE k.family IN ({marks}) AND {scope} AND (k.state = 'calling' OR o.begun > ?)"
        " ORDER BY o.id DESC LIMIT 12"
    )
    rows = Store().cursor().all(sql, [*families, *values, queue.ms(now) - LATELY])
    found = [_calling(case, office, now) for case, office in rows]
    return sorted((f for f in found if f), key=lambda f: (f.over, f.live.drill, -f.live.callout))


def _calling(case: int, office: str, now: datetime) -> Calling | None:
    it = live.of_case(case)
    if it is None:
        return None
    begun = queue.moment(it.begun).astimezone(SHANGHAI)
    until = queue.moment(it.ended) if it.ended is not None else now
    return Calling(
        it,
        office_label(office),
        reverse("desk:ladder", args=[case]),
        reverse("desk:case", args=[case]),
        f"{begun:%m-%d %H:%M:%S}",
        afterwards.until_now(begun, until),
        it.ended is not None,
    )


# ── Townships ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tile:
    """A township: how many were called, have not answered, were called on every rung in vain; its own cases on the boards."""

    name: str
    called: int
    left: int
    unanswered: int
    cases: int

    @property
    def tone(self) -> str:
        if not self.called:
            return "grey"
        return "red" if self.unanswered else "blue" if self.left else "green"


def tiles(desk: Desk, now: Sequence[Calling], columns: Iterable[Column]) -> list[Tile]:
    """One for each township in its place in the county's list."""
    places: dict[str, tuple[int, int, int]] = {}
    for calling in now:
        if calling.over or calling.live.drill:
            continue
        for place in calling.live.places:
            called, left, unanswered = places.get(place.name, (0, 0, 0))
            places[place.name] = (called + place.people, left + place.left, unanswered + place.unanswered)
    own: dict[str, int] = {}
    for column in columns:
        for card in column.cards:
            own[card.office] = own.get(card.office, 0) + 1
    found = []
    for o in offices(desk.today, "township"):
        label = office_label(o.code)
        called, left, unanswered = places.get(o.short or o.name, (0, 0, 0))
        found.append(Tile(label, called, left, unanswered, own.get(label, 0)))
    return found


# ── What happened lately ─────────────────────────────────────────────────────


@dataclass(frozen=True)
class Event:
    moment: str
    office: str
    title: str
    step: str
    url: str


def lately(actor: Actor) -> list[Event]:
    """The last steps taken in matters with a board, newest first."""
    families = [
        p.key for p in registry().families() if (p.boards or issubclass(p, CallOut)) and actor.handles(p.key)
    ]
    if not families:
        return []
    scope, values = sql_scope(actor, "a.office", "a.family")
    marks = ", ".join("?" * len(families))
    sql = (
        "SELECT e.body, a.family, a.step, a.office, a.case_id FROM cases_act a JOIN ledger_entry e ON e.id = a.entry_id"
        f" WHERE a.family IN ({marks}) AND {scope} ORDER BY a.entry_id DESC LIMIT {LAST}"
    )
    found = []
    for body, family, step, office, case in Store().cursor().all(sql, [*families, *values]):
        procedure = registry().family(family)
        at = datetime.fromisoformat(json.loads(body)["at"]).astimezone(SHANGHAI)
        label = procedure.steps[step].label if step in procedure.steps else step
        found.append(
            Event(
                f"{at:%m-%d %H:%M}",
                office_label(office),
                procedure.title,
                label,
                reverse("desk:case", args=[case]),
            )
        )
    return found


# ── Pages ────────────────────────────────────────────────────────────────────


@require_GET
@official
def room(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The whole room; it looks again every few seconds."""
    now = datetime.now(UTC)
    columns, calls = boards(desk.actor), callings(desk.actor, now)
    context = {
        "columns": columns,
        "calls": calls,
        "tiles": tiles(desk, calls, columns) if calls or columns else [],
        "events": lately(desk.actor),
        "clock": now.astimezone(SHANGHAI),
        "every": EVERY,
        "wall": request.GET.get("wall") == "1",
        "empty": not has_room(desk.actor),
    }
    return desk.page(request, "desk/room.html", context, section="room")


@dataclass(frozen=True)
class Row:
    """A minute of the after-action table."""

    clock: str
    tries: str
    minute: Minute


@require_GET
@official
def ladder(request: HttpRequest, desk: Desk, id: int) -> HttpResponse:
    """One call-out: its ladder live, who has not answered, minute by minute."""
    try:
        page = read.case(id, desk.actor, desk.today)
    except read.Unseen:
        raise Http404(word("没有这个案件，或者它不在您的职权范围内。")) from None
    now = datetime.now(UTC)
    calling = _calling(id, page.office_code, now) if issubclass(page.procedure, CallOut) else None
    if calling is None:
        raise Http404(word("这个案件没有叫应。"))
    review = afterwards.review(calling.live.callout)
    may = {step.key for step in page.can}
    context = {
        "case": page,
        "c": calling,
        "review": review,
        "half": afterwards.length(review.half),
        "longest": afterwards.length(review.longest),
        "minutes": [Row(m.clock, _tries(m), m) for m in review.minutes],
        "may": may,
        "clock": now.astimezone(SHANGHAI),
        "every": EVERY,
        "bound": afterwards.length(calling.live.bound),
    }
    return desk.page(request, "desk/ladder.html", context, section="room")


def _tries(minute: Minute) -> str:
    return "，".join(word("第{rung}级{n}次", rung=rung, n=n) for rung, n in minute.tries)
