"""A whole call-back over a telephone line: we ask in a voice, somebody answers in a voice, and what they said is on record."""

from __future__ import annotations

import asyncio
from pathlib import Path

from yifa.calls.channel import Message, News, Report, Try
from yifa.calls.dialogue.calling import TalkChannel
from yifa.calls.speech.local import LocalEar, LocalVoice
from yifa.calls.speech.spoken import Prepared
from yifa.calls.telephone.settings import TalkSettings

from .citizen import SCRIPT, Citizen, aloud
from .far import Baresip

pytestmark = aloud


def held(home: Path, *answers: str) -> tuple[Report, list[str]]:
    """A talk in which each question is answered aloud."""

    async def run() -> tuple[Report, list[str]]:
        voice, ear, far = Prepared(LocalVoice()), LocalEar(), Baresip(home / "far")
        citizen = Citizen(far, voice, home)
        for words in answers:
            await voice(words)
        await ear(await voice("您好。"))  # loaded before anybody waits for it

        async def hear(pcm: bytes, *, hints: str = "") -> str:
            words = await ear(pcm, hints=hints)
            citizen.heard.append(words)
            return words

        settings = TalkSettings(server=f"127.0.0.1:{far.port}", register=False)
        channel = TalkChannel(settings, SCRIPT, hear, voice)
        one = Try("7-0-1", "8001", Message("办件回访"))
        await channel.ready(one)
        async with far.ready():
            try:
                await channel.send([one])
                await citizen.talks(*answers)
                async with asyncio.timeout(90):
                    while not (news := await channel.news()):
                        await asyncio.sleep(0.1)
                return news[0], citizen.heard
            finally:
                await channel.close()

    return asyncio.run(run())


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
