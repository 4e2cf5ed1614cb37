"""Due dates worked out by hand from the notices of 2025 and 2026; the day of the event is not counted."""

from datetime import date

import pytest

from yifa.clock import Calendar, Length, days, due, months, national, reckon, short_days, working_days

GOLDEN = [
    (
        "disclosure answer across 春节, two make-up Saturdays counted",
        date(2026, 2, 9),
        working_days(20),
        date(2026, 3, 13),
    ),
    ("twenty working days across 中秋 and 国庆", date(2026, 9, 21), working_days(20), date(2026, 10, 26)),
    ("penalty decision, the last day is 清明 and rolls", date(2026, 1, 5), days(90), date(2026, 4, 7)),
    ("reconsideration, the last day lies in 国庆 and rolls", date(2026, 8, 5), days(60), date(2026, 10, 8)),
    (
        "acceptance review, Saturday 10 October is worked",
        date(2026, 9, 30),
        short_days(5),
        date(2026, 10, 13),
    ),
    ("proposal, three months", date(2026, 2, 28), months(3), date(2026, 5, 28)),
    (
        "no 30 February: month end, a make-up Saturday does not roll",
        date(2025, 11, 30),
        months(3),
        date(2026, 2, 28),
    ),
    ("fifteen days to pay a fine, over 中秋 and 国庆", date(2026, 9, 18), days(15), date(2026, 10, 8)),
    ("one working day lands on a make-up Saturday", date(2026, 2, 13), working_days(1), date(2026, 2, 14)),
]


@pytest.mark.parametrize(("what", "start", "length", "end"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_the_golden_vectors(what: str, start: date, length: Length, end: date):
    found = due(start, length, national())
    assert found.day == end
    assert not found.provisional
    assert reckon(start, length, national()).day == end


def test_the_day_of_the_event_is_not_counted():
    friday, monday = date(2025, 3, 7), date(2025, 3, 10)
    assert due(friday, days(3), Calendar()).day == monday
    assert due(friday, working_days(1), Calendar()).day == monday


def test_an_event_on_a_day_off_starts_the_count_on_the_first_working_day():
    assert due(date(2026, 2, 15), working_days(1), national()).day == date(2026, 2, 24)


def test_holidays_in_between_do_not_lengthen_a_period_in_calendar_days():
    assert due(date(2026, 9, 28), days(15), national()).day == date(2026, 10, 13)


def test_a_year_is_two_periods_of_six_months():
    assert due(date(2024, 2, 29), Length(1, "year"), Calendar()).day == date(2025, 2, 28)
    assert due(date(2024, 2, 29), months(12), Calendar()).day == date(2025, 2, 28)
    assert due(date(2024, 2, 29), Length(4, "year"), Calendar()).day == date(2028, 2, 29)
