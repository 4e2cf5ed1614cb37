"""The dated tree of offices: what an office was called, and where it hung, on a given day. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .dated import Dated, Row

KINDS = ("county", "government", "party", "department", "township", "body")
"""`body`: a committee or meeting that decides and studies, and keeps no files of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office(Row):
    """An office as it was on a day.

    `mark` is its 机关代字; `into` names the office that took over when this one ended; `note` U: no source confirms it.
    """

    name: str
    short: str = ""
    name_en: str = ""
    kind: str = "department"
    parent: str = ""
    into: str = ""
    mark: str = ""
    area: str = ""
    contact: str = ""
    note: str = ""

    def named(self, lang: str = "zh") -> str:
        return self.name_en or self.name if lang.startswith("en") else self.name


class Tree(Dated[Office]):
    """All offices with their history.

    An office that has ended hangs below the one that took over, or where it last hung: its records stay in reach of
    those who answer for them now.
    """

    def __init__(self, rows: Iterable[Office]) -> None:
        super().__init__(rows)
        self._below: dict[date, dict[str, list[str]]] = {}
        self._reach: dict[tuple[str, date], frozenset[str]] = {}

    def above(self, code: str, on: date) -> str:
        """Where the office hangs that day; "" at the top, or where it did not exist yet."""
        row = self.nearest(code, on)
        if row.since > on:
            return ""
        return row.parent if row.stands(on) else row.into or row.parent

    def subtree(self, code: str, on: date) -> frozenset[str]:
        """The office and all that hang below it that day, with those they have taken over."""
        if (code, on) not in self._reach:
            below = self._children(on)
            self._reach[code, on] = _spread(code, below)
        return self._reach[code, on]

    def own(self, code: str, on: date) -> frozenset[str]:
        """The office itself, with those it has taken over by that day."""
        gone: dict[str, list[str]] = {}
        for other in self:
            row = self.nearest(other, on)
            if row.into and row.since <= on and not row.stands(on):
                gone.setdefault(row.into, []).append(other)
        return _spread(code, gone)

    def path(self, code: str, on: date) -> tuple[str, ...]:
        """From the office up to the top."""
        way = [code]
        while (up := self.above(way[-1], on) if way[-1] in self else "") and up not in way:
            way.append(up)
        return tuple(way)

    def complaints(self) -> list[str]:
        """What cannot be in a tree: a parent nobody knows or that does not stand, an office above itself."""
        found = []
        for code in self:
            for row in self.rows(code):
                found += [f"“{row.name}”的{what}“{c}”不存在" for what, c in _named_in(row) if c not in self]
        if found:
            return found
        for day in self.days():
            for row in self.standing(day):
                if row.parent and not self.on(row.parent, day):
                    found.append(f"“{row.name}”自{row.since}起的上级“{row.parent}”在{day}不存在")
            for code in self:
                if self._turns_back(code, day):
                    found.append(f"“{self.nearest(code).name}”在{day}成了自己的上级")
        return list(dict.fromkeys(found))

    def _turns_back(self, code: str, on: date) -> bool:
        last = self.path(code, on)[-1]
        return self.above(last, on) != ""

    def _children(self, on: date) -> dict[str, list[str]]:
        if on not in self._below:
            below: dict[str, list[str]] = {}
            for code in self:
                if up := self.above(code, on):
                    below.setdefault(up, []).append(code)
            self._below[on] = below
        return self._below[on]


def _named_in(row: Office) -> list[tuple[str, str]]:
    return [(what, code) for what, code in (("上级", row.parent), ("承继机关", row.into)) if code]


def _spread(code: str, below: dict[str, list[str]]) -> frozenset[str]:
    found, waiting = {code}, [code]
    while waiting:
        more = [c for c in below.get(waiting.pop(), ()) if c not in found]
        found.update(more)
        waiting += more
    return frozenset(found)
