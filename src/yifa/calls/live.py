"""A call-out as it stands this second: how many on which rung, where, and who has not answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yifa.cases.store import Cursor, Store
from yifa.clock import SHANGHAI

from . import queue, spelled
from .channel import News
from .ladder import End, Ladder, Whom
from .queue import Standing
from .spelled import channel_name

SOON = 1_000  # milliseconds within which a result came at once
STALE = 60_000  # milliseconds after which a call that is due and not made is a sign of trouble
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
    """One person's calling. rung: from 1, 0 when every rung was used; last: what the latest try came to, and `at` when.

    number: the one to dial now; numbers: all of them, with whose each is. end: how it ended, "" while it has not.
    """

    calling: int
    name: str
    place: str
    at_rung: int
    rung: int
    tries: int
    last: str
    at: int | None
    number: str
    numbers: tuple[tuple[str, str], ...]
    end: str
    ended: int | None
    by: str
    why: str

    @property
    def open_to_answer(self) -> bool:
        """Somebody was sent there: an answer still counts, and what became of going there is still to be told."""
        return self.end == End.HANDED.value


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
    )


def _rungs(c: Cursor, callout: int, ladder: Ladder) -> tuple[OnRung, ...]:
    sql = "SELECT rung, count(*) FROM calls_calling WHERE callout_id = ? AND \"end\" = '' GROUP BY rung"
    now = {int(rung): int(n) for rung, n in c.all(sql, (callout,))}
    answered = _answered(c, callout, ladder)
    return tuple(
        OnRung(n + 1, spelled.line(rung), now.get(n, 0), answered.get(n, 0))
        for n, rung in enumerate(ladder.rungs)
    )


def _answered(c: Cursor, callout: int, ladder: Ladder) -> dict[int, int]:
    """How many answered by rung: that of the try which was answered, however late; entered by hand, where they stood then."""
    pairs = [(n, news.name) for n, rung in enumerate(ladder.rungs) for news in sorted(rung.ends, key=str)]
    counts = " OR ".join(f"t.rung = {n} AND t.news = '{news}'" for n, news in pairs)
    sql = (
        "SELECT rung, count(*) FROM (SELECT coalesce(min(t.rung), min(k.rung)) AS rung FROM calls_calling k"
        f" LEFT JOIN calls_try t ON t.calling_id = k.id AND ({counts})"
        " WHERE k.callout_id = ? AND k.\"end\" = 'ANSWERED' GROUP BY k.id) found GROUP BY rung"
    )
    return {int(rung): int(n) for rung, n in c.all(sql, (callout,))}


def _places(c: Cursor, callout: int) -> tuple[Place, ...]:
    sql = (
        "SELECT office, count(*), sum(CASE WHEN \"end\" = 'ANSWERED' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN \"end\" = '' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN \"end\" = '' AND next IS NULL THEN 1 ELSE 0 END), min(id)"
        " FROM calls_calling WHERE callout_id = ? GROUP BY office ORDER BY 6"
    )
    rows = c.all(sql, (callout,))
    return tuple(Place(name, *map(int, counted)) for name, *counted, _ in rows)


# ── The people of a call-out ─────────────────────────────────────────────────

STANDS = {  # how a calling may stand, as a list asks for it
    "left": "k.\"end\" = ''",
    "unanswered": "k.\"end\" = '' AND k.next IS NULL",
    "answered": "k.\"end\" = 'ANSWERED'",
    "handed": "k.\"end\" = 'HANDED'",
    "given_up": "k.\"end\" = 'GIVEN_UP'",
    "all": "1 = 1",
}
PERSON = (
    'SELECT k.id, k.name, k.office, k.rung, k.tries, k."end", k.ended, k."by", k.why, k.addresses, r.channel, r.whom'
    " FROM calls_calling k LEFT JOIN calls_rung r ON r.callout_id = k.callout_id AND r.n = k.rung"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list shows; q: a part of the name; after: the last row of the page before, as "rung-calling"."""

    stand: str = "left"
    place: str = ""
    q: str = ""
    after: str = ""


def people(
    callout: int, wanted: Wanted, most: int = MOST, cursor: Cursor | None = None
) -> tuple[Person, ...]:
    """The furthest up their ladder first."""
    c = cursor or Store().cursor()
    where = [f"k.callout_id = ? AND {STANDS[wanted.stand]}"]
    told: list[Any] = [callout]
    if wanted.place:
        where.append("k.office = ?")
        told.append(wanted.place)
    if wanted.q:
        where.append("k.name LIKE ? ESCAPE '!'")
        told.append("%" + "".join(f"!{ch}" if ch in "!%_" else ch for ch in wanted.q) + "%")
    rung, _, id = wanted.after.partition("-")
    if rung.isdecimal() and id.isdecimal():
        where.append("(k.rung < ? OR (k.rung = ? AND k.id > ?))")
        told += [int(rung), int(rung), int(id)]
    sql = f"{PERSON} WHERE {' AND '.join(where)} ORDER BY k.rung DESC, k.id LIMIT {most}"
    return _people(c, c.all(sql, told))


def person(case: int, calling: int) -> Person | None:
    """One of a case's call-out."""
    c = Store().cursor()
    sql = f"{PERSON} WHERE k.id = ? AND k.callout_id IN (SELECT id FROM calls_callout WHERE case_id = ?)"
    return next(iter(_people(c, c.all(sql, (calling, case)))), None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, as it is known now, with the county's own clock. heard: when its result became known, if later; rung: from 1."""

    at: str
    heard: str
    rung: int
    channel: str
    to: str
    news: str
    said: str
    detail: str


def attempts(calling: int) -> tuple[Attempt, ...]:
    """Every try made to reach one person, in order."""
    sql = (
        'SELECT at, news_at, rung, channel, "to", news, said, detail FROM calls_try WHERE calling_id = ?'
        " ORDER BY at, key"
    )
    return tuple(map(_attempt, Store().cursor().all(sql, (calling,))))


def _attempt(row: Sequence[Any]) -> Attempt:
    at, heard, rung, channel, to, news, said, detail = row
    later = _clock(int(heard)) if int(heard) - int(at) > SOON else ""
    return Attempt(
        _clock(int(at)), later, int(rung) + 1, channel_name(channel), to, News[news].value, said, detail
    )


def _clock(at: int) -> str:
    return f"{queue.moment(at).astimezone(SHANGHAI):%m-%d %H:%M:%S}"


def _people(c: Cursor, rows: Sequence[Sequence[Any]]) -> tuple[Person, ...]:
    if not rows:
        return ()
    marks = ", ".join("?" * len(rows))
    tried = f"SELECT calling_id, news, at FROM calls_try WHERE calling_id IN ({marks}) ORDER BY at"
    last = {row[0]: (row[1], int(row[2])) for row in c.all(tried, [row[0] for row in rows])}
    return tuple(_person(row, last.get(row[0])) for row in rows)


def _person(row: Sequence[Any], last: tuple[str, int] | None) -> Person:
    id, name, place, rung, tries, end, ended, by, why, addresses, channel, whom = row
    told = json.loads(addresses)
    numbers = tuple((Whom[w].value, next(iter(ways.values()))) for w, ways in told.items() if ways)
    return Person(
        calling=id,
        name=name,
        place=place,
        at_rung=int(rung) + 1,
        rung=int(rung) + 1 if channel else 0,
        tries=int(tries),
        last=News[last[0]].value if last else "",
        at=last[1] if last else None,
        number=told.get(whom or "SELF", {}).get(channel or "voice", "") or (numbers[0][1] if numbers else ""),
        numbers=numbers,
        end=End[end].value if end else "",
        ended=int(ended) if ended is not None else None,
        by=by,
        why=why,
    )


def pulse(case: int | None = None) -> str:
    """Changes whenever anything about a call-out does: of one case, or of all that may still change."""
    which, params = ("case_id = ?", (case,)) if case is not None else (RUNNING, ())
    sql = (
        'SELECT count(*), sum(rung), sum(tries), max(ended), sum(length("end")), sum(length(why)) FROM calls_calling'
        f" WHERE callout_id IN (SELECT id FROM calls_callout WHERE {which})"
    )
    return "|".join(map(str, Store().cursor().one(sql, params) or ()))


def stalled(now: int) -> int:
    """How many should have been called a minute ago, and nobody has taken them in hand: no sender runs, or it cannot keep up."""
    sql = "SELECT count(*) FROM calls_calling WHERE next <= ? AND claimed_until <= ?"
    row = Store().cursor().one(sql, (now - STALE, now))
    return int(row[0]) if row else 0


RUNNING = "EXISTS (SELECT 1 FROM cases_case k WHERE k.id = calls_callout.case_id AND k.state = 'calling')"

__all__ = [
    "STANDS", "Attempt", "Live", "OnRung", "Person", "Place", "Wanted", "attempts", "of_case", "people", "person", "pulse",
    "stalled",
]  # fmt: skip
