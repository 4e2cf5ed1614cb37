"""Procrastinate on PostgreSQL: one worker with fifty coroutines, over the HTTP client that Yifa itself uses.

python -m benchmarks.peers.fanout.procrastinate_tasks      the worker
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.tasks import Task
from psycopg_pool import AsyncConnectionPool

from yifa.calls.channels.http1 import Address, Client, Limits

from .book import SENT, Queued, key
from .contest import JSON, Ground, message, number, signature, taken
from .workers import ground

COROUTINES = 50
CONNECTIONS = 4


class Async:
    """The deliverer for coroutines."""

    def __init__(self, at: Ground) -> None:
        address = Address.read(f"http://127.0.0.1:{at.gateway}/v1")
        self.client = Client(address, Limits(connections=COROUTINES, seconds=60))
        self.pool = AsyncConnectionPool(
            at.postgres, open=False, min_size=CONNECTIONS, kwargs={"autocommit": True}
        )

    async def deliver(self, n: int) -> None:
        body = message(key(n), number(n))
        headers = signature("POST", "/v1/messages", body)
        answer = await self.client.post("/v1/messages", body, JSON, headers)
        if not taken(answer.body):
            raise RuntimeError(f"the gateway did not take {n}")
        async with self.pool.connection() as db:
            await db.execute(SENT.replace("?", "%s"), (time.time(), n))


_mine: list[Async] = []


def tasks(app: App) -> Task[Any, Any, Any]:
    @app.task(name="deliver")
    async def deliver(n: int) -> None:
        await _mine[0].deliver(n)

    return deliver


class Procrastinate(Queued):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.app = App(connector=SyncPsycopgConnector(conninfo=ground.postgres))
        self.task = tasks(self.app)
        self.app.open()
        self.app.schema_manager.apply_schema()
        self.workers.start("-m", "benchmarks.peers.fanout.procrastinate_tasks")

    def enqueue(self, messages: int) -> None:
        jobs: list[Any] = [{"n": n} for n in range(messages)]
        self.task.batch_defer(*jobs)

    def end(self) -> None:
        super().end()
        self.app.close()


async def work() -> None:
    app = App(connector=PsycopgConnector(conninfo=ground().postgres, max_size=CONNECTIONS))
    tasks(app)
    mine = Async(ground())
    _mine.append(mine)
    async with mine.pool, app.open_async():
        await app.run_worker_async(concurrency=COROUTINES, delete_jobs="successful")


if __name__ == "__main__":
    from benchmarks.peers.fanout import procrastinate_tasks  # tasks belong to the module by its own name

    asyncio.run(procrastinate_tasks.work())
