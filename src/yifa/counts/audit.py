"""The cube computed a second time, from every act, and compared with the live one cell by cell.

This is the audit of the figures, and their repair. A large record in a SQLite file is read through DuckDB, where it
and its sqlite extension are installed: it needs half a second to start and is several times faster then (see
docs/decisions/0007). The answer is the same.
"""

from __future__ import annotations

import json
import marshal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from django.db import connection

from yifa.cases.rebuild import fold
from yifa.ledger.entries import snapshot

from .selection import TIMES
from .span import Span

At: TypeAlias = tuple[str, str, int, str, str, str]  # family, step, month, office, dims, measure
Cube: TypeAlias = dict[At, int]

CROSSOVER = 250_000  # acts from which DuckDB is worth its start
GROUPED = (
    "SELECT family, step, month, office, dims, amounts, count(*) FROM cases_act {hint} WHERE NOT voided{span}"
    " GROUP BY family, step, month, office, dims, amounts"
)
IN_ORDER = "NOT INDEXED"  # SQLite would else fetch every act by its index, in an order that suits no disk
CELLS = """
    WITH acts AS MATERIALIZED (
        SELECT family, step, month, office, dims, amounts, count(*) AS times
        FROM record.cases_act WHERE NOT voided{span} GROUP BY ALL),
    told AS (
        SELECT amounts, unnest(map_entries(CAST(CAST(amounts AS JSON) AS MAP(VARCHAR, BIGINT)))) AS one
        FROM (SELECT DISTINCT amounts FROM acts WHERE amounts NOT IN ('', '{{}}')))
    SELECT family, step, month, office, dims, '{times}', CAST(sum(times) AS BIGINT) FROM acts GROUP BY ALL
    UNION ALL
    SELECT family, step, month, office, dims, one.key, CAST(sum(one.value * times) AS BIGINT)
    FROM acts JOIN told USING (amounts) GROUP BY ALL
"""
LIVE = "SELECT family, step, month, office, dims, measure, n FROM cases_cell WHERE n <> 0{span}"


@dataclass(frozen=True)
class Difference:
    """A cell in which the live cube and the acts do not agree."""

    family: str
    step: str
    month: int
    office: str
    dims: str
    measure: str
    live: int
    counted: int

    def __str__(self) -> str:
        return (
            f"{self.family}.{self.step} {self.month} {self.office} {self.dims} {self.measure}："
            f"现有{self.live}，重算{self.counted}"
        )


def live(span: Span | None = None) -> Cube:
    """The cube as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(LIVE.format(span=_months(span)))
        return {tuple(row[:6]): row[6] for row in cursor.fetchall()}


def recompute(span: Span | None = None, engine: str = "") -> Cube:
    """The cube from all acts; `engine` is "duckdb" or "sql", the faster one at hand when empty.

    "ledger" reads no act at all but folds every entry of the ledger again: slow, and the last word. A span is
    taken by whole months.
    """
    if engine == "ledger":
        return {at: n for at, n in fold().cells.items() if n and _within(span, at[2])}
    engine = engine or quicker()
    if engine == "duckdb":
        return through_duckdb(str(connection.settings_dict["NAME"]), span)
    return cube_of(_in_the_database(span))


def quicker() -> str:
    """The engine that recomputes a record of this size sooner: "duckdb" or "sql"."""
    if not duckdb_at_hand():
        return "sql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM cases_act LIMIT %s) AS first_acts", [CROSSOVER])
        return "duckdb" if cursor.fetchone()[0] >= CROSSOVER else "sql"


def compare(span: Span | None = None, engine: str = "") -> list[Difference]:
    """Every cell in which the live cube differs from the acts; empty when they agree.

    Both are read at one moment, while others go on writing; DuckDB reads for itself, a little later.
    """
    with snapshot():
        return differences(live(span), recompute(span, engine))


def differences(found: Cube, counted: Cube) -> list[Difference]:
    """Two cubes, cell by cell."""
    return [
        Difference(*at, live=found.get(at, 0), counted=counted.get(at, 0))
        for at in sorted(found.keys() | counted.keys())
        if found.get(at, 0) != counted.get(at, 0)
    ]


def cube_of(rows: Iterable[tuple[str, str, int, str, str, str, int]]) -> Cube:
    """Acts counted by their coordinates and amounts, as cells."""
    cube: Cube = {}
    for family, step, month, office, dims, amounts, times in rows:
        for measure, n in _measures(amounts, times):
            at = (family, step, month, office, dims, measure)
            cube[at] = cube.get(at, 0) + n
    return {at: n for at, n in cube.items() if n}


def _measures(amounts: str, times: int) -> Iterator[tuple[str, int]]:
    yield TIMES, times
    if amounts and amounts != "{}":
        for measure, amount in _amounts(amounts):
            yield measure, amount * times


@lru_cache(maxsize=65_536)
def _amounts(text: str) -> tuple[tuple[str, int], ...]:
    return tuple(json.loads(text).items())


def _within(span: Span | None, month: int) -> bool:
    return span is None or span.first_month <= month <= span.last_month


def _months(span: Span | None) -> str:
    return f" AND month BETWEEN {span.first_month:d} AND {span.last_month:d}" if span else ""


def _in_the_database(span: Span | None) -> list[tuple]:
    hint = IN_ORDER if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        cursor.execute(GROUPED.format(hint=hint, span=_months(span)))
        return cursor.fetchall()


# ── DuckDB over the live SQLite file ─────────────────────────────────────────


def duckdb_at_hand() -> bool:
    """Is DuckDB installed with its sqlite extension, and is the record a file it can read?"""
    there = all(find_spec(name) for name in ("duckdb", "duckdb_extension_sqlite"))
    return there and connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).is_file()


def through_duckdb(file: str, span: Span | None = None) -> Cube:
    """In a process of its own: two copies of SQLite in one process undo each other's locks on the file."""
    sql = CELLS.format(times=TIMES, span=_months(span))
    child = subprocess.run(
        [sys.executable, "-I", str(Path(__file__).with_name("duck.py")), file, sql],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    return {row[:6]: row[6] for row in marshal.loads(child.stdout) if row[6]}
