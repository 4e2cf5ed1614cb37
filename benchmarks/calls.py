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
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.harness import Report, arguments, in_turns
from benchmarks.peers.fanout.contest import Ground
from benchmarks.transition import Field, Runner

PEOPLE = 100_000  # in H3
MESSAGES = {
    "small": {"yifa": 5_000, "one": 500, "celery": 500, "huey": 500, "procrastinate": 200, "django": 200},
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
KILLS = (0.2, 0.4, 0.6)  # how far the sender has come when it is killed


class Gateway:
    """The gateway's process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.peers.fanout.gateway"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def tally(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/tally") as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def redis(home: Path) -> Iterator[int]:
    """A Redis of our own that keeps nothing on the disk; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    words = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(home))
    process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
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


class Contestant(Runner):
    """With its gateway and its workers; asleep but in its turn."""

    def __init__(self, name: str, ground: Ground) -> None:
        super().__init__(name, ground, of="benchmarks.peers.fanout", start_new_session=True)

    def wake(self, *, up: bool) -> None:
        ...
