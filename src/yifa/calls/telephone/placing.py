"""Tries put on telephone lines: so many at once, each told of once it is over.

A sender that dies leaves its calls without a voice: the far side hears nothing more and hangs up, or its exchange does
when no sound comes. What was not recorded is claimed by another sender after `queue.WINDOW`, half a minute later, and
dialled again under the same key: nobody is missed for it, somebody may be called twice, and whoever still holds the dead
call is busy then, which is told as what it is. Within one process a key that was dialled is not dialled again, and a
number that is on the line is not called a second time meanwhile. A try that was recorded as taken, and of which its
sender could not tell the end any more, is followed by the ladder's next try, under a key of its own.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime

from yifa.calls.channel import News, Report, Try
from yifa.calls.channels.words import now, tidy
from yifa.calls.speech.spoken import SpeechError

from .agent import Agent
from .call import PhoneCall
from .news import NotReached
from .numbers import dialled, urgent
from .settings import LineSettings
from .transaction import Timers

log = logging.getLogger(__name__)
REMEMBERED = 20_000  # keys dialled lately
STOPPED = "本机停止呼叫，通话没有结束"


class TelephoneChannel(ABC):
    """What every channel over a telephone does. `ready` comes before dialling, `held` while somebody is there."""

    def __init__(
        self,
        settings: LineSettings,
        clock: Callable[[], datetime] = now,
        timers: Timers | None = None,
        speech: Sequence[object] = (),
    ) -> None:
        self.name, self.most = settings.name, 1000
        self._settings, self._clock, self._timers, self._speech = settings, clock, timers, speech
        self._loop: asyncio.AbstractEventLoop | None = None
        self._agent: Agent | None = None
        self._free = asyncio.Semaphore(settings.lines)
        self._opening = asyncio.Lock()
        self._tasks: dict[asyncio.Task[None], str] = {}  # with the number each calls
        self._dialled: OrderedDict[str, None] = OrderedDict()
        self._told: list[Report] = []

    @abstractmethod
    async def ready(self, one: Try) -> None:
        """Have everything spoken that will be said; a `SpeechError` if it cannot be."""

    @abstractmethod
    async def held(self, one: Try, call: PhoneCall) -> Report:
        """Say it, hear the answer, hang up; what came of it."""

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        """Put on the line what can be; the rest comes as news."""
        self._here()
        return [self._take(one) for one in tries]

    async def news(self) -> list[Report]:
        """What has ended since."""
        told, self._told = self._told, []
        return told

    async def close(self) -> None:
        """Hang up whatever goes on. What it came to can still be asked for."""
        if self._loop is not asyncio.get_running_loop():
            return
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks))
        agent, self._agent = self._agent, None
        if agent:
            await agent.close()
        for one in self._speech:
            if close := getattr(one, "close", None):
                await close()

    def _here(self) -> None:
        """The lines belong to one loop; in another they are taken anew."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._agent, self._tasks = loop, None, {}
            self._free, self._opening = asyncio.Semaphore(self._settings.lines), asyncio.Lock()

    def _take(self, one: Try) -> Report:
        number = dialled(one.to)
        if number is None:
            return self._report(one, News.FAILED, "不是电话号码，没有呼叫")
        if urgent(number[0]):
            return self._report(one, News.FAILED, "紧急号码，不自动呼叫")
        if one.key in self._dialled:
            return self._report(one, News.ACCEPTED, "同一编号，不再呼叫")
        if number[0] in self._tasks.values():
            return self._report(one, News.BUSY, "这个号码的上一次呼叫还没有结束")
        self._dialled[one.key] = None
        while len(self._dialled) > REMEMBERED:
            self._dialled.popitem(last=False)
        task = asyncio.create_task(self._place(one, *number))
        self._tasks[task] = number[0]
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        return self._report(one, News.ACCEPTED)

    def _report(self, one: Try, news: News, detail: str = "") -> Report:
        return Report(one.key, news, self._clock(), detail=detail)

    async def _place(self, one: Try, number: str, extension: str) -> None:
        """One try from first to last; it always ends in one report."""
        try:
            report = await self._tried(one, number, extension)
        except NotReached as missed:
            report = self._report(one, missed.news, missed.detail)
        except SpeechError as dumb:
            report = self._report(one, News.FAILED, f"没有声音可放：{tidy(dumb)}")
        except asyncio.CancelledError:
            self._told.append(self._report(one, News.UNKNOWN, STOPPED))
            raise
        except Exception as broken:
            log.exception("通话 %s 中断", one.key)
            report = self._report(one, News.UNKNOWN, f"通话中断：{type(broken).__name__} {tidy(broken)}")
        self._told.append(report)

    async def _tried(self, one: Try, number: str, extension: str) -> Report:
        s = self._settings
        await self.ready(one)
        try:
            async with asyncio.timeout(s.patience):
                await self._free.acquire()
        except TimeoutError:
            raise NotReached(News.FAILED, f"{s.lines} 条线路都占着，没有轮到") from None
        try:
            agent = await self._opened()
            call = await agent.dial(s.prefix + number, s.ring, s.longest)
            try:
                if extension:
                    await call.press(extension)
                return await self.held(one, call)
            finally:
                await call.hang_up()
        finally:
            self._free.release()

    async def _opened(self) -> Agent:
        """The agent, made when it is first needed."""
        async with self._opening:
            if self._agent is None:
                agent = Agent(self._settings.account, self._timers)
                try:
                    await agent.open()
                except OSError as broken:
                    raise NotReached(News.FAILED, f"没有连上话机服务器：{tidy(broken)}") from broken
                self._agent = agent
            return self._agent


__all__ = ["TelephoneChannel"]
