"""The voice and the ear in this machine understand each other over a telephone line."""

import asyncio
import os
import random
from array import array

import pytest

from yifa.calls.channel import ChannelError
from yifa.calls.dialogue.script import satisfaction
from yifa.calls.dialogue.understand import understand
from yifa.calls.speech import local
from yifa.calls.speech.local import EAR, VOICE, LocalEar, LocalVoice, installed
from yifa.calls.speech.spoken import SpeechError

lacking = not installed(*VOICE, *EAR) and "YIFA_CI" not in os.environ
needs_voice = pytest.mark.skipif(lacking, reason="needs the extra voice")


def companded(sample: int) -> int:
    """A sample after G.711: logarithmic steps, sixteen to each doubling."""
    size = min(abs(sample), 32_635) + 132
    step = 1 << max(size.bit_length() - 5, 3)
    size = size // step * step + step // 2 - 132
    return size if sample >= 0 else -size


def over_the_line(pcm: bytes) -> bytes:
    """What arrives at the far side: companded, a little noise, silence before and after."""
    noise = random.Random(7)
    samples = array("h", bytes(8000)) + array("h", pcm) + array("h", bytes(8000))
    heard = (companded(s) + noise.randint(-40, 40) for s in samples)
    return array("h", (max(-32768, min(32767, s)) for s in heard)).tobytes()


def test_without_the_extra_the_administrator_is_told_what_is_lacking(monkeypatch):
    monkeypatch.setattr(local, "VOICE", ("numpy", "no_such_package"))
    monkeypatch.setattr(local, "EAR", ("no_such_package", *EAR[1:]))
    for made in (LocalVoice, LocalEar):
        with pytest.raises(ChannelError, match=r"no_such_package.*yifa\[voice\].*E658"):
            made()


@needs_voice
@pytest.mark.voice
def test_a_complaint_spoken_over_the_line_is_understood_as_one():
    script = satisfaction()
    grade = script.questions[1]

    async def call():
        voice, ear = LocalVoice(), LocalEar()
        said = await voice("不满意，一直没有人给我打电话。")
        words = await ear(over_the_line(said), hints=script.hints(grade))
        return len(said), words, await ear(over_the_line(bytes(32_000)), hints=script.hints(grade))

    size, words, nothing = asyncio.run(call())
    assert 2 * 16_000 < size < 6 * 16_000
    choice = understand(words, grade.choices)
    assert choice is not None, words
    assert choice.code == "不满意"
    assert "电话" in words
    assert understand(nothing, grade.choices) is None, nothing


@needs_voice
@pytest.mark.voice
def test_a_refusal_spoken_over_the_line_is_understood():
    script = satisfaction()

    async def call():
        return await LocalEar()(
            over_the_line(await LocalVoice()("请你们以后不要再打电话给我了。")),
            hints=script.hints(script.questions[0]),
        )

    assert understand(asyncio.run(call()), (script.refusal,)) == script.refusal


@needs_voice
@pytest.mark.voice
def test_what_cannot_be_read_aloud_is_said_so():
    for text in ("", "……", "abc", "长" * 1001):
        with pytest.raises(SpeechError, match="E659"):
            asyncio.run(LocalVoice()(text))
