"""Which days are worked: weekends, public holidays, and the weekend days worked in exchange (调休上班)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate

from .lengths import ClockError

__all__ = ["Calendar"]

Index = tuple[int, int, list[int], list[int]]
"""First day, last day, how many working days lie up to each day, the working days in order."""

WEEK = bytes((1, 1, 1, 1, 1, 0, 0))
AHEAD = 6  # years indexed beyond the last one known


class Calendar:
    """The days off and the made-up working days of the years whose notice is out.

    In any other year every Monday to Friday is taken for a working day, and whatever is counted there is provisional.
    """

    __slots__ = ("_index", "holidays", "solid", "worked", "years")

    def __init__(
        self,
        holidays: Mapping[date, str] | Iterable[date] = (),
        worked: Mapping[date, str] | Iterable[date] = (),
        years: Iterable[int] | None = None,
    ) -> None:
        self.holidays = _named(holidays)
        self.worked = _named(worked)
        both = self.holidays.keys() & self.worked.keys()
        if both:
            raise ClockError(f"{min(both)}既登记为放假又登记为上班 [yifa.E023]")
        named = {day.year for day in (*self.holidays, *self.worked)}
        self.years = frozenset(named if years is None else years)
        self.solid = _longest_run(self.years)
        self._index: Index = (0, -1, [], [])

    def __repr__(self) -> str:
        return f"Calendar({min(self.years)}–{max(self.years)})" if self.years else "Calendar()"

    def is_working(self, day: date) -> bool:
        if day.weekday() < 5:
            return day not in self.holidays
        return day in self.worked

    def published(self, year: int) -> bool:
        """Whether the State Council's notice for this year is known here."""
        return year in self.years

    def name(self, day: date) -> str:
        """The holiday this day belongs to (“春节”), “春节调休上班”, or nothing."""
        worked = self.worked.get(day)
        if worked is None:
            return self.holidays.get(day, "")
        return f"{worked}调休上班"

    # Counting by index, so that a due date costs the same in a year full of holidays as in a week without one

    def index(self, low: int, high: int) -> Index:
        """The index, reaching at least from one day to another (all days are ordinals)."""
        found = self._index
        if found[0] <= low and high <= found[1]:
            return found
        return self._build(low, high)

    def _build(self, low: int, high: int) -> Index:
        if low < 1 or high > LAST:
            raise ClockError("期限超出了日历所能表示的范围（公元1年至9999年） [yifa.E022]")
        years = {date.fromordinal(low).year - 1, date.fromordinal(high).year + 1}
        years |= {year + AHEAD for year in self.years} | self.years
        if self._index[1] > 0:
            years |= {date.fromordinal(self._index[0]).year, date.fromordinal(self._index[1]).year}
        base = date(max(1, min(years)), 1, 1).toordinal()
        top = date(min(9999, max(years)), 12, 31).toordinal()
        turn = (base - 1) % 7  # the first day of the calendar was a Monday
        flags = bytearray((WEEK * ((top - base) // 7 + 3))[turn : turn + top - base + 1])
        for days, working in ((self.holidays, 0), (self.worked, 1)):
            for day in days:
                flags[day.toordinal() - base] = working
        worked = [base + i for i, working in enumerate(flags) if working]
        self._index = (base, top, list(accumulate(flags)), worked)
        return self._index

    def working_day_from(self, day: int) -> int:
        """The first working day on or after a day."""
        base, _, before, worked = self.index(day - 1, day + 60)
        return worked[before[day - 1 - base]]

    def knows(self, first: int, last: int) -> bool:
        """Whether every year from one to the other is published."""
        low, high = self.solid
        if low <= first and last <= high:
            return True
        return all(year in self.years for year in range(first, last + 1))


LAST = date.max.toordinal()


def _named(found: Mapping[date, str] | Iterable[date]) -> dict[date, str]:
    return dict(found) if isinstance(found, Mapping) else dict.fromkeys(found, "法定节假日")


def _longest_run(years: frozenset[int]) -> tuple[int, int]:
    """The last unbroken run of published years."""
    ordered = sorted(years)
    if not ordered:
        return (1, 0)
    first = max(i for i, year in enumerate(ordered) if i == 0 or ordered[i - 1] != year - 1)
    return ordered[first], ordered[-1]
