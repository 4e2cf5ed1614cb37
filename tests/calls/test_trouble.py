"""A channel that breaks, keeps silent or talks nonsense, a busy database, a clock that is set back: nobody else waits, nothing is lost."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yifa.calls import queue, sender
from yifa.calls.channel import News, Report, Try
from yifa.calls.ladder import Ladder, Rung, Whom
from yifa.calls.models import Calling
from yifa.calls.models import Try as Made
from yifa.calls.sender import Sender
from yifa.calls.simulator import SimulatedClock
from yifa.procedure import Lost

pytestmark = pytest.mark.django_db
START = datetime(2023, 7, 21, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BRIEF = 500  # milliseconds a claim holds where a channel is waited for in earnest


def ladder(channel: str = "voice") -> Ladder:
    rung = Rung(channel, 2, 30 * SECOND, 60 * SECOND)
    return Ladder("两级", (rung, Rung(channel, 1, SECOND, 30 * SECOND, Whom.SUPERIOR)))


def begun(n: int, channel: str = "voice") -> None:
    people = [
        queue.Callee(f"{k}", {"SELF": {channel: f"s{k}"}, "SUPERIOR": {channel: f"u{k}"}}) for k in range(n)
    ]
    queue.begin(label="试", text="试", ladder=ladder(channel), callees=people, office="x", by="试", at=START)


class Line:
    """A channel that takes everything, unless told to do something else with it."""

    def __init__(self, doing: Callable[[Sequence[Try]], Any] | None = None, most: int = 100) -> None:
        self.name, self.most, self.doing = "voice", most, doing
        self.handed: list[str] = []
        self.coming: list[Report] = []

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        if self.doing is not None and (found := self.doing(tries)) is not None:
            return list(await found if asyncio.iscoroutine(found) else found)
        self.handed += [one.to for one in tries]
        return [Report(one.key, News.NO_ANSWER, START) for one in tries]

    async def news(self) -> list[Report]:
        told, self.coming = self.coming, []
        return told

    async def close(self) -> None:
        return None


def kept(to: str) -> list[tuple[str, str]]:
    return [(t.news, t.detail) for t in Made.objects.filter(to=to)]


# ── A channel that breaks ────────────────────────────────────────────────────


def test_one_try_that_a_channel_cannot_bear_spoils_no_other() -> None:
    begun(5)

    def chokes(tries: Sequence[Try]) -> None:
        if any(one.to == "s2" for one in tries):
            raise ZeroDivisionError("号码奇怪")

    line = Line(chokes)
    with Sender("甲", {"voice": line}, SimulatedClock(START)) as s:
        assert s.tick() == 5
    assert sorted(line.handed) == ["s0", "s1", "s3", "s4"]
    assert kept("s2") == [("UNKNOWN", "渠道出错：ZeroDivisionError 号码奇怪")]
    assert set(Calling.objects.values_list("tries", flat=True)) == {1}, (
        "it counts as a try, and the next comes"
    )


def test_a_channel_that_always_breaks_leads_everybody_up_the_ladder_and_stops_no_other_channel() -> None:
    begun(4)
    begun(3, "sms")

    def breaks(tries: Sequence[Try]) -> None:
        raise RuntimeError

    clock, sound = SimulatedClock(START), Line()
    with Sender("甲", {"voice": Line(breaks), "sms": sound}, clock) as s:
        while queue.next_due() is not None:
            s.tick()
            clock.sleep(1)
    assert len(sound.handed) == 9
    assert clock.at - START <= ladder().bound + 3 * SECOND
    assert not Calling.objects.exclude(next=None).exists()


@pytest.mark.parametrize("said", ["nothing", "others", "twice"])
def test_what_a_channel_does_not_say_of_a_try_is_not_known(said: str) -> None:
    begun(2)

    def answers(tries: Sequence[Try]) -> list[Report]:
        first = Report(tries[0].key, News.NO_ANSWER, START)
        strange = Report("7-7-7", News.REPLIED, START)
        return {"nothing": [], "others": [strange, strange], "twice": [first, first]}[said]

    with Sender("甲", {"voice": Line(answers)}, SimulatedClock(START)) as s:
        assert s.tick() == 2
    news = ["NO_ANSWER" if said == "twice" else "UNKNOWN", "UNKNOWN"]
    assert [t.news for t in Made.objects.order_by("key")] == news
    assert not Calling.objects.exclude(end="").exists()


# ── A channel that keeps silent ──────────────────────────────────────────────


async def for_ever() -> list[Report]:
    await asyncio.Event().wait()
    return []


def test_a_channel_that_never_answers_is_waited_for_once_a_round_and_others_are_called_meanwhile() -> None:
    begun(7)
    begun(3, "sms")
    sound = Line()
    clock = SimulatedClock(START)
    with Sender("甲", {"voice": Line(lambda _: for_ever(), most=2), "sms": sound}, clock, window=BRIEF) as s:
        before = time.monotonic()
        assert s.tick() == 5, "two of the silent channel's tries were handed over, the rest were not"
        assert time.monotonic() - before < 2 * BRIEF / 1000
        assert [t.detail for t in Made.objects.filter(channel="voice")] == ["渠道没有在时限内答复"] * 2
        assert len(sound.handed) == 3
        assert Calling.objects.exclude(claimed_by="").count() == 5, "in hand until the claim runs out"
        clock.sleep(1)
        assert s.tick() == 2, "then others get their turn"
        assert Made.objects.filter(channel="voice").count() == 4


def test_a_channel_whose_news_breaks_or_never_comes_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "LISTENING", 0.1)
    begun(1)

    class Mute(Line):
        async def news(self) -> list[Report]:
            return await for_ever()

    class Broken(Line):
        async def news(self) -> list[Report]:
            raise OSError("断线")

    good = Line()
    with Sender("甲", {"sms": Mute(), "mail": Broken(), "voice": good}, SimulatedClock(START)) as s:
        assert s.tick() == 1
        key = Made.objects.get().key
        good.coming = [Report(key, News.REPLIED, START, "1")]
        s.tick()
    assert Calling.objects.get().end == "ANSWERED"


def test_a_line_that_blocks_everything_ends_the_sender_so_that_another_can_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender, "LEAVING", 0.1)
    begun(1)
    woken = threading.Event()
    with (
        pytest.raises(TimeoutError),
        Sender("甲", {"voice": Line(lambda _: woken.wait(30))}, window=200) as s,
    ):
        s.tick()
    woken.set()


def test_a_channel_that_does_not_hang_up_keeps_nobody_from_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "LEAVING", 0.1)

    class Clinging(Line):
        async def close(self) -> None:
            await for_ever()

    class Broken(Line):
        async def close(self) -> None:
            raise OSError

    before = time.monotonic()
    with Sender("甲", {"voice": Clinging(), "sms": Broken()}):
        pass
    assert time.monotonic() - before < 5


# ── A busy database ──────────────────────────────────────────────────────────


def once_busy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    real, asked = getattr(queue, name), []

    def busy(*told: Any) -> Any:
        if any(told[:1]) and (told[1:2] != ([],)) and not asked:
            asked.append(told)
            raise Lost
        return real(*told)

    monkeypatch.setattr(queue, name, busy)


def test_an_answer_is_not_lost_because_the_database_was_busy_when_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun(1)
    line = Line()
    with Sender("甲", {"voice": line}, SimulatedClock(START)) as s:
        s.tick()
        line.coming = [Report(Made.objects.get().key, News.REPLIED, START, "1")]
        once_busy(monkeypatch, "learn")
        with pytest.raises(Lost):
            s.tick()
        assert Calling.objects.get().end == ""
        s.tick()
    assert Calling.objects.get().end == "ANSWERED"


def test_a_try_is_not_made_again_because_the_database_was_busy_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun(3)
    line, clock = Line(), SimulatedClock(START)
    with Sender("甲", {"voice": line}, clock) as s:
        once_busy(monkeypatch, "record")
        with pytest.raises(Lost):
            s.tick()
        clock.sleep(1)
        assert s.tick() == 0
    assert len(line.handed) == 3
    assert [t.news for t in Made.objects.all()] == ["NO_ANSWER"] * 3


# ── A clock that is wrong ────────────────────────────────────────────────────


def test_after_a_clock_was_an_hour_ahead_nobody_waits_an_hour() -> None:
    begun(2)
    line, clock = Line(), SimulatedClock(START + timedelta(hours=1))
    with Sender("甲", {"voice": line}, clock) as s:
        s.tick()  # the superiors' rung began in a future that will not come
        assert set(Calling.objects.values_list("rung", flat=True)) == {1}
        queue.claim("死者", queue.ms(clock.now() + 30 * SECOND))
        clock.at = START + 65 * SECOND
        late = 0
        while queue.next_due() is not None:
            s.tick()
            clock.sleep(1)
            late += 1
    assert late <= 30 + queue.WINDOW // 1000 + 3
    assert queue.move_up(queue.ms(clock.now())) == 0


def test_a_sender_that_starts_after_the_clock_was_put_right_sets_it_right_too() -> None:
    begun(1)
    ahead = SimulatedClock(START + timedelta(days=1))
    with Sender("甲", {"voice": Line()}, ahead) as s:
        s.tick()
    line = Line()
    clock = SimulatedClock(START + 90 * SECOND)
    with Sender("乙", {"voice": line}, clock) as s:
        s.tick()
        row = Calling.objects.get()
        assert (row.rung, row.since) == (1, queue.ms(clock.now()))
        clock.sleep(31)
        s.tick()
    assert Calling.objects.get().next is None


# ── Told to stop ─────────────────────────────────────────────────────────────


def test_told_to_stop_in_the_middle_of_a_round_it_records_what_was_handed_over_and_takes_no_more() -> None:
    begun(30)
    over = threading.Event()

    def stops(tries: Sequence[Try]) -> None:
        over.set()

    line = Line(stops)
    with Sender("甲", {"voice": line}, SimulatedClock(START), most=10, over=over) as s:
        assert s.tick() == 10
    assert len(line.handed) == Made.objects.count() == 10
    assert not Calling.objects.exclude(claimed_by="").exists()
