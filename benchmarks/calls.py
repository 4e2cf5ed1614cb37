"""H1–H5: one message to many people, each handed to a gateway, recorded, answered by nine in ten, the rest moved up.

    python -m benchmarks.calls [--size small|full] [--json] [--postgres postgresql://…] [--home FOLDER]

H1  everybody end to end, results recorded by the batch, beside Celery with Redis, huey, procrastinate, django-tasks-db
H2  the same one by one, a commit for every result, beside Celery
H3  the 99th percentile of first attempts among 100,000, beside Celery's
H4  the sender killed with -9 in mid-run: who was lost, how many tries were repeated, who was reached under a second key
H5  moving up the tenth that is overdue, beside inserting everybody

On SQLite, and on PostgreSQL where a server is named. The gateway is a process of its own on this machine and keeps to the
contract in docs/guides/channels.md. Every contestant is a process with its workers; all are asleep but the one whose turn
it is. The peers are given fewer messages: what is compared is the rate, and H3 is their rate carried on to 100,000.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.harness import Report, arguments, in_turns
from benchmarks.peers.fanout.contest import Ground, Phone
from benchmarks.transition import Field, Runner

PEOPLE = 100_000  # in H3
MESSAGES = {
    "small": {"yifa": 5_000, "one": 300, "celery": 300, "huey": 300, "procrastinate": 200, "django": 120},
    "full": {
        "yifa": PEOPLE, "one": 5_000, "celery": 5_000, "huey": 5_000, "procrastinate": 2_000, "django": 2_000,
    },
}  # fmt: skip
ROUNDS = 5
WORDS = {
    "celery": ("Celery + Redis", 20),
    "huey": ("huey", 10),
    "procrastinate": ("procrastinate", 20),
    "django": ("django-tasks-db", 60),
}
PACKAGES = {
    "celery": ("celery", "redis"),
    "huey": ("huey",),
    "procrastinate": ("procrastinate", "psycopg_pool"),
    "django": ("django_tasks_db",),
}
BESIDE = {"SQLite": ("celery", "huey"), "PostgreSQL": ("celery", "procrastinate", "django")}
CLAIM = 500  # tries that a sender claims at a time
WINDOW = 1_000  # milliseconds that a claim holds in H4
KILLS = (0.3, 0.6)  # how far the sender has come when it is killed


class Gateway:
    """The gateway's process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.peers.fanout.gateway"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.phone = Phone(self.port)

    def tally(self) -> dict[str, Any]:
        return self.phone.ask("/tally")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def redis(home: Path) -> Iterator[int]:
    """A Redis of our own that keeps nothing on the disk; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    words = f"--bind 127.0.0.1 --port {port} --appendonly no".split()
    command = ["redis-server", *words, "--save", "", "--dir", str(home)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def playing(grounds: Mapping[str, Ground]) -> Iterator[dict[str, Runner]]:
    """The contestants, ready; their workers end with them, whatever happens."""
    runners: dict[str, Runner] = {}
    try:
        for name, ground in grounds.items():
            runners[name] = Runner(name.partition(".")[0], ground, "benchmarks.peers.fanout")
        for runner in runners.values():
            runner.ready()
        yield runners
        for runner in runners.values():
            runner.end()
    finally:
        for runner in runners.values():
            runner.process.terminate()
            runner.process.wait()


class Ring:
    """Hands out grounds on one database, each with a gateway of its own, and for Celery with a Redis."""

    def __init__(self, database: str, field: Field, stack: ExitStack) -> None:
        self.database, self.field, self.stack = database, field, stack

    def gateway(self) -> Gateway:
        gateway = Gateway()
        self.stack.callback(gateway.end)
        return gateway

    def ground(self, name: str, gateway: Gateway) -> Ground:
        made = self.field.server() if self.database == "PostgreSQL" else self.field.sqlite("NORMAL")
        port = self.stack.enter_context(redis(self.field.home)) if name == "celery" else 0
        return Ground(made.home, gateway.port, made.postgres, port)


def present(report: Report, database: str) -> list[str]:
    """The peers that are installed here; of the others it is said that they were left out."""
    found = []
    for name in BESIDE[database]:
        words = f"H {database}: {WORDS[name][0]}"
        missing = [package for package in PACKAGES[name] if find_spec(package) is None]
        if missing:
            report.left_out(f"{words}: {', '.join(missing)} not installed (the extra `bench`)")
        elif name == "celery" and not shutil.which("redis-server"):
            report.left_out(f"{words}: there is no redis-server on this machine")
        else:
            found.append(name)
    return found


def in_turn(report: Report, ring: Ring) -> None:
    """H1, H2, H3, H5."""
    on, size = ring.database, MESSAGES[ring.field.size]
    grounds = {name: ring.ground(name, ring.gateway()) for name in ("yifa", "one", *present(report, on))}
    with playing(grounds) as runners:
        took = in_turns(
            {name: partial(runner.ask, do="turn", messages=size[name]) for name, runner in runners.items()},
            ROUNDS,
        )
    ours, one = took["yifa"], took["one"]
    for name, (words, times) in WORDS.items():
        if name in took:
            report.at_least(f"H1 {on}: rate / {words}", ours["each"], took[name]["each"], times)
    if "celery" in took:
        theirs = took["celery"]
        report.at_least(f"H2 {on}: rate, a commit a result / Celery + Redis", one["each"], theirs["each"], 3)
        first = (ours["p99"] * PEOPLE, theirs["p99"] * PEOPLE)
        report.at_least(f"H3 {on}: p99 of {PEOPLE:,} first attempts / Celery", *first, 20)
    report.at_most(f"H5 {on}: moving up a tenth / inserting all", ours["escalate"], ours["insert"], 1)


def killed(report: Report, ring: Ring) -> None:
    """H4: senders that die while the gateway has their messages and has not answered; and one that finds what they left."""
    people, lost, again, twice = MESSAGES["small"]["yifa"], 0, [], 0
    gateway = ring.gateway()
    ground = ring.ground("yifa", gateway)
    with playing({"yifa": ground}) as living, playing({f"yifa.{n}": ground for n in KILLS}) as dying:
        for share in KILLS:
            callout = living["yifa"].ask(do="prepare", messages=people)["callout"]
            work = {"do": "work", "messages": people, "callout": callout, "window": WINDOW}
            victim = dying.pop(f"yifa.{share}")
            gateway.phone.ask(f"/hold?after={int(share * people)}")
            victim.order(**work)
            while gateway.tally()["handed"] < share * people:
                time.sleep(0.01)
            victim.process.kill()
            victim.process.wait()
            gateway.phone.ask("/go")
            answered = living["yifa"].ask(**work)["answered"]
            tally = gateway.tally()
            lost += people - tally["numbers"] + people - people // 10 - answered
            again.append(tally["again"])
            twice += tally["twice"]
    if not all(again):
        raise AssertionError("a sender was killed that had nothing in the air")
    on = ring.database
    report.no_more_than(f"H4 {on}: {len(KILLS)} × kill -9, people lost", lost, 0)
    report.no_more_than(f"H4 {on}: tries repeated, of one claim", max(again), CLAIM)
    report.no_more_than(f"H4 {on}: people reached under a second key", twice, 0)


def why_not(postgres: str) -> str:
    """Why there is nothing to be measured on PostgreSQL; "" if there is."""
    if not postgres:
        return "no server was named (--postgres or YIFA_TEST_POSTGRES)"
    if find_spec("psycopg") is None:
        return "psycopg not installed (the extra `postgres`)"
    import psycopg  # only where PostgreSQL is used

    try:
        psycopg.connect(postgres, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return f"the server named does not answer ({error})"
    return ""


def main() -> int:
    def more(words: argparse.ArgumentParser) -> None:
        words.add_argument("--postgres", default=os.environ.get("YIFA_TEST_POSTGRES", ""), metavar="ADDRESS")
        words.add_argument("--home", type=Path, help="a folder on the disk to be measured")

    given = arguments(str(__doc__).partition("\n")[0], more)
    report = Report("H. One message to many people", given)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that Redis and the databases go too
    databases = ["SQLite"]
    if silent := why_not(given.postgres):
        report.left_out(f"H PostgreSQL, and the peers that need it: {silent}")
    else:
        databases.append("PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="yifa-bench-", dir=given.home) as home:
        field = Field(Path(home), given.size, given.postgres)
        for database in databases:
            for part in (in_turn, killed):
                try:
                    with ExitStack() as stack:
                        part(report, Ring(database, field, stack))
                finally:
                    field.clear()
                    field.databases.clear()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
