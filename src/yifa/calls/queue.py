"""The delivery table as a queue: begin, claim, record, move up; each is one transaction, and a crash between two loses nobody.

Several senders may share the work: a row belongs to whoever claimed it until the claim runs out, then to anybody; the try
then goes out again under the same key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yifa.cases.store import Cursor, Store

from . import hours as calling_hours
from .channel import Message, Report, Try
from .ladder import MS, End, Ladder, LadderError
from .tries import Known, answered, keep, key_of, known_of, some
from .tries import moment as moment  # a name of the queue too
from .tries import ms as ms

CALLING = (
    "callout_id", "name", "office", "addresses", "rung", "tries", "since", "next", "claimed_by", "claimed_until",
    "end", "by", "why", "about",
)  # fmt: skip
RUNG = ("callout_id", "n", "channel", "whom", "tries", "apart", "within")
WINDOW = 30_000  # milliseconds a claim holds
SOON = 60_000  # milliseconds within which the next look at the hours is sure to come
AHEAD = 2_000  # milliseconds in the future that no clock that is right comes to


@dataclass(frozen=True, slots=True)
class Callee:
    """Who is to be called. addresses: by whom (SELF, SUBSTITUTE, SUPERIOR), then by channel; about: what for, as JSON."""

    name: str
    addresses: Mapping[str, Mapping[str, str]]
    office: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A try to be made now. to is "" where this person has no address for this rung: it counts as failed at once."""

    calling: int
    rung: int
    channel: str
    attempt: Try


def begin(
    *,
    label: str,
    text: str,
    ladder: Ladder,
    callees: Iterable[Callee],
    office: str,
    by: str,
    at: datetime,
    subject: str = "",
    drill: bool = False,
    case: int | None = None,
    hours: str = "",
    within: Cursor | None = None,
) -> int:
    """A call-out with everybody in it, in one transaction (or `within` the caller's); its number. Refuses one that calls nobody.

    `hours`: when people may be called, as `hours.read` reads it; "" for any time.
    """
    people = list(callees)
    if not people:
        raise LadderError("E633", "没有要叫应的人")
    now = ms(at)
    with _transaction(within) as cursor:
        sql = (
            'INSERT INTO calls_callout (label, text, subject, ladder, drill, office, case_id, begun, "by", hours)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
        )
        told = json.dumps(ladder.plain(), ensure_ascii=False)
        row = cursor.one(sql, (label, text, subject, told, drill, office, case, now, by, hours))
        assert row is not None
        callout = int(row[0])
        rungs = [
            (callout, n, r.channel, r.whom.name, r.tries, _ms(r.apart), _ms(r.within))
            for n, r in enumerate(ladder.rungs)
        ]
        cursor.copy("calls_rung", RUNG, [*rungs, (callout, len(rungs), "", "", 0, 0, 0)])
        cursor.copy(
            "calls_calling",
            CALLING,
            [
                (
                    callout,
                    p.name,
                    p.office,
                    json.dumps(p.addresses, ensure_ascii=False),
                    0,
                    0,
                    now,
                    now,
                    "",
                    0,
                    "",
                    "",
                    "",
                    p.about,
                )
                for p in people
            ],
        )
    return callout


@contextmanager
def _transaction(within: Cursor | None) -> Iterator[Cursor]:
    """A transaction of its own, or the one that is under way."""
    if within is not None:
        yield within
        return
    with Store().transaction() as cursor:
        yield cursor


def _ms(length: Any) -> int:
    return int(length // MS)


def move_up(now: int) -> int:
    """Everybody whose rung is over goes to the next, or to a person after the last; how many. One statement."""
    sql = (
        "UPDATE calls_calling SET rung = rung + 1, tries = 0, since = ?, claimed_by = '', claimed_until = 0,"
        " next = (SELECT CASE WHEN u.channel = '' THEN NULL ELSE CAST(? AS bigint) END FROM calls_rung u"
        "  WHERE u.callout_id = calls_calling.callout_id AND u.n = calls_calling.rung + 1)"
        " WHERE next <= ? AND claimed_until <= ? AND EXISTS (SELECT 1 FROM calls_rung r"
        "  WHERE r.callout_id = calls_calling.callout_id AND r.n = calls_calling.rung"
        "  AND (calls_calling.tries >= r.tries OR calls_calling.since + r.within <= ?))"
    )
    s = Store()
    with s.transaction() as cursor:
        return int(cursor.run(sql, (now, now, now, now, now)).rowcount)


def hold(at: datetime) -> int:
    """Whoever is due at an hour in which they may not be called waits until they may; how many.

    The hours in between are not counted against the rung's time. So is whoever will be due before the next look.
    """
    now = ms(at)
    soon = now + SOON
    s = Store()
    rows = s.cursor().all(
        "SELECT o.id, o.hours FROM calls_callout o WHERE o.hours <> '' AND EXISTS (SELECT 1 FROM calls_calling c"
        " WHERE c.callout_id = o.id AND c.next <= ? AND c.claimed_until <= ?)",
        (soon, now),
    )
    held = 0
    for callout, text in rows:
        opens = calling_hours.read(text).opens(at)
        if opens <= at:
            continue
        later = ms(opens)
        with s.transaction() as cursor:
            sql = (
                "UPDATE calls_calling SET next = ?, since = since + ? WHERE callout_id = ? AND next <= ?"
                " AND next < ? AND claimed_until <= ?"
            )
            held += int(cursor.run(sql, (later, later - now, callout, soon, later, now)).rowcount)
    return held


def set_back(now: int, window: int = WINDOW) -> int:
    """After a clock that was ahead was put right: nobody waits until it would have been that late; how many did."""
    sql = (
        "UPDATE calls_calling SET next = CASE WHEN since > ? THEN next - since + ? ELSE next END,"
        " since = CASE WHEN since > ? THEN ? ELSE since END,"
        " claimed_until = CASE WHEN claimed_until > ? THEN ? ELSE claimed_until END"
        " WHERE next IS NOT NULL AND (since > ? OR claimed_until > ?)"
    )
    until, ahead = now + window, now + AHEAD
    with Store().transaction() as cursor:
        return int(
            cursor.run(sql, (ahead, now, ahead, now, until + AHEAD, until, ahead, until + AHEAD)).rowcount
        )


def claim(sender: str, now: int, most: int = 500, window: int = WINDOW) -> list[Claimed]:
    """Tries that are due, now in this sender's hands for `window` milliseconds, and never beyond their rung.

    A rung that is over is left to `move_up`, even if that has not been by yet.
    """
    s = Store()
    skip = " FOR UPDATE OF c SKIP LOCKED" if s.on_postgres else ""
    over = "calls_calling.since + r.within"
    sql = (
        f"UPDATE calls_calling SET claimed_by = ?, claimed_until = (SELECT CASE WHEN {over} < ? THEN {over}"
        "  ELSE CAST(? AS bigint) END FROM calls_rung r"
        "  WHERE r.callout_id = calls_calling.callout_id AND r.n = calls_calling.rung)"
        " WHERE id IN (SELECT c.id FROM calls_calling c"
        "  JOIN calls_rung r ON r.callout_id = c.callout_id AND r.n = c.rung"
        "  WHERE c.next <= ? AND c.claimed_until <= ? AND c.tries < r.tries AND c.since + r.within > ?"
        f"  ORDER BY c.next, c.id LIMIT ?{skip}) RETURNING id"
    )
    until = now + window
    with s.transaction() as cursor:
        ids = [row[0] for row in cursor.all(sql, (sender, until, until, now, now, now, most))]
        if not ids:
            return []
        these, values = cursor.among(ids)
        rows = cursor.all(
            "SELECT c.id, c.rung, c.tries, c.addresses, r.channel, r.whom, o.text, o.subject, o.drill, o.begun"
            " FROM calls_calling c JOIN calls_rung r ON r.callout_id = c.callout_id AND r.n = c.rung"
            f" JOIN calls_callout o ON o.id = c.callout_id WHERE c.id {these} ORDER BY c.id",
            values,
        )
    return [_claimed(row) for row in rows]


def _claimed(row: Sequence[Any]) -> Claimed:
    id, rung, tries, addresses, channel, whom, text, subject, drill, begun = row
    to = json.loads(addresses).get(whom, {}).get(channel, "")
    attempt = Try(key_of(id, rung, tries + 1, begun), to, Message(text, subject), bool(drill))
    return Claimed(id, rung, channel, attempt)


def record(sender: str, made: Sequence[tuple[Claimed, Report]], now: int) -> None:
    """What became of a batch: every try under its key, and when the next one of each person is due.

    A claim that somebody else has taken over is theirs to count: the same key counts once, whoever made it.
    """
    on = (
        "UPDATE calls_calling SET tries = tries + 1, claimed_by = '', claimed_until = 0, next ="
        " (SELECT CASE WHEN calls_calling.tries + 1 >= r.tries OR CAST(? AS bigint) + r.apart > calls_calling.since + r.within"
        "  THEN calls_calling.since + r.within ELSE CAST(? AS bigint) + r.apart END"
        "  FROM calls_rung r WHERE r.callout_id = calls_calling.callout_id AND r.n = calls_calling.rung)"
        " WHERE claimed_by = ? AND rung = ? AND tries = ? AND next IS NOT NULL AND id "
    )
    if not made:
        return
    by_key = {c.attempt.key: c for c, _ in made}
    with Store().transaction() as cursor:
        known = known_of(cursor, [r for _, r in made])
        keep(
            cursor,
            known,
            [(by_key[k.report.key].channel, by_key[k.report.key].attempt.to, now) for k in known],
        )
        for (rung, n), callings in _by_try(known).items():
            for many in some(callings):
                these, ids = cursor.among(many)
                cursor.run(on + these, (now, now, sender, rung, n - 1, *ids))
        answered(cursor, known)


def _by_try(known: Iterable[Known]) -> dict[tuple[int, int], list[int]]:
    """Callings by the rung they are on and which try on it was made: one statement moves all of them on."""
    found: dict[tuple[int, int], list[int]] = {}
    for k in known:
        found.setdefault((k.rung, k.n), []).append(k.calling)
    return found


def learn(reports: Sequence[Report], heard: tuple[str, str] | None = None) -> None:
    """News that came later; what counts as an answer on the rung of its try ends the calling, however late.

    `heard`: the channel and how far it has told its news by now; kept with the news, in one transaction.

    A try whose sender died before it could record it is entered now: what was heard of it proves that it was made.
    News of a try that nobody can have made is passed over, whoever tells it.
    """
    if not reports:
        return
    with Store().transaction() as cursor:
        known = known_of(cursor, reports)
        keep(cursor, known, [("", "", ms(k.report.at)) for k in known])
        answered(cursor, known)
        if heard:
            cursor.run(
                "INSERT INTO calls_cursor (channel, after) VALUES (?, ?)"
                " ON CONFLICT (channel) DO UPDATE SET after = excluded.after",
                heard,
            )


def cursors() -> dict[str, str]:
    """How far each channel has told its news."""
    return {
        str(row[0]): str(row[1]) for row in Store().cursor().all("SELECT channel, after FROM calls_cursor")
    }


def close(calling: int, end: End, by: str, why: str, at: datetime, *, within: Cursor | None = None) -> None:
    """Somebody named hands it over to a person on foot, gives it up with a reason, or heard the answer themselves.

    An answer still counts after a handing over; nothing else is ended twice.
    """
    if not by.strip() or (end is End.GIVEN_UP and not why.strip()):
        raise LadderError("E631", "转人工应当写明是谁；终止应当写明是谁、为什么")
    if end is End.ANSWERED and not why.strip():
        raise LadderError("E631", "人工登记的叫应应当写明怎样确认")
    open = "('', 'HANDED')" if end is End.ANSWERED else "('')"
    sql = (
        'UPDATE calls_calling SET "end" = ?, ended = ?, "by" = ?, why = ?, next = NULL, claimed_by = \'\','
        f' claimed_until = 0 WHERE id = ? AND "end" IN {open}'
    )
    with _transaction(within) as cursor:
        if cursor.run(sql, (end.name, ms(at), by, why, calling)).rowcount != 1:
            raise LadderError("E632", "这一呼叫已经结束，或者没有这一呼叫")


def met(calling: int, result: str, *, within: Cursor | None = None) -> None:
    """What became of going there; when it was handed over stays as it was."""
    sql = "UPDATE calls_calling SET why = ? WHERE id = ? AND \"end\" = 'HANDED'"
    with _transaction(within) as cursor:
        if cursor.run(sql, (result, calling)).rowcount != 1:
            raise LadderError("E632", "这一呼叫没有转人工上门")


def next_due() -> int | None:
    """When something will be due next, anywhere."""
    row = Store().cursor().one("SELECT min(next) FROM calls_calling WHERE next IS NOT NULL")
    return int(row[0]) if row and row[0] is not None else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call-out stands: everybody is in exactly one of these."""

    calling: int
    unanswered: int  # every rung used; lies with a person
    answered: int
    handed: int
    given_up: int

    @property
    def all(self) -> int:
        return self.calling + self.unanswered + self.answered + self.handed + self.given_up


def standing(callout: int) -> Standing:
    sql = 'SELECT "end", next IS NULL, count(*) FROM calls_calling WHERE callout_id = ? GROUP BY "end", next IS NULL'
    found: dict[str, int] = {}
    for end, over, n in Store().cursor().all(sql, (callout,)):
        found[end or ("OVER" if over else "OPEN")] = found.get(end or ("OVER" if over else "OPEN"), 0) + n
    return Standing(
        found.get("OPEN", 0), found.get("OVER", 0), found.get("ANSWERED", 0), found.get("HANDED", 0),
        found.get("GIVEN_UP", 0),
    )  # fmt: skip
