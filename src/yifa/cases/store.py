"""The statements of the hot path, once for each database, on the driver's own cursor.

Measured: Django's ORM costs ten times the work it orders; so the acts go to the driver under Django's
connection (see docs/decisions). SQLite: one writer, `BEGIN IMMEDIATE`. PostgreSQL: two round trips.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections

from yifa.procedure import Lost

Row = Sequence[Any]

CASE_COLUMNS = "family, edition, office, state, seq, head, number, opened, standing, facts"
SELECT_CASE = f"SELECT {CASE_COLUMNS} FROM cases_case WHERE id = ?"
NEXT_CASE = {
    "sqlite": "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'cases_case'), 0) + 1",
    "postgresql": "SELECT nextval(pg_get_serial_sequence('cases_case', 'id'))",
}
NEXT_ENTRY = {
    "sqlite": "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ledger_entry'), 0) + 1",
    "postgresql": "SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id'))",
}
ENTRY = ("id", "case_id", "seq", "algo", "prev", "hash", "body")
CASE = (
    "id", "family", "edition", "office", "state", "final", "seq", "head", "number", "opened", "changed_on",
    "due", "due_period", "standing", "facts", "receipt",
)  # fmt: skip
ACT = (
    "entry_id", "case_id", "seq", "family", "step", "on_date", "month", "office", "dims", "amounts", "voided",
)  # fmt: skip
TERM = ("case_id", "period", "start", "due", "provisional", "state", "met_on", "late")
CELL = ("family", "step", "month", "office", "dims", "measure", "n")
KEY = ("case_id", "wrapped")
SEALED = ("entry_id", "name", "salt", "box")
PAPER = ("entry_id", "case_id", "key", "number", "office", "series", "year", "n", "sha", "issued_on")
LINK = ("from_case", "to_case", "kind", "entry_id")

TOGETHER = (
    60  # rows of one statement: a fifth faster than one by one, and within the 999 values of any SQLite
)


@cache
def insert(table: str, columns: tuple[str, ...], rows: int = 1) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * rows)}"


INSERT_ENTRY = insert("ledger_entry", ENTRY)
INSERT_CASE = insert("cases_case", CASE)
INSERT_ACT = insert("cases_act", ACT)
INSERT_KEY = insert("ledger_key", KEY)
INSERT_SEALED = insert("ledger_sealed", SEALED)
INSERT_PAPER = insert("papers_paper", PAPER)
INSERT_LINK = insert("cases_link", LINK)
UPSERT_TERM = insert("cases_term", TERM) + (
    " ON CONFLICT (case_id, period) DO UPDATE SET start = excluded.start, due = excluded.due,"
    " provisional = excluded.provisional, state = excluded.state, met_on = excluded.met_on,"
    " late = excluded.late"
)
UPSERT_CELL = insert("cases_cell", CELL) + (
    " ON CONFLICT (family, step, month, office, dims, measure) DO UPDATE SET n = cases_cell.n + excluded.n"
)
ONE_STREAM = "SELECT pg_advisory_xact_lock(7041)"  # two that held each other's offices would wait for ever
UPDATE_CASE = (
    "UPDATE cases_case SET state = ?, final = ?, seq = ?, head = ?, number = ?, changed_on = ?, due = ?,"
    " due_period = ?, standing = ?, facts = ? WHERE id = ? AND seq = ?"
)


class Store:
    """The driver's connection under Django's, with `?` placeholders on both databases."""

    def __init__(self, alias: str = DEFAULT_DB_ALIAS) -> None:
        self.django: Any = connections[alias]  # over sqlite3 or psycopg, which share no type
        self.django.ensure_connection()
        self.raw: Any = self.django.connection
        self.vendor = self.django.vendor
        self.on_postgres = self.vendor == "postgresql"

    @contextmanager
    def contested(self) -> Iterator[None]:
        """Who comes second is told so, `Lost`; so is the one of two in each other's way that the server gives up."""
        try:
            yield
        except (IntegrityError, self.django.Database.IntegrityError) as second:
            raise Lost from second
        except (OperationalError, self.django.Database.OperationalError) as error:
            if _in_each_others_way(error):
                raise Lost from error
            raise

    def cursor(self) -> Cursor:
        if self.on_postgres:
            import psycopg  # only where PostgreSQL is used

            return Cursor(psycopg.Cursor(self.raw), on_postgres=True)
        return Cursor(self.raw.cursor(), on_postgres=False)

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Cursor]:
        """Everything or nothing. Inside an outer `atomic` block that block decides. `alone`: nobody else writes meanwhile."""
        cursor = self.cursor()
        if self.django.in_atomic_block:
            self._writing(cursor, alone=alone)
            yield cursor
            return
        cursor.run("BEGIN" if self.on_postgres else "BEGIN IMMEDIATE")
        try:
            self._writing(cursor, alone=alone)
            yield cursor
        except BaseException:
            cursor.run("ROLLBACK")
            raise
        cursor.run("COMMIT")

    def _writing(self, cursor: Cursor, *, alone: bool) -> None:
        """Numbers of entries are taken only under the lock a checkpoint waits for, so that none is sealed past."""
        if self.on_postgres:
            cursor.run(f"LOCK TABLE ledger_entry IN {'SHARE ' if alone else ''}ROW EXCLUSIVE MODE")


def _in_each_others_way(error: BaseException) -> bool:
    """A deadlock on PostgreSQL; on SQLite a lock not to be had in time: the driver's own codes, also behind Django's error."""
    return any(
        getattr(e, "sqlstate", "") == DEADLOCK or getattr(e, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY
        for e in (error, error.__cause__)
    )


DEADLOCK = "40P01"  # PostgreSQL, appendix A
_translated: dict[str, str] = {}


def for_postgres(sql: str) -> str:
    """`?` as psycopg writes it, and `?[]` for a list, which goes in binary form; each statement is translated once."""
    if sql not in _translated:
        _translated[sql] = sql.replace("%", "%%").replace("?[]", "%b").replace("?", "%s")
    return _translated[sql]


class Cursor:
    """One thin cursor over either driver."""

    __slots__ = ("on_postgres", "raw")

    def __init__(self, raw: Any, *, on_postgres: bool) -> None:
        self.raw, self.on_postgres = raw, on_postgres

    def run(self, sql: str, params: Row = ()) -> Any:
        if self.on_postgres:
            return self.raw.execute(for_postgres(sql) if params else sql, params or None)
        return self.raw.execute(sql, params)

    def many(self, sql: str, rows: Sequence[Row]) -> None:
        if rows:
            self.raw.executemany(for_postgres(sql) if self.on_postgres else sql, rows)

    def copy(self, table: str, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
        """Many new rows at once: COPY on PostgreSQL; on SQLite sixty rows a statement, the rest one by one."""
        if not rows:
            return
        if not self.on_postgres:
            whole = len(rows) - len(rows) % TOGETHER
            for start in range(0, whole, TOGETHER):
                values = tuple(chain.from_iterable(rows[start : start + TOGETHER]))
                self.raw.execute(insert(table, columns, TOGETHER), values)
            self.raw.executemany(insert(table, columns), rows[whole:])
            return
        names = ", ".join(f'"{c}"' for c in columns)
        with self.raw.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def given(self, types: Sequence[str], rows: Sequence[Row]) -> tuple[str, Row]:
        """SQL that gives these rows, with its parameters. On PostgreSQL by columns: there a parameter costs more than a row."""
        if self.on_postgres:
            columns = ", ".join(f"?[]::{type}[]" for type in types)
            return f"SELECT * FROM unnest({columns})", tuple(map(list, zip(*rows, strict=True)))
        row = f"({', '.join('?' * len(types))})"
        return f"VALUES {', '.join([row] * len(rows))}", tuple(chain.from_iterable(rows))

    def among(self, values: Sequence[Any]) -> tuple[str, Row]:
        """The end of a condition, that something is one of these; with its parameters."""
        if self.on_postgres:
            return "= ANY(?[])", (list(values),)
        return f"IN ({', '.join('?' * len(values))})", tuple(values)

    def one(self, sql: str, params: Row = ()) -> Row | None:
        found: Row | None = self.run(sql, params).fetchone()
        return found

    def all(self, sql: str, params: Row = ()) -> list[Row]:
        rows: list[Row] = self.run(sql, params).fetchall()
        return rows


def day(value: Any) -> date:
    """A date column as the driver gives it: text on SQLite, a date on PostgreSQL."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def maybe_day(value: Any) -> date | None:
    return None if value is None else day(value)


def iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
