"""What an act adds to the cube: the coordinates and amounts that the procedure's figures need, and no others."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.clock import national
from yifa.people import CLERK
from yifa.procedure import START, Case, Count, Facts, Procedure, Share, State, Step, Stock, asks_of, stays
from yifa.procedure.tally import counted_by, stock_moves, tally, traits_of, whole

from .everything import Entry, Everything, Fee, Size, law
from .test_standing import MOVES, PROCEDURES, STARTS, every, tried, walk

ON = date(2023, 3, 1)
ENTRY = Entry(on=ON, name="某店", owner="王某", size=Size.LARGE, licensed=True, until=date(2024, 3, 1))


def entered() -> Case:
    return Case(Everything, national()).do(Everything.enter, ENTRY)


def test_a_step_carries_what_it_is_counted_by_and_nothing_else() -> None:
    found = tally(Everything, Everything.inspect)
    assert (found.fields, found.traits) == (("inspector",), ("size",))
    assert (found.within, found.measures) == (("inspect_in",), ("fee", "more", "staff"))


def test_a_fact_the_step_does_not_ask_is_a_trait_of_the_opening() -> None:
    assert tally(Everything, Everything.leave).traits == ("size",)
    assert tally(Everything, Everything.enter).fields == ("licensed", "size")
    assert tally(Everything, Everything.enter).traits == ()
    assert traits_of(Everything) == {"size"}


@pytest.mark.parametrize("step", ["question", "reply", "rest", "post", "amend", "correct", "withdraw"])
def test_a_step_no_figure_speaks_of_carries_nothing(step: str) -> None:
    found = Everything.tallies[step]
    assert (found.fields, found.traits, found.within, found.measures) == ((), (), (), ())
    assert found.dims(Facts(on=ON), entered()) == "{}"
    assert found.amounts(Facts(on=ON)) == {}


def test_the_coordinates_are_canonical() -> None:
    assert Everything.tallies["enter"].dims(ENTRY, None) == '{"licensed":"1","size":"LARGE"}'


def test_in_time_is_judged_by_the_case_before_the_act() -> None:
    """Nine working days from 1 March 2023, a Wednesday: the last is Tuesday, 14 March."""
    found, case = Everything.tallies["inspect"], entered()

    def kept(day: date) -> str:
        told = json.loads(found.dims(Fee(on=day, fee=Decimal(1)), case))
        return str(told["in:inspect_in"])

    assert (kept(date(2023, 3, 14)), kept(date(2023, 3, 15))) == ("1", "0")


@pytest.mark.parametrize(
    ("value", "units"),
    [(None, 0), (0, 0), (7, 7), (-7, -7), (True, 1), (Decimal("0.29"), 29), (Decimal("-1.15"), -115), (Decimal(3), 300)],
)  # fmt: skip
def test_money_is_added_in_fen_and_whole_numbers_as_they_are(value: Any, units: int) -> None:
    assert whole(value) == units


@given(st.decimals(-(10**12), 10**12, places=2))
def test_no_fen_is_lost(amount: Decimal) -> None:
    assert Decimal(whole(amount)) / 100 == amount


def test_what_is_unknown_adds_nothing() -> None:
    told = Fee(on=ON, fee=Decimal("12.30"), staff=4)
    assert Everything.tallies["inspect"].amounts(told) == {"fee": 1230, "more": 0, "staff": 4}


def test_a_figure_is_made_of_itself_its_two_sides_or_what_grew() -> None:
    own = Everything
    assert counted_by(own.part) == (own.large, own.entered)
    assert counted_by(own.growth) == (own.entered,)
    assert counted_by(own.stock) == (own.stock,)
    assert counted_by(own.in_time) == ()


def test_the_other_side_of_a_share_is_seen_to_by_its_own_procedure() -> None:
    class Other(Procedure):
        """另一事项"""

        since = Everything.since
        done = State("办结", final=True)
        enter = Step("登记", START >> done, law(29), by=CLERK, asks=Facts)
        own = Count("件数", of=enter)
        rate = Share("占比", part=own, whole=Everything.entered)

    assert tally(Other, Other.enter).traits == ()
    assert tally(Everything, Everything.enter).fields == ("licensed", "size")


# ── Stocks ───────────────────────────────────────────────────────────────────


def test_only_crossing_the_border_moves_a_stock() -> None:
    assert stock_moves(Everything, Everything.stock) == {"enter": 1, "leave": -1, "drop": -1}


def test_a_step_both_inside_and_outside_is_named() -> None:
    with pytest.raises(ValueError, match=r"^leave$"):
        stock_moves(Everything, Stock("歇业", within=(Everything.resting,)))


def test_what_stays_moves_nothing() -> None:
    assert Everything.again.move == stays(Everything.held)
    assert "again" not in stock_moves(Everything, Everything.stock)


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_what_came_less_what_went_is_where_the_case_stands(
    procedure: type[Procedure], start: date, moves: list[Any]
) -> None:
    for case in walk(procedure, start, moves):
        if any(procedure.steps[a.step].withdraws for a in case.acts):
            continue  # an entry withdrawn is as if it had never been: no movement
        for stock in (f for f in procedure.counts.values() if isinstance(f, Stock)):
            by_step = stock_moves(procedure, stock)
            came = sum(by_step.get(a.step, 0) for a in case.acts)
            assert came == (case.standing.state in {s.key for s in stock.within})


@every
@tried
@given(start=STARTS, moves=MOVES)
def test_what_is_counted_from_coordinates_is_what_the_facts_say(
    procedure: type[Procedure], start: date, moves: list[Any]
) -> None:
    before = Case(procedure, national())
    for case in walk(procedure, start, moves):
        act, opening = case.acts[-1], (before.acts or case.acts)[0].facts
        own = {a.name for a in asks_of(procedure.steps[act.step].asks)}
        told = json.loads(procedure.tallies[act.step].dims(act.facts, before))
        corrected = any(procedure.steps[a.step].amends for a in before.acts)
        for name in (n for n in told if not n.startswith("in:") and (n in own or not corrected)):
            value = getattr(act.facts if name in own else opening, name)
            assert told[name] == getattr(
                value, "name", {True: "1", False: "0", None: ""}.get(value, str(value))
            )
        before = case


def test_every_count_finds_its_dimensions_on_each_of_its_steps() -> None:
    for procedure in PROCEDURES:
        for count in (f for f in procedure.counts.values() if isinstance(f, Count)):
            for step in count.steps:
                found = procedure.tallies[step.key]
                assert count.dims <= {*found.fields, *found.traits}
                assert not any(n > 1 for n in Counter((*found.fields, *found.traits)).values())
