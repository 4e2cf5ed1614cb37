"""发文字号: counted per office, series and year, without a gap and without a number given twice.

The count is a row that the issuing transaction itself moves: whoever comes second waits for the first, and a
transaction that is rolled back gives its number back.
"""

from __future__ import annotations

from typing import Any, Protocol

from .document import PaperError

_TAKE = (
    "INSERT INTO papers_series (office, series, year, last) VALUES ({0}, {0}, {0}, 1) "
    "ON CONFLICT (office, series, year) DO UPDATE SET last = papers_series.last + 1 RETURNING last"
)
_STATEMENTS = {"sqlite": _TAKE.format("?"), "postgresql": _TAKE.format("%s")}


class Cursor(Protocol):
    """A cursor of the database's own driver (sqlite3, psycopg)."""

    def execute(self, sql: Any, parameters: Any = ..., /) -> Any: ...
    def fetchone(self) -> Any: ...


def take(cursor: Cursor, vendor: str, office: str, series: str, year: int) -> int:
    """The next number of this office's series in this year, inside the caller's transaction.

    On PostgreSQL the transaction must be READ COMMITTED (the default): a stricter one would fail where this one
    waits. On SQLite it must have begun with BEGIN IMMEDIATE, as all of ours do.
    """
    if vendor not in _STATEMENTS:
        raise PaperError("E430", f"Numbers are not counted on “{vendor}”. Use sqlite or postgresql.")
    cursor.execute(_STATEMENTS[vendor], (office, series, year))
    return int(cursor.fetchone()[0])


def following(cursor: Cursor, vendor: str, office: str, series: str, year: int) -> int:
    """The number `take` would give now; it is taken by nobody yet, so whoever counts on it compares."""
    mark = {"sqlite": "?", "postgresql": "%s"}[vendor]
    sql = f"SELECT last FROM papers_series WHERE office = {mark} AND series = {mark} AND year = {mark}"
    cursor.execute(sql, (office, series, year))
    row = cursor.fetchone()
    return int(row[0]) + 1 if row else 1


def written(mark: str, series: str, year: int, n: int) -> str:
    """新政办信公开〔2023〕5号: 机关代字, the series, the year in full in 六角括号, no 第, no zero in front."""
    if not 1000 <= year <= 9999 or n < 1:
        raise PaperError(
            "E431",
            f"There is no paper number {n} of the year {year}. Years have four digits, counts begin at 1.",
        )
    return f"{mark}{series}〔{year}〕{n}号"
