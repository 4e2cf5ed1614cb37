"""A message by telephone: said, said again, and a key asked for; only who presses it has answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from yifa.calls.channel import News, Report, Try
from yifa.calls.channels.words import DRILL, now
from yifa.calls.speech.spoken import RATE, Say

from .call import PhoneCall
from .placing import TelephoneChannel
from .settings import VoiceSettings
from .transaction import Timers

PAUSE = bytes(RATE)  # half a second of silence
EXERCISE = "这是演练。"


class VoiceChannel(TelephoneChannel):
    """One line. `say`: its voice, which had better keep what it has said."""

    def __init__(
        self,
        settings: VoiceSettings,
        say: Say,
        clock: Callable[[], datetime] = now,
        timers: Timers | None = None,
    ) -> None:
        super().__init__(settings, clock, timers, (say,))
        self._asked, self._say = settings, say

    async def ready(self, one: Try) -> None:
        await self._sounds(one)

    async def held(self, one: Try, call: PhoneCall) -> Report:
        """ANSWERED until it was played to its end, HEARD until the right key was pressed."""
        message, ask, thanks = await self._sounds(one)
        news = await self._told_and_asked(call, message, ask)
        if news is News.REPLIED and thanks:
            await call.play(thanks)
        await call.hang_up()
        detail = call.words
        if news is News.HEARD and not call.sure:
            news, detail = News.ANSWERED, "放完了，但挂机时对方已经没有回音，不知道听到哪里"
        return Report(one.key, news, self._clock(), said=call.said, detail=detail)

    async def _told_and_asked(self, call: PhoneCall, message: bytes, ask: bytes) -> News:
        """Only the right key cuts it short; a wrong one is kept, and has it said again."""
        key, news = self._asked.key, News.ANSWERED
        for _ in range(self._asked.times):
            if await call.play(message + PAUSE, until_key=True, keys=key):
                news = News.HEARD
            await call.play(ask, until_key=True, keys=key)
            if await self._pressed(call):
                return News.REPLIED
            if call.over:
                break
        return news

    async def _pressed(self, call: PhoneCall) -> bool:
        """Whether the right key was pressed while we spoke, or is in time."""
        while pressed := await call.key(self._asked.wait):
            if pressed == self._asked.key:
                return True
        return False

    async def _sounds(self, one: Try) -> tuple[bytes, bytes, bytes]:
        """The message, how to answer, and thanks for it."""
        thanks = await self._say(self._asked.thanks) if self._asked.thanks else b""
        return await self._message(one), await self._say(self._asked.asking), thanks

    async def _message(self, one: Try) -> bytes:
        text = one.message.text.removeprefix(DRILL)
        said = [self._asked.opening, EXERCISE if one.drill else "", text]
        return PAUSE.join([await self._say(part) for part in said if part])


__all__ = ["VoiceChannel"]
