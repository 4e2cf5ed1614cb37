"""Which telephone lines a county has is read from channels.toml; what is wrong there is said with its table's name."""

from __future__ import annotations

import asyncio
import shutil
from array import array
from pathlib import Path

import pytest

from yifa.calls.channel import ChannelError
from yifa.calls.dialogue.calling import TalkChannel
from yifa.calls.lines import read_lines
from yifa.calls.speech.espeak import EspeakVoice
from yifa.calls.speech.recorded import RecordedVoice
from yifa.calls.speech.sound import wav
from yifa.calls.speech.spoken import SpeechError
from yifa.calls.telephone.channel import VoiceChannel

RECORDED = '[voice.speech]\nkind = "recorded"\nrecorded = "prompts"\n'
SERVICE = 'kind = "service"\nurl = "https://speech.example.gov.cn/v1"\nmodel = "m"\n'
LINE = '[voice]\nkind = "sip"\nserver = "10.1.2.3:5062"\nplain = true\n'
TALK = LINE.replace("sip", "talk").replace("[voice]", "[revisit]")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "heard.wav").write_bytes(wav(array("h", [1000] * 800).tobytes()))
    (folder / "prompts.toml").write_text('"听清请按1。" = "heard.wav"\n', "utf-8")
    return tmp_path


def read(home: Path, text: str) -> object:
    (home / "channels.toml").write_text(text, "utf-8")
    (channel,) = read_lines(home).values()
    return channel


def test_a_message_line_and_a_talk_line_are_read(home: Path) -> None:
    channel = read(home, LINE + 'user = "8001"\nsecret = "x"\nlines = 4\nports = [20000, 20100]\n' + RECORDED)
    assert isinstance(channel, VoiceChannel)
    assert channel.name == "voice"
    account = channel._settings.account
    assert (account.server, account.user, account.ports) == (("10.1.2.3", 5062), "8001", (20_000, 20_100))
    talk = read(home, f"{TALK}[revisit.speech]\n{SERVICE}[revisit.ear]\n{SERVICE}")
    assert isinstance(talk, TalkChannel)
    assert talk._script.id == "办件满意度回访"


@pytest.mark.parametrize(
    ("text", "id", "words"),
    [
        (LINE.replace('server = "10.1.2.3:5062"\n', "") + RECORDED, "E642", "缺少 server"),
        (LINE + "colour = 1\n" + RECORDED, "E642", "没有“colour”"),
        (LINE.replace("10.1.2.3:5062", "10.1.2.3:99999") + RECORDED, "E644", "话机服务器"),
        (LINE.replace("10.1.2.3:5062", "a b") + RECORDED, "E644", "话机服务器"),
        (LINE + 'user = "a@b"\n' + RECORDED, "E644", "user"),
        (LINE + 'number = "1\\r\\nEvil: 1"\n' + RECORDED, "E644", "number"),
        (LINE + 'secret = "a\\nb"\n' + RECORDED, "E644", "secret"),
        (LINE + 'transport = "tls"\n' + RECORDED, "E644", "transport"),
        (LINE + 'register = "yes"\n' + RECORDED, "E644", "register"),
        (LINE + 'local = "host"\n' + RECORDED, "E644", "local"),
        (LINE + "lines = 0\n" + RECORDED, "E645", "lines"),
        (LINE + "lines = true\n" + RECORDED, "E645", "lines"),
        (LINE + "ring = 0.1\n" + RECORDED, "E645", "ring"),
        (LINE + "longest = 1e9\n" + RECORDED, "E645", "longest"),
        (LINE + "ports = [20000, 20002]\n" + RECORDED, "E645", "ports"),
        (LINE + 'prefix = "9;"\n' + RECORDED, "E645", "prefix"),
        (LINE, "E646", "speech 应写明 kind"),
        (LINE + '[voice.speech]\nkind = "echo"\n', "E646", "speech 应写明 kind"),
        (LINE + '[voice.speech]\nkind = "recorded"\n', "E646", "录音目录"),
        (LINE + '[voice.speech]\nkind = "recorded"\nrecorded = "nothing"\n', "E646", "读不了"),
        (LINE + '[voice.speech]\nkind = "service"\nurl = "https://x/v1"\n', "E646", "缺少 model"),
        (LINE + '[voice.speech]\nkind = "service"\ncolour = 1\n', "E646", "colour"),
        (LINE + f'[voice.speech]\n{SERVICE.replace("https", "http")}', "E685", "未加密"),
        (LINE + 'key = "A"\n' + RECORDED, "E647", "key"),
        (LINE + 'ask = "听清请按2。"\n' + RECORDED, "E647", "按哪个键"),
        (LINE + "times = 9\n" + RECORDED, "E647", "times"),
        (LINE + "wait = 0\n" + RECORDED, "E647", "wait"),
        (LINE + f'opening = "{"长" * 300}"\n' + RECORDED, "E647", "opening"),
        (TALK + f"[revisit.speech]\n{SERVICE}", "E646", "ear 应写明 kind"),
        (TALK + f'script = "no.toml"\n[revisit.speech]\n{SERVICE}[revisit.ear]\n{SERVICE}', "E655", "no.toml"),
        (TALK + f"script = 3\n[revisit.speech]\n{SERVICE}[revisit.ear]\n{SERVICE}", "E648", "script"),
        (LINE.replace("plain = true\n", "") + RECORDED, "E649", "不加密"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_the_name_of_its_table(
    home: Path, text: str, id: str, words: str
) -> None:
    with pytest.raises(ChannelError, match=id) as found:
        read(home, text)
    name = "revisit" if "[revisit]" in text else "voice"
    assert f"channels.toml 的 [{name}]" in found.value.sentence
    assert words in found.value.sentence


def test_on_this_machine_nothing_need_be_said_of_encryption(home: Path) -> None:
    assert read(home, LINE.replace("10.1.2.3", "127.0.0.1").replace("plain = true\n", "") + RECORDED)


# ——— the voices ———


def test_what_was_recorded_is_played_and_what_was_not_is_said_by_another(home: Path) -> None:
    async def other(text: str) -> bytes:
        return text.encode()

    voice = RecordedVoice(home / "prompts", other)
    assert array("h", asyncio.run(voice("听清 请按1。")))[:3] == array("h", [1000] * 3)
    assert asyncio.run(voice("别的话")).decode() == "别的话"
    with pytest.raises(SpeechError, match=r"没有录音：别的话.*E659"):
        asyncio.run(RecordedVoice(home / "prompts")("别的话"))


@pytest.mark.parametrize(
    ("index", "words"),
    [('"话" = "../secret.wav"', "同一目录"), ('"话" = 3', "同一目录"), ('"话" = "no.wav"', "用不了"), ('"话" = "bad.wav"', "用不了"), ("=", "读不了")],
)  # fmt: skip
def test_recordings_that_cannot_be_played_are_refused_before_anybody_is_called(
    home: Path, index: str, words: str
) -> None:
    (home / "prompts" / "bad.wav").write_bytes(b"RIFF....WAVEfmt ")
    (home / "prompts" / "prompts.toml").write_text(index, "utf-8")
    with pytest.raises(SpeechError, match=rf"{words}.*E646"):
        RecordedVoice(home / "prompts")


def test_without_espeak_the_administrator_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SpeechError, match=r"espeak-ng.*E646"):
        EspeakVoice()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng (apt-get install espeak-ng)")
def test_the_last_resort_speaks_and_says_that_it_is_one(caplog: pytest.LogCaptureFixture) -> None:
    voice = EspeakVoice()
    pcm = asyncio.run(voice("听清请按一。--version"))
    assert "只应在没有别的声音时用" in caplog.text
    assert len(pcm) > 16_000
    assert max(array("h", pcm)) > 1000
    for text in ("", "长" * 1001):
        with pytest.raises(SpeechError, match="E659"):
            asyncio.run(voice(text))
