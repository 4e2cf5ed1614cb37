"""The duty room on one screen: what is in force, who is being called and has not answered, what is going on where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from yifa.calls import live, queue
from yifa.calls.lines import state_of
from yifa.calls.procedure import CallOut
from yifa.cases import read
from yifa.cases.read.rows import subject
from yifa.cases.store import Store, day, maybe_day
from yifa.clock import SHANGHAI
from yifa.people.actor import Actor
from yifa.people.offices import offices
from yifa.people.scope import sql_scope
from yifa.procedure import Board, Procedure, asks_of, registry

from .calling import EVERY, Calling, callings, tag
from .frame import has_room
from .names import office_label
from .who import Desk, official

MOST = 40  # cases on one board
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
    due: date | None  # the nearest last day that is somebody's duty
    light: str


@dataclass(frozen=True)
class Column:
    """A board: its cases, and how many there are."""

    label: str
    family: str
    cards: tuple[Card, ...]
    n: int
    toned: bool


def boards(actor: Actor, today: date) -> list[Column]:
    """Every board of the matters this post deals with."""
    found = []
    for procedure in registry().families():
        for board in procedure.boards.values():
            if actor.handles(procedure.key):
                found.append(_column(procedure, board, actor, today))
    return sorted(found, key=lambda column: (not column.toned, not column.cards))  # else as the matters stand


def _column(procedure: type[Procedure], board: Board, actor: Actor, today: date) -> Column:
    scope, values = sql_scope(actor, "office", "family")
    states = [state.key for state in board.within]
    marks = ", ".join("?" * len(states))
    where = f"family = ? AND state IN ({marks}) AND {scope}"
    params = [procedure.key, *states, *values]
    c = Store().cursor()
    rows = c.all(
        f"SELECT id, edition, office, opened, facts, due FROM cases_case WHERE {where} ORDER BY id DESC LIMIT {MOST}",
        params,
    )
    counted = c.one(f"SELECT count(*) FROM cases_case WHERE {where}", params)
    cards = tuple(_card(registry().edition(procedure.key, row[1]), board, row, today) for row in rows)
    return Column(board.label, procedure.key, cards, int(counted[0]) if counted else 0, bool(board.tone))


def _card(procedure: type[Procedure], board: Board, row: Sequence[Any], today: date) -> Card:
    id, _, office, opened, text, told = row
    due = maybe_day(told)
    facts = json.loads(text)
    asked = {a.name: a for step in procedure.steps.values() for a in asks_of(step.asks) if not a.sealed}
    level = _outcome(asked.get(board.tone), facts.get(board.tone))
    said = []
    for name in board.says:
        ask, value = asked.get(name), facts.get(name)
        if ask is not None and name != board.tone and value not in (None, "", []):
            said.append(Said(ask.label, read.said(ask, _typed(ask, value))))
    return Card(
        reverse("desk:case", args=[id]),
        subject(procedure, facts, {}, without=board.tone) or procedure.title,
        office_label(office),
        day(opened).isoformat(),
        getattr(level, "tone", "") if level else "",
        str(getattr(level, "label", "")) if level else "",
        facts.get(board.drill) is True if board.drill else False,
        tuple(said),
        due,
        read.light_of(due, today)[0],
    )


def _outcome(ask: Any, value: Any) -> Enum | None:
    return next((o for o in ask.choices if o.name == value), None) if ask else None


def _typed(ask: Any, value: Any) -> Any:
    return _outcome(ask, value) or value if ask.choices else value


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
    """The whole room; it looks again every few seconds, and nothing is read again while nothing has changed."""
    now = datetime.now(UTC)
    stalled = live.stalled(queue.ms(now))
    etag = tag(request, desk, _last_entry(), live.pulse(), stalled, request.GET.urlencode())
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    columns, calls = boards(desk.actor, desk.today), callings(desk.actor, now)
    context = {
        "columns": columns,
        "calls": calls,
        "tiles": tiles(desk, calls, columns) if calls or columns else [],
        "events": lately(desk.actor),
        "clock": now.astimezone(SHANGHAI),
        "every": EVERY,
        "wall": request.GET.get("wall") == "1",
        "empty": not has_room(desk.actor),
        "lines": state_of(settings.YIFA_HOME),
        "stalled": stalled,
    }
    answer = desk.page(request, "desk/room.html", context, section="room")
    answer["ETag"] = etag
    return answer


def _last_entry() -> int:
    row = Store().cursor().one("SELECT max(id) FROM ledger_entry")
    return int(row[0] or 0) if row else 0
