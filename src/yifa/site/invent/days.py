"""Days for invented acts: working days, and any days for what keeps no office hours."""

from datetime import date, timedelta
from functools import cache

from yifa.clock import before, due, national, working_days

DAY = timedelta(days=1)


@cache
def of_month(first: date) -> tuple[date, ...]:
    """The working days of the month that begins on this day."""
    return _between(first, (first + 31 * DAY).replace(day=1))


@cache
def of_year(year: int) -> tuple[date, ...]:
    return _between(date(year, 1, 1), date(year + 1, 1, 1))


def _between(first: date, after: date) -> tuple[date, ...]:
    days = (first + n * DAY for n in range((after - first).days))
    return tuple(day for day in days if national().is_working(day))


@cache
def any_of_month(first: date) -> tuple[date, ...]:
    """Every day of the month that begins on this day."""
    return tuple(day for n in range(31) if (day := first + n * DAY).month == first.month)


def halves(first: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The month's working days, its first half and its second."""
    days = of_month(first)
    return days[: len(days) // 2], days[len(days) // 2 :]


def later(day: date, n: int) -> date:
    """The nth working day after this day."""
    found = due(day, working_days(n), national()).day
    assert found is not None
    return found


def earlier(day: date, n: int) -> date:
    """The nth working day before this day."""
    found = before(day, working_days(n), national()).day
    assert found is not None
    return found
