"""A message by telephone: what is put on the line, how much at once, and what is said of it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from yifa.calls.channel import Message, News, Report, Try
from yifa.calls.speech.spoken import SpeechError
from yifa.calls.telephone.channel import VoiceChannel
from yifa.calls.telephone.settings import VoiceSettings
from yifa.calls.telephone.transaction import Timers

from .far import Exchange

QUICK = Timers(t1=0.05, t2=0.2, times=20)


async def say(text: str) -> bytes:
    return bytes(320 * 5)


def tries(*to: str) -> list[Try]:
    return [Try(f"1-0-{n}", whom, Message("请立即转移")) for n, whom in enumerate(to)]


def channel(far: Exchange, voice: Any = say, **more: Any) -> VoiceChannel:
    settings = VoiceSettings(
        server=f"127.0.0.1:{far.port}", **{"register": False, "times": 1, "wait": 1.0, **more}
    )
    return VoiceChannel(settings, voice, timers=QUICK)


def with_exchange(doing: Callable[[Exchange], Awaitable[Any]], mood: str = "ok") -> Any:
    async def run() -> Any:
        async with Exchange(mood).ready() as far:
            return await doing(far)

    return asyncio.run(run())


async def told(one: VoiceChannel, count: int, seconds: float = 20.0) -> dict[str, Report]:
    found: list[Report] = []
    async with asyncio.timeout(seconds):
        while len(found) < count:
            found += await one.news()
            await asyncio.sleep(0.02)
    assert len({report.key for report in found}) == len(found), "each try is told of once"
    return {report.key: report for report in found}


def test_what_is_no_number_or_for_those_in_need_is_never_dialled() -> None:
    async def doing(far: Exchange) -> tuple[list[Report], list[str]]:
        one = channel(far)
        reports = await one.send(tries("8001", "王某", "119", "110", "+86 120", "", "８００２"))
        await told(one, 2)
        await one.close()
        return reports, far.invites

    reports, invites = with_exchange(doing)
    assert [r.news.name for r in reports] == [
        "ACCEPTED",
        "FAILED",
        "FAILED",
        "FAILED",
        "FAILED",
        "FAILED",
        "ACCEPTED",
    ]
    assert all(r.detail for r in reports if r.news is News.FAILED)
    assert len(invites) == 2


def test_no_more_calls_at_once_than_there_are_lines_and_none_is_lost() -> None:
    async def doing(far: Exchange) -> tuple[set[News], int, int]:
        one = channel(far, lines=3)
        taken = await one.send(tries(*(f"80{n:02}" for n in range(10))))
        assert {r.news for r in taken} == {News.ACCEPTED}
        found = await told(one, 10)
        await one.close()
        return {r.news for r in found.values()}, far.most, len(far.invites)

    assert with_exchange(doing) == ({News.HEARD}, 3, 10)


def test_who_cannot_be_called_in_time_is_said_not_to_have_been_called() -> None:
    async def doing(far: Exchange) -> dict[str, Report]:
        one = channel(far, lines=1, patience=0.5)
        await one.send(tries("8001", "8002"))
        found = await told(one, 2)
        await one.close()
        assert len(far.invites) == 1
        return found

    found = with_exchange(doing)
    assert (found["1-0-0"].news, found["1-0-1"].news) == (News.HEARD, News.FAILED)
    assert "没有轮到" in found["1-0-1"].detail


def test_a_try_that_comes_again_is_not_dialled_again() -> None:
    async def doing(far: Exchange) -> tuple[list[Report], int]:
        one = channel(far)
        first = await one.send(tries("8001"))
        again = await one.send(tries("8001"))
        await told(one, 1)
        later = await one.send(tries("8001"))
        await one.close()
        return [*first, *again, *later], len(far.invites)

    reports, dialled = with_exchange(doing)
    assert [r.news for r in reports] == [News.ACCEPTED] * 3
    assert dialled == 1


def test_somebody_who_is_being_called_is_not_called_a_second_time_meanwhile() -> None:
    async def doing(far: Exchange) -> list[Report]:
        one = channel(far)
        reports = await one.send(tries("13800138000", "+86 138 0013 8000"))
        await told(one, 1)
        await one.close()
        return reports

    assert [r.news for r in with_exchange(doing)] == [News.ACCEPTED, News.BUSY]


def test_without_a_voice_nobody_is_rung() -> None:
    async def dumb(text: str) -> bytes:
        raise SpeechError("E659", "语音服务没有答复")

    async def doing(far: Exchange) -> tuple[Report, int]:
        one = channel(far, dumb)
        await one.send(tries("8001"))
        found = await told(one, 1)
        await one.close()
        return found["1-0-0"], len(far.invites)

    report, dialled = with_exchange(doing)
    assert (report.news, dialled) == (News.FAILED, 0)
    assert "语音服务没有答复" in report.detail


def test_a_mistake_of_ours_in_the_middle_is_said_and_hangs_up() -> None:
    class Torn(VoiceChannel):
        async def held(self, one: Try, call: Any) -> Report:
            raise RuntimeError("torn")

    async def doing(far: Exchange) -> tuple[Report, int]:
        one = Torn(VoiceSettings(server=f"127.0.0.1:{far.port}", register=False), say, timers=QUICK)
        await one.send(tries("8001"))
        found = await told(one, 1)
        await one.close()
        return found["1-0-0"], far.now

    report, open_still = with_exchange(doing)
    assert (report.news, open_still) == (News.UNKNOWN, 0)


def test_a_line_that_goes_dead_is_not_taken_for_somebody_who_listened() -> None:
    async def doing(far: Exchange) -> Report:
        one = channel(far)
        await one.send(tries("8001"))
        found = await told(one, 1)
        await one.close()
        return found["1-0-0"]

    assert with_exchange(doing, "gone").news is News.ANSWERED


def test_an_exchange_that_says_nothing_leaves_it_open() -> None:
    async def doing(far: Exchange) -> Report:
        one = channel(far)
        await one.send(tries("8001"))
        found = await told(one, 1)
        await one.close()
        return found["1-0-0"]

    assert with_exchange(doing, "deaf").news is News.UNKNOWN


def test_an_exchange_that_has_no_address_is_said_so() -> None:
    async def doing() -> Report:
        settings = VoiceSettings(server="nowhere.invalid", register=False, plain=True)
        one = VoiceChannel(settings, say)
        await one.send(tries("8001"))
        found = await told(one, 1)
        await one.close()
        return found["1-0-0"]

    report = asyncio.run(doing())
    assert (report.news, "没有连上" in report.detail) == (News.FAILED, True)


def test_closing_hangs_up_and_what_it_came_to_can_still_be_asked_for() -> None:
    async def doing(far: Exchange) -> tuple[list[Report], int]:
        one = channel(far, wait=20.0)
        await one.send(tries("8001", "8002"))
        while far.now < 2:
            await asyncio.sleep(0.02)
        await one.close()
        await one.close()
        return await one.news(), far.now

    news, open_still = with_exchange(doing)
    assert open_still == 0
    assert {(r.key, r.news) for r in news} == {("1-0-0", News.UNKNOWN), ("1-0-1", News.UNKNOWN)}


def test_a_channel_goes_on_after_it_was_closed_and_in_another_loop() -> None:
    kept: list[VoiceChannel] = []

    async def doing(far: Exchange) -> News:
        if kept:
            kept[0]._settings = channel(far)._settings
        else:
            kept.append(channel(far))
        (one,) = kept
        await one.send([Try(f"1-0-{far.port}", "8001", Message("请立即转移"))])
        (report,) = (await told(one, 1)).values()
        await one.close()
        return report.news

    assert [with_exchange(doing) for _ in range(2)] == [News.HEARD] * 2


@pytest.mark.parametrize("drill", [True, False])
def test_a_drill_says_that_it_is_one(drill: bool) -> None:
    texts: list[str] = []

    async def noted(text: str) -> bytes:
        texts.append(text)
        return bytes(320)

    async def doing(far: Exchange) -> None:
        one = channel(far, noted, opening="这里是应急管理局。")
        await one.send([Try("1-0-0", "8001", Message("请立即转移"), drill)])
        await told(one, 1)
        await one.close()

    with_exchange(doing)
    assert texts[: texts.index("请立即转移") + 1][-3:] == (
        ["这里是应急管理局。", "这是演练。", "请立即转移"]
        if drill
        else [texts[0], "这里是应急管理局。", "请立即转移"]
    )
    assert "听清请按1。" in texts
