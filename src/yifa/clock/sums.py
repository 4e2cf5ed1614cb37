"""The sum of a due date: every stretch counted or not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from .calendar import Calendar
from .chinese import chinese
from .counting import OPEN, Count, Extension, Gap, Pause, add_months, count, gaps_of, legs_of, moment
from .english import english
from .lengths import ClockError, Length

__all__ = ["Stretch", "Sum", "before", "reckon"]

COUNTED, WEEKEND, HOLIDAY, PAUSED, ROLLED = "counted", "weekend", "holiday", "paused", "rolled"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that counted, or did not for one reason. `last` is None while a pause is open.

    kind: counted, weekend, holiday, paused, or rolled (after the last day, up to the first working day).
    unit: what is being counted here, working days or calendar days.
    """

    kind: str
    first: date
    last: date | None
    counted: int = 0
    why: str = ""
    made_up: tuple[date, ...] = ()  # weekend days worked in exchange, counted here
    unit: str = "day"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1 if self.last else 0


@dataclass(frozen=True, slots=True)
class Sum:
    """How a due date was found, step by step, for anyone who asks.

    `nominal` is the last day before it was moved to a working day. Backwards, `start` is the event and `day` the latest
    day on which notice may be given.
    """

    start: date
    length: Length
    calendar: Calendar
    day: date | None
    provisional: bool
    stretches: tuple[Stretch, ...]
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    basis: str = ""
    event: str = ""
    nominal: date | None = None
    at: datetime | None = None
    backward: bool = False

    @property
    def legs(self) -> list[Length]:
        """The lengths counted in turn: the period, and its extensions."""
        return legs_of(self.length, self.extensions)

    @property
    def counted(self) -> int:
        """How many units have been counted."""
        return sum(stretch.counted for stretch in self.stretches)

    @property
    def unknown_years(self) -> tuple[int, ...]:
        """The years this sum rests on whose notice is not out."""
        if not self.provisional:
            return ()
        days = [self.start, *(day for s in self.stretches for day in (s.first, s.last) if day)]
        days += [day for day in (self.day, self.nominal) if day]
        years = range(min(days).year, max(days).year + 1)
        return tuple(year for year in years if not self.calendar.published(year))

    def sentences(self, lang: str = "zh") -> list[str]:
        """The sum in words an official can read aloud; `lang="en"` for English."""
        return english(self) if lang == "en" else chinese(self)

    def as_dict(self) -> dict[str, Any]:
        """The sum as plain data."""
        return {
            "day": _iso(self.day),
            "at": _iso(self.at),
            "provisional": self.provisional,
            "start": _iso(self.start),
            "length": str(self.length),
            "amount": self.length.amount,
            "unit": self.length.unit,
            "backward": self.backward,
            "basis": self.basis,
            "event": self.event,
            "nominal": _iso(self.nominal),
            "counted": self.counted,
            "unknown_years": list(self.unknown_years),
            "pauses": [{"since": _iso(p.since), "until": _iso(p.until), "why": p.why} for p in self.pauses],
            "extensions": [
                {"length": str(x.length), "on": _iso(x.on), "why": x.why} for x in self.extensions
            ],
            "stretches": [
                {
                    "kind": s.kind,
                    "first": _iso(s.first),
                    "last": _iso(s.last),
                    "counted": s.counted,
                    "why": s.why,
                    "made_up": [day.isoformat() for day in s.made_up],
                }
                for s in self.stretches
            ],
            "sentences": self.sentences(),
            "sentences_en": self.sentences("en"),
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def reckon(
    start: date,
    length: Length,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
    basis: str = "",
    event: str = "",
) -> Sum:
    """The same day as `due`, with the sum that shows why. `basis` is a citation, `event` what started the period."""
    pauses, extensions = tuple(pauses), tuple(extensions)
    legs = legs_of(length, extensions)
    blank = Sum(start, length, calendar, None, False, (), pauses, extensions, str(basis), event)
    if length.unit == "hour":
        at = moment(start, legs, pauses)
        return replace(blank, day=at and at.date(), at=at)
    first, gaps = start.toordinal(), gaps_of(pauses)
    found = count(first, legs, calendar, gaps)
    stretches = tuple(_stretches(first, legs, calendar, gaps, found, pauses))
    end, nominal = (date.fromordinal(n) if n else None for n in (found.end, found.nominal))
    start = date.fromordinal(first)
    return replace(
        blank, start=start, day=end, nominal=nominal, stretches=stretches, provisional=found.provisional
    )


def _stretches(
    start: int,
    legs: list[Length],
    calendar: Calendar,
    gaps: list[Gap],
    found: Count,
    pauses: tuple[Pause, ...],
) -> Iterator[Stretch]:
    here = start
    for leg in legs:
        reached = count(here, [leg], calendar, gaps).nominal
        walk = _worked if leg.unit == "working" else _passed
        for first, last, gap in _runs(here, reached, gaps):
            if gap is None:
                yield from walk(first, last, calendar)
            else:
                yield Stretch(PAUSED, _day(first), _day(last) if last < OPEN else None, 0, _why(gap, pauses))
        if reached is None:
            return
        here = reached
    if found.end != found.nominal:
        rolled = date.fromordinal(here)
        why = calendar.name(rolled) or ("" if calendar.is_working(rolled) else "周末")
        yield Stretch(ROLLED, _day(here + 1), _day(found.end) if found.end else None, 0, why)


def _runs(here: int, end: int | None, gaps: list[Gap]) -> Iterator[tuple[int, int, Gap | None]]:
    """Days that may count and days paused, in turn, after one day and up to another."""
    for gap in gaps:
        if gap.until <= here:
            continue
        if end is not None and gap.since >= end:
            break
        if gap.since > here:
            yield here + 1, gap.since, None
        yield max(gap.since, here) + 1, gap.until, gap
        here = gap.until
    if end is not None and end > here:
        yield here + 1, end, None


def _worked(first: int, last: int, calendar: Calendar) -> Iterator[Stretch]:
    """Working days in a row, weekends, holidays."""

    def what(day: date) -> tuple[str, str]:
        if calendar.is_working(day):
            return COUNTED, ""
        name = calendar.holidays.get(day)
        return (HOLIDAY, name) if name else (WEEKEND, "")

    for (kind, why), days in groupby(map(date.fromordinal, range(first, last + 1)), what):
        run = list(days)
        if kind == COUNTED:
            made_up = tuple(day for day in run if day.weekday() > 4)
            yield Stretch(kind, run[0], run[-1], len(run), "", made_up, "working")
        else:
            yield Stretch(kind, run[0], run[-1], 0, why, (), "working")


def _passed(first: int, last: int, calendar: Calendar) -> Iterator[Stretch]:
    """Calendar days in a row: holidays between them count (民法典第二百零一条)."""
    yield Stretch(COUNTED, _day(first), _day(last), last - first + 1)


def _why(gap: Gap, pauses: tuple[Pause, ...]) -> str:
    inside = (p for p in pauses if gap.since <= p.since.toordinal() <= gap.until)
    return "、".join(dict.fromkeys(p.why for p in inside if p.why))


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def before(event: date, length: Length, calendar: Calendar, basis: str = "", name: str = "") -> Sum:
    """The latest day on which notice may be given, so that the full length lies between it and the event (“七日前”).

    Neither day counts. No statute says how to count backwards; this is the reading that cannot come out too short.
    """
    blank = Sum(event, length, calendar, None, False, (), basis=str(basis), event=name, backward=True)
    if length.unit == "hour":
        if not isinstance(event, datetime):
            raise ClockError(f"按小时计算的期限要写明时刻，只有日期{event}不够 [yifa.E025]")
        at = event - timedelta(hours=length.amount)
        return replace(blank, day=at.date(), at=at)
    last = event.toordinal()
    latest = _latest(last, length, calendar)
    if latest < 1:
        raise ClockError("期限超出了日历所能表示的范围（公元1年至9999年） [yifa.E022]")
    walk = _worked if length.unit == "working" else _passed
    stretches = tuple(walk(latest + 1, last - 1, calendar))
    day = _day(latest)
    known = length.unit != "working" or calendar.knows(day.year, event.year)
    return replace(blank, start=_day(last), day=day, nominal=day, stretches=stretches, provisional=not known)


def _latest(event: int, length: Length, calendar: Calendar) -> int:
    if length.unit == "working":
        base, _, worked_before, worked = calendar.index(event - length.amount * 3 - 60, event)
        return worked[worked_before[event - 1 - base] - length.amount] - 1
    if length.unit == "day":
        return event - length.amount - 1
    months = length.amount * (12 if length.unit == "year" else 1)
    day = add_months(_day(event - 1), -months)
    while (
        add_months(day + timedelta(days=1), months).toordinal() < event
    ):  # the 28th to the 31st may end alike
        day += timedelta(days=1)
    return day.toordinal()
