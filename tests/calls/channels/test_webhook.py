"""Group robots: what they are sent, what their codes come to, how fast they may be spoken to."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from yifa.calls.channel import Channel, ChannelError, Message, News, Report, Try
from yifa.calls.channels.webhook import Pace, WebhookChannel, WebhookSettings, dingtalk_sign

from .contract import LONG, ChannelContract, tries
from .far import Http, Request, http

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECRET = "SEC0123456789abcdef"
PATHS = {"wecom": "/cgi-bin/webhook/send?key=k-1", "dingtalk": "/robot/send?access_token=t-1"}


def settings(kind: str, port: int, **more: Any) -> WebhookSettings:
    return WebhookSettings(kind, f"http://127.0.0.1:{port}{PATHS[kind]}", **{"seconds": LONG, **more})


def robot(_: Request) -> bytes:
    return http(200, {"errcode": 0, "errmsg": "ok"})


def content(request: Request) -> str:
    said = request.json[request.json["msgtype"]]
    return str(said.get("content") or said.get("text"))


class Robot(ChannelContract):
    people = ("13800138000", "@all", "")
    nobody = "王主任"
    kind = "wecom"
    form = "text"

    def far(self, mood: str) -> Http:
        return Http(robot, mood)

    def channel(self, port: int, seconds: float = LONG) -> Channel:
        return WebhookChannel(settings(self.kind, port, form=self.form, seconds=seconds))

    def arrived(self, far: Http) -> list[tuple[str, str]]:
        texts = [content(request) for request in far.requests]
        return [
            (re.findall(r"（编号 (.+?)）", text)[0], text.removeprefix("@13800138000 ")) for text in texts
        ]


class TestWecom(Robot):
    pass


class TestDingtalk(Robot):
    kind, form = "dingtalk", "markdown"


def run(
    far: Http, wanted: list[Try], kind: str = "wecom", pace: Pace | None = None, **more: Any
) -> list[Report]:
    async def go() -> list[Report]:
        async with far:
            channel = WebhookChannel(settings(kind, far.port, **more), lambda: NOW, pace)
            try:
                return await channel.send(wanted)
            finally:
                await channel.close()

    return asyncio.run(go())


TEXT = "今晚有暴雨，请立即转移\n回应：https://example.invalid/a/7\n（编号 w1.0）"


def test_wecom_is_told_as_it_wants_to_be_told() -> None:
    far = Http(robot)
    run(far, tries("+86 13800138000"))
    run(far, tries("@all"))
    run(far, tries(""), form="markdown")
    assert [r.target for r in far.requests] == [PATHS["wecom"]] * 3
    assert [r.json for r in far.requests] == [
        {"msgtype": "text", "text": {"content": TEXT, "mentioned_mobile_list": ["13800138000"]}},
        {"msgtype": "text", "text": {"content": TEXT, "mentioned_mobile_list": ["@all"]}},
        {"msgtype": "markdown", "markdown": {"content": TEXT}},
    ]


def test_dingtalk_is_told_as_it_wants_to_be_told() -> None:
    far = Http(robot)
    run(far, tries("13800138000"), "dingtalk", form="markdown")
    run(far, tries("@all"), "dingtalk")
    assert [r.json for r in far.requests] == [
        {
            "msgtype": "markdown",
            "markdown": {"title": "暴雨预警", "text": f"@13800138000 {TEXT}"},
            "at": {"atMobiles": ["13800138000"], "isAtAll": False},
        },
        {"msgtype": "text", "text": {"content": TEXT}, "at": {"atMobiles": [], "isAtAll": True}},
    ]


def test_dingtalk_is_signed_to() -> None:
    far = Http(robot)
    run(far, tries(""), "dingtalk", secret=SECRET)
    query = parse_qs(urlsplit(far.requests[0].target).query)
    moment = str(int(NOW.timestamp() * 1000))
    assert query == {"access_token": ["t-1"], "timestamp": [moment], "sign": [dingtalk_sign(SECRET, moment)]}


def test_the_signature_is_the_documented_one() -> None:
    # openssl dgst -sha256 -hmac 'this is secret' -binary | base64, over "1577262236757\nthis is secret"
    assert dingtalk_sign("this is secret", "1577262236757") == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="


@pytest.mark.parametrize(
    ("said", "news"),
    [
        ({"errcode": 0}, News.ACCEPTED),
        ({"errcode": -1, "errmsg": "system busy"}, News.UNKNOWN),
        ({"errcode": 45009, "errmsg": "api freq out of limit"}, News.FAILED),
        ({"errcode": 130101, "errmsg": "send too fast"}, News.FAILED),
        ({"errcode": 310000, "errmsg": "sign not match"}, News.FAILED),
        ({"errcode": 93000, "errmsg": "invalid webhook url"}, News.FAILED),
        ({"errcode": "0"}, News.UNKNOWN),
        ({"errcode": False}, News.UNKNOWN),
        ({}, News.UNKNOWN),
        ([0], News.UNKNOWN),
        (b"ok", News.UNKNOWN),
    ],
)
def test_what_a_code_comes_to(said: Any, news: News) -> None:
    assert run(Http(lambda r: http(200, said)), tries(""))[0].news is news


@pytest.mark.parametrize(
    ("kind", "form", "most"),
    [("wecom", "text", 2048), ("wecom", "markdown", 4096), ("dingtalk", "text", 18_000)],
)
def test_what_is_too_long_is_not_sent_in_part(kind: str, form: str, most: int) -> None:
    far = Http(robot)
    frame = len("\n（编号 k）".encode())
    fits = Try("k", "", Message("x" * (most - frame)))
    over = Try("k", "", Message("x" * (most - frame + 1)))
    assert [r.news for r in run(far, [fits, over], kind, form=form)] == [News.ACCEPTED, News.FAILED]
    assert len(far.requests) == 1


class Time:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_more_than_the_robot_allows_is_said_not_sent() -> None:
    far, time = Http(robot), Time()
    reports = run(far, tries(*[""] * 22), pace=Pace(20, 0, time, time.sleep))
    assert [r.news for r in reports] == [News.ACCEPTED] * 20 + [News.FAILED] * 2
    assert "每分钟" in reports[-1].detail
    assert (len(far.requests), time.slept) == (20, [])


def test_who_has_patience_waits_for_the_next_minute() -> None:
    far, time = Http(robot), Time()
    reports = run(far, tries(*[""] * 45), pace=Pace(20, 60, time, time.sleep))
    assert [r.news for r in reports] == [News.ACCEPTED] * 45
    assert time.slept == [60.0, 60.0]


def test_the_pace_is_kept_in_any_minute_not_by_the_clocks() -> None:
    async def go() -> None:
        time = Time()
        pace = Pace(2, 0, time, time.sleep)
        assert await pace.turn()
        time.now += 59
        assert await pace.turn()
        assert not await pace.turn()
        time.now += 1
        assert await pace.turn()
        time.now += 58
        assert not await pace.turn()
        time.now += 1
        assert await pace.turn()

    asyncio.run(go())


def test_a_robot_has_no_news() -> None:
    async def go() -> list[Report]:
        return await WebhookChannel(settings("wecom", 9)).news()

    assert asyncio.run(go()) == []


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        ({"kind": "feishu"}, "E691"),
        ({"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, "E692"),
        ({"kind": "dingtalk"}, "E692"),
        ({"secret": SECRET}, "E693"),
        ({"form": "card"}, "E694"),
        ({"per_minute": 21}, "E695"),
        ({"patience": -1}, "E695"),
        ({"url": "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}, "E685"),
    ],
)
def test_settings_that_cannot_work_are_said(wrong: dict[str, Any], id: str) -> None:
    right = {"kind": "wecom", "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k-1"}
    assert "k-1" not in repr(WebhookSettings(**right))
    with pytest.raises(ChannelError, match=id):
        WebhookSettings(**{**right, **wrong})
