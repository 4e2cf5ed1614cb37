"""Celery with Redis: two worker processes, results not kept, many tasks fetched at once since they are short."""

from __future__ import annotations

from typing import Any

from celery import Celery as App

from .book import Deliverer, Queued
from .contest import Ground
from .workers import ground

app = App("fanout", broker=f"redis://127.0.0.1:{ground().redis}/0")
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=64,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)

_mine: list[Deliverer] = []


@app.task
def deliver(n: int) -> None:
    if not _mine:  # first in this worker process
        _mine.append(Deliverer(ground()))
    _mine[0].deliver(n)


class Celery(Queued):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR")
        self.workers.start(
            "-m", "celery", "-q", "-A", "benchmarks.peers.fanout.celery_tasks", "worker", "--pool", "prefork",
            "--concurrency", "2", *quiet,
        )  # fmt: skip

    def enqueue(self, messages: int) -> None:
        with app.producer_or_acquire() as producer:
            for n in range(messages):
                send: Any = deliver.apply_async
                send((n,), producer=producer)
