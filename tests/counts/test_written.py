"""How a number stands in a report."""

from decimal import Decimal

import pytest

from yifa.counts.written import money, percentage, quantity, share


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(11, 0, "11场"), (513, 10, "510余场"), (510, 10, "510场"), (99, 100, "99场"), (0, 10, "0场")],
)
def test_a_number_is_exact_or_rounded_down_and_says_so(value, step, text):
    assert quantity(value, "场", step) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(12, 12, "100%"), (3, 12, "25%"), (2, 3, "66.7%"), (0, 5, "0%"), (1, 100_000, "0.001%")],
)
def test_a_share_is_rounded_at_the_digit_declared(part, whole, text):
    assert share(part, whole) == text


def test_short_of_all_is_never_written_as_all():
    assert share(18_734, 18_735) == "99.99%"
    assert percentage(9_999_999, 10_000_000) == Decimal("99.99999")


def test_a_share_of_nothing_does_not_apply():
    assert share(0, 0) == "不适用"


def test_fen_are_told_in_yuan_or_ten_thousands():
    assert money(130_000_000, "万元") == 130
    assert quantity(money(130_000_000, "万元"), "万元") == "130万元"
    assert money(2_050, "元") == Decimal("20.5")
