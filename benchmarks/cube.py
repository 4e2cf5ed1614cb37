"""C1–C5: are 150 figures for 52 offices read at the speed of the cube, kept live for nothing, and true?

    python -m benchmarks.cube [--size small|full] [--json] [--postgres postgresql://…]

C1  150 figures × 52 offices from the live cube, beside one ORM query per figure, and beside a bare read of the cube
C2  an act with the cube kept live beside the same act without it
C3  the recompute by the engine it chooses (SQL for small records, DuckDB for large ones) beside the plain GROUP BY
    as SQLite plans it; and ten times the acts
C4  the live cube equals the recompute, cell for cell, through either engine
C5  on PostgreSQL: the recompute beside one query per figure (only with --postgres)
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.harness import Report, arguments, interleave

ACTS = {"small": 50_000, "full": 1_000_000}
OFFICES, MONTHS, BATCH, ACTED = 52, 24, 10_000, 300
FAR = 10**9  # numbers no entry of the ledger has
FIRST = date(2022, 1, 1)


def setup(home: str, postgres: str) -> None:
    os.environ |= {
        "YIFA_HOME": home,
        "DJANGO_SETTINGS_MODULE": "yifa.site.settings",
        "YIFA_SYNCHRONOUS": "NORMAL",
    }
    if postgres:
        os.environ["YIFA_DATABASE_URL"] = postgres
    import django

    django.setup()
    from django.core.management import call_command

    from yifa.procedure.registry import use

    use(["benchmarks.indicators"])
    call_command("migrate", verbosity=0)


def acts(n: int, start: int) -> Iterator[tuple[Any, ...]]:
    """Acts of two years, twelve kinds and 52 offices, as the kernel writes them."""
    rng = random.Random(start)
    for i in range(start, start + n):
        on = FIRST + timedelta(days=rng.randrange(365 * MONTHS // 12))
        level, prompt = rng.choice(("PLAIN", "URGENT")), rng.choice("01")
        kind = rng.randrange(12)
        amounts = f'{{"pieces": {i % 9}}}' if kind < 4 else "{}"
        dims = f'{{"level":"{level}","prompt":"{prompt}"}}'
        office = f"o{rng.randrange(OFFICES):02}"
        yield (
            FAR + i,
            FAR + i,
            1,
            "indicators",
            f"kind{kind}",
            on.isoformat(),
            on.year * 100 + on.month,
            office,
            dims,
            amounts,
            False,
        )


class Record:
    """A database of acts, and the cube that was kept beside them."""

    def __init__(self) -> None:
        self.size = 0

    def grow(self, n: int) -> None:
        from yifa.cases import store
        from yifa.counts.audit import recompute

        s = store.Store()
        with s.transaction() as c:
            for at in range(0, n, BATCH):
                c.copy("cases_act", store.ACT, list(acts(min(BATCH, n - at), self.size + at + 1)))
            c.run("DELETE FROM cases_cell")
        self.size += n
        cells = [(*at, n) for at, n in recompute(engine="sql").items()]
        with s.transaction() as c:
            c.copy("cases_cell", store.CELL, cells)
            c.run("ANALYZE")


def read_live() -> Any:
    from yifa.counts import all_keys
    from yifa.counts.grid import by_office
    from yifa.counts.span import Span

    return by_office(all_keys(), Span(FIRST, date(2023, 12, 31)))


def read_bare() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT step, month, office, dims, measure, n FROM cases_cell")
        return len(cursor.fetchall())


def one_query_per_figure() -> int:
    """What a dashboard written figure by figure asks, through the ORM."""
    from django.db.models import Count, Q

    from yifa.cases.models import Act
    from yifa.counts.selection import main_side
    from yifa.procedure import registry

    total = 0
    for figure in registry().family("indicators").counts.values():
        chosen = main_side(figure).acts
        rows = Act.objects.filter(
            family="indicators", step__in=chosen.steps, voided=False, month__range=(202201, 202312)
        )
        for name, values in chosen.wants:
            any_of = Q()
            for value in values:
                any_of |= Q(dims__contains=f'"{name}":"{value}"')
            rows = rows.filter(any_of)
        total += len(rows.values("office").annotate(times=Count("entry_id")).order_by())
    return total


def keeping(report: Report, rounds: int) -> None:
    """The same acts through the one door, with and without their cells."""
    from benchmarks.indicators import Level, Told
    from yifa.cases import kernel, store, work
    from yifa.people.actor import Actor
    from yifa.procedure import registry

    procedure = registry().family("indicators")

    actor = Actor(None, "bench", "p", "o01", frozenset({"clerk"}), None)
    write, upsert = work._each, store.UPSERT_CELL

    def without(cursor: Any, sql: str, rows: Any) -> None:
        if sql is not upsert:
            write(cursor, sql, rows)

    def some(put: Any) -> None:
        work._each = put
        try:
            for n in range(ACTED):
                told = Told(on=date(2023, 1, 1 + n % 28), level=Level.PLAIN, prompt=bool(n % 2), pieces=3)
                kernel.act(procedure.steps[f"kind{n % 12}"], told, actor, office="o01")
        finally:
            work._each = write

    some(write)
    agreeing()
    took = interleave({"plain": lambda: some(without), "live": lambda: some(write)}, max(rounds, 9))
    report.at_most(f"C2 {ACTED} acts with the live cube / without", took["live"], took["plain"], 1.1)


def counted_plainly() -> Any:
    """The same cube as SQLite plans it when nothing is said about the order: along the index, act by act."""
    from django.db import connection

    from yifa.counts import audit

    with connection.cursor() as cursor:
        cursor.execute(audit.GROUPED.format(hint="", span=""))
        return audit.cube_of(cursor.fetchall())


def counting(report: Report, record: Record, rounds: int) -> None:
    """The engine the recompute chooses at this size, beside SQLite's own plan; and at ten times the size."""
    from yifa.counts.audit import duckdb_at_hand, quicker, recompute

    if not duckdb_at_hand():
        report.left_out("C3 DuckDB: its sqlite extension is not installed (the extra `bi`); SQL only")

    def beside(turns: int) -> float:
        engine = quicker()
        took = interleave({"chosen": recompute, "plain": counted_plainly}, turns)
        report.at_least(
            f"C3 recompute of {record.size:,} acts by {engine} / SQLite's plan",
            took["chosen"],
            took["plain"],
            5 if engine == "duckdb" else 1,
        )
        return took["chosen"]

    small = beside(rounds)
    record.grow(9 * record.size)
    report.at_most("C3 recompute, ten times the acts", beside(3), small, 12)


def agreeing() -> None:
    from yifa.counts.audit import compare, duckdb_at_hand

    for engine in ("sql", *(("duckdb",) if duckdb_at_hand() else ())):
        wrong = compare(engine=engine)
        assert not wrong, wrong[:3]
    print("C4 the live cube equals the recompute, cell for cell", file=sys.stderr)


def reading(report: Report, record: Record, rounds: int) -> None:
    took = interleave({"live": read_live, "bare": read_bare}, rounds)
    report.at_most(
        f"C1 150 figures × 52 offices / bare read of {read_bare():,} cells", took["live"], took["bare"], 3
    )
    peer = interleave({"orm": one_query_per_figure, "live": read_live}, 3 if record.size < 500_000 else 1)
    report.at_least(
        f"C1 150 figures × 52 offices / one ORM query each, {record.size:,} acts",
        peer["live"],
        peer["orm"],
        40,
    )


def on_postgres(report: Report, rounds: int) -> None:
    from yifa.counts.audit import recompute

    took = interleave({"cube": lambda: recompute(engine="sql"), "each": one_query_per_figure}, rounds)
    report.at_least("C5 PostgreSQL: the whole cube / one query per figure", took["cube"], took["each"], 8)


def main() -> int:
    def more(words: argparse.ArgumentParser) -> None:
        words.add_argument(
            "--postgres", metavar="ADDRESS", default="", help="an empty database to measure in"
        )

    given = arguments(str(__doc__).partition("\n")[0], more)
    report, rounds = Report("C the cube", given), 5
    with tempfile.TemporaryDirectory(prefix="yifa-cube-") as home:
        setup(home, given.postgres)
        assert Path(home).is_dir()
        record = Record()
        record.grow(ACTS[given.size])
        if given.postgres:
            on_postgres(report, rounds)
        else:
            reading(report, record, rounds)
            counting(report, record, rounds)
        agreeing()
        keeping(report, rounds)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
