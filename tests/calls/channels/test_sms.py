"""Text messages: batches, the gateway's words, its news."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from yifa.calls.channel import Channel, ChannelError, Message, News, Report, Try
from yifa.calls.channels.gateway import sign
from yifa.calls.channels.sms import SmsChannel, SmsSettings
from yifa.calls.channels.words import mobile

from .contract import LONG, SHORT, ChannelContract, tries
from .far import Http, Request, http

SECRET = "0123456789abcdef-secret"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def settings(port: int, **more: Any) -> SmsSettings:
    return SmsSettings(f"http://127.0.0.1:{port}/v1", "xinxian", SECRET, **{"seconds": LONG, **more})


def gateway(request: Request) -> bytes:
    """A gateway that keeps to the contract and takes everything."""
    time = request.headers["x-yifa-time"]
    said = f"{time}\n{request.method}\n{request.target}\n".encode() + request.body
    assert request.headers["x-yifa-signature"] == hmac.new(SECRET.encode(), said, hashlib.sha256).hexdigest()
    if request.method == "GET":
        return http(200, {"news": [], "cursor": ""})
    answers = [{"key": m["key"], "code": "accepted", "detail": "好"} for m in request.json["messages"]]
    return http(200, {"answers": answers[::-1]}, chunked=True)


class TestSms(ChannelContract):
    people = ("13800138000", "+86 139-0013-9000")
    nobody = "010-12345678"

    def far(self, mood: str) -> Http:
        return Http(gateway, mood)

    def channel(self, port: int, seconds: float = LONG) -> Channel:
        return SmsChannel(settings(port, seconds=seconds))

    def arrived(self, far: Http) -> list[tuple[str, str]]:
        posted = [r.json["messages"] for r in far.requests if r.method == "POST"]
        return [(m["key"], m["text"]) for messages in posted for m in messages]


def run(far: Http, wanted: list[Try], **more: Any) -> list[Report]:
    async def go() -> list[Report]:
        async with far:
            channel = SmsChannel(settings(far.port, **more))
            try:
                return await channel.send(wanted)
            finally:
                await channel.close()

    return asyncio.run(go())


def test_a_batch_is_one_request_with_all_that_the_contract_names() -> None:
    far = Http(gateway)
    run(far, tries("13800138000", "8613900139000"))
    (request,) = far.requests
    assert (request.method, request.target) == ("POST", "/v1/messages")
    assert request.headers["x-yifa-account"] == "xinxian"
    assert request.json["messages"] == [
        {
            "key": f"w1.{n}",
            "to": to,
            "text": "今晚有暴雨，请立即转移",
            "answer": "https://example.invalid/a/7",
        }
        for n, to in enumerate(("+8613800138000", "+8613900139000"))
    ]


def test_more_than_a_request_holds_goes_in_several_over_one_line() -> None:
    far = Http(gateway)
    reports = run(far, tries(*["13800138000"] * 7), most=3)
    assert [len(r.json["messages"]) for r in far.requests] == [3, 3, 1]
    assert [r.key for r in reports] == [f"w1.{n}" for n in range(7)]
    assert far.lines == 1


@pytest.mark.parametrize(
    ("code", "news"),
    [
        ("accepted", News.ACCEPTED),
        ("duplicate", News.ACCEPTED),
        ("refused", News.FAILED),
        ("no_such_number", News.FAILED),
        ("too_many", News.FAILED),
        ("delivered", News.UNKNOWN),
        ("whatever", News.UNKNOWN),
        (None, News.UNKNOWN),
        ([], News.UNKNOWN),
        (0, News.UNKNOWN),
    ],
)
def test_what_a_code_comes_to(code: Any, news: News) -> None:
    far = Http(lambda r: http(200, {"answers": [{"key": "w1.0", "code": code}]}))
    assert run(far, tries("13800138000"))[0].news is news


@pytest.mark.parametrize(
    "answers",
    [
        None,
        [],
        {},
        "accepted",
        [None, 1, "x"],
        [{"key": "w9", "code": "accepted"}],
        [{"key": ["w1.0"], "code": "accepted"}],
        [{"key": "w1.0", "code": "accepted"}, {"key": "w1.0", "code": "refused"}],
    ],
)
def test_an_answer_that_does_not_speak_of_the_try_leaves_it_open(answers: Any) -> None:
    far = Http(lambda r: http(200, {"answers": answers}))
    assert run(far, tries("13800138000"))[0].news is News.UNKNOWN


@pytest.mark.parametrize("mood", ["wrong json", "other json", "deep json", "408", "409", "503"])
def test_what_cannot_be_read_leaves_it_open(mood: str) -> None:
    assert run(Http(gateway, mood), tries("13800138000"))[0].news is News.UNKNOWN


@pytest.mark.parametrize("mood", ["301", "400", "401", "404", "413", "429"])
def test_what_the_gateway_turns_away_was_not_sent(mood: str) -> None:
    (report,) = run(Http(gateway, mood), tries("13800138000"))
    assert (report.news, report.detail) == (News.FAILED, f"对方答复 {mood}")


def test_the_far_sides_words_fit_any_database() -> None:
    said = {"key": "w1.0", "code": "refused", "detail": "\0\ud800\n" + "长" * 5000}
    far = Http(lambda r: http(200, json.dumps({"answers": [said]}).encode()))
    detail = run(far, tries("13800138000"))[0].detail
    assert detail.encode()
    assert detail.isprintable()
    assert len(detail) < 300


def test_a_lone_surrogate_in_the_text_stops_nothing() -> None:
    one = Try("k", "13800138000", Message("坏\ud800字"))
    assert run(Http(gateway), [one])[0].news is News.ACCEPTED


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("13800138000", "+8613800138000"),
        ("+8613800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        (" 138 0013-8000 ", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("12800138000", None),
        ("1380013800", None),
        ("138001380000", None),
        ("+85261234567", None),
        ("01012345678", None),
        ("13800138000;1", None),
        ("", None),
        ("١٣٨٠٠١٣٨٠٠٠", None),
    ],
)
def test_mainland_mobile_numbers(number: str, read: str | None) -> None:
    assert mobile(number) == read


# ——— news ———


class Talkative:
    """A gateway with news, two to a page."""

    def __init__(self, *news: Any) -> None:
        self.news = list(news)
        self.asked: list[str] = []

    def __call__(self, request: Request) -> bytes:
        after = request.target.partition("after=")[2]
        self.asked.append(after)
        first = int(after or 0)
        page = self.news[first : first + 2]
        more = first + 2 < len(self.news)
        return http(200, {"news": page, "cursor": str(first + len(page)), "more": more})


def item(key: str, news: Any, **more: Any) -> dict[str, Any]:
    return {"key": key, "news": news, "at": "2026-07-01T19:00:00+08:00", **more}


def heard(far: Http, times: int = 1, after: str = "", **more: Any) -> tuple[list[list[Report]], str]:
    async def go() -> tuple[list[list[Report]], str]:
        async with far:
            channel = SmsChannel(settings(far.port, **more), lambda: NOW, after)
            told = [await channel.news() for _ in range(times)]
            await channel.close()
            return told, channel.cursor

    return asyncio.run(go())


def test_news_is_what_the_gateway_confirmed_and_told_once() -> None:
    talk = Talkative(
        item("a", "delivered"),
        item("b", "replied", said="1 已转移"),
        item("c", "failed", detail="空号"),
        item("a", "replied", said="好"),
        item("d", "expired"),
    )
    (first, second), cursor = heard(Http(talk), 2)
    assert [(r.key, r.news, r.said) for r in first] == [
        ("a", News.DELIVERED, ""),
        ("b", News.REPLIED, "1 已转移"),
        ("c", News.FAILED, ""),
        ("a", News.REPLIED, "好"),
        ("d", News.UNKNOWN, ""),
    ]
    assert {r.at for r in first} == {datetime(2026, 7, 1, 11, tzinfo=UTC)}
    assert first[2].detail == "空号"
    assert "expired" in first[4].detail
    assert second == []
    assert (talk.asked, cursor) == (["", "2", "4", "5"], "5")


def test_who_restarts_goes_on_where_news_was_told() -> None:
    ((news,), _) = heard(Http(Talkative(item("a", "delivered"), item("b", "delivered"))), after="1")
    assert [r.key for r in news] == ["b"]


def test_a_gateway_that_repeats_itself_is_heard_once() -> None:
    page = {"news": [item("a", "delivered")] * 3, "cursor": "x y/?&", "more": True}
    far = Http(lambda r: http(200, page))
    (first, second), cursor = heard(far, 2)
    assert ([r.key for r in first], second, cursor) == (["a"], [], "x y/?&")
    assert far.requests[1].target == "/v1/news?after=x%20y%2F%3F%26"


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"news": 7, "cursor": 7},
        {"news": [None, {}, {"key": 5, "news": "replied"}, {"key": ""}], "cursor": None},
    ],
)
def test_news_without_sense_is_no_news(page: Any) -> None:
    assert heard(Http(lambda r: http(200, page)))[0] == [[]]


@pytest.mark.parametrize(
    "at", [None, "", "soon", 7, "2026-07-01T12:00:00", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_a_moment_that_cannot_be_is_the_moment_of_hearing(at: Any) -> None:
    far = Http(lambda r: http(200, {"news": [{"key": "a", "news": "delivered", "at": at}], "cursor": "1"}))
    (((report,), again), _) = heard(far, 2)
    assert report.at == NOW
    assert again == []


@pytest.mark.parametrize(
    "mood", ["hangs up", "breaks off", "babbles", "wrong json", "huge", "429", "500", "silent"]
)
def test_a_gateway_that_cannot_be_asked_has_no_news_and_the_place_is_kept(mood: str) -> None:
    told, cursor = heard(
        Http(Talkative(item("a", "delivered")), mood), after="0", seconds=SHORT if mood == "silent" else LONG
    )
    assert (told, cursor) == ([[]], "0")


def test_news_of_a_page_that_came_is_not_lost_when_the_next_is_cut_off() -> None:
    async def go() -> list[Report]:
        talk = Talkative(*(item(str(n), "delivered") for n in range(4)))
        async with Http(talk) as far:
            channel = SmsChannel(settings(far.port))

            def stalls_after_one(request: Request) -> bytes:
                far.mood = "silent" if talk.asked else "good"
                return talk(request)

            far.reply = stalls_after_one
            cut = asyncio.create_task(channel.news())
            while len(talk.asked) < 2:
                await asyncio.sleep(0.001)
            cut.cancel()
            with pytest.raises(asyncio.CancelledError):
                await cut
            far.reply, far.mood = talk, "good"
            news = await channel.news()
            await channel.close()
            return news

    assert [r.key for r in asyncio.run(go())] == ["0", "1", "2", "3"]


def test_news_pushed_is_heard_if_it_is_signed_and_fresh() -> None:
    channel = SmsChannel(settings(9), lambda: NOW)
    body = json.dumps({"news": [item("a", "replied", said="1")]}).encode()
    time = str(int(NOW.timestamp()))
    signed = {"x-yifa-time": time, "X-Yifa-Signature": sign(SECRET, time, "POST", "/in", body)}
    assert channel.pushed("/in", {**signed, "x-yifa-time": "1"}, body) is None
    assert channel.pushed("/other", signed, body) is None
    assert channel.pushed("/in", signed, body + b" ") is None
    assert channel.pushed("/in", {}, body) is None
    assert channel.pushed("/in", {"X-Yifa-Signature": "é\ud800", "X-Yifa-Time": "\ud800"}, body) is None
    old = str(int(NOW.timestamp()) - 301)
    stale = {"X-Yifa-Time": old, "X-Yifa-Signature": sign(SECRET, old, "POST", "/in", body)}
    assert channel.pushed("/in", stale, body) is None
    (report,) = channel.pushed("/in", signed, body) or []
    assert (report.key, report.news, report.said) == ("a", News.REPLIED, "1")
    assert channel.pushed("/in", signed, body) == []


# ——— settings ———


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        ({"name": "a b"}, "E680"),
        ({"seconds": 0}, "E681"),
        ({"seconds": float("nan")}, "E681"),
        ({"seconds": "10"}, "E681"),
        ({"most": 0}, "E682"),
        ({"most": True}, "E682"),
        ({"connections": 0.5}, "E683"),
        ({"url": "sms.example.invalid"}, "E684"),
        ({"url": "ftp://a.invalid/"}, "E684"),
        ({"url": "https://u:p@a.invalid/"}, "E684"),
        ({"url": "https://a.invalid:99999/"}, "E684"),
        ({"url": "https://a..invalid/"}, "E684"),
        ({"url": "https://a.invalid/短信"}, "E684"),
        ({"url": None}, "E684"),
        ({"url": "http://sms.example.invalid/"}, "E685"),
        ({"authority": "nonesuch.pem"}, "E686"),
        ({"secret": "short"}, "E687"),
        ({"secret": "密" * 20}, "E687"),
        ({"url": "https://a.invalid/?x=1"}, "E688"),
        ({"account": " "}, "E689"),
        ({"account": "a\r\nb"}, "E689"),
    ],
)
def test_settings_that_cannot_work_are_said(wrong: dict[str, Any], id: str) -> None:
    right = {"url": "https://sms.example.invalid/v1/", "account": "a", "secret": SECRET}
    SmsSettings(**right)
    with pytest.raises(ChannelError, match=rf"\[yifa\.{id}\]"):
        SmsSettings(**{**right, **wrong})


def test_an_unencrypted_gateway_may_be_meant_and_a_secret_is_not_shown() -> None:
    meant = SmsSettings("http://10.0.0.5/sms", "a", SECRET, plain=True)
    assert SECRET not in repr(meant)
