"""A1–A5: one act of one case through the public call, beside the driver, the disk and other ways to build it.

    python -m benchmarks.transition [--size small|full] [--json] [--postgres postgresql://…] [--home FOLDER]

A1  SQLite, synchronous=NORMAL, one process: raw sqlite3, naive ORM, django-fsm-2 + simple-history, SpiffWorkflow, viewflow
A2  SQLite, synchronous=FULL, every act durable: raw sqlite3, and the bare rate of fdatasync
A3  two processes writing at once: no locked database, as many acts as one process, and how long the slowest wait
A4  PostgreSQL: round trips of an act, psycopg with one CTE, naive ORM, viewflow (only where a server is named)
A5  a hundred acts in one commit, FULL; and each with ten times the cases

Every contestant is a process of its own (`benchmarks.peers`) and acts by turns for a moment. Nobody gets a worse
database than Yifa: its settings (WAL, IMMEDIATE, timeouts) are everybody's. `--home` names a folder on the disk to be
measured; the default is the system's folder for temporary files.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from benchmarks.harness import Report, arguments, in_turns
from benchmarks.peers.contest import Ground

CASES = {"small": 300, "full": 1000}
# Turns are short and many, so that a moment lost to other programs spoils few of them.
SECONDS = {"small": 0.08, "full": 0.4}
ROUNDS = 11
BATCH = 100
GROWN = 1.2  # what an act may cost among ten times the cases
PACKAGES = {
    "fsm": ("django_fsm", "simple_history"),
    "spiff": ("SpiffWorkflow",),
    "viewflow": ("viewflow",),
    "cte": ("psycopg",),
}

Turn = Callable[[], Mapping[str, float]]


class Told(Protocol):
    """Where a contestant acts, as it is told."""

    def text(self) -> str: ...


class Runner:
    """A contestant's process, `of` some package. It begins to prepare at once; `ready` waits for it."""

    def __init__(self, name: str, ground: Told, of: str = "benchmarks.peers") -> None:
        command = [sys.executable, "-m", of, name, ground.text()]
        self.name, self.ground = name, ground
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ready(self) -> None:
        self.answer()

    def order(self, **order: Any) -> None:
        assert self.process.stdin is not None
        print(json.dumps(order), file=self.process.stdin, flush=True)

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} broke; what it said stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, **order: Any) -> dict[str, Any]:
        self.order(**order)
        return self.answer()

    def turn(self, **order: Any) -> dict[str, float]:
        return together([self.ask(**order)])

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        if self.process.wait():
            raise RuntimeError(f"{self.name} broke; what it said stands above")


def together(answers: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds of an act when all of them acted at the same time, and how long the worst had to wait."""
    acts = sum(answer["acts"] for answer in answers)
    return {
        "each": max(answer["seconds"] for answer in answers) / max(acts, 1),
        "p50": max(answer["p50"] for answer in answers),
        "p99": max(answer["p99"] for answer in answers),
        "locked": sum(answer["locked"] for answer in answers),
    }


@dataclass
class Field:
    """Hands out grounds, and takes them back."""

    home: Path
    size: str
    postgres: str
    databases: list[str] = field(default_factory=list)

    def sqlite(self, synchronous: str, times: int = 1) -> Ground:
        home = tempfile.mkdtemp(dir=self.home)
        return Ground(home, synchronous, cases=CASES[self.size] * times)

    def server(self, times: int = 1) -> Ground:
        address, _, query = self.postgres.partition("?")
        name = f"yifa_bench_{os.getpid()}_{len(self.databases)}"
        self._admin(f'CREATE DATABASE "{name}"')
        self.databases.append(name)
        own = address.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")
        return Ground(tempfile.mkdtemp(dir=self.home), postgres=own, cases=CASES[self.size] * times)

    def clear(self) -> None:
        for name in self.databases:
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _admin(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.postgres, autocommit=True) as admin:
            admin.execute(sql)


@contextmanager
def running(grounds: Mapping[str, Ground]) -> Iterator[dict[str, Runner]]:
    """The contestants, ready. A name may have a mark after a point: `door.10` is another `door`."""
    runners = {name: Runner(name.partition(".")[0], ground) for name, ground in grounds.items()}
    try:
        for runner in runners.values():
            runner.ready()
        yield runners
        for runner in runners.values():
            runner.end()
    finally:
        for runner in runners.values():
            runner.process.kill()
            runner.process.wait()


def present(report: Report, what: str, names: tuple[str, ...]) -> list[str]:
    """Those whose packages are installed; of the others it is said that they were left out."""
    found = []
    for name in names:
        if missing := [p for p in PACKAGES.get(name, ()) if find_spec(p) is None]:
            report.left_out(f"{what} {name}: {', '.join(missing)} not installed (the extra `bench`)")
        else:
            found.append(name)
    return found


def measure(runners: Mapping[str, Runner], size: str) -> dict[str, Any]:
    turns: dict[str, Turn] = {
        name: partial(runner.turn, seconds=SECONDS[size]) for name, runner in runners.items()
    }
    return in_turns(turns, ROUNDS)


def beside(report: Report, took: dict[str, Any], goals: dict[str, tuple[str, float]]) -> None:
    """The door beside each of the others: their place in the report, and the ratio promised."""
    door = took["door"]["each"]
    for name, (words, times) in goals.items():
        if name in took:
            report.at_least(words, door, took[name]["each"], times)


def normal(report: Report, field: Field) -> None:
    names = present(report, "A1", ("raw", "door", "orm", "fsm", "spiff", "viewflow"))
    grounds = {name: field.sqlite("NORMAL") for name in names}
    with running({**grounds, "door.10": field.sqlite("NORMAL", 10)}) as runners:
        took = measure(runners, field.size)
    beside(
        report,
        took,
        {
            "raw": ("A1 SQLite NORMAL: rate / raw sqlite3", 0.5),
            "orm": ("A1 rate / naive Django ORM", 5),
            "fsm": ("A1 rate / django-fsm-2 + simple-history", 5),
            "spiff": ("A1 rate / SpiffWorkflow", 10),
            "viewflow": ("A1 rate / viewflow", 18),
        },
    )
    report.at_most("A1 ten times the cases", took["door.10"]["each"], took["door"]["each"], GROWN)


def full(report: Report, field: Field) -> None:
    """A2 and A5: what lasts."""
    grounds = {name: field.sqlite("FULL") for name in ("disk", "raw", "door")}
    with running({**grounds, "door.10": field.sqlite("FULL", 10)}) as runners:
        took = measure(runners, field.size)
        turns: dict[str, Turn] = {
            f"{name} {batch}": partial(runners[name].turn, seconds=SECONDS[field.size], batch=batch)
            for name in ("door", "door.10")
            for batch in (1, BATCH)
        }
        batches = {name: numbers["each"] for name, numbers in in_turns(turns, ROUNDS).items()}
    goals = {
        "raw": ("A2 SQLite FULL: rate / raw sqlite3", 0.75),
        "disk": ("A2 SQLite FULL: rate / fdatasync of 8 kB", 0.45),
    }
    beside(report, took, goals)
    report.at_most("A2 ten times the cases", took["door.10"]["each"], took["door"]["each"], GROWN)
    one, many = batches["door 1"], batches[f"door {BATCH}"]
    report.at_least(f"A5 {BATCH} acts a commit / one a commit, FULL", many, one, 4)
    report.at_most("A5 ten times the cases", batches[f"door.10 {BATCH}"], many, GROWN)


def two_writers(report: Report, field: Field) -> None:
    """Each of two processes has every second case, so that nobody is told to come again."""
    grounds = {
        "raw": field.sqlite("NORMAL"),
        "door": field.sqlite("NORMAL"),
        "door.10": field.sqlite("NORMAL", 10),
    }
    half, locked = {"seconds": SECONDS[field.size], "every": 2}, 0
    with (
        running(grounds) as first,
        running({n: replace(g, make=False) for n, g in grounds.items()}) as second,
    ):

        def both(name: str) -> Mapping[str, float]:
            nonlocal locked
            first[name].order(**half, place=0)
            second[name].order(**half, place=1)
            found = together([first[name].answer(), second[name].answer()])
            locked += int(found["locked"])
            return found

        turns: dict[str, Turn] = {name: partial(both, name) for name in grounds}
        took = in_turns({**turns, "one": partial(first["door"].turn, **half)}, ROUNDS)
    report.no_more_than("A3 two processes: acts that met a locked database", locked, 0)
    report.at_least("A3 rate of two processes / of one", took["door"]["each"], took["one"]["each"], 0.9)
    report.at_most("A3 slowest in a hundred / median of raw", took["door"]["p99"], took["raw"]["p50"], 5)
    report.at_most("A3 ten times the cases", took["door.10"]["each"], took["door"]["each"], GROWN)


def on_postgres(report: Report, field: Field) -> None:
    if not field.postgres:
        report.left_out("A4 PostgreSQL: no server was named (--postgres or YIFA_TEST_POSTGRES)")
        return
    names = present(report, "A4", ("cte", "door", "orm", "viewflow"))
    if "cte" not in names:
        return
    try:
        grounds = {name: field.server() for name in names}
        with running({**grounds, "door.10": field.server(10)}) as runners:
            took = measure(runners, field.size)
            runners["door"].order(round_trips=True)
            trips = runners["door"].answer()["round_trips"]
    finally:
        field.clear()
    report.no_more_than("A4 PostgreSQL: round trips of an act", trips, 2)
    goals = {
        "cte": ("A4 PostgreSQL: rate / psycopg, read and one CTE", 0.7),
        "orm": ("A4 PostgreSQL: rate / naive Django ORM", 2.5),
        "viewflow": ("A4 PostgreSQL: rate / viewflow", 6),
    }
    beside(report, took, goals)
    report.at_most("A4 ten times the cases", took["door.10"]["each"], took["door"]["each"], GROWN)


def main() -> int:
    def more(words: argparse.ArgumentParser) -> None:
        words.add_argument("--postgres", default=os.environ.get("YIFA_TEST_POSTGRES", ""), metavar="ADDRESS")
        words.add_argument("--home", type=Path, help="a folder on the disk to be measured")

    given = arguments(str(__doc__).partition("\n")[0], more)
    report = Report("A. An act", given)
    with tempfile.TemporaryDirectory(prefix="yifa-bench-", dir=given.home) as home:
        field = Field(Path(home), given.size, given.postgres)
        for part in (normal, full, two_writers, on_postgres):
            part(report, field)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
