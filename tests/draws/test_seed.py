"""Public numbers become a seed in one way only, however a newspaper prints them (after RFC 3797, 4.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.draws import DrawError, Source
from yifa.draws.seed import must_be_out_of_reach, seed_text

from .example import AT, INDEX, LOTTERY

LATER = "2023-06-10T12:00:00+08:00"
DICE = Source("骰子", "dice", LATER, witnesses=("张某", "李某"), count=25)


@given(st.permutations([3, 9, 12, 17, 21, 30]), st.sampled_from([" ", ",", "，", "、", "-", " + "]))
def test_a_set_does_not_mind_order_zeros_or_what_stands_between(numbers, between):
    assert LOTTERY.normal(between.join(f"{n:02}" for n in numbers)) == "3.9.12.17.21.30."


def test_a_sequence_keeps_its_order():
    drawn = Source("排列五", "sequence", LATER)
    assert drawn.normal("5 0 0 9 1") == "5.0.0.9.1."
    assert drawn.normal("０５，10") == "5.10."


@pytest.mark.parametrize("text", ["3232.44", "3,232.44", "３２３２．４４", "03232.44", " 3 232.44 "])
def test_a_figure_is_written_with_its_decimals_and_nothing_else(text):
    assert INDEX.normal(text) == "3232.44"


def test_a_figure_is_filled_up_to_its_decimals():
    assert INDEX.normal("3232") == "3232.00"
    assert Source("人口", "figure", LATER, decimals=0).normal("281,000") == "281000"


def test_dice_may_be_typed_without_spaces():
    assert DICE.normal("1" * 24 + "6") == "1." * 24 + "6."


def test_a_root_and_a_text_are_brought_into_one_case():
    assert Source("外县台账根", "root", LATER).normal("AB" * 32) == "ab" * 32
    assert Source("车牌", "text", LATER).normal("豫S·a1 2") == "SA12"


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9), st.decimals(0, 10**9, places=2))
def test_a_value_in_its_one_form_stays_as_it_is(numbers, figure):
    for source, text in ((Source("数", "set", LATER), " ".join(map(str, numbers))), (INDEX, str(figure))):
        once = source.normal(text)
        assert source.normal(once) == once


def test_the_seed_is_every_value_ended_by_a_slash():
    assert seed_text([LOTTERY, INDEX], ["09 03 21 30 12 17", "3,232.44"]) == "3.9.12.17.21.30./3232.44/"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (LOTTERY, "3 9 12"), (LOTTERY, "三 九"), (LOTTERY, ""), (LOTTERY, "1 2 3 4 5 -6 7"), (INDEX, "3232.445"),
        (INDEX, "-3"), (INDEX, "nan"), (INDEX, "3232.44亿"), (DICE, "7" + "1" * 24), (DICE, "123"),
        (Source("外县台账根", "root", LATER), "ab" * 31), (Source("车牌", "text", LATER), "——"),
    ],
)  # fmt: skip
def test_what_the_source_cannot_have_said_is_refused(source, text):
    with pytest.raises(DrawError, match=source.name) as refused:
        source.normal(text)
    assert refused.value.id == "E587"


def test_each_source_has_one_value():
    with pytest.raises(DrawError, match="有2个随机来源，给出了1个值"):
        seed_text([LOTTERY, INDEX], ["1"])


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "lottery"}, {"name": " "}, {"kind": "dice", "count": 25, "witnesses": ("张某", "张某")},
        {"kind": "dice", "count": 24, "witnesses": ("张某", "李某")},
    ],
)  # fmt: skip
def test_a_source_that_says_too_little_is_refused(told):
    with pytest.raises(DrawError, match="E586"):
        Source(**{"name": "某数", "kind": "set", "due": LATER} | told)


def test_dice_alone_are_in_the_hands_of_those_who_draw():
    with pytest.raises(DrawError, match="不在抽取人手中"):
        must_be_out_of_reach([DICE], AT)
    must_be_out_of_reach([DICE, LOTTERY], AT)


@pytest.mark.parametrize("due", [AT, "2023-06-01T00:59:59+00:00", "2022-06-04T21:15:00+08:00"])
def test_a_number_that_can_be_known_before_the_commitment_is_no_chance(due):
    with pytest.raises(DrawError, match="在公布抽取办法之前就能知道"):
        must_be_out_of_reach([Source("旧数", "set", due)], AT)


@pytest.mark.parametrize("due", ["2023-06-04", "明天", "2023-06-04T21:15"])
def test_a_moment_without_a_time_zone_is_refused(due):
    with pytest.raises(DrawError, match="E586"):
        must_be_out_of_reach([Source("数", "set", due)], AT)


def test_the_same_source_twice_is_refused():
    with pytest.raises(DrawError, match="写了两次"):
        must_be_out_of_reach([LOTTERY, LOTTERY], AT)
