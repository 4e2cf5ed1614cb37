"""The delivery table as a queue: begin, claim, record, move up; each is one transaction, and a crash between two loses nobody.

Several senders may share the work: a row belongs to whoever claimed it until the claim runs out, then to anybody; the try
then goes out again under the same key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from yifa.cases.store import TOGETHER, Cursor, Row, Store

from .channel import Message, News, Report, Try
from .ladder import End, Ladder, LadderError

T = TypeVar("T")
CALLING = (
    "callout_id", "name", "office", "addresses", "rung", "tries", "since", "next", "claimed_by", "claimed_until",
    "end", "by", "why",
)  # fmt: skip
RUNG = ("callout_id", "n", "channel", "whom", "tries", "apart", "within")
TRY = ("key", "calling_id", "rung", "channel", "to", "at", "news", "news_at", "said", "detail")
TRY_TYPES = ("text", "bigint", "int", "text", "text", "bigint", "text", "bigint", "text", "text")
WEIGHTS = (
    News.UNKNOWN, News.ACCEPTED, News.FAILED, News.BUSY, News.NO_ANSWER, News.DELIVERED, News.ANSWERED, News.HEARD,
    News.REPLIED,
)  # fmt: skip
WINDOW = 30_000  # milliseconds a claim holds


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Callee:
    """Who is to be called. addresses: by whom (SELF, SUBSTITUTE, SUPERIOR), then by channel."""

    name: str
    addresses: Mapping[str, Mapping[str, str]]
    office: str = ""


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
    within: Cursor | None = None,
) -> int:
    """A call-out with everybody in it, in one transaction (or `within` the caller's); its number. Refuses one that calls nobody."""
    people = list(callees)
    if not people:
        raise LadderError("E633", "没有要叫应的人")
    now = ms(at)
    with _transaction(within) as cursor:
        sql = (
            'INSERT INTO calls_callout (label, text, subject, ladder, drill, office, case_id, begun, "by")'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
        )
        told = json.dumps(ladder.plain(), ensure_ascii=False)
        row = cursor.one(sql, (label, text, subject, told, drill, office, case, now, by))
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
    return int(length.total_seconds() * 1000)


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


def claim(sender: str, now: int, most: int = 500, window: int = WINDOW) -> list[Claimed]:
    """Tries that are due, now in this sender's hands for `window` milliseconds; not of a rung that is over."""
    s = Store()
    skip = " FOR UPDATE SKIP LOCKED" if s.on_postgres else ""
    sql = (
        "UPDATE calls_calling SET claimed_by = ?, claimed_until = ? WHERE id IN (SELECT id FROM calls_calling"
        " WHERE next <= ? AND claimed_until <= ? AND EXISTS (SELECT 1 FROM calls_rung r"
        "  WHERE r.callout_id = calls_calling.callout_id AND r.n = calls_calling.rung"
        "  AND calls_calling.tries < r.tries AND calls_calling.since + r.within > ?)"
        f" ORDER BY next LIMIT ?{skip}) RETURNING id"
    )
    with s.transaction() as cursor:
        ids = [row[0] for row in cursor.all(sql, (sender, now + window, now, now, now, most))]
        if not ids:
            return []
        these, values = cursor.among(ids)
        rows = cursor.all(
            "SELECT c.id, c.rung, c.tries, c.addresses, r.channel, r.whom, o.text, o.subject, o.drill"
            " FROM calls_calling c JOIN calls_rung r ON r.callout_id = c.callout_id AND r.n = c.rung"
            f" JOIN calls_callout o ON o.id = c.callout_id WHERE c.id {these} ORDER BY c.id",
            values,
        )
    return [_claimed(row) for row in rows]


def _claimed(row: Sequence[Any]) -> Claimed:
    id, rung, tries, addresses, channel, whom, text, subject, drill = row
    to = json.loads(addresses).get(whom, {}).get(channel, "")
    attempt = Try(f"{id}-{rung}-{tries + 1}", to, Message(text, subject), bool(drill))
    return Claimed(id, rung, channel, attempt)


def record(sender: str, made: Sequence[tuple[Claimed, Report]], now: int) -> None:
    """What became of a batch: every try under its key, and when the next one of each person is due."""
    tries = [
        (
            c.attempt.key,
            c.calling,
            c.rung,
            c.channel,
            c.attempt.to,
            now,
            r.news.name,
            ms(r.at),
            r.said,
            r.detail[:500],
        )
        for c, r in made
    ]
    on = (
        "UPDATE calls_calling SET tries = tries + 1, claimed_by = '', claimed_until = 0, next ="
        " (SELECT CASE WHEN calls_calling.tries + 1 >= r.tries OR CAST(? AS bigint) + r.apart > calls_calling.since + r.within"
        "  THEN calls_calling.since + r.within ELSE CAST(? AS bigint) + r.apart END"
        "  FROM calls_rung r WHERE r.callout_id = calls_calling.callout_id AND r.n = calls_calling.rung)"
        " WHERE claimed_by = ? AND rung = ? AND next IS NOT NULL AND id "
    )
    by_rung: dict[int, list[int]] = {}
    for c, _ in made:
        by_rung.setdefault(c.rung, []).append(c.calling)
    s = Store()
    with s.transaction() as cursor:
        _keep(cursor, tries, "ON CONFLICT (key) DO NOTHING")
        for rung, callings in by_rung.items():
            for some in _some(callings, 500):
                these, ids = cursor.among(some)
                cursor.run(on + these, (now, now, sender, rung, *ids))
        _answered(cursor, [r for _, r in made])


def _keep(cursor: Cursor, tries: Sequence[Row], known: str) -> None:
    """Many tries at once; `known` says what becomes of one whose key is there already."""
    names = ", ".join(f'"{name}"' for name in TRY)
    for some in _some(tries, 500 if cursor.on_postgres else TOGETHER):
        rows, values = cursor.given(TRY_TYPES, some)
        cursor.run(f"INSERT INTO calls_try ({names}) {rows} {known}", values)


def _some(every: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """As many as one statement takes."""
    for start in range(0, len(every), most):
        yield every[start : start + most]


def learn(reports: Sequence[Report], heard: tuple[str, str] | None = None) -> None:
    """News that came later; what counts as an answer on the rung of its try ends the calling, however late.

    `heard`: the channel and how far it has told its news by now; kept with the news, in one transaction.

    A try whose sender died before it could record it is entered now: what was heard of it proves that it was made.
    """
    if not reports:
        return
    known = (
        "ON CONFLICT (key) DO UPDATE SET news = excluded.news, news_at = excluded.news_at, said = excluded.said, detail = excluded.detail"
        f" WHERE {_weight('excluded.news')} >= {_weight('calls_try.news')}"
    )
    rows = []
    for r in _weightiest(reports):
        calling, rung, _ = map(int, r.key.split("-"))
        at = ms(r.at)
        rows.append((r.key, calling, rung, "", "", at, r.news.name, at, r.said, r.detail[:500]))
    s = Store()
    with s.transaction() as cursor:
        _keep(cursor, rows, known)
        _answered(cursor, reports)
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


def _weightiest(reports: Sequence[Report]) -> Iterable[Report]:
    """One for each key: of several, the last of those that say most, as if each had been written in its turn."""
    found: dict[str, Report] = {}
    for r in reports:
        if r.key not in found or WEIGHTS.index(r.news) >= WEIGHTS.index(found[r.key].news):
            found[r.key] = r
    return found.values()


def _weight(column: str) -> str:
    """How much a piece of news says: what comes late and says less does not undo what is known."""
    cases = " ".join(f"WHEN '{news.name}' THEN {n}" for n, news in enumerate(WEIGHTS))
    return f"CASE {column} {cases} END"


def _answered(cursor: Any, reports: Sequence[Report]) -> None:
    told = [r for r in reports if r.news in (News.REPLIED, News.HEARD, News.ANSWERED, News.DELIVERED)]
    if not told:
        return
    ends = _ends(cursor, {int(r.key.split("-")[0]) for r in told})
    done: dict[int, tuple[int, int, str]] = {}  # the first answer counts
    for r in told:
        calling, rung, _ = map(int, r.key.split("-"))
        if r.news.name in ends.get((calling, rung), ()):
            done.setdefault(calling, (calling, ms(r.at), r.said or r.news.value))
    for some in _some(list(done.values()), 500 if cursor.on_postgres else TOGETHER):
        rows, values = cursor.given(("bigint", "bigint", "text"), some)
        cursor.run(
            f"WITH told (calling, at, said) AS ({rows})"
            " UPDATE calls_calling SET \"end\" = 'ANSWERED', ended = told.at, why = told.said, next = NULL,"
            " claimed_by = '', claimed_until = 0 FROM told WHERE id = told.calling AND \"end\" = ''",
            values,
        )


def _ends(cursor: Any, callings: set[int]) -> dict[tuple[int, int], frozenset[str]]:
    """What counts as an answer, by calling and rung."""
    of: dict[int, int] = {}
    for some in _some(sorted(callings), 500):
        these, ids = cursor.among(some)
        of.update(cursor.all(f"SELECT id, callout_id FROM calls_calling WHERE id {these}", ids))
    ends: dict[int, list[frozenset[str]]] = {}
    for callouts in _some(sorted(set(of.values())), 500):
        these, ids = cursor.among(callouts)
        for id, text in cursor.all(f"SELECT id, ladder FROM calls_callout WHERE id {these}", ids):
            ends[id] = [frozenset(n.name for n in r.ends) for r in Ladder.read(json.loads(text)).rungs]
    return {(id, n): names for id, callout in of.items() for n, names in enumerate(ends[callout])}


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
