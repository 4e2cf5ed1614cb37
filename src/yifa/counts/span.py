"""The time a figure speaks about: from one day to another, both included."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"期间的止日（{self.last}）早于起日（{self.first}） [yifa.E550]")

    @property
    def first_month(self) -> int:
        return month_of(self.first)

    @property
    def last_month(self) -> int:
        return month_of(self.last)

    @property
    def whole_months(self) -> bool:
        """Whether the cube, which counts by month, can answer for this span exactly."""
        return self.first.day == 1 and self.last == month_end(self.last)

    @property
    def whole_year(self) -> int | None:
        """The year, when the span is exactly one."""
        whole = self == year(self.first.year)
        return self.first.year if whole else None

    def months(self) -> Iterator[int]:
        """The months the span touches, as the cube writes them: 202301."""
        at, end = self.first_month, self.last_month
        while at <= end:
            yield at
            at = at + 1 if at % 100 < 12 else at + 89

    def before(self) -> Span:
        """The span of the same length a year earlier."""
        last = _year_earlier(self.last)
        if self.last == month_end(self.last):
            last = month_end(last)
        return Span(_year_earlier(self.first), last)

    def earlier(self) -> Span:
        """The same stretch so many years earlier that the two do not overlap: 2022–2023 on 2020–2021 (同期)."""
        found = self.before()
        while found.last >= self.first:
            found = found.before()
        return found

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        if self.whole_year:
            return f"{self.first.year}年"
        if self.whole_months and self.first_month == self.last_month:
            return f"{self.first.year}年{self.first.month}月"
        if self.whole_months:
            end = f"{self.last.month}月" if self.first.year == self.last.year else _month(self.last)
            return f"{_month(self.first)}至{end}"
        return f"{_day(self.first)}至{_day(self.last)}"

    def code(self) -> str:
        """How a span is written in an address: 2023, 202301-202306, 2023-01-05..2023-02-01."""
        if self.whole_year:
            return str(self.first.year)
        if self.whole_months:
            return f"{self.first_month}-{self.last_month}"
        return f"{self.first}..{self.last}"


def year(number: int) -> Span:
    return Span(date(number, 1, 1), date(number, 12, 31))


def month(number: int) -> Span:
    """One month written as 202303."""
    first = date(number // 100, number % 100, 1)
    return Span(first, month_end(first))


def since(first_year: int, last: date) -> Span:
    """“2022年以来”: from the first day of that year to the last day of the period reported."""
    return Span(date(first_year, 1, 1), last)


def read_span(code: str) -> Span:
    """The reverse of `Span.code`; a wrong code raises ValueError."""
    if ".." in code:
        first, last = code.split("..", 1)
        return Span(date.fromisoformat(first), date.fromisoformat(last))
    if "-" in code:
        first, last = code.split("-", 1)
        return Span(month(int(first)).first, month(int(last)).last)
    number = int(code)
    return year(number) if number < 10_000 else month(number)


def month_of(day: date) -> int:
    return day.year * 100 + day.month


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def _year_earlier(day: date) -> date:
    leap_day = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
