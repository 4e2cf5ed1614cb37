"""A telephone of another make (baresip) hears what we say, and what is pressed on it or said into it reaches us."""

from __future__ import annotations

import asyncio
import math
import re
from array import array
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from yifa.calls.channel import Message, News, Report, Try
from yifa.calls.dialogue.calling import TalkChannel
from yifa.calls.dialogue.script import satisfaction
from yifa.calls.speech.sound import wav
from yifa.calls.speech.spoken import Hear, SpeechError
from yifa.calls.telephone.agent import Account, Agent
from yifa.calls.telephone.call import PhoneCall
from yifa.calls.telephone.channel import VoiceChannel
from yifa.calls.telephone.placing import TelephoneChannel
from yifa.calls.telephone.settings import TalkSettings, VoiceSettings

from .far import Baresip, needs

pytestmark = [needs("baresip", "baresip-core"), pytest.mark.slow, pytest.mark.clock]
RATE = 8000


def tone(frequency: float, seconds: float, size: int = 9000) -> bytes:
    samples = (int(size * math.sin(2 * math.pi * frequency * n / RATE)) for n in range(int(seconds * RATE)))
    return array("h", samples).tobytes()


def power(pcm: bytes, frequency: float) -> float:
    """What share of the sound is this one tone."""
    samples = array("h", pcm)
    whole = sum(s * s for s in samples) * len(samples) / 2
    turn = 2 * math.pi * frequency / RATE
    real = sum(s * math.cos(turn * n) for n, s in enumerate(samples))
    imaginary = sum(s * math.sin(turn * n) for n, s in enumerate(samples))
    return (real * real + imaginary * imaginary) / (whole or 1.0)


def sounding(pcm: bytes, block: int = 160) -> list[bool]:
    samples = array("h", pcm)
    return [
        max(map(abs, samples[n : n + block]), default=0) > 500 for n in range(0, len(samples) - block, block)
    ]


def called(far: Baresip, doing: Callable[[PhoneCall], Awaitable[Any]], longest: float = 30.0) -> Any:
    async def run() -> Any:
        async with far.ready():
            agent = Agent(Account(("127.0.0.1", far.port), "yifa", register=False))
            await agent.open()
            try:
                call = await agent.dial("8001", 5.0, longest)
                done = await doing(call)
                await call.hang_up()
                await asyncio.sleep(0.3)  # the recording is closed
                return done
            finally:
                await agent.close()

    return asyncio.run(run())


@pytest.mark.parametrize("codec", ["pcma", "pcmu"])
def test_what_we_say_is_heard_whole_and_clean(tmp_path: Path, codec: str) -> None:
    far = Baresip(tmp_path / "far", codecs=codec)

    async def doing(call: PhoneCall) -> bool:
        await call.listen(0.4)
        return await call.play(tone(800, 2.0))

    assert called(far, doing)
    heard = far.heard()
    clean = [power(heard[n : n + 320], 800) > 0.9 for n in range(0, len(heard) - 320, 320)]
    assert 92 <= sum(clean) <= 104, "two seconds are two seconds there, and one tone"
    assert sum(sounding(heard)) - sum(clean) <= 6, "and nothing else is heard"


def test_a_key_pressed_there_stops_us_and_is_told(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")

    async def doing(call: PhoneCall) -> tuple[bool, str, str]:
        pressing = asyncio.create_task(far.press("1"))
        played = await call.play(tone(800, 8.0), until_key=True)
        await pressing
        return played, await call.key(0), await call.key(0.5)

    assert called(far, doing) == (False, "1", "")
    assert sum(sounding(far.heard())) < 200, "we fell silent"


def test_keys_we_press_are_heard_there(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")

    async def doing(call: PhoneCall) -> None:
        await call.press("801#")
        await asyncio.sleep(0.3)

    called(far, doing)
    assert "".join(re.findall(r"received event: '(.)' \(end=0\)", far.log)) == "801#"


def test_what_is_said_there_is_heard_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    speech = tmp_path / "speech.wav"
    speech.write_bytes(wav(bytes(RATE * 2) + tone(500, 1.0) + bytes(RATE) + tone(500, 0.5) + bytes(RATE * 8)))
    far = Baresip(tmp_path / "far")

    async def doing(call: PhoneCall) -> tuple[bytes, float]:
        loop = asyncio.get_running_loop()
        listening = asyncio.create_task(call.listen(10.0, quiet=1.0))
        await far.told("ausrc", f"aufile,{speech}")
        begun = loop.time()
        pcm = await listening
        return pcm, loop.time() - begun

    pcm, took = called(far, doing)
    on = sounding(pcm)
    assert 65 <= sum(on) <= 85, "both words, a second and a half"
    assert 100 <= len(on) <= 170, "with the pause between, and little around them"
    assert took < 8, "and not until the time was up"


def test_where_nobody_speaks_nothing_is_heard(tmp_path: Path) -> None:
    async def doing(call: PhoneCall) -> bytes:
        return await call.listen(1.0)

    assert called(Baresip(tmp_path / "far"), doing) == b""


# ——— the channels ———


async def say(text: str) -> bytes:
    """A second of a tone that depends on what is said."""
    return tone(700 + 100 * (len(text) % 7), 0.8)


def tried(
    far: Baresip, channel: TelephoneChannel, doing: Callable[[], Awaitable[object]], to: str = "8001"
) -> Report:
    """One try from first to last, with somebody at the far side who does something meanwhile."""

    async def run() -> Report:
        async with far.ready():
            try:
                (taken,) = await channel.send([Try("7-0-1", to, Message("今晚有暴雨，请立即转移"))])
                assert (taken.key, taken.news, taken.detail) == ("7-0-1", News.ACCEPTED, "")
                acting = asyncio.create_task(_later(doing))
                async with asyncio.timeout(40):
                    while not (news := await channel.news()):
                        await asyncio.sleep(0.05)
                await acting
                (report,) = news
                assert await channel.news() == []
                return report
            finally:
                await channel.close()

    return asyncio.run(run())


async def _later(doing: Callable[[], Awaitable[object]]) -> None:
    await asyncio.sleep(1.0)
    await doing()


async def nothing() -> None:
    pass


def voice(far: Baresip, **more: Any) -> VoiceChannel:
    settings = VoiceSettings(server=f"127.0.0.1:{far.port}", register=False, **{"wait": 1.0, **more})
    return VoiceChannel(settings, say)


def test_who_presses_the_key_has_answered(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")
    report = tried(far, voice(far), lambda: far.press("1"))
    assert (report.news, report.said) == (News.REPLIED, "1")


def test_an_extension_is_pressed_before_anything_is_said(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")
    assert tried(far, voice(far, times=1), nothing, "8001转42").news is News.HEARD
    assert re.findall(r"received event: '(.)' \(end=0\)", far.log) == ["4", "2"]


def test_who_only_listens_has_heard_it_twice(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")
    report = tried(far, voice(far, thanks=""), nothing)
    assert (report.news, report.said) == (News.HEARD, "")
    on = sounding(far.heard())
    begins = sum(now and not before for before, now in zip([False, *on], on, strict=False))
    assert begins == 4, "the message and how to answer, twice"


def test_a_wrong_key_is_kept_and_is_no_answer(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")
    report = tried(far, voice(far, times=1), lambda: far.press("9"))
    assert (report.news, report.said) == (News.HEARD, "9")


def test_who_hangs_up_before_the_end_has_only_picked_up(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")
    report = tried(far, voice(far, opening="很长" * 4), lambda: far.told("hangup"))
    assert (report.news, report.said) == (News.ANSWERED, "")


def test_a_telephone_nobody_picks_up_rings_only_so_long(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far", answer="manual")
    report = tried(far, voice(far, ring=1.5), nothing)
    assert report.news is News.NO_ANSWER


def test_a_telephone_that_is_busy_says_so(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far", answer="manual")
    report = tried(far, voice(far), lambda: far.told("hangup"))
    assert report.news in (News.BUSY, News.NO_ANSWER)
    assert report.detail


# ——— a talk, by keys: the ear is out of order ———


async def deaf(pcm: bytes, *, hints: str = "") -> str:
    raise SpeechError("E659", "没有听写")


def talk(far: Baresip, hear: Hear = deaf) -> TalkChannel:
    settings = TalkSettings(server=f"127.0.0.1:{far.port}", register=False)
    return TalkChannel(settings, satisfaction(), hear, say)


def test_a_talk_by_keys_comes_out_in_its_report(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")

    async def person() -> None:
        await far.press("1")
        await asyncio.sleep(1.5)
        await far.press("4")
        await asyncio.sleep(1.5)
        await far.press("#")

    report = tried(far, talk(far), person)
    assert report.news is News.REPLIED
    assert report.outcome is not None
    told = dict(report.outcome)
    assert 2 < told.pop("seconds") < 20
    assert told == {
        "script": "办件满意度回访",
        "version": satisfaction().version,
        "ending": "DONE",
        "grade": "不满意",
        "words": "",
        "answers": [["愿意", "愿意", "", "1"], ["满意度", "不满意", "", "4"], ["原因", "", "", "#"]],
        "opted_out": False,
    }


def test_who_never_wants_to_be_called_again_is_reported_as_that(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")
    report = tried(far, talk(far), lambda: far.press("9"))
    assert report.news is News.REPLIED
    assert report.outcome is not None
    assert (report.outcome["ending"], report.outcome["opted_out"]) == ("OPTED_OUT", True)


def test_who_hangs_up_on_a_talk_has_picked_up_and_said_nothing(tmp_path: Path) -> None:
    far = Baresip(tmp_path / "far")
    report = tried(far, talk(far), lambda: far.told("hangup"))
    assert report.news is News.ANSWERED
    assert report.outcome is not None
    assert (report.outcome["ending"], report.outcome["answers"]) == ("HUNG_UP", [])
