"""Asking the index: what somebody may see of what there is, best first, a page at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yifa.cases.store import Cursor, Row, Store, maybe_day
from yifa.people.actor import Actor
from yifa.people.scope import sql_scope
from yifa.procedure import registry

from ..reading import Place, Reading
from . import follow, index
from .analyser import Asked, BadQuery, Piece, ask, excerpt, fold
from .index import ANSWER, CASE, FILE, KINDS, STATUTE

__all__ = [
    "ANSWER",
    "CASE",
    "FILE",
    "KINDS",
    "STATUTE",
    "BadQuery",
    "Filters",
    "Found",
    "Hit",
    "matching",
    "search",
]

MOST = 10_000  # hits looked at; beyond it a count is "more than"
LONG_ENOUGH = 3.0  # seconds for reading text after text, where no index helps


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search. `since` and `until` are days of the case, of publication, or of entry into force."""

    kind: str = ""
    family: str = ""
    office: str = ""
    since: date | None = None
    until: date | None = None
    in_force: bool = False  # of statutes only those in force today


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `title` and `excerpt` come in pieces, of which those that were looked for are marked."""

    id: int
    kind: str
    ref: str
    case: int | None
    family: str
    office: str
    day: date | None
    ends: date | None
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    place: str  # where in a file the first of it stands
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `counts`: of each kind how many, whichever kind was asked for. `more`: there are more than could be counted.

    `partial`: not every text could be read in time. `behind`: something of the ledger is not in the index yet.
    """

    asked: Asked
    hits: tuple[Hit, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    next: str = ""
    more: bool = False
    partial: bool = False
    behind: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def search(
    query: str,
    reader: Actor | None,
    today: date,
    filters: Filters = Filters(),
    *,
    after: str = "",
    limit: int = 20,
) -> Found:
    """What this reader (None: anybody) may find by a query. Raises `BadQuery`; a query of nothing finds nothing."""
    asked = ask(query)
    if not asked.wanted:
        return Found(asked)
    if reader is None and not any(
        p.tokens for p in asked.wanted
    ):  # every text would be read, for whoever likes
        raise BadQuery("E853", "请写上要找的字或者词，只有标点是找不到的。")
    behind = not follow.catch_up()
    cursor = Store().cursor()
    rows, partial = _rows(cursor, asked, reader, filters, today, kind="")
    more = len(rows) > MOST
    counts = {kind: sum(row[1] == kind for row in rows[:MOST]) for kind in KINDS}
    if filters.kind:
        if more:  # of one kind there may be others, further down
            rows, partial = _rows(cursor, asked, reader, filters, today, kind=filters.kind)
        rows = [row for row in rows if row[1] == filters.kind]
    page, follows = _page(rows, after, limit)
    hits = tuple(_hits(cursor, [row[0] for row in page], asked))
    return Found(asked, hits, counts, follows, more, partial, behind)


# ── Which ────────────────────────────────────────────────────────────────────


def may_see(reader: Actor | None) -> tuple[str, list[str]]:
    """The one rule as a condition on `d`: statutes and what is published are everybody's, cases those of the reader's scope."""
    everybodys = "d.kind IN ('statute', 'answer')"
    if reader is None:
        return everybodys, []
    scope, values = sql_scope(reader, "d.office", "d.family")
    return f"({everybodys} OR {scope})", values


def _still_listed() -> tuple[str, list[str]]:
    """What a matter the county has taken off its list left in the index has no page to open on."""
    families = [p.key for p in registry().families()]
    return f"d.family IN ('', {', '.join('?' * len(families))})", families


def _narrowed(filters: Filters, kind: str, today: date) -> tuple[list[str], list[Any]]:
    told: list[tuple[str, Any]] = [
        ("d.kind = ?", kind),
        ("d.family = ?", filters.family),
        ("d.office = ?", filters.office),
        ("d.day >= ?", filters.since and filters.since.isoformat()),
        ("d.day <= ?", filters.until and filters.until.isoformat()),
    ]
    where = [sql for sql, value in told if value]
    values = [value for _, value in told if value]
    if filters.in_force:
        where.append("(d.kind <> 'statute' OR (d.day <= ? AND (d.ends IS NULL OR d.ends >= ?)))")
        values += [today.isoformat(), today.isoformat()]
    return where, values


def _rows(
    cursor: Cursor, asked: Asked, reader: Actor | None, filters: Filters, today: date, *, kind: str
) -> tuple[list[Row], bool]:
    """Id, kind and order of what is found, best first.

    What is in force comes before what is not, a statute of that name before articles, the better fit, the newer.
    """
    clause, values, fit = index.conditions(asked, on_postgres=cursor.on_postgres)
    scope, scoped = may_see(reader)
    where, narrowed = _narrowed(filters, kind, today)
    fit = f"round(CAST({fit} AS numeric), 2)" if cursor.on_postgres else f"round({fit}, 1)"
    at = "strpos" if cursor.on_postgres else "instr"
    words = asked.wanted[0].words
    listed, families = _still_listed()
    sql = (
        f"SELECT d.id, d.kind, CASE WHEN d.ends < ? THEN 1 ELSE 0 END AS old, {fit} AS fit, d.day,"
        f" CASE WHEN d.kind = 'statute' AND {at}(d.ref, '#') = 0 AND {at}(d.title, ?) > 0 THEN 0 ELSE 1 END AS part"
        f" FROM {clause} WHERE {' AND '.join([scope, listed, *where])}"
        " ORDER BY old, part, fit, d.day DESC NULLS LAST, d.id"
    )
    params = [today.isoformat(), words, *values, *scoped, *families, *narrowed]
    unsure = _unsure(asked, on_postgres=cursor.on_postgres)
    if not unsure:
        return cursor.all(f"{sql} LIMIT {MOST + 1}", params), False
    return _read_again(cursor, sql, params, asked)


def _unsure(asked: Asked, *, on_postgres: bool) -> bool:
    return not all(index.sure(p, on_postgres=on_postgres) for p in (*asked.wanted, *asked.without))


def _read_again(cursor: Cursor, sql: str, params: list[Any], asked: Asked) -> tuple[list[Row], bool]:
    until = time.monotonic() + LONG_ENOUGH
    kept: list[Row] = []
    rows = cursor.all(sql, params)
    for start in range(0, len(rows), SOME):
        some = rows[start : start + SOME]
        good = _good(cursor, [row[0] for row in some], asked)
        kept += [row for row in some if row[0] in good]
        if len(kept) > MOST or time.monotonic() > until:
            return kept[: MOST + 1], start + SOME < len(rows)
    return kept, False


SOME = 400


def _good(cursor: Cursor, ids: Sequence[int], asked: Asked) -> set[int]:
    """Those of these documents that hold every word and none that is unwanted: the substring truth."""
    among, values = cursor.among(ids)
    good = set()
    sql = f"SELECT d.id, d.title, b.body FROM texts_document d JOIN texts_body b ON b.document_id = d.id WHERE d.id {among}"
    for id, title, body in cursor.all(sql, values):
        if holds(title, body, asked):
            good.add(id)
    return good


def holds(title: str, body: str, asked: Asked) -> bool:
    both = fold(title), fold(body)
    return all(any(p.words in one for one in both) for p in asked.wanted) and not any(
        p.words in one for p in asked.without for one in both
    )


def matching(query: str, cursor: Cursor | None = None) -> set[int]:
    """The numbers of all documents that hold the words of a query, whoever may see them."""
    asked = ask(query)
    if not asked.wanted:
        return set()
    cursor = cursor or Store().cursor()
    ids = index.numbers(cursor, asked)
    if not _unsure(asked, on_postgres=cursor.on_postgres):
        return set(ids)
    found: set[int] = set()
    for start in range(0, len(ids), SOME):
        found |= _good(cursor, ids[start : start + SOME], asked)
    return found


# ── The page ─────────────────────────────────────────────────────────────────


def _page(rows: list[Row], after: str, limit: int) -> tuple[list[Row], str]:
    """The rows after the one a page ended with; where that one is gone, after the place it had."""
    rows = rows[:MOST]
    place, _, id = after.partition("-")
    start = 0
    if place.isdecimal() and id.isdecimal() and len(after) < 40:
        ids = [row[0] for row in rows]
        start = ids.index(int(id)) + 1 if int(id) in ids else min(int(place), len(rows))
    page = rows[start : start + limit]
    end = start + len(page)
    return page, f"{end}-{page[-1][0]}" if page and end < len(rows) else ""


def _hits(cursor: Cursor, ids: list[int], asked: Asked) -> Iterator[Hit]:
    if not ids:
        return
    among, values = cursor.among(ids)
    sql = (
        "SELECT d.id, d.kind, d.ref, d.case_id, d.family, d.office, d.day, d.ends, d.title, b.body, d.about"
        f" FROM texts_document d JOIN texts_body b ON b.document_id = d.id WHERE d.id {among}"
    )
    rows = {row[0]: row for row in cursor.all(sql, values)}
    for id in ids:
        if id in rows:
            yield _hit(rows[id], asked)


def _hit(row: Row, asked: Asked) -> Hit:
    id, kind, ref, case, family, office, day, ends, title, body, about = row
    told = json.loads(about)
    marked, _ = excerpt(title, asked.words, 400)
    shown, at = excerpt(body, asked.words)
    if kind in (CASE, ANSWER):  # there a line is a fact
        shown = tuple((piece.replace("\n", " · "), marked) for piece, marked in shown)
    places = told.pop("places", [])
    place = Reading(body, tuple(Place(*p) for p in places)).place(at) if at >= 0 and places else ""
    return Hit(
        id, kind, ref, case, family, office, maybe_day(day), maybe_day(ends), marked, shown, place, told
    )
