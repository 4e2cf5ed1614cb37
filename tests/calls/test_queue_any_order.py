"""Whatever happens in whatever order, the delivery table stands where the ladder says, and nobody is in no place or in two.

Time goes by, two senders claim, die, come back late, record; news comes late, twice, out of order, of tries that were
never made; the desk answers, hands over, gives up. After each of these the rows are those of `ladder.py` for the same
history.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from yifa.calls import ladder as pure
from yifa.calls import queue
from yifa.calls.channel import News, Report
from yifa.calls.ladder import End, Ladder, LadderError, Rung, Whom
from yifa.calls.models import Calling, CallOut
from yifa.calls.models import Rung as RungRow
from yifa.calls.models import Try as Made
from yifa.calls.tries import key_of

START = datetime(2023, 7, 21, 2, 0, tzinfo=UTC)
SENDERS = ("甲", "乙")
WINDOW = 900  # milliseconds a claim holds here
HOSTILE = (
    "", "-", "1", "1-0", "1-0-1-1", "-1-0-1", "1--1-1", "0-0-1", "1-0-0", "01-0-1", " 1-0-1", "1-0-1\n", "一-0-1", "１-0-1",
    "9" * 40 + "-0-1", "1-" + "9" * 30 + "-1", "1-0-" + "9" * 30, "999999999-0-1", "a-b-c", "1-0-1'; DROP TABLE calls_try; --",
    "1-0-1\x00", "\ud800-0-1", "1-0-1" * 10_000,
)  # fmt: skip


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    rungs = []
    for whom in draw(st.lists(st.sampled_from(Whom), min_size=1, max_size=3)):
        tries, apart = draw(st.integers(1, 3)), draw(st.integers(1, 1500))
        within = apart * (tries - 1) + draw(st.integers(0, 2000))
        more = draw(st.sets(st.sampled_from((News.HEARD, News.DELIVERED))))
        ends = frozenset({News.REPLIED, *more})
        rungs.append(Rung("voice", tries, apart * pure.MS, within * pure.MS, whom, ends))
    return Ladder("试", tuple(rungs))


@dataclass
class Hold:
    """A claim as the ladder's history has it: by whom, until when."""

    by: str = ""
    until: int = 0


class AnyOrder(RuleBasedStateMachine):
    """`said`: where each calling stands by the ladder alone; `hands`: claims that a sender may still record."""

    @initialize(told=st.lists(st.tuples(ladders(), st.integers(1, 3)), min_size=1, max_size=2))
    def call_outs_begin(self, told: list[tuple[Ladder, int]]) -> None:
        for model in (CallOut, RungRow, Calling, Made):
            model.objects.all().delete()
        self.now = queue.ms(START)
        self.said: dict[int, pure.Calling] = {}
        self.holds: dict[int, Hold] = {}
        self.hands: list[tuple[str, list[queue.Claimed]]] = []
        self.keys: dict[str, tuple[int, int, int]] = {}
        self.made: dict[str, News] = {}
        self.looked, self.gap = self.now, 0
        for ladder, n in told:
            people = [
                queue.Callee(f"{k}", {whom.name: {"voice": f"{whom.name}{k}"} for whom in Whom})
                for k in range(n)
            ]
            callout = queue.begin(
                label="试", text="试", ladder=ladder, callees=people, office="x", by="试", at=START
            )
            for pk in Calling.objects.filter(callout_id=callout).values_list("pk", flat=True):
                self.said[pk], self.holds[pk] = pure.begin(ladder, START), Hold()

    # ── What goes on by itself ───────────────────────────────────────────────

    @rule(by=st.one_of(st.integers(1, 60), st.integers(1, 4000)))
    def time_goes_by(self, by: int) -> None:
        self.now += by

    @property
    def at(self) -> datetime:
        return queue.moment(self.now)

    def _due(self, what: str) -> list[int]:
        free = [pk for pk in self.said if self.holds[pk].until <= self.now]
        return [pk for pk in free if pure.due(self.said[pk], self.at) == what]

    @rule()
    def a_sender_moves_everybody_up(self) -> None:
        while up := self._due("up"):
            assert queue.move_up(self.now) == len(up)
            for pk in up:
                self.said[pk], self.holds[pk] = pure.up(self.said[pk], self.at), Hold()
        assert queue.move_up(self.now) == 0
        self.gap, self.looked = max(self.gap, self.now - self.looked), self.now
        for c in self.said.values():
            rung = c.now_on
            assert c.end or rung is None or c.since + rung.within > self.at, "no claim holds a rung up"

    @rule(who=st.sampled_from(SENDERS), most=st.integers(1, 6))
    def a_sender_claims(self, who: str, most: int) -> None:
        waiting = sorted(self._due("try"), key=lambda pk: (self.said[pk].next, pk))
        claimed = queue.claim(who, self.now, most, WINDOW)
        assert sorted(c.calling for c in claimed) == sorted(waiting[:most])
        for one in claimed:
            c = self.said[one.calling]
            rung = c.now_on
            assert rung is not None
            meant = (one.calling, c.rung, c.tries + 1)
            assert self.keys.setdefault(one.attempt.key, meant) == meant, "a key stands for one try"
            assert one.attempt.to.startswith(rung.whom.name)
            until = min(self.now + WINDOW, queue.ms(c.since + rung.within))
            self.holds[one.calling] = Hold(who, until)
        assert len(set(self.keys.values())) == len(self.keys), "a try has one key, whoever makes it again"
        if claimed:
            self.hands.append((who, claimed))

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def a_sender_dies(self, data: st.DataObject) -> None:
        self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1)))

    @precondition(lambda self: self.hands)
    @rule(data=st.data(), again=st.booleans())
    def a_sender_records(self, data: st.DataObject, again: bool) -> None:
        """In time or long after; once, or twice where it could not know whether the first time was kept."""
        n = data.draw(st.integers(0, len(self.hands) - 1))
        who, claimed = self.hands[n] if again else self.hands.pop(n)
        told = [(one, Report(one.attempt.key, data.draw(st.sampled_from(News)), self.at)) for one in claimed]
        queue.record(who, told, self.now)
        for one, _ in told:
            c, hold = self.said[one.calling], self.holds[one.calling]
            same = self.keys[one.attempt.key] == (one.calling, c.rung, c.tries + 1)
            if same and hold.by == who and c.next is not None:
                self.said[one.calling], self.holds[one.calling] = pure.tried(c, self.at), Hold()
        self._hear([report for _, report in told])

    # ── What is heard ────────────────────────────────────────────────────────

    def _hear(self, reports: list[Report]) -> None:
        for r in reports:
            pk, rung, _ = self.keys[r.key]
            known = self.made.get(r.key, r.news)
            heavier = queue_weight(r.news) >= queue_weight(known)
            self.made[r.key] = r.news if heavier else known
            after = pure.heard(self.said[pk], r.news, r.at, rung)
            if after is not self.said[pk]:
                self.said[pk], self.holds[pk] = after, Hold()

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), late=st.integers(0, 2000))
    def news_comes(self, data: st.DataObject, late: int) -> None:
        keys = st.sampled_from(sorted(self.keys))
        told = data.draw(st.lists(st.tuples(keys, st.sampled_from(News)), min_size=1, max_size=4))
        at = max(self.at - timedelta(milliseconds=late), START)
        reports = [Report(key, news, at, "1") for key, news in told]
        queue.learn(reports)
        self._hear(reports)

    @rule(key=st.sampled_from(HOSTILE), news=st.sampled_from(News))
    def news_comes_of_what_never_was(self, key: str, news: News) -> None:
        queue.learn([Report(key, news, self.at, "1\x00\ud800", "x" * 9_000)])

    @rule(data=st.data())
    def news_comes_of_a_try_not_made_yet(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(sorted(self.said)))
        c = self.said[pk]
        begun = queue.ms(START)
        queue.learn([Report(key_of(pk, c.rung, c.tries + 2, begun), News.REPLIED, self.at)])
        queue.learn([Report(key_of(pk, c.rung + 1, 1, begun), News.REPLIED, self.at)])
        queue.learn([Report(key_of(pk, 0, 1, begun + 1), News.REPLIED, self.at)])

    # ── What people do ───────────────────────────────────────────────────────

    @rule(data=st.data(), end=st.sampled_from(End))
    def the_desk_ends_one(self, data: st.DataObject, end: End) -> None:
        pk = data.draw(st.sampled_from(sorted(self.said)))
        c = self.said[pk]
        may = (None, End.HANDED) if end is End.ANSWERED else (None,)
        if c.end not in may:
            with pytest.raises(LadderError, match="E632"):
                queue.close(pk, end, "王某", "误报", self.at)
            return
        queue.close(pk, end, "王某", "误报", self.at)
        if end is End.ANSWERED:  # the ladder hears of answers only by a try; the desk from the person
            self.said[pk] = replace(c, end=end, ended=self.at, next=None)
        elif end is End.HANDED:
            self.said[pk] = pure.hand_over(c, "王某", self.at)
        else:
            self.said[pk] = pure.give_up(c, "王某", "误报", self.at)
        self.holds[pk] = Hold()

    # ── What is always so ────────────────────────────────────────────────────

    @invariant()
    def the_rows_stand_where_the_ladder_says(self) -> None:
        for row in Calling.objects.all():
            c, hold = self.said[row.pk], self.holds[row.pk]
            due = None if c.next is None else queue.ms(c.next)
            assert (row.rung, row.tries, row.since, row.next) == (c.rung, c.tries, queue.ms(c.since), due)
            assert (row.end, row.ended) == (
                c.end.name if c.end else "",
                queue.ms(c.ended) if c.ended else None,
            )
            assert (row.claimed_by, row.claimed_until) == (hold.by, hold.until)

    @invariant()
    def everybody_is_in_exactly_one_place(self) -> None:
        counted: Counter[str] = Counter()
        for callout in CallOut.objects.values_list("pk", flat=True):
            stands = queue.standing(callout)
            assert stands.all == Calling.objects.filter(callout_id=callout).count()
            counted.update(calling=stands.calling, unanswered=stands.unanswered, ANSWERED=stands.answered)
            counted.update(HANDED=stands.handed, GIVEN_UP=stands.given_up)
        places = Counter(
            c.end.name if c.end else "unanswered" if c.unanswered else "calling" for c in self.said.values()
        )
        assert +counted == +places

    @invariant()
    def who_has_not_ended_is_due_or_lies_with_a_person(self) -> None:
        for row in Calling.objects.filter(end="", next=None):
            assert self.said[row.pk].unanswered, "nobody waits for nothing"

    @invariant()
    def each_try_is_kept_once_with_the_most_that_is_known_of_it(self) -> None:
        kept = {t.key: News[t.news] for t in Made.objects.all()}
        assert kept == self.made

    @invariant()
    def each_rung_ends_in_its_time_and_the_next_look(self) -> None:
        for c in self.said.values():
            if c.unanswered:
                late = self.gap * len(c.ladder.rungs)
                assert (
                    queue.ms(c.since) - queue.ms(START)
                    <= queue.ms(START + c.ladder.bound) - queue.ms(START) + late
                )

    def teardown(self) -> None:
        """In the end a sender looks often, nobody answers: everybody has ended or lies with a person in time."""
        if not hasattr(self, "said"):
            return
        begun, step = self.now, 50
        left = max((c.ladder.bound for c in self.said.values()), default=timedelta(0)) // pure.MS
        while queue.next_due() is not None:
            self.a_sender_moves_everybody_up()
            while claimed := queue.claim("丙", self.now, 500, WINDOW):
                silent = [(one, Report(one.attempt.key, News.NO_ANSWER, self.at)) for one in claimed]
                queue.record("丙", silent, self.now)
                for one in claimed:
                    self.said[one.calling] = pure.tried(self.said[one.calling], self.at)
                    self.holds[one.calling] = Hold()
            self.now += step
            assert self.now - begun <= left + 4 * step, "the ladder ends"
        assert all(c.end or c.unanswered for c in self.said.values())


def queue_weight(news: News) -> int:
    order = [
        "UNKNOWN",
        "ACCEPTED",
        "FAILED",
        "BUSY",
        "NO_ANSWER",
        "DELIVERED",
        "ANSWERED",
        "HEARD",
        "REPLIED",
    ]
    return order.index(news.name)


@pytest.mark.django_db
def test_in_any_order_of_events_the_table_and_the_ladder_agree() -> None:
    few: Any = settings(
        max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(AnyOrder, settings=few)
