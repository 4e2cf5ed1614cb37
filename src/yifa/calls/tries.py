"""What is known of a try: entered under its key, once, whether its sender recorded it or news of it came first.

News comes from outside: of tries that nobody can have made, twice, late, in any order. What it says less than is known
already undoes nothing.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from yifa.cases.store import TOGETHER, Cursor, Row

from .channel import News, Report
from .ladder import MS, Ladder

T = TypeVar("T")
log = logging.getLogger(__name__)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TRY = ("key", "calling_id", "rung", "channel", "to", "at", "news", "news_at", "said", "detail", "outcome")
TYPES = ("text", "bigint", "int", "text", "text", "bigint", "text", "bigint", "text", "text", "text")
NEWS = TRY.index("news")
WEIGHTS = (
    News.UNKNOWN, News.ACCEPTED, News.FAILED, News.BUSY, News.NO_ANSWER, News.DELIVERED, News.ANSWERED, News.HEARD,
    News.REPLIED,
)  # fmt: skip
KEY = re.compile("([1-9][0-9]{0,17})-([0-9]{1,4})-([1-9][0-9]{0,4})-([0-9a-f]{1,15})")
LONGEST = 500  # characters kept of what the far side says
AT_ONCE = 500  # rows asked for in one statement


def ms(at: datetime) -> int:
    """Whole milliseconds, exactly; as `(at - EPOCH) // MS`, in a third of the time."""
    since = at - EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def moment(at: int) -> datetime:
    return EPOCH + at * MS


def key_of(calling: int, rung: int, n: int, begun: int) -> str:
    """A try's key: calling, rung, which try on it, and when its call-out began.

    A record put back from a copy numbers its callings again, and so does a copy used for a drill. A gateway takes a key
    once: without that moment it would swallow the new calls as repetitions of the old.
    """
    return f"{calling}-{rung}-{n}-{begun:x}"


@dataclass(frozen=True, slots=True)
class Known:
    """News of a try that was, or may have been, made. n: from 1; ends: what counts as an answer there; wiped: nothing personal is kept."""

    report: Report
    calling: int
    rung: int
    n: int
    ends: frozenset[News]
    wiped: bool


def known_of(cursor: Cursor, reports: Sequence[Report]) -> list[Known]:
    """News of tries that can have been made, by calling, in the order told; the callings are held until the transaction ends."""
    read = [
        (r, (*map(int, found.groups()[:3]), int(found[4], 16)))
        for r in reports
        if (found := KEY.fullmatch(r.key))
    ]
    rows = _held(cursor, sorted({key[0] for _, key in read}))
    ladders = _ladders(cursor, sorted({row[1] for row in rows.values()}))
    known = []
    for report, (calling, rung, n, begun) in read:
        if calling not in rows:
            continue
        _, callout, at, tries, name = rows[calling]
        ladder, since = ladders[callout]
        rungs = ladder.rungs
        most = (
            rungs[rung].tries if rung < min(at, len(rungs)) else tries + 1 if rung == at < len(rungs) else 0
        )
        if n <= most and begun == since:
            known.append(Known(report, calling, rung, n, rungs[rung].ends, not name))
    if len(known) < len(reports):
        told = {k.report.key for k in known}
        odd = next(r.key for r in reports if r.key not in told)
        log.warning("有%d条消息说的呼叫不存在，没有采用，如编号%.40r", len(reports) - len(known), odd)
    return sorted(known, key=lambda k: k.calling)


def some(every: Sequence[T], most: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """As many as one statement takes."""
    for start in range(0, len(every), most):
        yield every[start : start + most]


def _held(cursor: Cursor, callings: Sequence[int]) -> dict[int, Sequence[Any]]:
    lock = " FOR UPDATE" if cursor.on_postgres else ""  # on SQLite there is one writer anyway
    found: dict[int, Sequence[Any]] = {}
    for many in some(callings):
        these, ids = cursor.among(many)
        sql = (
            f"SELECT id, callout_id, rung, tries, name FROM calls_calling WHERE id {these} ORDER BY id{lock}"
        )
        found |= {int(row[0]): row for row in cursor.all(sql, ids)}
    return found


def _ladders(cursor: Cursor, callouts: Sequence[int]) -> dict[int, tuple[Ladder, int]]:
    """Of each call-out its ladder, and when it began."""
    found: dict[int, tuple[Ladder, int]] = {}
    for many in some(callouts):
        these, ids = cursor.among(many)
        sql = f"SELECT id, ladder, begun FROM calls_callout WHERE id {these}"
        found |= {int(id): (_read(told), int(begun)) for id, told, begun in cursor.all(sql, ids)}
    return found


@lru_cache(maxsize=64)
def _read(told: str) -> Ladder:
    return Ladder.read(json.loads(told))


def _weight(column: str) -> str:
    """How much a piece of news says: what comes late and says less does not undo what is known."""
    cases = " ".join(f"WHEN '{news.name}' THEN {n}" for n, news in enumerate(WEIGHTS))
    return f"CASE {column} {cases} END"


def _newer(*columns: str) -> str:
    says_more = f"{_weight('excluded.news')} >= {_weight('calls_try.news')}"
    return ", ".join(f"{c} = CASE WHEN {says_more} THEN excluded.{c} ELSE calls_try.{c} END" for c in columns)


KNOWN = (
    f"ON CONFLICT (key) DO UPDATE SET {_newer('news', 'news_at', 'said', 'detail')},"
    " outcome = CASE excluded.outcome WHEN '' THEN calls_try.outcome ELSE excluded.outcome END,"
    " at = CASE WHEN excluded.at < calls_try.at THEN excluded.at ELSE calls_try.at END,"
    " channel = CASE WHEN excluded.channel = '' THEN calls_try.channel ELSE excluded.channel END,"
    ' "to" = CASE WHEN excluded."to" = \'\' THEN calls_try."to" ELSE excluded."to" END'
)


def keep(cursor: Cursor, known: Sequence[Known], made: Sequence[tuple[str, str, int]]) -> None:
    """Each try under its key, once: whoever made it, and whether it was made or heard of first. made: channel, to, at."""
    rows: dict[str, Row] = {}
    for k, (channel, to, at) in zip(known, made, strict=True):
        r = k.report
        if r.key in rows and WEIGHTS.index(News[str(rows[r.key][NEWS])]) > WEIGHTS.index(r.news):
            continue  # told several things of one try at once: the last of those that say most
        personal = (to, clean(r.said), clean(r.detail), whole(r))
        to, said, detail, talk = ("", "", "", "") if k.wiped else personal
        rows[r.key] = (r.key, k.calling, k.rung, channel, to, at, r.news.name, ms(r.at), said, detail, talk)
    names = ", ".join(f'"{name}"' for name in TRY)
    for many in some(list(rows.values()), AT_ONCE if cursor.on_postgres else TOGETHER):
        given, values = cursor.given(TYPES, many)
        cursor.run(f"INSERT INTO calls_try ({names}) {given} {KNOWN}", values)


def whole(report: Report) -> str:
    """What a talk came to, as JSON in plain ASCII; unlike everything else a try may say, it is never cut."""
    return json.dumps(dict(report.outcome), default=str) if report.outcome is not None else ""


def clean(text: str) -> str:
    """What any database keeps: no zero bytes, no halves of characters, not too long."""
    if len(text) <= LONGEST and text.isascii() and "\0" not in text:
        return text
    return text[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode()


def answered(cursor: Cursor, known: Sequence[Known]) -> None:
    """Who answered is called no more; of several answers the first counts."""
    done: dict[int, tuple[int, int, str]] = {}
    for k in known:
        if k.report.news in k.ends:
            why = "" if k.wiped else clean(k.report.said) or k.report.news.value
            done.setdefault(k.calling, (k.calling, ms(k.report.at), why))
    for many in some(list(done.values()), AT_ONCE if cursor.on_postgres else TOGETHER):
        given, values = cursor.given(("bigint", "bigint", "text"), many)
        cursor.run(
            f"WITH told (calling, at, said) AS ({given})"
            " UPDATE calls_calling SET \"end\" = 'ANSWERED', ended = told.at, why = told.said, next = NULL,"
            " claimed_by = '', claimed_until = 0 FROM told WHERE id = told.calling AND \"end\" = ''",
            values,
        )


__all__ = ["Known", "answered", "keep", "key_of", "known_of", "moment", "ms", "some"]
