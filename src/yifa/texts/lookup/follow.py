"""The index follows the ledger: what is new there is put in before a search answers, so that an act costs nothing more.

Nothing can be lost, because nothing is sent: how far the index has come stands in `texts_mark`, and the next who looks goes
on from there. On SQLite entries are committed in the order of their numbers. On PostgreSQL a number may be taken and not yet
committed while a higher one is; so the mark moves to a number only when everyone who was writing as it was read has finished
(every writer holds a lock on the ledger's table from before it takes a number; see `cases.store`).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction

from yifa.cases.rebuild import Difference
from yifa.cases.store import Cursor, Row, Store
from yifa.law import texts
from yifa.ledger.boxes import ERASE

from . import index, sources
from .analyser import VERSION as CUTTING

__all__ = ["catch_up", "compare", "rebuild"]

AT_ONCE = 500  # entries read, and cases made anew, in one transaction
PATIENCE = 1.0  # seconds a search waits for others to finish writing
LOOK_AGAIN = 10.0  # seconds until the folders of statutes are looked at again
LEDGER, STATUTES, ANALYSER = "ledger", "statutes", "analyser"
VERSION = f"{CUTTING}/{sources.EDITION}"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7042)"
SHORT = f"SET LOCAL lock_timeout = '{int(PATIENCE * 1000)}ms'"
WRITERS = (
    "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE relation = 'ledger_entry'::regclass"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
    " AND granted AND pid <> pg_backend_pid()"
)

Progress = Callable[[int], None]


@dataclass(slots=True)
class Reached:
    """How far the index has come: everything up to `mark`, and up to `next` once those `waiting` have finished."""

    mark: int = 0
    next: int = 0
    waiting: list[str] = field(default_factory=list)

    @staticmethod
    def read(text: str | None) -> Reached:
        return Reached(**json.loads(text)) if text else Reached()

    def write(self) -> str:
        return json.dumps({"mark": self.mark, "next": self.next, "waiting": self.waiting})


def _mark(cursor: Cursor, name: str) -> str | None:
    row = cursor.one("SELECT value FROM texts_mark WHERE name = ?", (name,))
    return row[0] if row else None


def _set(cursor: Cursor, name: str, value: str) -> None:
    cursor.run(
        "INSERT INTO texts_mark (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def catch_up(seconds: float | None = PATIENCE, progress: Progress | None = None) -> bool:
    """Put in what the index does not have yet, for about so many seconds; is everything in it now?

    Costs two look-ups when there is nothing new. Others who are writing are waited for a moment only.
    """
    until, all = None if seconds is None else time.monotonic() + seconds, 0
    try:
        with _short_of_patience(seconds):
            for done in _steps():
                all += done
                if progress:
                    progress(all)
                if until is not None and time.monotonic() > until:
                    cursor = Store().cursor()
                    return not _behind(cursor) and not _texts_to_do(cursor)
    except _refusals() as error:
        if not _busy(error):
            raise
        return False
    return True


def _refusals() -> tuple[type[Exception], ...]:
    """How the database, and the driver under it, say that something cannot be had now."""
    driver: type[Exception] = Store().django.Database.OperationalError
    return OperationalError, driver


def _busy(error: BaseException) -> bool:
    """Somebody else has what is wanted: PostgreSQL's own states; SQLite's codes, of which the last byte counts."""
    for told in (error, error.__cause__):
        if getattr(told, "sqlstate", None) in ("55P03", "40P01"):
            return True
        if getattr(told, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return True
    return False


class _short_of_patience:
    """A search does not stand in the queue of writers for as long as an act does."""

    def __init__(self, seconds: float | None) -> None:
        self.short = seconds is not None and connection.vendor == "sqlite"
        self.was = 0

    def __enter__(self) -> None:
        if self.short:
            cursor = Store().cursor()
            self.was = int((cursor.one("PRAGMA busy_timeout") or (0,))[0])
            cursor.run(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")

    def __exit__(self, *about: object) -> None:
        if self.short:
            Store().cursor().run(f"PRAGMA busy_timeout = {self.was}")


def _steps() -> Iterator[int]:
    """One transaction after another until nothing is left; how much each has put in."""
    cursor = Store().cursor()
    if _mark(cursor, ANALYSER) != VERSION:
        _start_anew()
        yield 0
    settled, more = _settled(cursor), True
    while more and _behind(cursor):
        read, more = _entries(settled)
        yield read
    for law in _texts_to_do(cursor):
        yield _statute(law)


def _one_at_a_time(cursor: Cursor) -> None:
    if cursor.on_postgres:
        cursor.run(SHORT)
        cursor.run(ONE_AT_A_TIME)


def _start_anew() -> None:
    with transaction.atomic():
        cursor = Store().cursor()
        _one_at_a_time(cursor)
        if _mark(cursor, ANALYSER) == VERSION:
            return
        index.wipe(cursor)
        cursor.run("DELETE FROM texts_mark")
        _set(cursor, ANALYSER, VERSION)
    forget()


# ── The ledger ───────────────────────────────────────────────────────────────


def _last(cursor: Cursor) -> int:
    row = cursor.one("SELECT max(id) FROM ledger_entry")
    return int(row[0] or 0) if row else 0


def _behind(cursor: Cursor) -> bool:
    reached = Reached.read(_mark(cursor, LEDGER))
    return bool(reached.waiting) or _last(cursor) > reached.mark


def _writers(cursor: Cursor) -> list[str]:
    return sorted(row[0] for row in cursor.all(WRITERS)) if cursor.on_postgres else []


def _settled(cursor: Cursor) -> int:
    """The last entry, when nobody is writing a lower one: the lock is held no longer than it takes to see it."""
    if not cursor.on_postgres:
        return 0
    mark = Reached.read(_mark(cursor, LEDGER)).mark
    far = cursor.all("SELECT id FROM ledger_entry WHERE id > ? ORDER BY id LIMIT ?", (mark, AT_ONCE + 1))
    if len(far) <= AT_ONCE:
        return 0
    with transaction.atomic():
        cursor.run(SHORT)
        cursor.run("LOCK TABLE ledger_entry IN SHARE ROW EXCLUSIVE MODE")
        return _last(cursor)


def _entries(settled: int = 0) -> tuple[int, bool]:
    """The next entries of the ledger; how many there were, and whether there are more. All up to `settled` are committed."""
    with transaction.atomic():
        cursor = Store().cursor()
        _one_at_a_time(cursor)
        reached = Reached.read(_mark(cursor, LEDGER))
        last, writers = _last(cursor), list[str]()
        if settled > reached.mark:
            last = settled
        else:
            writers = _writers(cursor)  # asked after `last`: who is writing now may yet commit a lower number
        most = "" if writers else f" LIMIT {AT_ONCE}"
        sql = f"SELECT id, case_id, body FROM ledger_entry WHERE id > ? AND id <= ? ORDER BY id{most}"
        found = cursor.all(sql, (reached.mark, last))
        _cases(cursor, list(dict.fromkeys(row[1] for row in found)))
        erased = any(f'"step":"{ERASE}"' in row[2] for row in found)
        if erased and not cursor.on_postgres:  # what was taken out would stay in the index's older segments
            cursor.run("INSERT INTO texts_index (texts_index) VALUES ('optimize')")
        end = int(found[-1][0]) if found else last
        _set(cursor, LEDGER, _moved(reached, end, writers).write())
    if erased and connection.vendor == "postgresql" and not connection.in_atomic_block:
        for table in ("texts_document", "texts_body", "texts_passage"):
            Store().cursor().run(f"VACUUM {table}")
    return len(found), not writers and end < last


def _moved(reached: Reached, end: int, writers: list[str]) -> Reached:
    """The mark, after everything to be seen from it up to `end` was read while `writers` were at work."""
    if not writers:
        return Reached(end)
    if reached.waiting and set(reached.waiting) & set(writers):
        return reached
    return Reached(max(reached.mark, reached.next), end, writers)


def _cases(cursor: Cursor, ids: list[int]) -> None:
    """These cases as they stand now; what no longer stands is taken out."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = list(sources.cases(cursor, some))
        keep = {(d.kind, d.ref) for d in found}
        among, values = cursor.among(some)
        stands = cursor.all(f"SELECT id, kind, ref FROM texts_document WHERE case_id {among}", values)
        for id in [row[0] for row in stands if (row[1], row[2]) not in keep]:
            index.remove(cursor, "d.id = ?", (id,))
        index.put(cursor, found)


# ── Statutes ─────────────────────────────────────────────────────────────────

_looked: dict[str, Any] = {"at": 0.0, "hand": None}


def forget() -> None:
    """Look at the folders of statutes at the next search."""
    _looked.update(at=0.0, hand=None)


def _at_hand() -> dict[str, str]:
    """Every text at hand, with a mark of how it stands and of what the library says of it."""
    now = time.monotonic()
    if _looked["hand"] is None or now - _looked["at"] > LOOK_AGAIN:
        hand = {}
        for (title, edition), stamp in texts.at_hand().items():
            law = sources.known(title, edition)
            told = f"{law.since} {law.until} {law.number}" if law else ""
            hand[f"{title}@{edition}"] = f"{stamp} {told}"
        _looked.update(at=now, hand=hand)
    found: dict[str, str] = _looked["hand"]
    return found


def _texts_to_do(cursor: Cursor) -> list[str]:
    hand = _at_hand()
    stands = json.loads(_mark(cursor, STATUTES) or "{}")
    return [name for name in {**hand, **stands} if hand.get(name) != stands.get(name)]


def _statute(name: str) -> int:
    """One edition: put in, made anew, or taken out."""
    hand = _at_hand()
    title, _, edition = name.rpartition("@")
    with transaction.atomic():
        cursor = Store().cursor()
        _one_at_a_time(cursor)
        stands = json.loads(_mark(cursor, STATUTES) or "{}")
        found = sources.statute(title, edition) if name in hand else []
        keep = {d.ref for d in found}
        condition, values = _of(name)
        rows = cursor.all(f"SELECT id, ref FROM texts_document WHERE {condition}", values)
        for id in [row[0] for row in rows if row[1] not in keep]:
            index.remove(cursor, "d.id = ?", (id,))
        index.put(cursor, found)
        if name in hand:
            stands[name] = hand[name]
        else:
            stands.pop(name, None)
        _set(cursor, STATUTES, json.dumps(stands, ensure_ascii=False))
    return len(found)


def _of(name: str) -> tuple[str, Row]:
    """The documents of one edition."""
    condition = "kind = ? AND (ref = ? OR substr(ref, 1, ?) = ?)"
    return condition, (index.STATUTE, name, len(name) + 1, f"{name}#")


# ── The whole again ──────────────────────────────────────────────────────────


def rebuild(progress: Progress | None = None) -> list[Difference]:
    """Make the index anew, and say where the old one was wrong."""
    catch_up(None)
    found = compare()
    with transaction.atomic():
        cursor = Store().cursor()
        _one_at_a_time(cursor)
        index.wipe(cursor)
        cursor.run("DELETE FROM texts_mark")
    forget()
    catch_up(None, progress)
    return found


def compare() -> list[Difference]:
    """Where what the index holds differs from the ledger and the texts at hand. Only reads; what is not put in yet is no difference."""
    cursor = Store().cursor()
    if _mark(cursor, ANALYSER) != VERSION:
        return []
    found: list[Difference] = []
    mark = Reached.read(_mark(cursor, LEDGER)).mark
    late = {row[0] for row in cursor.all("SELECT DISTINCT case_id FROM ledger_entry WHERE id > ?", (mark,))}
    ids = [row[0] for row in cursor.all("SELECT id FROM cases_case ORDER BY id") if row[0] not in late]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        among, values = cursor.among(some)
        found += _differ(cursor, sources.cases(cursor, some), f"case_id {among}", values)
    stands = json.loads(_mark(cursor, STATUTES) or "{}")
    for name, stamp in _at_hand().items():
        if stands.get(name) == stamp:
            title, _, edition = name.rpartition("@")
            found += _differ(cursor, sources.statute(title, edition), *_of(name))
    lost = "SELECT kind, ref FROM texts_document WHERE case_id NOT IN (SELECT id FROM cases_case)"
    found += [Difference("texts_document", f"{kind} {ref}", ref, None) for kind, ref in cursor.all(lost)]
    found += [Difference("texts_index", str(id), None, id) for id in index.odd(cursor)]
    return found


def _differ(
    cursor: Cursor, documents: Iterable[index.Document], condition: str, values: Row
) -> Iterator[Difference]:
    should = {(d.kind, d.ref): d.row for d in documents}
    stands = index.standing(cursor, should)
    for key, row in should.items():
        here = stands.get(key)
        if here is None or here[1] != row:
            yield Difference("texts_document", " ".join(key), here and _told(here[1]), _told(row))
    for kind, ref in cursor.all(f"SELECT kind, ref FROM texts_document WHERE {condition}", values):
        if (kind, ref) not in should:
            yield Difference("texts_document", f"{kind} {ref}", ref, None)


def _told(row: Row) -> str:
    """Enough of a document to know it by, in one line."""
    return " ".join(f"{row[-2]} {row[-1]}".split())[:60]
