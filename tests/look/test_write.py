"""Dates and numbers as a Chinese office writes them."""

import doctest
from datetime import UTC, date, datetime
from decimal import Decimal

from yifa.look import charts, write


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(write).failed == 0
    assert doctest.testmod(charts).failed == 0


def test_a_day_is_written_without_leading_noughts():
    assert write.day(date(2023, 3, 5)) == "2023年3月5日"


def test_a_moment_is_told_in_the_countys_time():
    assert write.moment(datetime(2023, 12, 31, 16, 5, tzinfo=UTC)) == "2024年1月1日 00:05"


def test_a_due_day_says_how_far_away_it_is_in_both_languages():
    assert write.left(date(2023, 3, 8), date(2023, 3, 5)) == "还有3天"
    assert write.left(date(2023, 3, 3), date(2023, 3, 5)) == "逾期2天"
    assert write.left(date(2023, 3, 3), date(2023, 3, 5), "en") == "2 days late"


def test_ten_thousands_keep_at_most_two_places():
    assert write.ten_thousand(Decimal("13265000")) == "1,326.5万元"
    assert write.ten_thousand(Decimal("10000")) == "1万元"


def test_a_number_that_is_not_known_is_a_dash():
    assert write.number(None) == "—"
