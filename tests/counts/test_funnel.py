"""A share is worth what its whole is: the same people, stage after stage, and the bounds the true share lies in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.counts.funnel import about, bounds, fill
from yifa.matters.services.satisfaction.callbacks import CallBack, CallBackRound

PATH = CallBack.path


def test_the_worked_example_of_the_manual() -> None:
    through = fill(PATH, [1000, 900, 600, 420, 400, 396])
    assert [stage.wanted for stage in through.stages] == ["39.6%", "44%", "66%", "94.3%", "99%", ""]
    assert [stage.of_all for stage in through.stages] == ["100%", "90%", "60%", "42%", "40%", "39.6%"]
    assert (through.worst, through.best, through.silent) == ("39.6%", "99.6%", 600)


def test_of_nobody_there_is_no_share() -> None:
    through = fill(PATH, [0, 0, 0, 0, 0, 0])
    assert {stage.of_all for stage in through.stages} == {"不适用"}
    assert (through.worst, through.best) == ("不适用", "不适用")
    assert through.widths == (0, 0, 0, 0, 0, 0)


def test_a_share_short_of_all_is_never_written_as_all() -> None:
    through = fill(PATH, [20000, 20000, 20000, 20000, 20000, 19999])
    assert through.answered.wanted == "99.995%"
    assert through.best == "99.995%"


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3))
def test_the_true_share_lies_between_the_bounds_whatever_the_silent_think(numbers: list[int]) -> None:
    due, answered, wanted = sorted(numbers, reverse=True)
    worst, best = bounds(wanted, answered, due)
    if not due:
        assert (worst, best) == (None, None)
        return
    assert worst is not None
    assert best is not None
    assert 0 <= worst <= best <= 100
    for content in {0, (due - answered) // 2, due - answered}:
        true = Decimal(wanted + content) * 100 / due
        assert worst - Decimal("0.05") <= true <= best + Decimal("0.05")


@pytest.mark.parametrize("key", ["satisfaction", "dialled", "graded", "reach", "response"])
def test_the_figures_of_a_funnel_lead_to_it(key: str) -> None:
    assert about(CallBack.counts[key]) is PATH


def test_other_figures_lead_to_none_and_a_rounds_own_is_shown_on_the_round() -> None:
    assert about(CallBack.counts["contentment"]) is None
    assert about(CallBackRound.counts["begun"]) is None
    assert CallBackRound.path.stages == PATH.stages
