"""Callings that are over: what became of each, told once; and the delivery table forgetting them at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.cases.store import Cursor

from .channel import News
from .ladder import LadderError


@dataclass(frozen=True, slots=True)
class Tried:
    """One try as it was confirmed last; outcome: what a talk came to, if there was one."""

    channel: str
    news: News
    outcome: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Over:
    """A calling and all its tries. case: whose call-out it is of; about: what it was for; end, why: how it was closed."""

    case: int
    drill: bool
    about: Mapping[str, str]
    end: str
    why: str
    tries: tuple[Tried, ...]

    @property
    def talks(self) -> list[Mapping[str, Any]]:
        return [tried.outcome for tried in self.tries if tried.outcome is not None]


def take(calling: int, within: Cursor) -> Over:
    """What became of a calling; the one that asks has it from now on, whoever else asks is refused."""
    now = time.time_ns() // 1_000_000
    mark = "UPDATE calls_calling SET collected = ?, next = NULL WHERE id = ? AND collected IS NULL"
    if within.run(mark, (now, calling)).rowcount != 1:
        raise LadderError("E651", f"{calling}号呼叫没有这一条，或者已经登记过结果")
    row = within.one(
        'SELECT o.case_id, o.drill, k.about, k."end", k.why FROM calls_calling k'
        " JOIN calls_callout o ON o.id = k.callout_id WHERE k.id = ?",
        (calling,),
    )
    assert row is not None
    rows = within.all(
        "SELECT channel, news, outcome FROM calls_try WHERE calling_id = ? ORDER BY at, key", (calling,)
    )
    case, drill, about, end, why = row
    return Over(case, bool(drill), json.loads(about or "{}"), end, why, tuple(map(_tried, rows)))


def _tried(row: Sequence[Any]) -> Tried:
    channel, news, outcome = row
    told = json.loads(outcome) if outcome else None
    return Tried(channel, News[news], told if isinstance(told, dict) else None)


def left(case: int, cursor: Cursor) -> list[tuple[int, str]]:
    """Callings of a case that nobody has taken in yet, and the office each is about."""
    sql = (
        "SELECT k.id, k.office FROM calls_calling k JOIN calls_callout o ON o.id = k.callout_id"
        " WHERE o.case_id = ? AND k.collected IS NULL ORDER BY k.id"
    )
    return [(int(id), str(office)) for id, office in cursor.all(sql, (case,))]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody of whom nothing is entered yet. next: when they are dialled again, None where every rung is used up."""

    calling: int
    name: str
    office: str
    tries: int
    last: str
    next: int | None


def waiting(case: int, cursor: Cursor, most: int = 100) -> tuple[int, list[Waiting]]:
    """How many of a call-out have no result yet, and the first of them."""
    own = "FROM calls_calling k JOIN calls_callout o ON o.id = k.callout_id WHERE o.case_id = ? AND k.collected IS NULL"
    row = cursor.one(f"SELECT count(*) {own}", (case,))
    last = "(SELECT t.news FROM calls_try t WHERE t.calling_id = k.id ORDER BY t.at DESC, t.key DESC LIMIT 1)"
    tried = "(SELECT count(*) FROM calls_try t WHERE t.calling_id = k.id)"
    sql = f"SELECT k.id, k.name, k.office, {tried}, {last}, k.next {own} ORDER BY k.id LIMIT {most}"
    found = [
        Waiting(id, name, office, int(n), News[news].value if news else "", due)
        for id, name, office, n, news, due in cursor.all(sql, (case,))
    ]
    return (int(row[0]) if row else 0), found


def forget(case: int, cursor: Cursor) -> None:
    """Names, numbers and what was said leave the delivery table; how often and when was called stays."""
    if not cursor.on_postgres:
        cursor.run("PRAGMA secure_delete = ON")
    mine = "(SELECT id FROM calls_callout WHERE case_id = ?)"
    # The callings first: whoever is entering a late word of one now is waited for, and later ones find it wiped.
    sql = f"UPDATE calls_calling SET name = '', addresses = '{{}}', about = '', why = '' WHERE callout_id IN {mine}"
    cursor.run(sql, (case,))
    cursor.run(
        f"UPDATE calls_try SET \"to\" = '', said = '', detail = '', outcome = '' WHERE calling_id IN"
        f" (SELECT id FROM calls_calling WHERE callout_id IN {mine})",
        (case,),
    )


__all__ = ["Over", "Tried", "Waiting", "forget", "left", "take", "waiting"]
