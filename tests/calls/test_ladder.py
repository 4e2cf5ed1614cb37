"""A ladder loses nobody: whatever is heard, and however often anybody looks, each ends answered, handed over or given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from yifa.calls.channel import News
from yifa.calls.ladder import (
    MIAN,
    Calling,
    End,
    Ladder,
    LadderError,
    Rung,
    Whom,
    begin,
    due,
    give_up,
    hand_over,
    heard,
    tried,
    up,
)

START = datetime(2023, 7, 21, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    rungs = []
    for _ in range(draw(st.integers(1, 4))):
        tries, apart = draw(st.integers(1, 4)), timedelta(milliseconds=draw(st.integers(1, 300_000)))
        within = apart * (tries - 1) + timedelta(seconds=draw(st.integers(0, 600)))
        ends = frozenset({News.REPLIED, *draw(st.sets(st.sampled_from((News.HEARD, News.DELIVERED))))})
        rungs.append(Rung("voice", tries, apart, within, draw(st.sampled_from(Whom)), ends))
    return Ladder("试", tuple(rungs))


def silence(ladder: Ladder, look: timedelta) -> tuple[Calling, list[datetime]]:
    """Nobody answers; somebody looks every `look`."""
    now, calling, made = START, begin(ladder, START), []
    while not calling.unanswered:
        while what := due(calling, now):
            if what == "try":
                calling, made = tried(calling, now), [*made, now]
            else:
                calling = up(calling, now)
        now += look
    return calling, made


# ── The county's practice ────────────────────────────────────────────────────


def test_three_tries_within_five_minutes_then_the_substitute_then_the_superior() -> None:
    calling, made = silence(MIAN, SECOND)
    at = [(m - START) / minutes(1) for m in made]
    assert at == [0, 1.5, 3, 5, 6.5, 8, 9.5]
    assert calling.unanswered
    assert MIAN.bound == minutes(11)
    assert calling.since - START == MIAN.bound


def test_having_heard_it_to_the_end_is_no_answer_unless_the_ladder_says_so() -> None:
    calling = tried(begin(MIAN, START), START)
    assert heard(calling, News.HEARD, START + minutes(1), 0).end is None
    assert heard(calling, News.REPLIED, START + minutes(1), 0).end is End.ANSWERED
    lenient = Ladder(
        "听完即可", (Rung("voice", 1, minutes(1), minutes(1), ends=frozenset({News.REPLIED, News.HEARD})),)
    )
    assert heard(tried(begin(lenient, START), START), News.HEARD, START, 0).end is End.ANSWERED


def test_an_answer_to_an_earlier_rung_counts_however_late() -> None:
    calling = up(tried(begin(MIAN, START), START), START + minutes(5))
    late = heard(calling, News.REPLIED, START + minutes(6), 0)
    assert (late.end, late.ended, late.next) == (End.ANSWERED, START + minutes(6), None)


def test_who_hands_over_or_gives_up_is_named_and_a_reason_is_given() -> None:
    calling = begin(MIAN, START)
    assert hand_over(calling, "村支书王某", START).end is End.HANDED
    for wrong in (
        lambda: hand_over(calling, " ", START),
        lambda: give_up(calling, "值班员", "", START),
        lambda: give_up(calling, "", "误报", START),
        lambda: give_up(hand_over(calling, "王某", START), "值班员", "误报", START),
    ):
        with pytest.raises(LadderError):
            wrong()


@pytest.mark.parametrize(
    "rungs",
    [
        (),
        (Rung("", 1, minutes(1), minutes(1)),),
        (Rung("voice", 0, minutes(1), minutes(1)),),
        (Rung("voice", 1, minutes(0), minutes(1)),),
        (Rung("voice", 3, minutes(2), minutes(3)),),
        (Rung("voice", 1, minutes(1), minutes(1), ends=frozenset({News.HEARD})),),
    ],
)
def test_a_ladder_that_could_lose_somebody_is_refused(rungs: tuple[Rung, ...]) -> None:
    with pytest.raises(LadderError, match="E630"):
        Ladder("坏", rungs)


# ── Any ladder ───────────────────────────────────────────────────────────────


@given(ladders())
def test_a_ladder_is_data(ladder: Ladder) -> None:
    assert Ladder.read(ladder.plain()) == ladder


@given(ladders(), st.integers(1, 600))
def test_in_silence_it_reaches_a_person_within_its_bound_and_one_look_a_rung(
    ladder: Ladder, look: int
) -> None:
    step = timedelta(seconds=look)
    calling, made = silence(ladder, step)
    assert calling.since - START <= ladder.bound + step * len(ladder.rungs)
    assert len(made) <= sum(rung.tries for rung in ladder.rungs)
    if step <= min(rung.apart for rung in ladder.rungs) and all(
        r.within > timedelta(0) for r in ladder.rungs
    ):
        assert len(made) >= len(ladder.rungs), "nobody's rung goes by without a try"


class Called(RuleBasedStateMachine):
    """Clocks, news and people in any order: nobody is forgotten, nobody is called after the end."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.calling = START, begin(MIAN, START)
        self.made = 0

    @rule(seconds=st.integers(0, 400))
    def time_goes_by(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def somebody_looks(self) -> None:
        what = due(self.calling, self.now)
        if what == "try":
            self.calling, self.made = tried(self.calling, self.now), self.made + 1
        elif what == "up":
            self.calling = up(self.calling, self.now)

    @precondition(lambda self: self.made)
    @rule(news=st.sampled_from(News), on=st.integers(0, 2))
    def news_comes(self, news: News, on: int) -> None:
        before = self.calling
        self.calling = heard(self.calling, news, self.now, on)
        if news is not News.REPLIED:
            assert self.calling == before

    @precondition(lambda self: self.calling.end is None)
    @rule(foot=st.booleans())
    def a_person_sees_to_it(self, foot: bool) -> None:
        self.calling = (
            hand_over(self.calling, "王某", self.now)
            if foot
            else give_up(self.calling, "李某", "误报", self.now)
        )

    @invariant()
    def open_means_that_something_is_due_or_lies_with_a_person(self) -> None:
        c = self.calling
        assert (c.end is None) == (c.next is not None or c.unanswered)
        assert (c.end is None) == (c.ended is None)

    @invariant()
    def after_the_end_nothing_is_due(self) -> None:
        if self.calling.end is not None:
            assert due(self.calling, self.now + timedelta(days=9)) == ""


TestCalled = Called.TestCase
TestCalled.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
