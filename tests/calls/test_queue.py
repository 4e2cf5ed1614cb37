"""The delivery table does what the ladder says, for everybody, whoever sends and whenever they die."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls import ladder as pure
from yifa.calls import queue
from yifa.calls.channel import News, Report, Try
from yifa.calls.ladder import MIAN, End, Ladder, LadderError, Rung, Whom
from yifa.calls.models import Calling, CallOut
from yifa.calls.models import Try as Made
from yifa.calls.sender import Sender
from yifa.calls.simulator import Habits, SimulatedClock, Simulator

pytestmark = pytest.mark.django_db
START = datetime(2023, 7, 21, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


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


class Slow:
    """One message at a time over `at_once` lines, if it says so; the odd ones wait until something was recorded."""

    name, most = "voice", 1

    def __init__(self, recorded: threading.Event, at_once: int = 0, breaks: str = "") -> None:
        if at_once:
            self.at_once = at_once
        self.waits = at_once > 1
        self.recorded, self.breaks = recorded, breaks
        self.now, self.most_at_once, self.waited_well = 0, 0, True

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        if tries[0].to == self.breaks:
            raise RuntimeError("断了")
        if int(tries[0].to) % 2 and self.waits:
            there = await asyncio.get_running_loop().run_in_executor(None, self.recorded.wait, 20)
            self.waited_well = self.waited_well and there
        await asyncio.sleep(0)
        self.now -= 1
        return [Report(one.key, News.NO_ANSWER, START) for one in tries]

    async def news(self) -> list[Report]:
        return []

    async def close(self) -> None:
        return None


def told_when_recorded(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    recorded, record = threading.Event(), queue.record

    def and_tell(*given: Any) -> None:
        record(*given)
        recorded.set()

    monkeypatch.setattr(queue, "record", and_tell)
    return recorded


def test_what_was_answered_is_recorded_while_others_are_still_being_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun(6)
    line = Slow(told_when_recorded(monkeypatch), at_once=4)
    with Sender("甲", {"voice": line}, SimulatedClock(START)) as sender:
        assert sender.tick() == 6
    assert line.waited_well, "nothing was recorded before the last had answered"
    assert line.most_at_once == 4
    assert Made.objects.count() == 6
    assert set(Calling.objects.values_list("tries", flat=True)) == {1}


def test_a_channel_that_does_not_say_how_many_lines_it_has_is_used_for_one_thing_at_a_time() -> None:
    begun(6)
    line = Slow(threading.Event())
    with Sender("甲", {"voice": line}, SimulatedClock(START)) as sender:
        sender.tick()
    assert line.most_at_once == 1


def test_a_rung_that_is_over_is_not_tried_once_more_before_everybody_has_moved_up() -> None:
    ladder = Ladder(
        "两级", (Rung("voice", 1, MINUTE, MINUTE), Rung("voice", 1, MINUTE, MINUTE, Whom.SUPERIOR))
    )
    begun(2, ladder)
    first, _ = queue.claim("甲", queue.ms(START), 2, window=1000)
    queue.record("甲", [(first, Report(first.attempt.key, News.BUSY, START))], queue.ms(START))
    over = queue.ms(START + MINUTE)
    assert queue.claim("甲", over) == [], "one has been tried as often as meant, for the other it is too late"
    assert queue.move_up(over) == 2
    assert {c.rung for c in queue.claim("甲", over)} == {1}


class Busy(Recorder):
    """Takes three seconds for every message; everybody answers at once, as one hears who asks."""

    most = 1

    def __init__(self, clock: SimulatedClock) -> None:
        super().__init__(clock)
        self.said: list[Report] = []

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        reports = await super().send(tries)
        self.said += [Report(r.key, News.REPLIED, r.at, "1") for r in reports]
        self.clock.sleep(3)
        return reports

    async def news(self) -> list[Report]:
        said, self.said = self.said, []
        return said


def test_who_answers_while_much_is_being_sent_is_not_called_again_in_the_same_round() -> None:
    callout, clock = (
        begun(60),
        SimulatedClock(START),
    )  # three minutes; a second try is due after one and a half
    line = Busy(clock)
    with Sender("甲", {"voice": line}, clock, most=5) as sender:
        assert sender.tick() == 60
        sender.listen()
    assert set(Counter(to for _, to, _ in line.handed).values()) == {1}
    assert queue.standing(callout).answered == 60


def test_who_is_due_first_is_claimed_first() -> None:
    begun(5, at=START + 5 * SECOND)
    first = begun(5)
    due = queue.claim("甲", queue.ms(START + 10 * SECOND), 5)
    assert {Calling.objects.get(pk=c.calling).callout_id for c in due} == {first}


def test_a_rung_that_is_over_gets_no_further_try_even_before_anybody_has_moved_up() -> None:
    ladder = Ladder("一次", (Rung("voice", 1, SECOND, 5 * SECOND), Rung("voice", 1, SECOND, SECOND)))
    begun(1, ladder)
    one = queue.claim("甲", queue.ms(START))[0]
    queue.record("甲", [(one, Report(one.attempt.key, News.BUSY, START))], queue.ms(START))
    over = queue.ms(START + 5 * SECOND)
    assert queue.claim("甲", over) == [], "it was called as often as the ladder says"
    assert queue.move_up(over) == 1


def test_a_sender_that_died_with_somebody_in_hand_does_not_hold_the_next_rung_up() -> None:
    ladder = Ladder("短", (Rung("voice", 1, SECOND, 5 * SECOND), Rung("voice", 1, SECOND, 5 * SECOND)))
    begun(1, ladder)
    queue.claim("死者", queue.ms(START + 4 * SECOND))
    over = queue.ms(START + 5 * SECOND)
    assert queue.WINDOW > 5_000
    assert queue.move_up(over) == 1
    assert Calling.objects.get().since == over


def test_two_senders_of_one_name_count_a_try_once() -> None:
    begun(1)
    old = queue.claim("host-1", queue.ms(START))
    after = START + timedelta(milliseconds=queue.WINDOW)
    new = queue.claim("host-1", queue.ms(after))
    for claimed in (old, new):
        queue.record("host-1", [(claimed[0], Report(old[0].attempt.key, News.BUSY, after))], queue.ms(after))
    assert Calling.objects.get().tries == 1


def test_of_two_who_made_the_same_try_the_one_who_knows_more_is_believed_whoever_comes_first() -> None:
    begun(2)
    after = START + timedelta(milliseconds=queue.WINDOW)
    slow = queue.claim("慢", queue.ms(START))
    quick = queue.claim("快", queue.ms(after))
    for n, (first, second) in enumerate(((News.UNKNOWN, News.NO_ANSWER), (News.NO_ANSWER, News.UNKNOWN))):
        queue.record("慢", [(slow[n], Report(slow[n].attempt.key, first, after))], queue.ms(after))
        queue.record("快", [(quick[n], Report(quick[n].attempt.key, second, after))], queue.ms(after))
    assert [t.news for t in Made.objects.all()] == ["NO_ANSWER"] * 2


def test_a_try_heard_of_before_it_was_recorded_gets_its_number_and_its_line_afterwards() -> None:
    begun(1)
    one = queue.claim("甲", queue.ms(START))[0]
    queue.learn([Report(one.attempt.key, News.HEARD, START + SECOND)])
    queue.record("甲", [(one, Report(one.attempt.key, News.ACCEPTED, START))], queue.ms(START))
    made = Made.objects.get()
    assert (made.channel, made.to, made.news) == ("voice", "10000000000", "HEARD")


# ── What a gateway says ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "key",
    [
        "", "x", "1-0", "-1-0-1-{1}", "9" * 30 + "-0-1-{1}", "１-0-1-{1}", "{0}-0-1-{1}\0", "999999-0-1-{1}", "{0}-0-1",
        "{0}-0-2-{1}", "{0}-1-1-{1}", "{0}-9-1-{1}", "{0}-0-1-1", "{0}-0-1-" + "f" * 40,
    ],
)  # fmt: skip
def test_news_of_a_try_nobody_can_have_made_is_passed_over_and_the_rest_is_taken(key: str) -> None:
    begun(1)
    one = queue.claim("甲", queue.ms(START))[0]
    odd = Report(key.format(one.calling, f"{queue.ms(START):x}"), News.REPLIED, START, "1")
    queue.learn([odd, Report(one.attempt.key, News.REPLIED, START, "1\0\ud800")], ("voice", "7"))
    assert [t.key for t in Made.objects.all()] == [one.attempt.key]
    assert Calling.objects.get().end == "ANSWERED"
    assert queue.cursors() == {"voice": "7"}


def test_a_record_put_back_from_a_copy_never_uses_a_key_again() -> None:
    """A gateway takes a key once; the old one's calls must not swallow the new one's."""
    begun(1)
    before = queue.claim("甲", queue.ms(START))[0]
    CallOut.objects.all().delete()
    later = START + timedelta(minutes=1)
    begun(1, at=later)
    Calling.objects.filter(pk=before.calling).delete()
    Calling.objects.update(id=before.calling)  # as the copy numbers them
    after = queue.claim("甲", queue.ms(later))[0]
    assert after.calling == before.calling
    assert after.attempt.key != before.attempt.key
    queue.learn([Report(before.attempt.key, News.REPLIED, later, "1")])
    assert Calling.objects.get().end == "", "an answer to the old call is none to the new"


def test_what_comes_after_personal_facts_were_destroyed_leaves_none() -> None:
    """The late word of a gateway, and of a sender that was paused meanwhile."""
    begun(2)
    heard, recorded = queue.claim("甲", queue.ms(START))
    for one in (heard, recorded):
        queue.close(one.calling, End.GIVEN_UP, "值班员", "误报", START)
    Calling.objects.update(name="", addresses="{}", why="")
    queue.learn([Report(heard.attempt.key, News.REPLIED, START, "我是张三", "13900000000")])
    queue.record(
        "甲", [(recorded, Report(recorded.attempt.key, News.REPLIED, START, "我是李四"))], queue.ms(START)
    )
    assert [(t.to, t.said, t.detail, t.news) for t in Made.objects.all()] == [("", "", "", "REPLIED")] * 2
    assert {c.why for c in Calling.objects.all()} == {""}


@given(st.integers(0, 5_000_000_000_000))
def test_a_moment_comes_back_from_the_table_as_it_went_in(moment: int) -> None:
    assert queue.ms(queue.moment(moment)) == moment


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


@pytest.mark.parametrize("seed", range(6))
def test_news_told_all_at_once_comes_to_the_same_as_told_one_by_one(seed: int) -> None:
    """Also of one key several times over, in any order, of tries known or not, and more than one statement takes."""
    ladder = Ladder(
        "两级",
        (
            Rung("voice", 2, MINUTE, 5 * MINUTE, ends=frozenset({News.REPLIED, News.HEARD})),
            Rung("voice", 1, MINUTE, 5 * MINUTE, Whom.SUPERIOR),
        ),
    )
    rng, n = random.Random(seed), 150
    begun(2 * n, ladder)
    claimed = queue.claim("甲", queue.ms(START), most=2 * n)
    some = [(c, Report(c.attempt.key, News.ACCEPTED, START)) for c in claimed if c.calling % 3]
    queue.record("甲", some, queue.ms(START))
    assert queue.move_up(queue.ms(START + 5 * MINUTE)) == 2 * n
    ones = sorted(Calling.objects.values_list("pk", flat=True))
    told = [
        (rng.randrange(n), rng.choice([(0, 1), (0, 2), (1, 1)]), rng.choice(list(News)), rng.randrange(100), rng.choice("12"))
        for _ in range(4 * n)
    ]  # fmt: skip

    def reports(shift: int) -> list[Report]:
        return [
            Report(queue.key_of(ones[who + shift], *try_, queue.ms(START)), news, START + s * SECOND, said)
            for who, try_, news, s, said in told
        ]

    queue.learn(reports(0))
    for report in reports(n):
        queue.learn([report])

    def stands(shift: int) -> list[Any]:
        of = {pk: k for k, pk in enumerate(ones[shift : shift + n])}
        tries = Made.objects.filter(calling_id__in=of).order_by("calling_id", "key")
        callings = Calling.objects.filter(pk__in=of).order_by("pk")
        return [
            [(of[t.calling_id], t.key.partition("-")[2], t.news, t.news_at, t.said) for t in tries],
            [(of[c.pk], c.end, c.ended, c.why, c.next is None) for c in callings],
        ]

    once, one_by_one = stands(0), stands(n)
    assert [row[1:] for row in once[1] if row[1]], "somebody answered"
    assert once[1] == one_by_one[1]
    assert once[0] == one_by_one[0]
