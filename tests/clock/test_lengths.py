"""A length is written as the statute writes it."""

import pytest

from yifa.clock import ClockError, Length, days, hours, months, short_days, working_days, years


@pytest.mark.parametrize(
    ("length", "spellings"),
    [
        (working_days(20), ["20个工作日", "二十个工作日"]),
        (short_days(5), ["5日", "五日"]),
        (days(60), ["60日", "六十日", "60天", "六十天"]),
        (months(3), ["3个月", "三个月", "三月"]),
        (months(2), ["2个月", "二个月", "两个月", "二月"]),
        (years(2), ["2年", "二年", "两年"]),
        (hours(24), ["24小时", "二十四小时"]),
    ],
    ids=str,
)
def test_the_ways_a_statute_may_write_a_length(length, spellings):
    assert length.spellings() == spellings
    assert str(length) == spellings[0]


@pytest.mark.parametrize("wrong", [0, -1, 20_001, True, 2.5, "20"])
def test_a_length_is_a_whole_number_of_a_sensible_size(wrong):
    with pytest.raises(ClockError, match=r"yifa\.E021"):
        working_days(wrong)


def test_a_length_has_a_unit_the_law_knows():
    with pytest.raises(ClockError, match=r"yifa\.E020"):
        Length(3, "week")


def test_a_length_is_named_in_english():
    assert working_days(1).english() == "1 working day"
    assert months(3).english() == "3 months"
