"""The calendar of the State: days off and made-up working days, year by year, as the State Council's notices fix them.

The package chinesecalendar knows them from 2004 on. A year it does not know yet is added as a file in
`library/calendars/` (its README shows the form), with the notice's number; such a file stands for its whole year.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from chinese_calendar import constants

from yifa.law import library_folder

from .calendar import Calendar
from .lengths import ClockError

__all__ = ["load", "national"]

FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def national() -> Calendar:
    """The calendar every office uses: the package's years, and those of the library."""
    return _national(os.environ.get("YIFA_LIBRARY"))


@cache
def _national(library: str | None) -> Calendar:
    """One calendar for each library named; asked for at every act, so it must cost nothing."""
    return load(library_folder() / "calendars")


@cache
def load(folder: Path) -> Calendar:
    """The package's years, replaced and continued by a folder's."""
    off, worked, years = _package()
    seen: dict[int, Path] = {}
    for path in sorted(folder.glob("*.toml")):
        year, more_off, more_worked = _file(path)
        if year in seen:
            raise ClockError(f"{path}：{year}年已经登记在{seen[year].name} [yifa.E027]")
        seen[year] = path
        off = {day: name for day, name in off.items() if day.year != year or day in more_off} | more_off
        worked = {day: name for day, name in worked.items() if day.year != year} | more_worked
        worked = {day: name for day, name in worked.items() if day not in more_off}
        off = {day: name for day, name in off.items() if day not in more_worked}
        years.add(year)
    return Calendar(off, worked, years)


def _package() -> tuple[dict[date, str], dict[date, str], set[int]]:
    """What the package holds. A year is published once its National Day is in it."""
    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    names = {value: FULL_NAMES.get(name, name) for value, name in names.items()}
    off = {day: names[value] for day, value in constants.holidays.items()}
    worked = {day: names[value] for day, value in constants.workdays.items()}
    return off, worked, {day.year for day in off if (day.month, day.day) == (10, 1)}


def _file(path: Path) -> tuple[int, dict[date, str], dict[date, str]]:
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise ClockError(f"{path}：文件读不懂：{wrong} [yifa.E027]") from wrong
    year, notice, issued = facts.get("year"), facts.get("notice"), facts.get("date")
    if not isinstance(year, int) or not isinstance(notice, str) or not notice or not isinstance(issued, date):
        raise ClockError(f"{path}：要写明 year（年份）、notice（通知文号）和 date（通知日期） [yifa.E027]")
    off = {day: name for entry in facts.get("off", ()) for day, name in _days(entry, year, path)}
    worked = {day: name for entry in facts.get("work", ()) for day, name in _days(entry, year, path)}
    if date(year, 10, 1) not in off:
        raise ClockError(f"{path}：{year}年没有国庆节，通知没有录全 [yifa.E027]")
    for day in worked:
        if day.weekday() < 5 or day in off:
            raise ClockError(f"{path}：{day}不是周末或者同时登记为放假，不能是调休上班日 [yifa.E027]")
    return year, off, worked


def _days(entry: dict[str, Any], year: int, path: Path) -> Iterator[tuple[date, str]]:
    name, first = entry.get("name"), entry.get("from", entry.get("day"))
    last = entry.get("to", first)
    if not isinstance(name, str) or type(first) is not date or type(last) is not date:
        raise ClockError(f"{path}：每一项要有 name 和 day，或者 name、from 和 to [yifa.E027]")
    if not 0 <= (last - first).days <= 30:
        raise ClockError(f"{path}：{name}从{first}到{last}，起止不对 [yifa.E027]")
    if not date(year - 1, 12, 20) <= first or not last <= date(year + 1, 1, 10):
        raise ClockError(f"{path}：{name}的{first}不在{year}年 [yifa.E027]")
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n), name
