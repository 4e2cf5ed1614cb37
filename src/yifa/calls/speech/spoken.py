"""What every voice and every ear keeps to. Sound is 16-bit little-endian mono PCM, 8000 samples a second."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Protocol

from yifa.calls.channel import ChannelError

RATE = 8000
LONGEST_TEXT = 1000  # characters said in one go


class SpeechError(ChannelError):
    """Nothing was spoken, or nothing could be made of what was heard: the fault is ours, not the person's."""


class Say(Protocol):
    """A voice."""

    async def __call__(self, text: str) -> bytes:
        """The text as sound; a `SpeechError` if it could not be spoken."""
        ...


class Hear(Protocol):
    """An ear."""

    async def __call__(self, pcm: bytes, *, hints: str = "") -> str:
        """The words in the sound, "" for none; `hints`: phrases likely to come. A `SpeechError` if it cannot tell."""
        ...


class Prepared:
    """A voice that keeps what it has said before: a script is spoken ahead, so that nobody waits on the line."""

    def __init__(self, voice: Say, most: int = 200) -> None:
        self._voice, self._most = voice, most
        self._said: OrderedDict[str, bytes] = OrderedDict()
        self._one = asyncio.Lock()

    async def __call__(self, text: str) -> bytes:
        """As it was said before, or said now."""
        if text not in self._said:
            async with self._one:
                if text not in self._said:
                    self._said[text] = await self._voice(text)
        self._said.move_to_end(text)
        pcm = self._said[text]
        while len(self._said) > self._most:
            self._said.popitem(last=False)
        return pcm

    async def close(self) -> None:
        """Hang up whatever lines the voice has."""
        if close := getattr(self._voice, "close", None):
            await close()


__all__ = ["LONGEST_TEXT", "RATE", "Hear", "Prepared", "Say", "SpeechError"]
