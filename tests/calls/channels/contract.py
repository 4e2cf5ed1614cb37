"""What is asked of every channel alike. A channel's tests inherit `ChannelContract` and say how to set it up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any, ClassVar

import pytest

from yifa.calls.channel import Channel, Message, News, Report, Try

from .far import dead_port

MOODS = ("silent", "hangs up", "breaks off", "babbles", "huge", "endless head", "429", "500")

SHORT, LONG = 0.4, 20.0


def tries(*to: str, text: str = "今晚有暴雨，请立即转移", drill: bool = False) -> list[Try]:
    message = Message(text, "暴雨预警", "https://example.invalid/a/7")
    return [Try(f"w1.{n}", whom, message, drill) for n, whom in enumerate(to)]


class ChannelContract:
    """people: whom the good far side takes; nobody: an address that cannot be one; worst: what each bad mood comes
    to; best: the most that handing over may say."""

    people: ClassVar[Sequence[str]]
    nobody: ClassVar[str]
    best: ClassVar[News] = News.ACCEPTED
    refusals: ClassVar[frozenset[str]] = frozenset({"429"})

    def far(self, mood: str) -> Any:
        """A far side in that mood, not yet started."""
        raise NotImplementedError

    def channel(self, port: int, seconds: float = LONG) -> Channel:
        """A channel to the far side at that port that waits so long."""
        raise NotImplementedError

    def arrived(self, far: Any) -> list[tuple[str, str]]:
        """(key, text) of all that reached the far side, in the order it came."""
        raise NotImplementedError

    @asynccontextmanager
    async def both(self, mood: str = "good") -> AsyncIterator[tuple[Channel, Any]]:
        async with self.far(mood) as far:
            channel = self.channel(far.port, SHORT if mood == "silent" else LONG)
            try:
                yield channel, far
            finally:
                await channel.close()

    def sent(self, wanted: Sequence[Try], mood: str = "good") -> tuple[list[Report], list[tuple[str, str]]]:
        async def run() -> tuple[list[Report], list[tuple[str, str]]]:
            async with self.both(mood) as (channel, far):
                return await channel.send(wanted), self.arrived(far)

        return asyncio.run(run())

    def test_one_report_for_each_try_in_order(self) -> None:
        wanted = tries(self.people[0], self.nobody, self.people[1], self.nobody, self.people[0])
        reports, arrived = self.sent(wanted)
        assert [r.key for r in reports] == [t.key for t in wanted]
        assert [r.news for r in reports] == [self.best, News.FAILED, self.best, News.FAILED, self.best]
        assert {key for key, _ in arrived} == {"w1.0", "w1.2", "w1.4"}
        assert all(r.at.utcoffset() == UTC.utcoffset(None) for r in reports)

    def test_nothing_to_send_is_nothing_sent(self) -> None:
        assert self.sent([]) == ([], [])

    @pytest.mark.parametrize("mood", MOODS)
    def test_never_more_is_said_than_was_confirmed(self, mood: str) -> None:
        wanted = tries(*self.people[: 1 if mood == "silent" else 2])
        reports, _ = self.sent(wanted, mood)
        assert [r.key for r in reports] == [t.key for t in wanted]
        expected = News.FAILED if mood in self.refusals else News.UNKNOWN
        assert reports[0].news is expected
        assert {r.news for r in reports} <= {News.FAILED, News.UNKNOWN}
        assert all(r.detail for r in reports)

    def test_nothing_is_raised_for_a_dead_host(self) -> None:
        async def run() -> tuple[list[Report], list[Report]]:
            channel = self.channel(dead_port())
            try:
                return await channel.send(tries(*self.people)), await channel.news()
            finally:
                await channel.close()

        reports, news = asyncio.run(run())
        assert [r.news for r in reports] == [News.FAILED] * len(self.people)
        assert news == []

    def test_the_same_key_twice_is_passed_on(self) -> None:
        async def run() -> tuple[list[Report], list[tuple[str, str]]]:
            async with self.both() as (channel, far):
                one = tries(self.people[0])
                return [*await channel.send(one), *await channel.send(one)], self.arrived(far)

        reports, arrived = asyncio.run(run())
        assert [(r.key, r.news) for r in reports] == [("w1.0", self.best)] * 2
        assert [key for key, _ in arrived] == ["w1.0", "w1.0"]

    def test_closing_twice_is_fine_and_one_may_go_on(self) -> None:
        async def run() -> list[Report]:
            async with self.both() as (channel, _):
                await channel.close()
                await channel.close()
                return await channel.send(tries(self.people[0]))

        assert [r.news for r in asyncio.run(run())] == [self.best]

    @pytest.mark.parametrize("drill", [True, False])
    def test_a_drill_is_marked(self, drill: bool) -> None:
        _, arrived = self.sent(tries(self.people[0], drill=drill))
        assert [text.startswith("【演练】") for _, text in arrived] == [drill]
        assert arrived[0][1].count("【演练】") == drill

    def test_a_channel_works_in_one_loop_after_another(self) -> None:
        async def run(channel: Channel | None) -> tuple[Channel, list[Report]]:
            async with self.far("good") as far:
                channel = self.channel(far.port)
                return channel, await channel.send(tries(self.people[0]))

        async def again(channel: Channel) -> list[Report]:
            reports = await channel.send(tries(self.people[0]))
            await channel.close()
            return reports

        channel, first = asyncio.run(run(None))
        assert first[0].news is self.best
        assert asyncio.run(again(channel))[0].news is News.FAILED

    def test_a_send_cut_short_leaves_the_channel_fit(self) -> None:
        async def run() -> list[Report]:
            async with self.both() as (channel, far):
                far.mood = "silent"
                cut = asyncio.create_task(channel.send(tries(self.people[0])))
                while not self.arrived(far):
                    await asyncio.sleep(0.001)
                cut.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await cut
                far.mood = "good"
                return await channel.send(tries(self.people[1]))

        assert [r.news for r in asyncio.run(run())] == [self.best]
