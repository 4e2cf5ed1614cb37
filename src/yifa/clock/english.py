"""A sum in English sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from .lengths import Length
from .segments import Segment, rule, segments

if TYPE_CHECKING:
    from .sums import Sum

__all__ = ["english"]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMES = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Qingming Festival",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
PLURALS = {"working": "working day", "day": "day", "month": "month", "year": "year", "hour": "hour"}


def english(found: Sum) -> list[str]:
    if found.length.unit == "hour":
        return [_basis(found), *_hours(found)]
    lines = [_basis(found), _start(found)]
    lines += [_segment(segment) for segment in segments(found) if segment.kind != "rolled"]
    lines += _backward(found) if found.backward else _end(found)
    if found.unknown_years:
        years = ", ".join(map(str, found.unknown_years))
        lines.append(
            f"The holidays of {years} are not known here yet; Monday to Friday were taken for working days. "
            "The date is provisional and must be counted again once they are published."
        )
    return lines


def _say(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _full(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {_say(day)}"


def _moment(at: datetime) -> str:
    return f"{_say(at)} {at:%H:%M}"


def _number(amount: int, unit: str) -> str:
    return f"{amount} {PLURALS[unit]}" + ("" if amount == 1 else "s")


def _length(length: Length) -> str:
    return _number(length.amount, length.unit)


def _name(name: str) -> str:
    return NAMES.get(name, name)


def _basis(found: Sum) -> str:
    under = f"Under {found.basis} the" if found.basis else "The"
    if found.backward:
        return f"{under} notice is due {_length(found.length)} ahead."
    line = f"{under} period is {_length(found.length)}"
    for extension in found.extensions:
        decided = f"decided on {_say(extension.on)}" if extension.on else ""
        told = ", ".join(part for part in (decided, extension.why) if part)
        line += f", extended by {_length(extension.length)}" + (f" ({told})" if told else "")
    return f"{line}."


def _start(found: Sum) -> str:
    event = found.event or ("the event" if found.backward else "the starting event")
    if found.backward:
        return f"{_full(found.start)}: {event}. Neither this day nor the day of notice counts."
    return f"{_full(found.start)}: {event}. This day does not count; counting begins the next day ({rule('start')})."


def _segment(segment: Segment) -> str:
    names = ", ".join(map(_name, segment.names))
    because = f" ({names})" if names else ""
    if segment.last is None:
        return f"From {_say(segment.first)}: paused{because}, not counted until it resumes."
    one_day = segment.first == segment.last
    span = _say(segment.first) if one_day else f"{_say(segment.first)} to {_say(segment.last)}"
    if segment.kind == "paused":
        return f"{span}: paused{because}, {_number(segment.days, 'day')} not counted."
    if segment.kind == "holiday":
        return f"{span}: {names} holiday, {_number(segment.days, 'day')} not counted."
    if not segment.counted:
        return f"{span}: weekend, not counted."
    line = f"{span}: {_number(segment.counted, segment.unit)} counted"
    if segment.weekend:
        line += f", leaving out {_number(segment.weekend, 'day')} of weekend"
    if segment.made_up:
        line += f"; worked in exchange for a holiday: {', '.join(map(_full, segment.made_up))}"
    return f"{line}."


def _end(found: Sum) -> Iterator[str]:
    in_months = any(leg.unit in ("month", "year") for leg in found.legs)
    if found.nominal is None:
        left = ""
        if len(found.legs) == 1 and found.length.unit in ("working", "day"):
            remaining = found.legs[0].amount - found.counted
            left = f"; {_number(found.counted, found.length.unit)} counted so far, {remaining} left"
        yield f"The pause has not ended{left}. The last day can be told once it has."
        return
    if in_months:
        yield _corresponding(found)
    if found.day is None:
        yield f"The last day, {_full(found.nominal)}, is a day off, and the days after it are paused."
        return
    if found.stretches[-1].kind == "rolled":
        why = found.stretches[-1].why
        reason = f"{_name(why)} holiday" if why not in ("", "周末") else "a weekend"
        yield f"The last day, {_full(found.nominal)}, is {reason}; the next working day takes its place ({rule('roll')})."
    elif found.legs[-1].unit != "working" and found.day in found.calendar.worked:
        yield f"The last day, {_full(found.day)}, is worked in exchange for a holiday and stands."
    totals = [(unit, [s.counted for s in found.stretches if s.unit == unit]) for unit in ("working", "day")]
    total = " and ".join(_number(sum(parts), unit) for unit, parts in totals if sum(parts))
    yield (
        f"The period ends on {_full(found.day)}."
        if in_months
        else f"{total} in all: the period ends on {_full(found.day)}."
    )


def _corresponding(found: Sum) -> str:
    assert found.nominal is not None
    if found.pauses or len(found.legs) > 1:
        return (
            f"Months end on the corresponding day ({rule('months')}), moved by as many days as were paused."
        )
    if found.nominal.day == found.start.day:
        return f"The corresponding day is {_say(found.nominal)} ({rule('months')})."
    return f"There is no day {found.start.day} in that month; its last day, {_say(found.nominal)}, stands ({rule('months')})."


def _backward(found: Sum) -> Iterator[str]:
    assert found.day is not None
    yield f"The latest day of notice is {_full(found.day)}, so that {_length(found.length)} lie between."
    if not found.calendar.is_working(found.day):
        day = found.day
        while not found.calendar.is_working(day):
            day -= timedelta(days=1)
        yield f"That day is not worked; better give notice by {_full(day)}."
    yield "No statute says how to count backwards; this is our reading, and the one that cannot come out too short."


def _hours(found: Sum) -> Iterator[str]:
    assert isinstance(found.start, datetime)
    if found.backward:
        assert found.at is not None
        yield f"{_moment(found.start)}: {found.event or 'the event'}. The latest moment of notice is {_moment(found.at)}."
        return
    event = found.event or "the starting event"
    yield f"{_moment(found.start)}: {event}. Hours run from this moment, nights and holidays too ({rule('hours')})."
    for pause in found.pauses:
        because = f" ({pause.why})" if pause.why else ""
        until = f"to {_edge(pause.until)}" if pause.until else "on"
        yield f"From {_edge(pause.since)} {until}: paused{because}, not counted."
    yield (
        f"{_length(found.legs[0])}: the period ends at {_moment(found.at)}."
        if found.at
        else "The pause has not ended."
    )


def _edge(at: date) -> str:
    return _moment(at) if isinstance(at, datetime) else f"the end of {_say(at)}"
