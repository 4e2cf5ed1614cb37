"""Where a case stands, folded act by act, is what one finds who walks its days with the procedure in hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.clock import national
from yifa.matters.enforcement.certificate.procedure import Certificate
from yifa.matters.leadership.study.procedure import Study
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.procedure import Act, Balance, Case, Overlap, Period, Procedure, Refused, Step, words
from yifa.procedure.standing import Standing
from yifa.procedure.words import Figure

from ..told import lawful
from .everything import Everything

PROCEDURES = [Disclosure, Study, Certificate, Everything]
DAY = timedelta(days=1)
CALENDAR = national()
MOVES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 15), st.integers(0, 2**32)), min_size=4, max_size=18
)
STARTS = st.dates(date(2021, 10, 1), date(2025, 3, 1))
every = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: p.key)
tried = settings(max_examples=80)


def walk(procedure: type[Procedure], start: date, moves: list[Any]) -> Iterator[Case]:
    """Lawful acts taken by chance: the case after each; an act the law refuses is left out."""
    case, on = Case(procedure, CALENDAR), start
    for which, days, seed in moves:
        on += days * DAY
        steps = [s for s in procedure.steps.values() if not case.refusals(s)]
        if not steps:
            return
        step = steps[which % len(steps)]
        if step.after and (last := case.due(step.after)):
            on = max(on, last + DAY)
        try:
            case = case.do(step, lawful(case, step, on, Random(seed)))
        except Refused:
            continue
        yield case


# ── The same once more, from the acts alone ──────────────────────────────────


@dataclass
class Walked:
    """One run as the acts tell it: which act began it, and which closed it (an index, or None)."""

    period: Period
    acts: tuple[Act, ...]
    begun: int
    closed: int | None

    @property
    def lived(self) -> tuple[Act, ...]:
        return self.acts[self.begun : None if self.closed is None else self.closed + 1]

    @property
    def met(self) -> date | None:
        last = None if self.closed is None else self.acts[self.closed]
        return last.facts.on if last and last.step in self.period.meets else None

    @property
    def ended(self) -> date | None:
        return self.acts[self.closed].facts.on if self.closed is not None and not self.met else None

    def told(self, step: Step[Any] | None, field: str) -> list[Any]:
        return [getattr(a.facts, field) for a in self.lived if step and a.step == step.key]


def walked(procedure: type[Procedure], period: Period, acts: tuple[Act, ...]) -> Walked | None:
    begun = max((n for n, a in enumerate(acts) if a.step in period.starts), default=None)
    if begun is None:
        return None
    closes = (n for n in range(begun, len(acts)) if acts[n].step in period.meets or final(procedure, acts[n]))
    return Walked(period, acts, begun, next(closes, None))


def final(procedure: type[Procedure], act: Act) -> bool:
    target = procedure.steps[act.step].move.target
    return target is not None and target.final


def states(procedure: type[Procedure], acts: tuple[Act, ...]) -> list[str]:
    """The state after each act."""
    found = ["start"]
    for act in acts:
        target = procedure.steps[act.step].move.target
        found.append(target.key if target else found[-1])
    return found[1:]


def start_of(procedure: type[Procedure], run: Walked) -> date:
    """The day the run is counted from: that of its act, or, was that the first, as it was last put right."""
    amended = [a.facts.dated for a in run.acts if procedure.steps[a.step].amends]  # type: ignore[attr-defined]
    return amended[-1] if run.begun == 0 and amended else run.acts[run.begun].facts.on


def rests(procedure: type[Procedure], run: Walked, day: date) -> bool:
    """Does this day not count? It does not if the evening before the case stood where the period does not run."""
    known = run.closed if run.met else None  # a period that is met asks no longer where the case goes
    after = states(procedure, run.acts)
    seen = [
        after[n]
        for n in range(run.begun, len(run.acts))
        if run.acts[n].facts.on < day and (known is None or n < known)
    ]
    return bool(seen) and seen[-1] in run.period.pauses


def last_day(procedure: type[Procedure], run: Walked) -> date | None:
    """Day after day until enough of them have counted; None where no day will ever count again."""
    length = run.period.length
    fixed = run.told(run.period.until_by, "until")
    if isinstance(length, words.Told):
        fixed = [getattr(run.acts[run.begun].facts, length.field), *fixed]
    if fixed:
        return fixed[-1]  # type: ignore[no-any-return]
    assert not isinstance(length, words.Told)
    left = length.amount + sum(run.told(run.period.longer_by, "days"))
    day, end = start_of(procedure, run), run.acts[-1].facts.on + 400 * DAY
    while day < end:
        day += DAY
        if rests(procedure, run, day):
            continue
        works = CALENDAR.is_working(day)
        left -= 1 if length.unit == "day" or works else 0
        if left <= 0 and works:
            return day
    return None


def key(value: Any) -> str:
    if isinstance(value, Enum):
        return value.name
    return (
        {None: "", True: "1", False: "0"}.get(value, str(value))
        if not isinstance(value, int) or isinstance(value, bool)
        else str(value)
    )


# ── Compared ─────────────────────────────────────────────────────────────────


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_state_number_day_and_what_was_taken_are_those_of_the_acts(
    procedure: type[Procedure], start: date, moves: list[Any]
) -> None:
    for case in walk(procedure, start, moves):
        now, acts = case.standing, case.acts
        assert now.state == states(procedure, acts)[-1]
        assert (now.seq, now.on) == (len(acts), acts[-1].facts.on)
        assert now.taken == Counter(a.step for a in acts)


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_periods_run_rest_begin_anew_are_met_and_lengthened_as_the_days_show(
    procedure: type[Procedure], start: date, moves: list[Any]
) -> None:
    for case in walk(procedure, start, moves):
        for name, period in procedure.periods.items():
            run, found = case.standing.runs.get(name), walked(procedure, period, case.acts)
            assert (run is None) == (found is None)
            if run is None or found is None:
                continue
            assert (run.start, run.by, run.step) == (
                start_of(procedure, found), found.begun + 1, found.acts[found.begun].step,
            )  # fmt: skip
            assert (run.met, run.ended) == (found.met, found.ended)
            assert run.extra == sum(found.told(period.longer_by, "days"))
            assert case.due(period) == last_day(procedure, found)


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_a_period_has_run_out_on_the_day_after_its_last_and_not_before(
    procedure: type[Procedure], start: date, moves: list[Any]
) -> None:
    for case in walk(procedure, start, moves):
        for period in procedure.periods.values():
            last = case.due(period)
            run = case.standing.runs.get(period.key)
            if last is None or run is None:
                assert not case.expired(period, date(2199, 12, 31))
                continue
            assert not case.expired(period, last)
            assert case.expired(period, last + DAY) == (run.met is None and run.ended is None)
            assert case.in_time(period, last)
            assert not case.in_time(period, last + DAY)


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_once_is_once(procedure: type[Procedure], start: date, moves: list[Any]) -> None:
    for case in walk(procedure, start, moves):
        for step in procedure.steps.values():
            twice = [r for r in case.refusals(step) if r.id == "yifa.R002"]
            here = case.standing.state in step.sources
            assert bool(twice) == (here and step.once and case.has(step))


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_traits_are_what_was_told_at_the_opening_as_last_put_right(
    procedure: type[Procedure], start: date, moves: list[Any]
) -> None:
    for case in walk(procedure, start, moves):
        told: dict[str, str] = {}
        for n, act in enumerate(case.acts):
            if n == 0 or procedure.steps[act.step].amends:
                told |= {t: key(getattr(act.facts, t)) for t in procedure.traits if hasattr(act.facts, t)}
        assert case.standing.traits == told


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_what_is_written_down_is_read_back(procedure: type[Procedure], start: date, moves: list[Any]) -> None:
    for case in walk(procedure, start, moves):
        assert json.loads(case.standing.text()) == case.standing.plain()
        assert Standing.read(json.loads(case.standing.text())) == case.standing


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_a_step_leaves_the_case_before_it_alone(
    procedure: type[Procedure], start: date, moves: list[Any]
) -> None:
    before: list[tuple[Case, str]] = []
    for case in walk(procedure, start, moves):
        before.append((case, case.standing.text()))
    assert all(case.standing.text() == text for case, text in before)


# ── The invented one leaves no word out ──────────────────────────────────────


def said(kind: type, words_of: list[Any]) -> set[str]:
    """Which fields of a word are given something other than their default, somewhere."""
    plain = {
        f.name: f.default if f.default is not MISSING else f.default_factory() if f.default_factory is not MISSING else MISSING
        for f in fields(kind)
    }  # fmt: skip
    return {name for name, default in plain.items() for w in words_of if getattr(w, name) != default}


def test_the_invented_register_uses_every_word_of_the_notation() -> None:
    own = Everything
    ours = {type(f) for f in own.counts.values()} | {type(c) for c in own.checks.values()}
    assert ours == {*kinds(Figure), Balance, Overlap}
    assert said(Step, [*own.steps.values()]) == {f.name for f in fields(Step)} - {
        "effects",
        "collects",
    }  # a register has one opening, and nobody else's
    assert said(Period, [*own.periods.values()]) == {f.name for f in fields(Period)}
    assert said(words.Paper, [*own.papers.values()]) == {f.name for f in fields(words.Paper)}


def kinds(of: type) -> set[type]:
    below: set[type] = set(of.__subclasses__())
    return {k for k in below.union(*map(kinds, below)) if k.__module__ == words.__name__}


def test_a_walk_reaches_every_step_of_the_invented_register() -> None:
    rng, seen = Random(1), set[str]()
    for _ in range(300):
        moves = [(rng.randrange(61), rng.randrange(16), rng.randrange(2**32)) for _ in range(18)]
        for case in walk(Everything, date(2023, 3, 1), moves):
            seen.add(case.acts[-1].step)
    assert seen == set(Everything.steps)


def test_what_is_met_once_is_met_on_that_day_for_good() -> None:
    case = Case(Everything, CALENDAR)
    rng, on = Random(3), date(2023, 3, 1)
    taken: list[tuple[Step[Any], int]] = [
        (Everything.enter, 0),
        (Everything.inspect, 5),
        (Everything.inspect, 30),
    ]
    for step, days in taken:
        case = case.do(step, lawful(case, step, on + days * DAY, rng))
    assert case.standing.runs["inspect_in"].met == date(2023, 3, 6)
