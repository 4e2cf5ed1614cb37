"""A sum in Chinese sentences an official can read aloud at a counter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from .lengths import UNITS, Length
from .segments import Segment, rule, segments

if TYPE_CHECKING:
    from .sums import Sum

__all__ = ["chinese"]

WEEKDAYS = "一二三四五六日"


class Days:
    """Dates as they are said one after another: the year only where it changes."""

    def __init__(self) -> None:
        self.year = 0

    def say(self, day: date, *, weekday: bool = False) -> str:
        year = "" if day.year == self.year else f"{day.year}年"
        self.year = day.year
        return f"{year}{day.month}月{day.day}日" + (f"（{weekday_of(day)}）" if weekday else "")

    def span(self, first: date, last: date) -> str:
        return self.say(first) if first == last else f"{self.say(first)}至{self.say(last)}"

    def moment(self, at: datetime) -> str:
        return f"{self.say(at)}{at.hour}时{at.minute:02}分"


def weekday_of(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def chinese(found: Sum) -> list[str]:
    said = Days()
    if found.length.unit == "hour":
        return [_basis(found), *_hours(found, said)]
    lines = [_basis(found), _start(found, said)]
    lines += [_segment(segment, said) for segment in segments(found) if segment.kind != "rolled"]
    lines += _backward(found, said) if found.backward else _end(found, said)
    if found.unknown_years:
        years = "、".join(f"{year}年" for year in found.unknown_years)
        lines.append(
            f"{years}的放假安排尚未收录，暂按周一至周五上班推算，所得日期是暂定的；安排公布后应当重新计算并告知。"
        )
    return lines


def _length(length: Length) -> str:
    return f"{length}（指工作日）" if length.spelt and length.unit == "working" else str(length)


def _basis(found: Sum) -> str:
    words = f"应当提前{_length(found.length)}" if found.backward else f"期限为{_length(found.length)}"
    line = f"依据{found.basis}，{words}" if found.basis else words
    for extension in found.extensions:
        decided = f"{Days().say(extension.on)}决定" if extension.on else ""
        told = "，".join(part for part in (decided, extension.why) if part)
        line += f"，延长{_length(extension.length)}" + (f"（{told}）" if told else "")
    return f"{line}。"


def _start(found: Sum, said: Days) -> str:
    day = said.say(found.start, weekday=True)
    if found.backward:
        return f"{day}{found.event or '是事项举行之日'}，当日和通知当日都不计。"
    return f"{day}{found.event or '是起算事由发生之日'}，当日不计，从次日起算（{rule('start')}）。"


def _segment(segment: Segment, said: Days) -> str:
    names = "、".join(segment.names)
    paused = "暂停" + (f"（{names}）" if names else "")
    if segment.last is None:
        return f"{said.say(segment.first)}起{paused}，恢复之前不计。"
    span = said.span(segment.first, segment.last)
    if segment.kind == "paused":
        return f"{span}{paused}，{segment.days}天不计。"
    if segment.kind == "holiday":
        return f"{span}{names}放假，{segment.days}天不计。"
    if not segment.counted:
        return f"{span}是周末，不计。"
    weekend = f"除周末{segment.weekend}天外，" if segment.weekend else ""
    line = f"{span}，{weekend}计{segment.counted}{UNITS[segment.unit]}"
    if segment.made_up:
        days = "、".join(said.say(day, weekday=True) for day in segment.made_up)
        alone = f"，当日（{weekday_of(segment.first)}）是调休上班日"
        line += f"，其中{days}是调休上班日" if segment.days > 1 else alone
    return f"{line}。"


def _end(found: Sum, said: Days) -> Iterator[str]:
    counted_in_months = any(leg.unit in ("month", "year") for leg in found.legs)
    if found.nominal is None:
        yield f"暂停尚未结束{_left(found)}，恢复之后才能确定届满之日。"
        return
    if counted_in_months:
        yield _corresponding(found, said)
    rolled = found.stretches[-1] if found.stretches[-1].kind == "rolled" else None
    last = f"最后一日{said.say(found.nominal, weekday=True)}"
    if found.day is None:
        yield f"{last}不是工作日，应当顺延，但其后又暂停，恢复之后才能确定届满之日。"
        return
    if rolled:
        why = f"{rolled.why}放假" if rolled.why not in ("", "周末") else "是周末"
        paused = "且未暂停" if any(gap.since > found.nominal for gap in found.pauses) else ""
        yield f"{last}{why}，顺延至其后第一个工作日{paused}（{rule('roll')}）。"
    elif found.legs[-1].unit != "working" and found.day in found.calendar.worked:
        yield f"{last}是调休上班日，不顺延。"
    total = "" if counted_in_months else f"合计{'、'.join(_total(found))}，"
    yield f"{total}期限至{said.say(found.day, weekday=True)}届满。"


def _total(found: Sum) -> Iterator[str]:
    for unit in ("working", "day"):
        amount = sum(stretch.counted for stretch in found.stretches if stretch.unit == unit)
        if amount:
            yield f"{amount}{UNITS[unit]}"


def _left(found: Sum) -> str:
    """How much is left of a period that has not ended, where it is counted in one unit of days."""
    if len(found.legs) > 1 or found.length.unit not in ("working", "day"):
        return ""
    unit = UNITS[found.length.unit]
    return f"，此前已计{found.counted}{unit}，还剩{found.legs[0].amount - found.counted}{unit}"


def _corresponding(found: Sum, said: Days) -> str:
    """Periods in months and years end on the corresponding day."""
    assert found.nominal is not None
    if found.pauses or len(found.legs) > 1:
        return f"按月、年计算的，先定对应日（{rule('months')}），暂停几日，就顺延几日。"
    if found.nominal.day == found.start.day:
        return f"满{found.legs[0]}的对应日是{said.say(found.nominal)}（{rule('months')}）。"
    missing = f"{found.nominal.month}月没有{found.start.day}日"
    return f"{missing}，满{found.legs[0]}之日是该月最后一日{said.say(found.nominal)}（{rule('months')}）。"


def _backward(found: Sum, said: Days) -> Iterator[str]:
    assert found.day is not None
    yield f"最迟应当在{said.say(found.day, weekday=True)}通知，使通知与{found.event or '事项举行'}之间足有{found.length}。"
    if not found.calendar.is_working(found.day):
        day = found.day
        while not found.calendar.is_working(day):
            day -= timedelta(days=1)
        yield f"该日不上班，宜在{said.say(day, weekday=True)}以前通知。"
    yield "倒推的期限法律没有规定算法，这里取足数的算法，属于本系统的理解。"


def _hours(found: Sum, said: Days) -> Iterator[str]:
    assert isinstance(found.start, datetime)
    start = said.moment(found.start)
    if found.backward:
        assert found.at is not None
        yield f"{start}{found.event or '是事项举行之时'}，最迟应当在{said.moment(found.at)}通知。"
        return
    yield f"{start}{found.event or '是起算事由发生之时'}，自此时起算，夜间和节假日连续计算（{rule('hours')}）。"
    for pause in found.pauses:
        why = f"（{pause.why}）" if pause.why else ""
        until = f"至{_edge(pause.until, said)}" if pause.until else "起"
        yield f"{_edge(pause.since, said)}{until}暂停{why}，不计。"
    if found.at is None:
        yield "暂停尚未结束，恢复之后才能确定届满之时。"
    else:
        yield f"满{found.legs[0]}，期限至{said.moment(found.at)}届满。"


def _edge(at: date, said: Days) -> str:
    return said.moment(at) if isinstance(at, datetime) else f"{said.say(at)}24时"
