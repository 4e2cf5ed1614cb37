"""The delivery table does what the ladder says, for everybody, whoever sends and whenever they die."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yifa.calls import ladder as pure
from yifa.calls import queue
from yifa.calls.channel import News, Report, Try
from yifa.calls.ladder import MIAN, End, Ladder, LadderError, Rung, Whom
from yifa.calls.models import Calling
from yifa.calls.models import Try as Made
from yifa.calls.sender import Sender
from yifa.calls.simulator import Habits, SimulatedClock, Simulator

pytestmark = pytest.mark.django_db
START = datetime(2023, 7, 21, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def callees(n: int) -> list[queue.Callee]:
    return [
        queue.Callee(
            f"村{k}防汛责任人（虚构）",
            {
                "SELF": {"voice": f"1{k:010}"},
                "SUBSTITUTE": {"voice": f"2{k:010}"},
                "SUPERIOR": {"voice": f"3{k:010}"},
            },
        )
        for k in range(n)
    ]


def begun(n: int = 3, ladder: Ladder = MIAN, **more: Any) -> int:
    given: dict[str, Any] = {
        "label": "暴雨红色预警", "text": "请立即转移群众，听清请按1", "ladder": ladder, "callees": callees(n),
        "office": "emergency", "by": "值班员", "at": START,
    }  # fmt: skip
    return queue.begin(**(given | more))


def to_the_end(sender: Sender, clock: SimulatedClock, step: float = 5) -> None:
    """Look every few seconds until nothing is due any more, and a while longer for what comes late."""
    while queue.next_due() is not None:
        sender.tick()
        clock.sleep(step)
    for _ in range(200):
        clock.sleep(step)
        sender.listen()


class Recorder:
    """A channel that remembers what it was handed, and says what it is told to say."""

    name, most = "voice", 100

    def __init__(self, clock: SimulatedClock, news: News = News.NO_ANSWER) -> None:
        self.clock, self.says = clock, news
        self.handed: list[tuple[str, str, datetime]] = []

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        self.handed += [(one.key, one.to, self.clock.now()) for one in tries]
        return [Report(one.key, self.says, self.clock.now()) for one in tries]

    async def news(self) -> list[Report]:
        return []

    async def close(self) -> None:
        return None


# ── As the ladder says ───────────────────────────────────────────────────────


def test_nobody_answers_and_everybody_is_called_as_the_ladder_says() -> None:
    callout, clock = begun(), SimulatedClock(START)
    line = Recorder(clock)
    with Sender("甲", {"voice": line}, clock) as sender:
        to_the_end(sender, clock, 1)
    for k in range(3):
        own = [
            ((at - START) / timedelta(minutes=1), to[0])
            for _, to, at in line.handed
            if to.endswith(f"{k:03}")
        ]
        assert own == [(0, "1"), (1.5, "1"), (3, "1"), (5, "2"), (6.5, "2"), (8, "3"), (9.5, "3")]
    assert queue.standing(callout) == queue.Standing(0, 3, 0, 0, 0)
    assert Counter(Made.objects.values_list("news", flat=True)) == {"NO_ANSWER": 21}


@pytest.mark.parametrize("seed", range(8))
def test_the_table_and_the_ladder_agree_try_by_try(seed: int) -> None:
    """The same answers, told to the table and to the pure ladder, person by person."""
    ladder = Ladder(
        "两级",
        (
            Rung("voice", 2, timedelta(seconds=40), timedelta(seconds=100)),
            Rung("voice", 1, timedelta(seconds=30), timedelta(seconds=60), Whom.SUPERIOR,
                 frozenset({News.REPLIED, News.HEARD})),
        ),
    )  # fmt: skip
    begun(20, ladder)
    clock = SimulatedClock(START)
    line = Simulator(clock, seed=str(seed))
    with Sender("甲", {"voice": line}, clock) as sender:
        to_the_end(sender, clock, 2)
    for row in Calling.objects.all():
        calling = pure.begin(ladder, START)
        events = sorted(
            [(t.at, 1, t) for t in Made.objects.filter(calling_id=row.pk)]
            + [(t.news_at, 0, t) for t in Made.objects.filter(calling_id=row.pk)],
            key=lambda e: e[:2],
        )
        for at, sending, t in events:
            now = queue.moment(at)
            while pure.due(calling, now) == "up":
                calling = pure.up(calling, now)
            if sending:
                assert pure.due(calling, now) == "try", (row.pk, t.key)
                assert calling.rung == t.rung
                calling = pure.tried(calling, now)
            if not sending or t.news_at == t.at:
                calling = pure.heard(calling, News[t.news], now, t.rung)
        while pure.due(calling, clock.now()) == "up":
            calling = pure.up(calling, clock.now())
        assert (calling.end.name if calling.end else "") == row.end
        assert calling.unanswered == (row.end == "" and row.next is None)


def test_ten_thousand_people_are_each_answered_or_lie_with_a_person() -> None:
    callout, clock = begun(10_000), SimulatedClock(START)
    line = Simulator(clock, seed="万人", habits=Habits())
    with Sender("甲", {"voice": line}, clock) as sender:
        to_the_end(sender, clock, 10)
    stands = queue.standing(callout)
    assert stands.all == 10_000
    assert stands.calling == 0
    assert stands.answered > 9_000
    assert set(line.seen.values()) == {1}, "nobody was called twice under one key"
    last = max(Made.objects.values_list("at", flat=True))
    assert last - queue.ms(START) <= MIAN.bound.total_seconds() * 1000 + 3 * 10_000


def test_who_has_no_number_is_not_forgotten_but_goes_up_the_ladder() -> None:
    people = [queue.Callee("没有电话的人", {"SUPERIOR": {"voice": "300"}})]
    callout, clock = begun(callees=people), SimulatedClock(START)
    line = Recorder(clock, News.REPLIED)
    with Sender("甲", {"voice": line}, clock) as sender:
        to_the_end(sender, clock, 1)
    assert [to for _, to, _ in line.handed] == ["300"]
    assert queue.standing(callout).answered == 1
    assert Made.objects.filter(news="FAILED", detail="没有登记这种联系方式").count() == 5


def test_a_channel_that_is_not_connected_is_said_and_nothing_is_claimed_of_it() -> None:
    callout, clock = begun(1), SimulatedClock(START)
    with Sender("甲", {}, clock) as sender:
        to_the_end(sender, clock, 1)
    assert queue.standing(callout) == queue.Standing(0, 1, 0, 0, 0)
    assert {t.detail for t in Made.objects.all()} == {"没有接通渠道“voice”"}


# ── Crashes and several senders ──────────────────────────────────────────────


def test_a_sender_that_dies_between_sending_and_recording_repeats_under_the_same_key_and_within_one_window() -> (
    None
):
    begun(5)
    clock = SimulatedClock(START)
    line = Simulator(clock, habits=Habits(lost=0))
    dead = queue.claim("死者", queue.ms(START))
    asyncio.run(line.send([c.attempt for c in dead]))  # handed over, never recorded
    with Sender("后来者", {"voice": line}, clock) as sender:
        assert sender.tick() == 0, "what is in somebody's hands is left there"
        clock.at = START + timedelta(milliseconds=queue.WINDOW)
        made = sender.tick()
        answered = Calling.objects.filter(end="ANSWERED").count()  # they had pressed the key meanwhile
        assert made + answered == 5
        assert sorted(line.seen[c.attempt.key] for c in dead) == [1] * answered + [2] * made
        assert Made.objects.count() == 5
        to_the_end(sender, clock)
    assert not Calling.objects.filter(next__isnull=False).exists()


def test_a_sender_that_comes_back_late_does_not_count_a_try_twice() -> None:
    begun(1)
    slow = queue.claim("慢", queue.ms(START))
    after = START + timedelta(milliseconds=queue.WINDOW)
    quick = queue.claim("快", queue.ms(after))
    assert slow[0].attempt == quick[0].attempt
    said = Report(quick[0].attempt.key, News.BUSY, after)
    queue.record("快", [(quick[0], said)], queue.ms(after))
    queue.record("慢", [(slow[0], said)], queue.ms(after))
    assert Calling.objects.get().tries == 1
    assert Made.objects.count() == 1


def test_two_senders_never_have_the_same_person_in_hand() -> None:
    begun(100)
    one, two = queue.claim("甲", queue.ms(START), 60), queue.claim("乙", queue.ms(START), 60)
    assert len(one) == 60
    assert len(two) == 40
    assert not {c.calling for c in one} & {c.calling for c in two}


# ── Ends ─────────────────────────────────────────────────────────────────────


def test_an_end_by_hand_names_who_and_why_and_stands() -> None:
    callout = begun(3)
    first, second, third = Calling.objects.order_by("pk").values_list("pk", flat=True)
    queue.close(first, End.HANDED, "村支书王某（虚构）", "", START)
    queue.close(second, End.GIVEN_UP, "值班员", "误报，预警已经解除", START)
    queue.close(third, End.ANSWERED, "值班员", "本人到岗签字", START)
    assert queue.standing(callout) == queue.Standing(0, 0, 1, 1, 1)
    for wrong in (
        lambda: queue.close(first, End.GIVEN_UP, "值班员", "再改", START),
        lambda: queue.close(999, End.HANDED, "王某", "", START),
        lambda: queue.close(third, End.HANDED, "", "", START),
        lambda: queue.close(third, End.GIVEN_UP, "值班员", " ", START),
        lambda: begun(callees=[]),
    ):
        with pytest.raises(LadderError):
            wrong()


def test_an_answer_that_comes_after_the_last_rung_still_counts() -> None:
    callout, clock = begun(1), SimulatedClock(START)
    with Sender("甲", {"voice": Recorder(clock)}, clock) as sender:
        to_the_end(sender, clock, 1)
    assert queue.standing(callout).unanswered == 1
    key = Made.objects.order_by("key").first().key  # type: ignore[union-attr]
    queue.learn([Report(key, News.REPLIED, clock.now(), "1")])
    assert queue.standing(callout).answered == 1


def test_who_answers_as_the_sender_leaves_is_not_called_again() -> None:
    class Late(Recorder):
        async def news(self) -> list[Report]:
            return [Report(key, News.REPLIED, self.clock.now(), "1") for key, *_ in self.handed]

    callout, clock = begun(1), SimulatedClock(START)
    with Sender("甲", {"voice": Late(clock)}, clock) as sender:
        assert sender.tick() == 1
        assert queue.standing(callout).answered == 0
    assert queue.standing(callout).answered == 1


def test_what_comes_late_and_says_less_does_not_undo_what_is_known() -> None:
    begun(1)
    one = queue.claim("甲", queue.ms(START))[0]
    queue.record("甲", [(one, Report(one.attempt.key, News.ACCEPTED, START))], queue.ms(START))
    for news in (News.HEARD, News.ACCEPTED, News.UNKNOWN):
        queue.learn([Report(one.attempt.key, news, START)])
    assert Made.objects.get().news == "HEARD"
