"""Reading entries in bulk, and adding the few that are not acts of a procedure.

Acts are appended by the kernel with its own statements; here stand the reading of the whole ledger, close to what the
driver can do, and `append_entry` for what happens to the record itself (a person erased).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from .chain import canonical, digest
from .errors import LedgerError

FETCH = 256  # rows at a time: more do not stay in the processor's cache, and reading gets slower

# id, case, seq, algo, prev, hash, and what is hashed: prev with the body behind it; texts as bytes.
_RAW = {
    "sqlite": "SELECT id, case_id, seq, algo, prev, hash, prev || body FROM ledger_entry",
    "postgresql": "SELECT id, case_id, seq, convert_to(algo, 'UTF8'), convert_to(prev, 'UTF8'),"
    " convert_to(hash, 'UTF8'), convert_to(prev || body, 'UTF8') FROM ledger_entry",
}
Raw = tuple[int, Any, Any, bytes, bytes, bytes, bytes]  # a damaged number may come as text


_readings = count(1)


class Entry(NamedTuple):
    """One entry as it stands in the table."""

    id: int
    case: int
    seq: int
    algo: str
    prev: str
    hash: str
    body: str


class Acting(Protocol):
    """Who does it, as far as an entry says: an actor of `yifa.people`."""

    @property
    def person(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def post(self) -> str: ...


def algorithm() -> str:
    """The digest this county writes with."""
    return str(getattr(settings, "YIFA_LEDGER_ALGO", "sha256"))


@contextmanager
def snapshot() -> Iterator[None]:
    """The database as it is at one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.execute("BEGIN")  # deferred: it reads, and takes no lock from the writers
        try:
            yield
        finally:
            connection.connection.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def raw(after: int = 0, until: int | None = None, fetch: int = FETCH) -> Iterator[list[Raw]]:
    """Batches of entries in the order of their numbers; inside a `snapshot`. Texts come undecoded: they may be damaged."""
    bounds = f" WHERE id > {int(after)}" + (f" AND id <= {int(until)}" if until is not None else "")
    sql = _RAW[connection.vendor] + bounds + " ORDER BY id"
    connection.ensure_connection()
    driver: Any = connection.connection
    if connection.vendor == "sqlite":
        return _sqlite(driver, sql, fetch)
    return _postgresql(driver, sql, fetch)


def _sqlite(driver: Any, sql: str, fetch: int) -> Iterator[list[Raw]]:
    cursor = driver.execute(sql)
    while True:
        driver.text_factory = bytes  # the connection is Django's: only for the length of a fetch
        try:
            rows = cursor.fetchmany(fetch)
        finally:
            driver.text_factory = str
        if not rows:
            return
        yield rows


def _postgresql(driver: Any, sql: str, fetch: int) -> Iterator[list[Raw]]:
    with driver.cursor(name=f"yifa_ledger_{next(_readings)}", binary=True) as cursor:
        cursor.execute(sql)
        while block := cursor.fetchmany(20 * fetch):  # a round trip each
            for at in range(0, len(block), fetch):
                yield block[at : at + fetch]


def find(case: int, seq: int) -> Raw | None:
    """One entry, undecoded."""
    sql = _RAW[connection.vendor] + f" WHERE case_id = {int(case)} AND seq = {int(seq)}"
    connection.ensure_connection()
    driver: Any = connection.connection
    if connection.vendor == "sqlite":
        return next((batch[0] for batch in _sqlite(driver, sql, 1)), None)
    with driver.cursor() as cursor:
        row: Raw | None = cursor.execute(sql).fetchone()
    return row


def hashes(places: Sequence[tuple[int, int]]) -> dict[int, bytes]:
    """By case, the hash of its entry with this seq; none where there is no such entry."""
    if not places:
        return {}
    as_bytes = "CAST(hash AS BLOB)" if connection.vendor == "sqlite" else "convert_to(hash, 'UTF8')"
    asked = ", ".join(f"({int(case)}, {int(seq)})" for case, seq in places)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH asked (case_id, seq) AS (VALUES {asked}) SELECT e.case_id, {as_bytes}"
            " FROM asked JOIN ledger_entry e ON e.case_id = asked.case_id AND e.seq = asked.seq"
        )
        return {case: bytes(hash) for case, hash in cursor.fetchall()}


def read(after: int = 0, case: int | None = None) -> Iterator[Entry]:
    """Entries as text: all of them in the order of their numbers, or a case's in its own order."""
    sql = "SELECT id, case_id, seq, algo, prev, hash, body FROM ledger_entry WHERE id > %s"
    sql += " ORDER BY id" if case is None else " AND case_id = %s ORDER BY seq"
    with connection.cursor() as cursor:
        cursor.execute(sql, [after] if case is None else [after, case])
        while rows := cursor.fetchmany(2000):
            yield from map(Entry._make, rows)


def has_cases() -> bool:
    """Is there a table of cases beside the ledger? (It belongs to the room of cases, which imports this one.)"""
    with connection.cursor() as cursor:
        return "cases_case" in connection.introspection.table_names(cursor)


def last_of(case: int) -> Entry | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, case_id, seq, algo, prev, hash, body FROM ledger_entry"
            " WHERE case_id = %s ORDER BY seq DESC LIMIT 1",
            [case],
        )
        row = cursor.fetchone()
    return Entry._make(row) if row else None


def append_entry(case: int, step: str, actor: Acting, facts: dict[str, Any], **more: Any) -> Entry:
    """Add an entry about the record of a case itself (its step begins with ~), and move the case's head along.

    Such an entry is under the edition and the office of the one before it. Inside the caller's transaction.
    """
    if not step.startswith("~"):
        raise LedgerError("程序的步骤只能经由 act 记入台账。", "E308")
    head = _lock_head(case)
    before = last_of(case)
    if before is None:
        raise LedgerError(f"台账中没有案件{case}。", "E306")
    if head is not None and head != (before.seq, before.hash):
        raise LedgerError(f"案件{case}的末条与台账不符，请先运行 yifa verify。", "E306")
    entry = _following(before, step, actor, facts, more)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (case_id, seq, algo, prev, hash, body) VALUES (%s, %s, %s, %s, %s, %s)"
            " RETURNING id",
            entry[1:],
        )
        entry = entry._replace(id=cursor.fetchone()[0])
    if head is not None:
        _move_head(entry)
    return entry


def _following(before: Entry, step: str, actor: Acting, facts: dict[str, Any], more: dict[str, Any]) -> Entry:
    seq, algo, was = before.seq + 1, algorithm(), json.loads(before.body)
    now = datetime.now(UTC)
    body = canonical(
        {name: was[name] for name in ("v", "case", "proc", "edition", "print", "office") if name in was}
        | {
            "seq": seq,
            "step": step,
            "on": timezone.localdate(now).isoformat(),
            "at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "post": actor.post,
            "person": actor.person,
            "facts": facts,
            "sealed": {},
            "paper": None,
        }
        | more
    )
    return Entry(0, before.case, seq, algo, before.hash, digest(before.hash, body, algo), body)


def _lock_head(case: int) -> tuple[int, str] | None:
    """(seq, head) of the case's row, held until the transaction ends; None where there is no table of cases."""
    if not has_cases():
        return None
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, head FROM cases_case WHERE id = %s{lock}", [case])
        row = cursor.fetchone()
    if row is None:
        raise LedgerError(f"没有案件{case}。", "E306")
    return row[0], row[1]


def _move_head(entry: Entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT standing FROM cases_case WHERE id = %s", [entry.case])
        standing = json.loads(cursor.fetchone()[0]) | {"seq": entry.seq}
        cursor.execute(
            "UPDATE cases_case SET seq = %s, head = %s, standing = %s WHERE id = %s",
            [entry.seq, entry.hash, json.dumps(standing, ensure_ascii=False), entry.case],
        )
