"""When a period ends.

The day it starts on does not count (民法典第二百零一条). Days inside a pause do not count. A period in months or years
ends on the corresponding day (第二百零二条). Where the last day is a day off, the period ends on the first working day
after it (第二百零三条). Hours run from the moment itself and stop neither at night nor on holidays.

Our readings, where no statute speaks: an extension adds its units to the period before the last day is rolled; a pause in
a period of months moves its end by as many calendar days; a day inside a pause cannot be the last day.

Nothing here knows about cases, databases or today's date: dates in, dates out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from .calendar import LAST, Calendar
from .lengths import ClockError, Length

__all__ = [
    "Count",
    "Due",
    "Extension",
    "Gap",
    "Pause",
    "add_months",
    "count",
    "due",
    "gaps_of",
    "legs_of",
    "moment",
]

OPEN = LAST + 1  # the end of a pause that has not ended


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count: the days after `since`, up to and including `until` (None: still going on)."""

    since: date
    until: date | None = None
    why: str = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until.toordinal() < self.since.toordinal():
            raise ClockError(f"暂停不能在开始（{self.since}）之前结束（{self.until}） [yifa.E024]")


@dataclass(frozen=True, slots=True)
class Extension:
    """A period made longer by so much, in units of its own; `on` is the day this was decided."""

    length: Length
    on: date | None = None
    why: str = ""


class Due(NamedTuple):
    """The last day; None while a pause is open. Provisional where it rests on a year not yet published."""

    day: date | None
    provisional: bool = False
    at: datetime | None = None  # the moment, for a period in hours


class Gap(NamedTuple):
    """Days that do not count, as ordinals: after `since` up to `until`."""

    since: int
    until: int


class Count(NamedTuple):
    """Where a count ended: before and after the roll of the last day. Ends are ordinals, None while a pause is open."""

    nominal: int | None
    end: int | None
    provisional: bool


def due(
    start: date,
    length: Length,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
) -> Due:
    """The last day of a period that starts with an event on `start` (a datetime, where it is counted in hours)."""
    if length.unit == "working" and not pauses and not extensions:  # nearly every call, and a hot one
        first = start.toordinal()
        base, _, before, worked = calendar.index(first, first + length.amount * 3 + 60)
        end = date.fromordinal(worked[before[first - base] + length.amount - 1])
        low, high = calendar.solid
        known = (low <= start.year and end.year <= high) or _known(calendar, first + 1, end.toordinal())
        return Due(end, not known)
    legs, pauses = legs_of(length, extensions), tuple(pauses)
    if length.unit == "hour":
        at = moment(start, legs, pauses)
        return Due(at and at.date(), False, at)
    found = count(start.toordinal(), legs, calendar, gaps_of(pauses))
    return Due(date.fromordinal(found.end) if found.end else None, found.provisional)


def count(start: int, legs: Sequence[Length], calendar: Calendar, gaps: Sequence[Gap] = ()) -> Count:
    """Count the legs of a period one after another, then roll the last day."""
    here, provisional = start, False
    for leg in legs:
        if leg.unit == "working":
            reached = _working(here, leg.amount, calendar, gaps)
        else:
            reached = _calendar(here, _in_days(here, leg), gaps)
        if reached is None:
            return Count(None, None, provisional)
        if leg.unit == "working":
            provisional |= not _known(calendar, here + 1, reached)
        here = reached
    end = here if legs[-1].unit == "working" else _roll(here, calendar, gaps)
    if end is None:
        return Count(here, None, provisional)
    return Count(here, end, provisional or (legs[-1].unit != "working" and not _known(calendar, here, end)))


def _working(here: int, amount: int, calendar: Calendar, gaps: Sequence[Gap]) -> int | None:
    for gap in gaps:
        base, _, before, worked = calendar.index(min(here, gap.since), max(here, gap.since))
        run = before[gap.since - base] - before[here - base] if gap.since > here else 0
        if run >= amount:
            break
        amount -= run
        here = max(here, gap.until)
        if here == OPEN:
            return None
    base, _, before, worked = calendar.index(here, here + amount * 3 + 60)
    return worked[before[here - base] + amount - 1]


def _calendar(here: int, amount: int, gaps: Sequence[Gap]) -> int | None:
    for gap in gaps:
        run = max(0, gap.since - here)
        if run >= amount:
            break
        amount -= run
        here = max(here, gap.until)
        if here == OPEN:
            return None
    if here + amount > LAST:
        raise ClockError("期限超出了日历所能表示的范围（公元1年至9999年） [yifa.E022]")
    return here + amount


def _in_days(here: int, leg: Length) -> int:
    if leg.unit == "day":
        return leg.amount
    return (
        add_months(date.fromordinal(here), leg.amount * (12 if leg.unit == "year" else 1)).toordinal() - here
    )


def add_months(day: date, n: int) -> date:
    """The corresponding day n months on, or the last day of that month where there is none (民法典第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not 1 <= year <= 9999:
        raise ClockError("期限超出了日历所能表示的范围（公元1年至9999年） [yifa.E022]")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _roll(day: int, calendar: Calendar, gaps: Sequence[Gap]) -> int | None:
    """The first day from here on that is worked and not inside a pause."""
    end = calendar.working_day_from(day)
    for gap in gaps:
        if gap.since < end <= gap.until:
            if gap.until == OPEN:
                return None
            end = calendar.working_day_from(gap.until + 1)
    return end


def _known(calendar: Calendar, first: int, last: int) -> bool:
    return calendar.knows(date.fromordinal(first).year, date.fromordinal(last).year)


def legs_of(length: Length, extensions: Iterable[Extension]) -> list[Length]:
    """The lengths to count in turn: the period and its extensions, those of one unit added up (二个月＋一个月＝三个月)."""
    legs = [length]
    for extension in extensions:
        more = extension.length
        if ("hour" in (more.unit, length.unit)) and more.unit != length.unit:
            raise ClockError(f"{length}的期限不能延长{more}：小时与日、月、年不能相加 [yifa.E026]")
        if more.unit == legs[-1].unit:
            legs[-1] = Length(legs[-1].amount + more.amount, more.unit)
        else:
            legs.append(more)
    return legs


def gaps_of(pauses: Iterable[Pause]) -> list[Gap]:
    """Pauses in order, overlapping ones joined; a pause that ends on the day it began is none."""
    joined: list[Gap] = []
    ordered = ((p.since.toordinal(), OPEN if p.until is None else p.until.toordinal()) for p in pauses)
    for since, until in sorted(ordered):
        if joined and since <= joined[-1].until:
            joined[-1] = Gap(joined[-1].since, max(until, joined[-1].until))
        elif since < until:
            joined.append(Gap(since, until))
    return joined


def moment(start: date, legs: Sequence[Length], pauses: Iterable[Pause] = ()) -> datetime | None:
    """When a period in hours runs out. A pause given in days leaves out those days whole."""
    if not isinstance(start, datetime):
        raise ClockError(f"按小时计算的期限要写明起算的时刻，只有日期{start}不够 [yifa.E025]")
    left, here = timedelta(hours=legs[0].amount), start
    edges = [(_edge(p.since, start), _edge(p.until, start) if p.until else None) for p in pauses]
    for since, until in sorted(edges, key=lambda edge: edge[0]):
        run = since - here
        if run >= left:
            break
        left -= max(run, timedelta())
        if until is None:
            return None
        here = max(here, until)
    return here + left


def _edge(day: date, like: datetime) -> datetime:
    """The moment a pause begins or ends: itself, or the midnight that closes the day."""
    if isinstance(day, datetime):
        return day
    return datetime.combine(day + timedelta(days=1), time(), like.tzinfo)
