"""A speech service is asked as its makers say, and whatever it does instead of answering is a plain error."""

import asyncio
import re
import struct

import pytest

from tests.calls.channels.far import Http, dead_port, http
from yifa.calls.channel import ChannelError
from yifa.calls.speech.http import ServiceEar, ServiceSettings, ServiceVoice
from yifa.calls.speech.sound import read_wav, wav
from yifa.calls.speech.spoken import LONGEST_TEXT, SpeechError

from .test_sound import strength, tone

SECOND = tone(440, 8000, 1.0)


def settings(server, **more):
    more = {"model": "cosy", "voice": "longxiaochun", "secret": "sk-0123", "seconds": 5.0, **more}
    return ServiceSettings(f"{server.url}/v1", **more)


def met(reply, asking, mood="good", **more):
    """What comes of asking a server that answers so, and what it was asked."""

    async def meet():
        async with Http(lambda request: reply, mood) as server:
            made = settings(server, **more)
            voice, ear = ServiceVoice(made), ServiceEar(made)
            try:
                return await asking(voice, ear), server.requests
            finally:
                await voice.close()
                await ear.close()

    return asyncio.run(meet())


def said(reply, text="您好", **more):
    async def say(voice, ear):
        return await voice(text)

    return met(reply, say, **more)


def heard(reply, pcm=SECOND, hints="不满意 满意", **more):
    async def hear(voice, ear):
        return await ear(pcm, hints=hints)

    return met(reply, hear, **more)


def test_the_voice_is_asked_for_by_name_and_its_sound_comes_back():
    pcm, requests = said(http(200, wav(SECOND), "Content-Type: audio/wav\r\n"))
    assert pcm == SECOND
    (asked,) = requests
    assert (asked.method, asked.target) == ("POST", "/v1/audio/speech")
    assert asked.headers["authorization"] == "Bearer sk-0123"
    assert asked.json == {"model": "cosy", "voice": "longxiaochun", "input": "您好", "response_format": "wav"}


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_another_rate_is_made_the_telephones(rate):
    pcm, _ = said(http(200, wav(tone(440, rate, 1.0), rate)))
    assert abs(len(pcm) - len(SECOND)) <= 2
    assert strength(pcm) == pytest.approx(strength(SECOND), rel=0.03)


def test_bare_samples_are_taken_at_the_rate_agreed_on():
    reply = http(200, tone(440, 16_000, 1.0) + b"\x01", "Content-Type: audio/pcm\r\n", chunked=True)
    pcm, requests = said(reply, form="pcm", rate=16_000)
    assert strength(pcm) == pytest.approx(strength(SECOND), rel=0.03)
    assert requests[0].json["response_format"] == "pcm"


def test_a_file_sent_instead_of_bare_samples_is_known_by_its_head():
    assert said(http(200, wav(SECOND)), form="pcm")[0] == SECOND


def test_the_ear_is_sent_a_file_and_what_to_expect():
    words, requests = heard(http(200, {"text": " 不满意，\n没人管。 "}))
    assert words == "不满意， 没人管。"
    (asked,) = requests
    assert asked.target == "/v1/audio/transcriptions"
    edge = re.fullmatch(r"multipart/form-data; boundary=(\S+)", asked.headers["content-type"])[1]
    parts = asked.body.split(f"--{edge}".encode())
    assert parts[0] == b""
    assert parts[-1] == b"--\r\n"
    fields = {
        re.search(rb'name="(\w+)"', part)[1].decode(): part.split(b"\r\n\r\n", 1)[1][:-2]
        for part in parts[1:-1]
    }
    assert read_wav(fields.pop("file")) == (SECOND, 8000)
    assert {name: value.decode() for name, value in fields.items()} == {
        "model": "cosy", "language": "zh", "response_format": "json", "prompt": "不满意 满意",
    }  # fmt: skip


def test_silence_too_short_for_a_word_is_not_sent():
    words, requests = heard(http(200, {"text": "谢谢观看"}), pcm=bytes(1000))
    assert (words, requests) == ("", [])


def test_without_a_key_none_is_sent():
    _, requests = said(http(200, wav(SECOND)), secret="", voice="")
    assert "authorization" not in requests[0].headers
    assert "voice" not in requests[0].json


REFUSED = http(401, {"error": {"message": "Incorrect API key"}})
BROKEN = {
    "500": (http(500, b"oops"), "500：oops"),
    "401": (REFUSED, "Incorrect API key"),
    "redirect": (http(302, b"", "Location: http://elsewhere/\r\n"), "302"),
    "no HTTP": (b"\x00\x01garbage\r\n\r\n", "没有答复"),
    "huge": (http(200, b"", length=10**12), "太大"),
    "compressed": (http(200, b"abc", "Content-Encoding: gzip\r\n"), "压缩"),
}
DUMB = {
    "JSON": (http(200, {"error": "busy"}, "Content-Type: application/json\r\n"), "不是 WAV"),
    "mp3": (http(200, b"\xff\xfb\x90\x64" * 100), "不是 WAV"),
    "empty": (http(200, b""), "不是 WAV"),
    "empty file": (http(200, wav(b"")), "空的"),
    "endless": (http(200, wav(bytes(4000 * 2 * 301), 4000)), "超过"),
}
MUTE = {
    "no JSON": (http(200, b"<html>"), "没有 text"),
    "no object": (http(200, ["text"]), "没有 text"),
    "no text": (http(200, {"words": "满意"}), "没有 text"),
    "a number": (http(200, {"text": 4}), "没有 text"),
    "deep": (http(200, b"[" * 100_000), "没有 text"),
}


@pytest.mark.parametrize("reply", [*BROKEN, *DUMB])
def test_no_sound_is_an_error_that_says_why(reply):
    answer, part = (BROKEN | DUMB)[reply]
    with pytest.raises(SpeechError, match=f"{part}.*E659"):
        said(answer)


@pytest.mark.parametrize("reply", [*BROKEN, *MUTE])
def test_no_words_is_an_error_that_says_why(reply):
    answer, part = (BROKEN | MUTE)[reply]
    with pytest.raises(SpeechError, match=f"{part}.*E659"):
        heard(answer)


@pytest.mark.parametrize("form", ["wav", "pcm"])
def test_an_error_in_json_is_never_played(form):
    reply = http(200, {"error": "额度用完"}, "Content-Type: application/json\r\n")
    with pytest.raises(SpeechError, match="E659"):
        said(reply, form=form)


@pytest.mark.parametrize("mood", ["silent", "hangs up"])
def test_a_service_that_does_not_answer_is_not_waited_for(mood):
    with pytest.raises(SpeechError, match="没有答复"):
        said(http(200, wav(SECOND)), mood=mood, seconds=0.2)


@pytest.mark.parametrize("length", [100_000, 10**6])
def test_half_an_answer_is_none(length):
    with pytest.raises(SpeechError, match="没有答复"):
        said(http(200, wav(SECOND), length=length), seconds=0.5)


def test_nobody_at_the_address():
    async def ask():
        await ServiceVoice(ServiceSettings(f"http://127.0.0.1:{dead_port()}/v1", "m"))("您好")

    with pytest.raises(SpeechError, match="没有答复"):
        asyncio.run(ask())


@pytest.mark.parametrize("text", ["", "  ", "长" * (LONGEST_TEXT + 1)])
def test_what_cannot_be_said_in_one_go_is_not_sent(text):
    with pytest.raises(SpeechError, match="E659"):
        said(http(200, wav(SECOND)), text)


def test_strange_characters_do_not_break_the_asking():
    assert said(http(200, wav(SECOND)), "\ud800“您好”\r\n\x00")[0] == SECOND
    assert heard(http(200, b'{"text": "\\u6ee1\\ud800\\u610f\\u0000"}'), hints='"\r\n--\ud800')[0]


def test_an_endless_transcript_is_cut():
    assert len(heard(http(200, {"text": "啊" * 100_000}))[0]) == 10_000


@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"url": "ftp://x"}, "E684"),
        ({"url": "http://example.com/v1"}, "E685"),
        ({"url": "https://example.com/v1?x=1"}, "E657"),
        ({"model": ""}, "E657"),
        ({"model": "a\nb"}, "E657"),
        ({"voice": "x" * 101}, "E657"),
        ({"voice": 3}, "E657"),
        ({"secret": "a b"}, "E657"),
        ({"secret": "a\r\nX: y"}, "E657"),
        ({"form": "mp3"}, "E657"),
        ({"rate": 100}, "E657"),
        ({"rate": 24_000.5}, "E657"),
        ({"seconds": 0}, "E681"),
        ({"connections": 0}, "E683"),
        ({"authority": "/nowhere.pem"}, "E686"),
    ],
)
def test_settings_that_cannot_work_are_named(change, id):
    with pytest.raises(ChannelError) as caught:
        ServiceSettings(**{"url": "https://example.com/v1", "model": "m", **change})
    assert caught.value.id == id


def test_the_key_does_not_show():
    assert "sk-0123" not in repr(ServiceSettings("https://example.com/v1", "m", secret="sk-0123"))


def test_half_a_sample_is_none():
    assert struct.unpack("<h", said(http(200, wav(b"\x01\x00\x02")))[0]) == (1,)
