"""Somebody at the far end of a line who answers aloud, in the voice of the extra `voice`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from yifa.calls.dialogue.script import satisfaction
from yifa.calls.dialogue.understand import understand
from yifa.calls.speech.local import EAR, VOICE, installed
from yifa.calls.speech.sound import wav
from yifa.calls.speech.spoken import Prepared

from .far import Baresip, needs

SECOND = bytes(16_000)
SCRIPT = satisfaction()
lacking = not installed(*VOICE, *EAR) and "YIFA_CI" not in os.environ
aloud = [
    pytest.mark.voice,
    pytest.mark.skipif(lacking, reason="needs the extra voice"),
    needs("baresip", "baresip-core"),
]


class Citizen:
    """Somebody with a telephone of another make: listens to a question to its end, and answers aloud."""

    def __init__(self, far: Baresip, voice: Prepared, home: Path) -> None:
        self.far, self.voice, self.home = far, voice, home
        self.heard: list[str] = []  # what the other side wrote down, kept by whoever listens there

    async def answers(self, question: int, words: str, *, again: bool = False) -> None:
        """After the question has been asked, and a moment's thought."""
        one = SCRIPT.questions[question]
        asked = await self.voice(one.again if again else one.text)
        file = self.home / f"{question}.wav"
        said = bytes(len(asked)) + SECOND + await self.voice(words) + SECOND * 30
        await asyncio.to_thread(file.write_bytes, wav(said))
        assert (await self.far.told("ausrc", f"aufile,{file}"))["ok"]

    async def talks(self, *answers: str) -> None:
        """Answer every question in its turn; again, where it was not understood."""
        async with asyncio.timeout(20):
            while "Call established" not in self.far.log:
                await asyncio.sleep(0.02)
        for question, words in enumerate(answers):
            known = len(self.heard)
            await self.answers(question, words)
            while not _clear(question, await self._written(known)):
                known = len(self.heard)
                await self.answers(question, words, again=True)

    async def _written(self, known: int) -> str:
        async with asyncio.timeout(60):
            while len(self.heard) <= known:
                await asyncio.sleep(0.05)
        return self.heard[known]


def _clear(question: int, words: str) -> bool:
    """Whether the talk goes on from there: an open question takes any words, and a refusal ends it."""
    one = SCRIPT.questions[question]
    return one.open or understand(words, (*one.choices, SCRIPT.refusal)) is not None
