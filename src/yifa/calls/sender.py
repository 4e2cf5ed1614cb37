"""A sender: claims what is due, sends it, records what was confirmed, hears what came later, moves everybody up.

The database is asked in this thread, one question after another; the lines live in another, whose loop never waits for
the database: somebody may be listening to a message there.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, TypeVar

from . import queue
from .channel import Channel, News, Report, Try

T = TypeVar("T")


class Clock(Protocol):
    """What time it is, and waiting."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Lines:
    """The thread in which the channels live."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="lines", daemon=True)
        self.thread.start()

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        """Have it done there, and wait for what comes of it."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class Sender:
    """`name` tells senders apart; several may run at once. Use it as a context: leaving closes the lines.

    `address` gives the address at which a calling's person may answer.
    """

    def __init__(
        self,
        name: str,
        channels: Mapping[str, Channel],
        clock: Clock | None = None,
        *,
        most: int = 500,
        window: int = queue.WINDOW,
        address: Callable[[int], str] | None = None,
    ) -> None:
        self.name, self.channels, self.clock, self.most = name, channels, clock or RealClock(), most
        self.window, self.address = window, address
        self.lines = Lines()

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.listen()  # who has answered in this last moment is not called again
        finally:
            for channel in self.channels.values():
                self.lines.run(channel.close())
            self.lines.stop()

    def tick(self) -> int:
        """One round: news first, then who moves up, then what is due; how many tries were made."""
        self.listen()
        queue.move_up(queue.ms(self.clock.now()))
        made = 0
        while claimed := queue.claim(self.name, queue.ms(self.clock.now()), self.most, self.window):
            reports = self.lines.run(self._send(claimed))
            queue.record(self.name, list(zip(claimed, reports, strict=True)), queue.ms(self.clock.now()))
            made += len(claimed)
        return made

    def listen(self) -> None:
        """Take in what has become known since."""
        for name, channel in self.channels.items():
            news = self.lines.run(channel.news())
            after = getattr(channel, "cursor", "")
            queue.learn(news, (name, after) if after else None)

    def run(self, stop: threading.Event, every: float = 1.0) -> None:
        """Until told to stop."""
        while not stop.is_set():
            self.tick()
            self.clock.sleep(every)

    async def _send(self, claimed: list[queue.Claimed]) -> list[Report]:
        """By channel, all channels at once; without an address or a channel, failed and said so."""
        found: dict[str, Report] = {}
        batches: dict[str, list[queue.Claimed]] = {}
        for one in claimed:
            if not one.attempt.to:
                found[one.attempt.key] = self._failed(one, "没有登记这种联系方式")
            elif one.channel not in self.channels:
                found[one.attempt.key] = self._failed(one, f"没有接通渠道“{one.channel}”")
            else:
                batches.setdefault(one.channel, []).append(one)
        for answer in await asyncio.gather(*(self._batches(name, some) for name, some in batches.items())):
            found |= {report.key: report for report in answer}
        return [found[one.attempt.key] for one in claimed]

    async def _batches(self, name: str, some: list[queue.Claimed]) -> list[Report]:
        channel = self.channels[name]
        reports: list[Report] = []
        for start in range(0, len(some), channel.most):
            reports += await channel.send([self._attempt(one) for one in some[start : start + channel.most]])
        return reports

    def _attempt(self, one: queue.Claimed) -> Try:
        """With the address at which this person may answer, where there is one."""
        if self.address is None:
            return one.attempt
        message = replace(one.attempt.message, answer=self.address(one.calling))
        return replace(one.attempt, message=message)

    def _failed(self, one: queue.Claimed, why: str) -> Report:
        return Report(one.attempt.key, News.FAILED, self.clock.now(), detail=why)
