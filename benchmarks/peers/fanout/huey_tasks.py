"""Huey with its SQLite storage: eight threads, looking for work twenty times a second without slackening."""

from __future__ import annotations

import threading
from pathlib import Path

from huey import SqliteHuey

from .book import Deliverer, Queued
from .contest import Ground
from .workers import ground

huey = SqliteHuey("fanout", filename=Path(ground().home) / "huey.sqlite3", results=False)
_mine = threading.local()


@huey.task()
def deliver(n: int) -> None:
    if not hasattr(_mine, "deliverer"):  # first in this thread
        _mine.deliverer = Deliverer(ground())
    _mine.deliverer.deliver(n)


class Huey(Queued):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.workers.start(
            "-m", "huey.bin.huey_consumer", "benchmarks.peers.fanout.huey_tasks.huey", "--quiet",
            "--worker-type", "thread", "--workers", "8", "--delay", "0.05", "--backoff", "1",
        )  # fmt: skip

    def enqueue(self, messages: int) -> None:
        for n in range(messages):
            huey.enqueue(deliver.s(n))
