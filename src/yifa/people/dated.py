"""Things that keep their code while what is said about them changes from a day on. Pure.

A row says how the thing is from `since`; the next row of the same code takes over on its own day. `until` is given
only where the thing ends. Nothing is ever rewritten: a row that was wrong is followed by another of the same
`since`, and the later one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, TypeVar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is said about a thing from a day on."""

    code: str
    since: date
    until: date | None = None

    def stands(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


R = TypeVar("R", bound=Row)


class Dated(Generic[R]):
    """All rows of all things of a kind, given in the order they were recorded."""

    def __init__(self, rows: Iterable[R]) -> None:
        told: dict[str, dict[date, R]] = {}
        for row in rows:
            told.setdefault(row.code, {})[row.since] = row
        self._told = told
        self._rows = {code: _in_turn(by_day) for code, by_day in told.items()}

    def __contains__(self, code: str) -> bool:
        return code in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def recorded(self, code: str, since: date) -> R | None:
        """The row as it was written down last."""
        return self._told.get(code, {}).get(since)

    def rows(self, code: str) -> tuple[R, ...]:
        """One thing's rows, oldest first, none overlapping; KeyError for an unknown code."""
        return self._rows[code]

    def on(self, code: str, day: date) -> R | None:
        """How the thing was that day; None where it did not stand."""
        return next((row for row in reversed(self._rows.get(code, ())) if row.stands(day)), None)

    def nearest(self, code: str, day: date | None = None) -> R:
        """How it was that day, else how it last was before, else how it first was; None: how it is last known."""
        rows = self._rows[code]
        if day is None:
            return rows[-1]
        return next((row for row in reversed(rows) if row.since <= day), rows[0])

    def standing(self, day: date) -> list[R]:
        """Everything that stands that day, in the order it was first recorded."""
        return [row for code in self._rows if (row := self.on(code, day))]

    def days(self) -> list[date]:
        """The days on which anything changes."""
        rows = [row for some in self._rows.values() for row in some]
        return sorted(
            {r.since for r in rows} | {r.until + DAY for r in rows if r.until and r.until < date.max}
        )


def _in_turn(by_day: dict[date, R]) -> tuple[R, ...]:
    """Each row ends, at the latest, the day before the next begins; one that ends before it begins never stood."""
    rows = [by_day[day] for day in sorted(by_day)]
    ended = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        until = following.since - DAY if following else None
        if until and (row.until is None or row.until > until):
            row = replace(row, until=until)
        ended.append(row)
    return tuple(ended)
