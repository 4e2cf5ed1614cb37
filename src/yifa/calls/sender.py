"""A sender: claims what is due, sends it, records what was confirmed, hears what came later, moves everybody up.

The database is asked in this thread, one question after another; the lines live in another, whose loop never waits for
the database: somebody may be listening to a message there.

A channel that breaks or keeps silent costs its own tries and one wait a round, and nobody else anything. What was heard
or done and the database did not take yet, because it was busy, is kept and told to it again.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Protocol, TypeVar

from . import queue
from .channel import Channel, News, Report, Try

T = TypeVar("T")
Made = list[tuple[queue.Claimed, Report]]  # tries, and what was answered
log = logging.getLogger(__name__)
LISTENING = 10.0  # seconds that asking for news may take
LEAVING = 5.0  # seconds that a channel may take to hang up
LOOKS = timedelta(milliseconds=500)  # from one look to the next while much is being sent
SHARE = 0.8  # of a claim's window may go by until what was handed over is recorded


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

    def start(self, doing: Coroutine[Any, Any, T]) -> Future[T]:
        """Have it done there."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop)

    def run(self, doing: Coroutine[Any, Any, T], most: float | None = None) -> T:
        """Have it done there, and wait for what comes of it; `TimeoutError` if it takes more than `most` seconds."""
        return self.start(doing).result(most)

    def stop(self) -> None:
        """A line that hangs does not keep the program from ending."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(LEAVING)
        if not self.thread.is_alive():
            self.loop.close()


class Sender:
    """`name` tells senders apart; several may run at once. Use it as a context: leaving closes the lines.

    `address` gives the address at which a calling's person may answer.
    `over`: set it, and the round that is under way ends as soon as what was handed over is recorded.
    """

    def __init__(
        self,
        name: str,
        channels: Mapping[str, Channel],
        clock: Clock | None = None,
        *,
        most: int = 500,
        window: int = queue.WINDOW,
        over: threading.Event | None = None,
        address: Callable[[int], str] | None = None,
    ) -> None:
        self.name, self.channels, self.clock, self.most = name, channels, clock or RealClock(), most
        self.window, self.over, self.address = window, over or threading.Event(), address
        self.patience = window / 1000 * SHARE
        self.lines = Lines()
        self._silent: set[str] = set()  # channels that did not answer in this round
        self._untold: dict[str, list[Report]] = {}  # news the database has not taken yet
        self._unrecorded: Made = []
        self._latest: int | None = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.listen()  # who has answered in this last moment is not called again
        finally:
            for name, channel in self.channels.items():
                try:
                    self.lines.run(asyncio.wait_for(channel.close(), LEAVING), 2 * LEAVING)
                except Exception as trouble:
                    log.warning("渠道 %s 没有正常关闭：%s", name, _said(trouble))
            self.lines.stop()

    def tick(self) -> int:
        """One round: news first, then who moves up, then what is due, until nothing is; how many tries were made.

        A long round looks again now and then: who has answered meanwhile is not called again, and whose rung is over moves up.
        """
        made = 0
        self._silent.clear()
        self._record()
        looked = self._look()
        while not self.over.is_set():
            if self.clock.now() - looked >= LOOKS:
                looked = self._look()
            claimed = queue.claim(self.name, self._now(), self.most, self.window)
            if not claimed:
                break
            made += self._made(claimed)
        return made

    def _look(self) -> datetime:
        """Listen, and move up whose rung is over; when that was."""
        self.listen()
        queue.move_up(self._now())
        queue.hold(self.clock.now())
        return self.clock.now()

    def _made(self, claimed: list[queue.Claimed]) -> int:
        """Send and record; each batch as soon as it is answered, while the others are still on their way. How many."""
        made = 0
        sent = self._sent(claimed)
        for some in sent:
            made += len(some)
            self._unrecorded += some
            try:
                self._record()
            except (
                Exception
            ):  # the database is busy: what is on its way comes back before anybody hears of it
                for rest in sent:
                    self._unrecorded += rest
                raise
        return made

    def _sent(self, claimed: list[queue.Claimed]) -> Iterator[Made]:
        answered: SimpleQueue[Made | None] = SimpleQueue()
        sending = self.lines.start(self._send(claimed, answered.put))
        sending.add_done_callback(lambda _: answered.put(None))
        while (some := self._next(answered)) is not None:
            yield some
        sending.result()

    def _next(self, answered: SimpleQueue[Made | None]) -> Made | None:
        """What was answered next; `TimeoutError` when the lines' own thread hangs."""
        try:
            return answered.get(timeout=self.patience + LEAVING)
        except Empty:
            raise TimeoutError("线路没有在时限内答复") from None

    def _now(self) -> int:
        """The clock's milliseconds. Where it was set back, and at the start, nobody is left to wait for a time that was wrong."""
        now = queue.ms(self.clock.now())
        if self._latest is None or now < self._latest:
            queue.set_back(now, self.window)
        self._latest = now
        return now

    def _record(self) -> None:
        queue.record(self.name, self._unrecorded, queue.ms(self.clock.now()))
        self._unrecorded = []

    def listen(self) -> None:
        """Take in what has become known since."""
        for name, (news, after) in self.lines.run(self._news(), LISTENING + LEAVING).items():
            waiting = self._untold.setdefault(name, [])
            waiting += news
            queue.learn(waiting, (name, after) if after else None)
            waiting.clear()

    async def _news(self) -> dict[str, tuple[list[Report], str]]:
        """News of every channel, and how far each has told; a channel in trouble has none this time."""
        told = await asyncio.gather(*map(self._news_of, self.channels))
        return dict(zip(self.channels, told, strict=True))

    async def _news_of(self, name: str) -> tuple[list[Report], str]:
        channel = self.channels[name]
        try:
            async with asyncio.timeout(LISTENING):
                return await channel.news(), getattr(channel, "cursor", "")
        except Exception as trouble:
            log.warning("渠道 %s 的消息没有取到：%s", name, _said(trouble))
            return [], ""

    async def _send(self, claimed: list[queue.Claimed], answered: Callable[[Made], None]) -> None:
        """By channel, all channels at once; without an address or a channel, failed and said so.

        What was not handed over, because its channel did not answer or time ran out, is left for when its claim has.
        """
        failed: Made = []
        batches: dict[str, list[queue.Claimed]] = {}
        for one in claimed:
            if not one.attempt.to:
                failed.append(self._came(one, News.FAILED, "没有登记这种联系方式"))
            elif one.channel not in self.channels:
                failed.append(self._came(one, News.FAILED, f"没有接通渠道“{one.channel}”"))
            else:
                batches.setdefault(one.channel, []).append(one)
        if failed:
            answered(failed)
        until = asyncio.get_running_loop().time() + self.patience
        await asyncio.gather(*(self._batches(name, some, until, answered) for name, some in batches.items()))

    async def _batches(
        self, name: str, some: list[queue.Claimed], until: float, answered: Callable[[Made], None]
    ) -> None:
        """As many at once as the channel has lines: `at_once`, one unless it says."""
        channel = self.channels[name]
        most = max(1, channel.most)
        starts = iter(range(0, len(some), most))

        async def line() -> None:
            for start in starts:
                if name in self._silent or asyncio.get_running_loop().time() >= until:
                    break
                answered(await self._batch(name, some[start : start + most], until))

        await asyncio.gather(*(line() for _ in range(getattr(channel, "at_once", 1))))

    async def _batch(self, name: str, some: list[queue.Claimed], until: float) -> Made:
        """Handed over together; where that breaks, one by one under the same keys, so that one bad try spoils no other."""
        try:
            async with asyncio.timeout_at(until):
                told = {
                    r.key: r for r in await self.channels[name].send([self._attempt(one) for one in some])
                }
        except TimeoutError:
            self._silent.add(name)
            log.warning("渠道 %s 没有在时限内答复，这一轮不再使用", name)
            return [self._came(one, News.UNKNOWN, "渠道没有在时限内答复") for one in some]
        except Exception as trouble:
            log.warning("渠道 %s 出错：%s", name, _said(trouble))
            if len(some) == 1:
                return [self._came(some[0], News.UNKNOWN, f"渠道出错：{_said(trouble)}")]
            alone: Made = []
            for one in some:
                alone += await self._batch(name, [one], until) if name not in self._silent else []
            return alone
        return [
            (one, told[one.attempt.key])
            if one.attempt.key in told
            else self._came(one, News.UNKNOWN, "渠道没有说明这一次的结果")
            for one in some
        ]

    def _attempt(self, one: queue.Claimed) -> Try:
        """With the address at which this person may answer, where there is one."""
        if self.address is None:
            return one.attempt
        message = replace(one.attempt.message, answer=self.address(one.calling))
        return replace(one.attempt, message=message)

    def _came(self, one: queue.Claimed, news: News, why: str) -> tuple[queue.Claimed, Report]:
        return one, Report(one.attempt.key, news, self.clock.now(), detail=why)


def _said(trouble: Exception) -> str:
    return f"{type(trouble).__name__} {trouble}".strip()[:200]
