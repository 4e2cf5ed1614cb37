"""A whole call-back over a telephone line: we ask in a voice, somebody answers in a voice, and what they said is on record."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from yifa.calls.channel import Message, News, Report, Try
from yifa.calls.dialogue.calling import TalkChannel
from yifa.calls.dialogue.script import satisfaction
from yifa.calls.dialogue.understand import understand
from yifa.calls.speech.local import EAR, VOICE, LocalEar, LocalVoice, installed
from yifa.calls.speech.sound import wav
from yifa.calls.speech.spoken import Prepared
from yifa.calls.telephone.settings import TalkSettings

from .far import Baresip, needs

lacking = not installed(*VOICE, *EAR) and "YIFA_CI" not in os.environ
pytestmark = [
    pytest.mark.voice,
    pytest.mark.skipif(lacking, reason="needs the extra voice"),
    needs("baresip", "baresip-core"),
]
SECOND = bytes(16_000)
SCRIPT = satisfaction()


class Citizen:
    """Somebody with a telephone of another make: listens to a question to its end, and answers aloud."""

    def __init__(self, far: Baresip, voice: Prepared, home: Path) -> None:
        self.far, self.voice, self.home = far, voice, home
        self.understood: asyncio.Queue[str] = asyncio.Queue()

    async def answers(self, question: int, words: str, *, again: bool = False) -> None:
        """After the question has been asked, and a moment's thought."""
        one = SCRIPT.questions[question]
        asked = await self.voice(one.again if again else one.text)
        file = self.home / f"{question}.wav"
        said = bytes(len(asked)) + SECOND + await self.voice(words) + SECOND * 30
        await asyncio.to_thread(file.write_bytes, wav(said))
        assert (await self.far.told("ausrc", f"aufile,{file}"))["ok"]


def held(home: Path, *answers: str) -> tuple[Report, list[str]]:
    """A talk in which each question is answered aloud."""

    async def run() -> tuple[Report, list[str]]:
        voice, ear, far = Prepared(LocalVoice()), LocalEar(), Baresip(home / "far")
        citizen, heard = Citizen(far, voice, home), []
        for words in answers:
            await voice(words)
        await ear(await voice("您好。"))  # loaded before anybody waits for it

        async def hear(pcm: bytes, *, hints: str = "") -> str:
            words = await ear(pcm, hints=hints)
            heard.append(words)
            citizen.understood.put_nowait(words)
            return words

        settings = TalkSettings(server=f"127.0.0.1:{far.port}", register=False)
        channel = TalkChannel(settings, SCRIPT, hear, voice)
        one = Try("7-0-1", "8001", Message("办件回访"))
        await channel.ready(one)
        async with far.ready():
            try:
                await channel.send([one])
                await _taken(far)
                for question, words in enumerate(answers):
                    await citizen.answers(question, words)
                    while not _clear(question, await asyncio.wait_for(citizen.understood.get(), 60)):
                        await citizen.answers(question, words, again=True)
                async with asyncio.timeout(90):
                    while not (news := await channel.news()):
                        await asyncio.sleep(0.1)
                return news[0], heard
            finally:
                await channel.close()

    return asyncio.run(run())


def _clear(question: int, words: str) -> bool:
    """Whether the talk goes on from there: an open question takes any words, and a refusal ends it."""
    one = SCRIPT.questions[question]
    return one.open or understand(words, (*one.choices, SCRIPT.refusal)) is not None


async def _taken(far: Baresip) -> None:
    async with asyncio.timeout(20):
        while "Call established" not in far.log:
            await asyncio.sleep(0.02)


def test_a_complaint_spoken_into_a_telephone_is_a_grade_with_its_reason(tmp_path: Path) -> None:
    report, heard = held(tmp_path, "可以，您问吧。", "不满意。", "一直没有人给我打电话。")
    assert report.news is News.REPLIED, (report, heard)
    assert report.outcome is not None
    assert (report.outcome["ending"], report.outcome["grade"]) == ("DONE", "不满意"), heard
    assert "电话" in report.outcome["words"], heard
    assert [question for question, *_ in report.outcome["answers"]] == ["愿意", "满意度", "原因"]
    assert report.outcome["opted_out"] is False


def test_a_refusal_spoken_into_a_telephone_ends_the_calling_for_good(tmp_path: Path) -> None:
    report, heard = held(tmp_path, "不要再打电话给我了。")
    assert report.outcome is not None
    assert (report.news, report.outcome["ending"]) == (News.REPLIED, "OPTED_OUT"), heard
    assert report.outcome["opted_out"] is True
