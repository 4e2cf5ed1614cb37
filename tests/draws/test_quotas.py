"""Quotas are exact: no stratum gets a whole place more or less than its share, ratios are never exceeded."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yifa.draws import DrawError, apportion, quota

RATIOS = st.fractions(0, 1, max_denominator=1000)
SIZES = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 500), min_size=1, max_size=6)


@given(st.integers(0, 10**6), RATIOS)
def test_a_ceiling_is_never_exceeded_and_a_floor_never_missed(size, ratio):
    most, least = quota(size, ratio), quota(size, ratio, ceiling=False)
    assert most <= size * ratio < most + 1
    assert least - 1 < size * ratio <= least <= size


def test_three_in_a_hundred_of_9042_firms_are_271():
    assert quota(9042, Fraction(3, 100)) == 271
    assert quota(9042, Fraction(3, 100), ceiling=False) == 272
    assert quota(20, Fraction(3, 100), least=1) == 1
    assert quota(0, Fraction(3, 100), least=1) == 0


@pytest.mark.parametrize("ratio", [Fraction(-1, 100), Fraction(101, 100)])
def test_a_ratio_outside_nought_and_one_is_refused(ratio):
    with pytest.raises(DrawError, match="E585"):
        quota(10, ratio)


@given(SIZES, st.data())
def test_shares_add_up_and_no_stratum_gets_more_than_it_has(sizes, data):
    total = data.draw(st.integers(0, sum(sizes.values())))
    shares = apportion(total, sizes)
    assert sum(shares.values()) == total
    assert list(shares) == list(sizes)
    assert all(0 <= shares[s] <= sizes[s] for s in sizes)


@given(SIZES, st.data())
def test_without_weights_every_share_is_within_one_of_its_exact_part(sizes, data):
    assume(sum(sizes.values()))
    total = data.draw(st.integers(0, sum(sizes.values())))
    for stratum, share in apportion(total, sizes).items():
        assert abs(share - Fraction(total * sizes[stratum], sum(sizes.values()))) < 1


def test_largest_remainder_by_hand():
    """Exact shares 4.29, 2.86, 2.86 of ten: the two with the larger remainder take the places left."""
    assert apportion(10, {"A": 30, "B": 20, "C": 20}) == {"A": 4, "B": 3, "C": 3}


def test_equal_remainders_go_in_the_order_of_the_strata():
    assert apportion(1, {"B": 5, "A": 5}) == {"B": 1, "A": 0}


def test_a_stratum_that_is_full_passes_its_share_on():
    assert apportion(10, {"A": 100, "B": 50, "C": 2}, {"A": 1, "B": 1, "C": 50}) == {"A": 5, "B": 3, "C": 2}


@pytest.mark.parametrize(
    ("total", "sizes", "weights"),
    [(4, {"A": 3}, {}), (1, {"A": 3}, {"A": -1}), (2, {"A": 1, "B": 5}, {"B": 0})],
)
def test_what_cannot_be_shared_out_is_refused(total, sizes, weights):
    with pytest.raises(DrawError, match="E585"):
        apportion(total, sizes, weights)
