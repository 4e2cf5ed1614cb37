"""channels.toml: what a county has connected, and every way of writing it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from yifa.calls.channel import ChannelError
from yifa.calls.channels.sms import SmsChannel
from yifa.calls.dialogue.simulated import Talkers
from yifa.calls.lines import FILE, answer_at, pushing, read_lines, simulate, state_of
from yifa.calls.simulator import Simulator

SMS = (
    'kind = "sms"\nurl = "https://gateway.example/v1"\naccount = "county"\nsecret = "a long enough secret"\n'
)


def home(tmp_path: Path, text: str | bytes) -> Path:
    (tmp_path / FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


def test_without_the_file_nobody_can_be_called(tmp_path: Path) -> None:
    assert read_lines(tmp_path) == {}
    assert answer_at(tmp_path) == ""
    assert state_of(tmp_path) == "none"


def test_simulated_lines_are_made_once_and_never_over_real_ones(tmp_path: Path) -> None:
    simulate(tmp_path)
    assert state_of(tmp_path) == "simulated"
    assert all(isinstance(line, Simulator | Talkers) for line in read_lines(tmp_path).values())
    home(tmp_path, f"[sms]\n{SMS}")
    simulate(tmp_path)
    assert isinstance(read_lines(tmp_path)["sms"], SmsChannel)
    assert state_of(tmp_path) == ""


def test_a_line_goes_on_from_where_its_news_was_heard(tmp_path: Path) -> None:
    lines = read_lines(home(tmp_path, f"[sms]\n{SMS}"), {"sms": "20260701-000042"})
    assert getattr(lines["sms"], "cursor", "") == "20260701-000042"


def test_the_address_of_answers_stands_beside_the_lines(tmp_path: Path) -> None:
    assert (
        answer_at(home(tmp_path, f'answer_at = "https://yifa.example/"\n[sms]\n{SMS}'))
        == "https://yifa.example/a/"
    )
    assert list(read_lines(tmp_path)) == ["sms"]


def test_only_a_gateway_brings_news_itself(tmp_path: Path) -> None:
    home(tmp_path, f'[sms]\n{SMS}[voice]\nkind = "simulator"\n')
    assert pushing(tmp_path, "sms") is not None
    assert pushing(tmp_path, "voice") is None
    assert pushing(tmp_path, "nothing") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sms", "不是合格的 TOML"),
        (b"\xff\xfe", "不是合格的 TOML"),
        ("voice = 3", "[voice] 应当是一张表"),
        ("[voice]\n", "[voice] 应当是一张表，写明 kind"),
        ('[voice]\nkind = "pigeon"', "没有“pigeon”这一种"),
        ('[voice]\nkind = "simulator"\nspeed = 3', "[voice]：模拟渠道只认"),
        ('[sms]\nkind = "sms"\n', "[sms] 缺少"),
        (f"[sms]\n{SMS}colour = 1\n", "没有“colour”这一项"),
    ],
)  # fmt: skip
def test_what_is_written_wrong_is_named(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ChannelError) as error:
        read_lines(home(tmp_path, text))
    assert says in str(error.value)
    assert state_of(tmp_path) == "wrong"


TALK = (
    '[talk]\nkind = "talk"\nserver = "127.0.0.1:5060"\n[talk.speech]\nkind = "espeak"\n[talk.ear]\nkind = "service"\n'
    'url = "https://speech.example/v1"\nmodel = "ear"\n'
)


def test_a_talk_may_ask_a_language_model_what_was_meant(tmp_path: Path) -> None:
    told = '[talk.guess]\nkind = "service"\nurl = "https://models.example/v1"\nmodel = "qwen"\n'
    assert list(read_lines(home(tmp_path, TALK + told))) == ["talk"]
    for wrong in ('[talk.guess]\nkind = "local"\n', '[talk.guess]\nkind = "service"\n'):
        with pytest.raises(ChannelError, match="guess"):
            read_lines(home(tmp_path, TALK + wrong))
    with pytest.raises(ChannelError, match="guess"):
        read_lines(home(tmp_path, TALK.replace("[talk.speech]", 'guess = "qwen"\n[talk.speech]')))
    bare = TALK.replace('[talk.speech]\nkind = "espeak"\n', 'speech = "local"\n')
    with pytest.raises(ChannelError, match="speech 应是一张表"):
        read_lines(home(tmp_path, bare))
    with pytest.raises(ChannelError, match="ear 应是一张表"):
        read_lines(
            home(
                tmp_path,
                TALK.partition("[talk.ear]")[0].replace("[talk.speech]", 'ear = "local"\n[talk.speech]'),
            )
        )


@pytest.mark.parametrize("told", ["3", '"not an address"', '"ftp://x"', '"https://user:word@x"'])
def test_an_address_nobody_could_open_is_refused(tmp_path: Path, told: str) -> None:
    with pytest.raises(ChannelError):
        answer_at(home(tmp_path, f"answer_at = {told}\n"))
