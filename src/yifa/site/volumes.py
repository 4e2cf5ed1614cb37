"""How many of what a year held, by month and office: the volumes the demonstration is invented within.

The form of the file is told in library/counties/README.md. A file that contradicts itself is refused with the key
that is wrong; every total is given beside its parts, so a slip of the pen cannot pass. What a matter's own table may
say stands beside the invention of its acts, in `invent`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from yifa.procedure import Outcome


class VolumesError(ValueError):
    """A file of volumes cannot be followed; names the file and the key."""


@dataclass(frozen=True)
class Some:
    """So many of something in an office in a month (for the opening stock: in a year, by its first day)."""

    office: str
    month: date
    n: int


def opened(file: Path, offices: Mapping[str, str]) -> Told:
    """The whole file as a table; `offices` are the codes it may name, and what they are called."""
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise VolumesError(f"没有数量文件 {file} [yifa.E730]") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise VolumesError(f"{file} 不是合格的 TOML：{wrong} [yifa.E731]") from wrong
    return Told(file, told, (), offices)


class Told:
    """A table of the file and the way to it, so that every complaint names its key."""

    def __init__(
        self, file: Path, told: Mapping[str, Any], way: tuple[str, ...], offices: Mapping[str, str]
    ) -> None:
        self.file, self.told, self.way, self.offices = file, told, way, offices

    def wrong(self, id: str, key: str, what: str) -> NoReturn:
        raise VolumesError(f"{self.file}：{'.'.join((*self.way, key)) or '全文'} {what} [yifa.{id}]")

    def only(self, *keys: str) -> None:
        for key in self.told:
            if key not in keys:
                self.wrong("E733", key, f"这里没有这一项，可以写：{'、'.join(keys)}")

    def value(self, key: str) -> Any:
        if key not in self.told:
            self.wrong("E732", key, "没有写")
        return self.told[key]

    def table(self, key: str) -> Told:
        return Told(self.file, self._of(key, dict, "一张表"), (*self.way, key), self.offices)

    def rows(self, key: str) -> list[Told]:
        rows = self._of(key, list, f"若干个 [[{'.'.join((*self.way, key))}]]")
        found = []
        for n, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                self.wrong("E733", f"{key}[{n}]", "应当是一张表")
            found.append(Told(self.file, row, (*self.way, f"{key}[{n}]"), self.offices))
        return found

    def _of(self, key: str, kind: type, what: str) -> Any:
        value = self.value(key)
        if not isinstance(value, kind):
            self.wrong("E733", key, f"应当是{what}")
        return value

    def number(self, key: str, least: int = 0, most: int = 10_000_000, default: int | None = None) -> int:
        if default is not None and key not in self.told:
            return default
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong("E734", key, f"应当是整数，现在是 {value!r}")
        if not least <= value <= most:
            self.wrong("E734", key, f"应当在 {least} 至 {most} 之间，现在是 {value}")
        return value

    def yes(self, key: str) -> bool:
        value = self.told.get(key, False)
        if not isinstance(value, bool):
            self.wrong("E733", key, "应当是 true 或者 false")
        return value

    def choice(self, key: str, among: Iterable[str]) -> str:
        value, choices = self.value(key), tuple(among)
        if value not in choices:
            self.wrong("E737", key, f"没有“{value}”这一项，可以是：{'、'.join(choices)}")
        return str(value)

    def choices(self, key: str, among: Iterable[str]) -> frozenset[str]:
        values, choices = self.told.get(key, []), tuple(among)
        if not isinstance(values, list):
            self.wrong("E733", key, "应当是一个列表")
        for value in values:
            if value not in choices:
                self.wrong("E737", key, f"没有“{value}”这一项，可以是：{'、'.join(choices)}")
        return frozenset(values)

    def office(self, key: str = "office") -> str:
        return self.known_office(key, self.value(key))

    def known_office(self, key: str, code: object) -> str:
        if code not in self.offices:
            self.wrong("E736", key, f"没有代码为“{code}”的机关，见 offices.toml")
        return str(code)

    def month(self, key: str) -> date:
        """2023-04, as the first day of that month."""
        text = self.value(key)
        year, dash, month = str(text).partition("-")
        if not (isinstance(text, str) and dash and year.isdecimal() and len(year) == 4 and month.isdecimal()):
            self.wrong("E735", key, f"应当写成“2023-04”，现在是 {text!r}")
        return date(int(year), self._month_of_year(key, month), 1)

    def months(self, year: int) -> tuple[Some, ...]:
        """By office, then by month: xinxian-market = { 3 = 12, 9 = 8 }."""
        return tuple(
            Some(office, date(year, self._month_of_year(office, key), 1), row.number(key))
            for office, row in self._by_office()
            for key in row.told
        )

    def years(self, before: int) -> tuple[Some, ...]:
        """By office, then by the year of issue, all of them before the year itself."""
        found = []
        for office, row in self._by_office():
            for key in row.told:
                if not (key.isdecimal() and 2016 < int(key) < before):
                    row.wrong("E735", key, f"不是 2017 至 {before - 1} 之间的年份")
                found.append(Some(office, date(int(key), 1, 1), row.number(key)))
        return tuple(found)

    def year_of(self, key: str, text: str, first: int, last: int) -> int:
        """A year that stands as a key of the table `key`."""
        if not (text.isdecimal() and first <= int(text) <= last):
            self.wrong("E735", f"{key}.{text}", f"不是 {first} 至 {last} 之间的年份")
        return int(text)

    def _by_office(self) -> list[tuple[str, Told]]:
        return [(self.known_office(code, code), self.table(code)) for code in self.told]

    def month_key(self, key: str) -> int:
        """A month that stands as a key: 1 to 12."""
        return self._month_of_year(key, key)

    def _month_of_year(self, key: str, text: str) -> int:
        if not (text.isdecimal() and 1 <= int(text) <= 12):
            self.wrong("E735", key, f"没有“{text}”月，应当是 1 至 12")
        return int(text)

    def must_add_up(self, key: str, parts: int, what: str) -> None:
        """A total and its parts."""
        total = self.number(key)
        if total != parts:
            self.wrong("E738", key, f"写的是 {total}，{what}合计是 {parts}")


def labels(*outcomes: type[Outcome]) -> list[str]:
    """What outcomes are called, all kinds in a row."""
    return [str(one.label) for kind in outcomes for one in kind]
