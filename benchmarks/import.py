"""B1–B3: a register of N certificates with five acts each, through the one door, beside its limit and its peer.

    python -m benchmarks.import [--size small|full] [--json] [--postgres postgresql://…]

B1  SQLite: the door beside raw insertion without hashes, and beside bulk_create
B2  PostgreSQL: the same, raw insertion by COPY (only with --postgres)
B3  SM3 instead of SHA-256; and ten times the cases

door        act_many: roles, dates, conditions, hash chain, case row, act rows, live cube
door, sm3   the same with the national digest (B3)
limit       the same rows (entries, cases, acts, cells of the cube) put together from strings and inserted raw, without
            a check or a hash; executemany or COPY
peer        Django bulk_create of the same rows with hashes, 1,000 cases a batch; it asks nothing either: no role, date
            or condition, no state of a case, no number of its own

That the rows are the same, but for moments and digests, is looked at before anything is timed. Each run has a fresh
copy of a migrated database.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.harness import Report, arguments, interleave

CASES = {"small": 2_000, "full": 100_000}
OFFICE = "bench"
FIRST = date(2020, 1, 6)


def csv_of(cases: int) -> str:
    """The register as a file: holder, number, and the five dates."""
    out = io.StringIO()
    writer = csv.writer(out)
    for n in range(cases):
        begun = FIRST + timedelta(days=n % 300)
        days = [(begun + timedelta(days=60 * k)).isoformat() for k in range(5)]
        writer.writerow([f"赵某{n}", f"16{n:08}", (begun - timedelta(days=30)).isoformat(), *days])
    return out.getvalue()


def rows_of(text: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text))


# ── The variants ─────────────────────────────────────────────────────────────


def door(text: str) -> int:
    """What the product does."""
    from yifa.cases.kernel import Do, act_many
    from yifa.matters.enforcement.certificate import facts as f
    from yifa.matters.enforcement.certificate.procedure import Certificate as C
    from yifa.people.actor import Actor

    actor = Actor(1, "李某", "bench.clerk", OFFICE, frozenset({"clerk"}), None)

    def stream() -> Iterator[Do]:
        day = date.fromisoformat
        for holder, number, passed, first, *later in rows_of(text):
            told = f.Holder(on=day(first), holder=holder, number=number, passed=day(passed))
            yield Do(C.issue, told, actor, ref=number)
            for n, on in enumerate(later):
                step = C.give_back if n % 2 else C.suspend
                yield Do(step, step.asks(on=day(on), reason="例行核查"), actor, ref=number)

    return act_many(stream(), atomic=True).acts


ENTRY = ("id", "case_id", "seq", "algo", "prev", "hash", "body")
CASE = (
    "id", "family", "edition", "office", "state", "final", "seq", "head", "number", "opened", "changed_on", "due",
    "due_period", "standing", "facts", "receipt",
)  # fmt: skip
ACT = (
    "entry_id",
    "case_id",
    "seq",
    "family",
    "step",
    "on_date",
    "month",
    "office",
    "dims",
    "amounts",
    "voided",
)
CELL = ("family", "step", "month", "office", "dims", "measure", "n")
STEPS = ("issue", "suspend", "give_back", "suspend", "give_back")
TAKEN = '{"issue": 1, "suspend": 2, "give_back": 2}'
ZERO = "0" * 64


@dataclass
class Batch:
    """Rows of some cases, as the door would write them."""

    entries: list[tuple[Any, ...]]
    cases: list[tuple[Any, ...]]
    acts: list[tuple[Any, ...]]
    cells: list[tuple[Any, ...]]

    def tables(self) -> tuple[tuple[str, tuple[str, ...], list[tuple[Any, ...]]], ...]:
        return (
            ("ledger_entry", ENTRY, self.entries),
            ("cases_case", CASE, self.cases),
            ("cases_act", ACT, self.acts),
            ("cases_cell", CELL, self.cells),
        )


def batches(text: str, size: int, hashed: Callable[[str, str], str]) -> Iterator[Batch]:
    """The same rows without asking anything: strings put together, and whatever digest is wanted.

    The cells come with the last batch, added up over all.
    """
    entry, waiting = 0, Batch([], [], [], [])
    times: Counter[tuple[str, int]] = Counter()
    for case, (holder, number, passed, *days) in enumerate(rows_of(text), 1):
        head = ZERO
        told_first = (
            f'"field":"","holder":"{holder}","number":"{number}","passed":"{passed}","standing":"ESTABLISHED",'
            '"valid_until":null'
        )
        for seq, (step, on) in enumerate(zip(STEPS, days, strict=True), 1):
            entry += 1
            told = told_first if seq == 1 else '"reason":"例行核查"'
            body = (
                f'{{"at":"2026-01-01T00:00:00.000Z","case":{case},"edition":"Certificate","facts":{{{told}}},'
                f'"office":"{OFFICE}","on":"{on}","paper":null,"person":1,"post":"bench.clerk",'
                f'"print":"000000000000","proc":"certificate","sealed":{{}},"seq":{seq},"step":"{step}","v":1}}'
            )
            hash = hashed(head, body)
            waiting.entries.append((entry, case, seq, "sha256", head, hash, body))
            month = int(on[:4] + on[5:7])
            waiting.acts.append((entry, case, seq, "certificate", step, on, month, OFFICE, "{}", "{}", False))
            times[step, month] += 1
            head = hash
        standing = f'{{"state": "in_force", "seq": 5, "on": "{days[-1]}", "taken": {TAKEN}, "runs": {{}}, "traits": {{}}}}'
        facts = f'{{{told_first},"reason":"例行核查"}}'
        waiting.cases.append(
            (case, "certificate", "Certificate", OFFICE, "in_force", False, 5, head, number, days[0], days[-1], None,
             "", standing, facts, "")
        )  # fmt: skip
        if len(waiting.cases) >= size:
            yield waiting
            waiting = Batch([], [], [], [])
    waiting.cells += [
        ("certificate", step, month, OFFICE, "{}", "n", n) for (step, month), n in times.items()
    ]
    yield waiting


def limit(text: str) -> int:
    """Raw insertion of the same rows into the same tables, nothing hashed, nothing asked."""
    from yifa.cases.store import Store, insert

    n, s = 0, Store()
    with s.transaction() as cursor:
        for batch in batches(text, 1_000, lambda _head, _body: ZERO):
            for table, columns, rows in batch.tables():
                if s.on_postgres:
                    cursor.copy(table, columns, rows)
                else:
                    cursor.many(insert(table, columns), rows)
            n += len(batch.entries)
    return n


def peer(text: str) -> int:
    """What a Django programmer would write: models, bulk_create, a generic hash."""
    from django.db import transaction

    from yifa.cases.models import Act, Case, Cell
    from yifa.ledger.models import Entry

    def hashed(head: str, body: str) -> str:
        return hashlib.sha256((head + json.dumps(json.loads(body), sort_keys=True)).encode()).hexdigest()

    n = 0
    with transaction.atomic():
        for batch in batches(text, 1_000, hashed):
            Entry.objects.bulk_create([Entry(**dict(zip(ENTRY, e, strict=True))) for e in batch.entries])
            Case.objects.bulk_create([Case(**dict(zip(CASE, c, strict=True))) for c in batch.cases])
            Act.objects.bulk_create([Act(**dict(zip(ACT, a, strict=True))) for a in batch.acts])
            Cell.objects.bulk_create([Cell(**dict(zip(CELL, c, strict=True))) for c in batch.cells])
            n += len(batch.entries)
    return n


MOMENTARY = re.compile(r'[0-9a-f]{64}|"at":"[^"]*"|"print":"[^"]*"')

VARIANTS: dict[str, Callable[[str], int]] = {"door": door, "sm3": door, "limit": limit, "peer": peer}


# ── Databases ────────────────────────────────────────────────────────────────


class Sqlite:
    """A migrated file, copied for each run."""

    name = "sqlite"

    def __init__(self, home: Path) -> None:
        self.file, self.clean = home / "db.sqlite3", home / "clean.sqlite3"
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copy(self.file, self.clean)

    def fresh(self) -> None:
        from django.db import connection

        connection.close()
        for leaf in ("-wal", "-shm"):
            Path(f"{self.file}{leaf}").unlink(missing_ok=True)
        shutil.copy(self.clean, self.file)
        connection.ensure_connection()


class Postgresql:
    """A migrated database, copied for each run."""

    name = "postgresql"

    def __init__(self, address: str) -> None:
        import psycopg

        self.connect = lambda: psycopg.connect(address.rsplit("/", 1)[0] + "/postgres", autocommit=True)
        self.database = address.rsplit("/", 1)[1].split("?")[0]
        from django.core.management import call_command
        from django.db import connection

        self._make(self.database, "template1")
        call_command("migrate", verbosity=0)
        connection.close()
        self._make(f"{self.database}_clean", self.database)

    def _make(self, name: str, template: str) -> None:
        with self.connect() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def fresh(self) -> None:
        from django.db import connection

        connection.close()
        self._make(self.database, f"{self.database}_clean")
        connection.ensure_connection()

    def drop(self) -> None:
        from django.db import connection

        connection.close()
        with self.connect() as admin:
            for name in (self.database, f"{self.database}_clean"):
                admin.execute(f'DROP DATABASE IF EXISTS "{name}"')


# ── Measuring ────────────────────────────────────────────────────────────────


def rows() -> list[list[tuple[Any, ...]]]:
    """Every row that was written, without its moments, digests and fingerprints."""
    from django.db import connection

    def same(value: Any) -> Any:
        return MOMENTARY.sub("", value) if isinstance(value, str) else value

    found = []
    with connection.cursor() as cursor:
        for table, columns in (
            ("ledger_entry", ENTRY),
            ("cases_case", CASE),
            ("cases_act", ACT),
            ("cases_cell", CELL),
        ):
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
            found.append(sorted(tuple(map(same, row)) for row in cursor.fetchall()))
    return found


def alike(database: Sqlite | Postgresql, names: Iterable[str]) -> None:
    """That every variant writes the same rows, tried on a few cases."""
    written = {}
    for name in names:
        database.fresh()
        VARIANTS[name](csv_of(7))
        written[name] = rows()
    for name, found in written.items():
        if found != written["door"]:
            raise AssertionError(f"{name} does not write the rows of the door")


def measure(database: Sqlite | Postgresql, cases: int, rounds: int, names: Iterable[str]) -> dict[str, float]:
    """Median seconds of each variant."""
    from django.conf import settings

    text = csv_of(cases)

    def before(name: str) -> None:
        database.fresh()
        settings.YIFA_LEDGER_ALGO = "sm3" if name == "sm3" else "sha256"

    def run(variant: Callable[[str], int]) -> Callable[[], None]:
        def once() -> None:
            acts = variant(text)
            if acts != 5 * cases:
                raise AssertionError(f"{variant.__name__} wrote {acts} acts, not {5 * cases}")

        return once

    return interleave({name: run(VARIANTS[name]) for name in names}, rounds, before)


def main() -> int:
    def add(words: argparse.ArgumentParser) -> None:
        words.add_argument("--postgres", default=os.environ.get("YIFA_BENCH_POSTGRES", ""), metavar="ADDRESS")

    given = arguments("B1–B3: bulk import with hashing", add)
    with tempfile.TemporaryDirectory(prefix="yifa-bench-") as home:
        os.environ |= {"YIFA_HOME": home, "YIFA_SYNCHRONOUS": "NORMAL"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")
        os.environ.pop("YIFA_DATABASE_URL", None)
        if given.postgres:
            os.environ["YIFA_DATABASE_URL"] = given.postgres
        import django

        django.setup()
        database: Sqlite | Postgresql = Postgresql(given.postgres) if given.postgres else Sqlite(Path(home))
        goal, raw, times = ("B2", "COPY", 12) if given.postgres else ("B1", "executemany", 7)
        cases, rounds = CASES[given.size], 3
        alike(database, ("door", "limit", "peer"))
        took = measure(database, cases, rounds, VARIANTS)
        much = measure(database, 10 * cases, 1, ("door",))["door"]
        report = Report(f"B1–B3: bulk import with hashing, {database.name}, {cases:,} cases of 5 acts", given)
        report.at_most(f"{goal} the door, beside {raw} without hashes", took["door"], took["limit"], 1 / 0.7)
        report.at_least(f"{goal} the door, beside bulk_create", took["door"], took["peer"], times)
        report.at_most("B3 SM3 instead of SHA-256", took["sm3"], took["door"], 1.3)
        report.at_most("growth: ten times the cases", much, took["door"], 12)
        if isinstance(database, Postgresql):
            database.drop()
    return report.end()


if __name__ == "__main__":
    raise SystemExit(main())
