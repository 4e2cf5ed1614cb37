"""What stops a period, what lengthens it, and what does neither."""

from datetime import date

import pytest

from yifa.clock import (
    Calendar,
    ClockError,
    Extension,
    Pause,
    days,
    due,
    hours,
    months,
    national,
    working_days,
)

PLAIN = Calendar(years=range(2020, 2031))


def test_the_days_after_the_consultation_letter_up_to_the_answer_do_not_count():
    # 2025-03-03 + 20 working days is 03-31; ten of them (03-11 to 03-24) were spent waiting
    consulted = Pause(date(2025, 3, 10), date(2025, 3, 24))
    assert due(date(2025, 3, 3), working_days(20), national()).day == date(2025, 3, 31)
    assert due(date(2025, 3, 3), working_days(20), national(), [consulted]).day == date(2025, 4, 15)


def test_nobody_knows_the_last_day_while_a_pause_is_open():
    assert due(date(2025, 3, 3), working_days(20), national(), [Pause(date(2025, 3, 10))]).day is None


def test_a_pause_that_begins_after_the_last_day_comes_too_late():
    assert due(date(2025, 3, 3), working_days(5), PLAIN, [Pause(date(2025, 3, 10))]).day == date(2025, 3, 10)
    assert due(date(2025, 3, 3), working_days(6), PLAIN, [Pause(date(2025, 3, 10))]).day is None


def test_a_pause_begun_before_the_event_delays_the_first_day():
    assert due(date(2025, 3, 10), days(1), PLAIN, [Pause(date(2025, 3, 3), date(2025, 3, 12))]).day == date(
        2025, 3, 13
    )


def test_overlapping_pauses_are_counted_once():
    stops = [Pause(date(2025, 3, 4), date(2025, 3, 7)), Pause(date(2025, 3, 5), date(2025, 3, 6))]
    assert due(date(2025, 3, 3), days(10), PLAIN, stops).day == date(2025, 3, 17)


def test_an_extension_adds_units_of_its_own():
    more = Extension(working_days(20), date(2025, 3, 28), "情况复杂")
    assert due(date(2025, 3, 3), working_days(20), PLAIN, (), [more]).day == date(2025, 4, 28)
    assert due(date(2025, 3, 3), days(60), PLAIN, (), [Extension(days(30))]).day == date(
        2025, 6, 2
    )  # 90 days: Sunday


def test_two_months_and_one_month_are_three_months():
    assert due(date(2025, 12, 31), months(2), PLAIN, (), [Extension(months(1))]).day == date(2026, 3, 31)


def test_a_pause_moves_a_period_in_months_by_as_many_days():
    stop = Pause(date(2025, 4, 1), date(2025, 4, 11))
    assert due(date(2025, 3, 3), months(2), PLAIN, [stop]).day == date(2025, 5, 13)


def test_a_pause_cannot_end_before_it_begins():
    with pytest.raises(ClockError, match=r"暂停不能在开始.*之前结束.*yifa\.E024"):
        Pause(date(2025, 3, 10), date(2025, 3, 9))


def test_hours_cannot_be_added_to_days():
    with pytest.raises(ClockError, match=r"yifa\.E026"):
        due(
            date(2025, 3, 10),
            days(3),
            PLAIN,
            (),
            [Extension(working_days(1)), Extension(months(1)), Extension(hours(2))],
        )
