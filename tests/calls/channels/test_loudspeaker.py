"""Loudspeakers: what the controller says of playing, and nothing beyond."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from yifa.calls.channel import Channel, ChannelError, News, Report
from yifa.calls.channels.loudspeaker import LoudspeakerChannel, LoudspeakerSettings

from .contract import LONG, ChannelContract, tries
from .far import Http, Request, http
from .test_sms import SECRET, Talkative, item


def settings(port: int, **more: Any) -> LoudspeakerSettings:
    return LoudspeakerSettings(f"http://127.0.0.1:{port}", "xinxian", SECRET, **{"seconds": LONG, **more})


def controller(request: Request) -> bytes:
    if request.method == "GET":
        return http(200, {"news": [], "cursor": ""})
    return http(200, {"key": request.json["key"], "code": "accepted"})


class TestLoudspeaker(ChannelContract):
    people = ("village-07", "村口:2")
    nobody = "no device/../"

    def far(self, mood: str) -> Http:
        return Http(controller, mood)

    def channel(self, port: int, seconds: float = LONG) -> Channel:
        return LoudspeakerChannel(settings(port, seconds=seconds))

    def arrived(self, far: Http) -> list[tuple[str, str]]:
        return [(r.json["key"], r.json["text"]) for r in far.requests if r.method == "POST"]


def run(far: Http, *to: str, **more: Any) -> tuple[list[Report], list[Report]]:
    async def go() -> tuple[list[Report], list[Report]]:
        async with far:
            channel = LoudspeakerChannel(settings(far.port, **more))
            try:
                return await channel.send(tries(*to)), await channel.news()
            finally:
                await channel.close()

    return asyncio.run(go())


def test_an_order_to_play_says_device_volume_and_times() -> None:
    far = Http(controller)
    run(far, "v1", volume=55, times=3)
    assert far.requests[0].target == "/play"
    assert far.requests[0].json == {
        "key": "w1.0",
        "device": "v1",
        "text": "今晚有暴雨，请立即转移",
        "volume": 55,
        "times": 3,
    }


@pytest.mark.parametrize(
    ("code", "news"),
    [
        ("accepted", News.ACCEPTED),
        ("duplicate", News.ACCEPTED),
        ("playing", News.ACCEPTED),
        ("finished", News.HEARD),
        ("interrupted", News.UNKNOWN),
        ("offline", News.FAILED),
        ("refused", News.FAILED),
        ("failed", News.FAILED),
        ("heard", News.UNKNOWN),
        (None, News.UNKNOWN),
        ({}, News.UNKNOWN),
    ],
)
def test_heard_only_when_playing_is_said_to_be_finished(code: Any, news: News) -> None:
    far = Http(lambda r: http(200, {"key": "w1.0", "code": code}))
    assert run(far, "v1")[0][0].news is news
    if isinstance(code, str):
        assert [r.news for r in run(Http(Talkative(item("k", code))))[1]] == [news]


def test_an_answer_about_another_order_leaves_this_one_open() -> None:
    far = Http(lambda r: http(200, {"key": "another", "code": "finished"}))
    assert run(far, "v1")[0][0].news is News.UNKNOWN


def test_many_devices_share_a_few_lines() -> None:
    far = Http(controller)
    reports, _ = run(far, *(f"v{n}" for n in range(40)), connections=3)
    assert [r.news for r in reports] == [News.ACCEPTED] * 40
    assert [r.key for r in reports] == [f"w1.{n}" for n in range(40)]
    assert far.lines <= 3


@pytest.mark.parametrize(
    "wrong", [{"volume": 101}, {"volume": -1}, {"volume": "loud"}, {"times": 0}, {"times": 1.5}]
)
def test_settings_that_cannot_work_are_said(wrong: dict[str, Any]) -> None:
    with pytest.raises(ChannelError, match="E690"):
        settings(80, **wrong)
