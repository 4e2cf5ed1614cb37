"""The time a figure speaks about."""

from datetime import date

import pytest

from yifa.counts.span import Span, month, read_span, since, year


def test_a_year_runs_from_its_first_day_to_its_last():
    assert year(2023) == Span(date(2023, 1, 1), date(2023, 12, 31))
    assert year(2023).whole_year == 2023
    assert str(year(2023)) == "2023年"


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="E550"):
        Span(date(2023, 2, 1), date(2023, 1, 31))


def test_months_cross_the_turn_of_the_year():
    span = Span(date(2022, 11, 1), date(2023, 2, 28))
    assert list(span.months()) == [202211, 202212, 202301, 202302]
    assert str(span) == "2022年11月至2023年2月"


def test_a_span_within_a_month_is_not_whole_months():
    span = Span(date(2023, 3, 5), date(2023, 3, 31))
    assert not span.whole_months
    assert str(span) == "2023年3月5日至2023年3月31日"


def test_february_of_a_leap_year_compares_with_all_of_the_february_before():
    assert month(202402).before() == month(202302)
    assert year(2024).before() == year(2023)
    assert month(202302).before().before().last == date(2021, 2, 28)
    assert month(202502).before() == month(202402)


def test_since_2022_counts_both_years():
    assert str(since(2022, date(2023, 12, 31))) == "2022年1月至2023年12月"


@pytest.mark.parametrize(
    "span",
    [
        year(2023),
        month(202305),
        Span(date(2022, 1, 1), date(2023, 6, 30)),
        Span(date(2023, 1, 5), date(2023, 2, 1)),
    ],
)
def test_a_span_is_read_back_from_its_code(span):
    assert read_span(span.code()) == span
