"""A call-out as it stands this second: how many on which rung, where, and who has not answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yifa.cases.store import Cursor, Store

from . import queue, spelled
from .channel import News
from .ladder import Ladder
from .queue import Standing

MOST = 100  # people listed; how many there are is always said


@dataclass(frozen=True, slots=True)
class OnRung:
    """One rung: its words, how many are on it now, how many answered there."""

    n: int
    words: str
    now: int
    answered: int


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    people: int
    answered: int
    left: int  # neither answered, handed over nor given up
    unanswered: int  # of these, who was called on every rung

    @property
    def tone(self) -> str:
        return "red" if self.unanswered else "blue" if self.left else "green"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has not answered. rung: from 1, 0 when every rung was used; last: what the latest try came to."""

    calling: int
    name: str
    place: str
    rung: int
    tries: int
    last: str
    at: int | None  # of the latest try
    handed_to: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """`ended`: when the last of all was answered, handed over or given up; None while anybody is left."""

    callout: int
    case: int
    label: str
    text: str
    drill: bool
    begun: int
    bound: int  # milliseconds until everybody has answered or lies with a person
    ended: int | None
    standing: Standing
    rungs: tuple[OnRung, ...]
    places: tuple[Place, ...]
    waiting: tuple[Person, ...]
    handed: tuple[Person, ...]

    @property
    def left(self) -> int:
        return self.standing.calling + self.standing.unanswered

    @property
    def share(self) -> int:
        """Out of a hundred, rounded down: all but one of ten thousand is not yet everybody."""
        return self.standing.answered * 100 // self.standing.all if self.standing.all else 0


def of_case(case: int, cursor: Cursor | None = None) -> Live | None:
    """The call-out of a case, if it has one."""
    c = cursor or Store().cursor()
    sql = "SELECT id, case_id, label, text, drill, begun, ladder FROM calls_callout WHERE case_id = ?"
    row = c.one(sql, (case,))
    return _live(c, row) if row else None


def _live(c: Cursor, row: Sequence[Any]) -> Live:
    id, case, label, text, drill, begun, told = row
    ladder = Ladder.read(json.loads(told))
    standing = queue.standing(id)
    ended = None
    if not standing.calling and not standing.unanswered:
        last = c.one("SELECT max(ended) FROM calls_calling WHERE callout_id = ?", (id,))
        ended = int(last[0]) if last and last[0] is not None else None
    return Live(
        id,
        case,
        label,
        text,
        bool(drill),
        begun,
        int(ladder.bound.total_seconds() * 1000),
        ended,
        standing,
        _rungs(c, id, ladder),
        _places(c, id),
        _waiting(c, id, len(ladder.rungs)),
        _handed(c, id),
    )


def _rungs(c: Cursor, callout: int, ladder: Ladder) -> tuple[OnRung, ...]:
    sql = 'SELECT rung, "end", count(*) FROM calls_calling WHERE callout_id = ? GROUP BY rung, "end"'
    counted = {(int(rung), end): int(n) for rung, end, n in c.all(sql, (callout,))}
    return tuple(
        OnRung(n + 1, spelled.line(rung), counted.get((n, ""), 0), counted.get((n, "ANSWERED"), 0))
        for n, rung in enumerate(ladder.rungs)
    )


def _places(c: Cursor, callout: int) -> tuple[Place, ...]:
    sql = (
        "SELECT office, count(*), sum(CASE WHEN \"end\" = 'ANSWERED' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN \"end\" = '' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN \"end\" = '' AND next IS NULL THEN 1 ELSE 0 END), min(id)"
        " FROM calls_calling WHERE callout_id = ? GROUP BY office ORDER BY 6"
    )
    rows = c.all(sql, (callout,))
    return tuple(Place(name, *map(int, counted)) for name, *counted, _ in rows)


def _waiting(c: Cursor, callout: int, rungs: int) -> tuple[Person, ...]:
    sql = (
        "SELECT id, name, office, rung, tries, '' FROM calls_calling WHERE callout_id = ? AND \"end\" = ''"
        f" ORDER BY rung DESC, id LIMIT {MOST}"
    )
    return _people(c, c.all(sql, (callout,)), rungs)


def _handed(c: Cursor, callout: int) -> tuple[Person, ...]:
    sql = (
        'SELECT id, name, office, rung, tries, "by" FROM calls_calling WHERE callout_id = ? AND "end" = \'HANDED\''
        f" AND why = '' ORDER BY id LIMIT {MOST}"
    )
    return _people(c, c.all(sql, (callout,)), 0)


def _people(c: Cursor, rows: Sequence[Sequence[Any]], rungs: int) -> tuple[Person, ...]:
    if not rows:
        return ()
    marks = ", ".join("?" * len(rows))
    tried = f"SELECT calling_id, news, at, detail FROM calls_try WHERE calling_id IN ({marks}) ORDER BY at"
    last = {row[0]: (row[1], int(row[2])) for row in c.all(tried, [row[0] for row in rows])}
    return tuple(
        Person(
            id,
            name,
            place,
            rung + 1 if rung < rungs else 0,
            int(tries),
            News[last[id][0]].value if id in last else "",
            last[id][1] if id in last else None,
            by,
        )
        for id, name, place, rung, tries, by in rows
    )


def pulse(case: int) -> str:
    """Changes whenever anything about the case's call-out does."""
    c = Store().cursor()
    sql = (
        'SELECT count(*), sum(rung), sum(tries), max(ended), sum(length("end")) FROM calls_calling'
        " WHERE callout_id IN (SELECT id FROM calls_callout WHERE case_id = ?)"
    )
    return "|".join(map(str, c.one(sql, (case,)) or ()))


__all__ = ["Live", "OnRung", "Person", "Place", "of_case", "pulse"]
