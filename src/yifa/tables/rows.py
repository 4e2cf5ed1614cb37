"""From a row of a sheet to acts: the first step's facts, those of steps that follow in the same row, the office.

Pure but for the offices it is handed: the same reading serves the preview and the import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any

from yifa.procedure import Ask, Facts, Outcome, Procedure, Reason, Refused, Registry, Step, typed_of
from yifa.procedure.reading import read_value

from .book import letter
from .headings import Column, Vocabulary
from .parse import answer, blank, date_of, quoted, reads_as, shown
from .sheet import Fault, Row, Skipped, Table

PEEK = 200  # rows looked at to see whether a column names offices

Offices = Callable[[str, date], tuple[str, str, tuple[str, ...]]]
"""Text and day → (code, how it was read when not by its name, alike names when there is no such office)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken: the cell, and a sentence. `reasons` are the law's, when the law refused."""

    row: int
    column: str
    value: str
    why: str
    reasons: tuple[Reason, ...] = ()

    def __str__(self) -> str:
        return f"第{self.row}行" + (f"，{self.column}" if self.column else "") + f"：{self.why}"


@dataclass(slots=True)
class Acts:
    """What one row says was done, in order; `office` is empty where the row names none."""

    row: int
    office: str
    steps: list[tuple[Step[Any], Facts]]
    cells: list[Any]


@dataclass
class Reader:
    """Reads a table row by row. `readings` counts what was taken for something spelt differently."""

    table: Table
    vocabulary: Vocabulary
    registry: Registry
    offices: Offices
    year: int | None = None
    ragged: bool = False  # a CSV row longer than its heading has lost its columns
    readings: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    said_headless: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        columns = [c for c in self.table.columns if c.target]
        self.on = next((c for c in columns if c.target and c.target.opens and c.target.ask is None), None)
        self.first = {c.target.name: c for c in columns if c.target and c.target.opens and c.target.ask}
        self.later: dict[str, dict[str, Column]] = {}
        for c in columns:
            if c.target and not c.target.opens:
                self.later.setdefault(c.target.step.key, {})[c.target.name] = c
        order = list(self.vocabulary.procedure.steps)
        self.order = {key: n for n, key in enumerate(order)}
        self.office = next((c for c in self.table.columns if c.use == "office"), None)
        self.width = max((c.index for c in self.table.columns if c.heading), default=-1) + 1
        self.headless = {c.index for c in self.table.columns if not c.heading}

    def __iter__(self) -> Iterator[Acts | list[Refusal] | Skipped]:
        """Acts of a good row, the refusals of a bad one, or what a row was left out as."""
        rows = self.table.rows()
        peeked = [*islice(rows, PEEK)]
        self._is_office_column(peeked)
        for row in chain(peeked, rows):
            yield row if isinstance(row, Skipped) else self._read(row)
        if self.said_headless:
            where = "、".join(letter(n) for n in sorted(self.said_headless)[:10])
            self.notes.append(f"{where}列没有表头，里面的内容没有导入。")

    def _is_office_column(self, peeked: list[Row | Skipped]) -> None:
        column = self.office
        if column is None:
            return
        said = {shown(r.cells[column.index]) for r in peeked if isinstance(r, Row)} - {""}
        if said and not any(self.offices(text, date.today())[0] for text in said):
            self.office = None
            self.notes.append(f"{column}里没有一个是机关名称，这一列没有用，各行记在导入人所在机关名下。")

    # One row

    def _read(self, row: Row) -> Acts | list[Refusal]:
        refusals: list[Refusal] = []
        if self.ragged and any(c is not None for c in row.cells[self.width :]):
            cells = max(n for n, c in enumerate(row.cells) if c is not None) + 1
            said = f"这一行有{cells}格，表头只有{self.width}格，多半是内容里的逗号没有加引号"
            return [Refusal(row.number, "", "", said)]
        self.said_headless |= {n for n in self.headless if row.cells[n] is not None}
        on = self._day(row, self.on, refusals) if self.on else None
        step = self.vocabulary.step
        if on is not None:
            try:
                step = self.registry.on(self.vocabulary.procedure.key, on).steps.get(step.key, step)
            except Refused as refused:
                return [Refusal(row.number, str(self.on), on.isoformat(), str(refused), refused.reasons)]
        told = self._told(row, step, self.first, refusals)
        steps = [(step, on, told), *self._later(row, on, refusals)]
        office = self._office(row, on, refusals)
        if refusals:
            return refusals
        steps.sort(key=lambda s: (s[0].key != step.key, s[1], self.order.get(s[0].key, 0)))
        return Acts(row.number, office, [(s, s.asks(on=d, **t)) for s, d, t in steps], row.cells)

    def _later(
        self, row: Row, on: date | None, refusals: list[Refusal]
    ) -> list[tuple[Step[Any], date, dict[str, Any]]]:
        found = []
        procedure: type[Procedure] = self.vocabulary.procedure
        if on is not None:
            procedure = self.registry.on(procedure.key, on)
        for key, columns in self.later.items():
            filled = {n: c for n, c in columns.items() if not blank(row.cells[c.index])}
            step = procedure.steps.get(key) or self.vocabulary.procedure.steps[key]
            if not filled:
                continue
            if "on" not in filled:
                which = next(iter(filled.values()))
                said = f"填了“{which.heading}”，没有填“{columns['on'].heading}”"
                refusals.append(Refusal(row.number, str(columns["on"]), "", said))
                continue
            day = self._day(row, columns["on"], refusals)
            told = self._told(row, step, columns, refusals)
            if day is not None:
                found.append((step, day, told))
        return found

    def _told(
        self, row: Row, step: Step[Any], columns: Mapping[str, Column], refusals: list[Refusal]
    ) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for ask in typed_of(step.asks):
            column = columns.get(ask.name)
            if column is None:
                try:
                    told[ask.name] = read_value(ask, None)
                except ValueError as why:
                    refusals.append(Refusal(row.number, "", "", str(why)))
                continue
            value = row.cells[column.index]
            try:
                told[ask.name] = self._answer(ask, value, column)
            except ValueError as why:
                refusals.append(Refusal(row.number, str(column), shown(value)[:200], str(why)))
        return told

    def _answer(self, ask: Ask, value: Any, column: Column) -> Any:
        if isinstance(value, Fault):
            raise ValueError(value.why(ask.label))
        found = answer(ask, value, year=self.year, scale=column.scale, epoch_1904=self.table.epoch_1904)
        if isinstance(found, Outcome) and not blank(value) and (read := reads_as(ask, value, found)):
            self.readings[f"{column}：{quoted(value)}读作“{read}”"] += 1
        return found

    def _day(self, row: Row, column: Column, refusals: list[Refusal]) -> date | None:
        """The legal date in this column."""
        value = row.cells[column.index]
        label = column.target.label if column.target else column.heading
        try:
            if isinstance(value, Fault):
                raise ValueError(value.why(label))
            if blank(value):
                raise ValueError(f"请填写{label}")
            return date_of(value, label, year=self.year, epoch_1904=self.table.epoch_1904)
        except ValueError as why:
            refusals.append(Refusal(row.number, str(column), shown(value)[:200], str(why)))
            return None

    def _office(self, row: Row, on: date | None, refusals: list[Refusal]) -> str:
        if self.office is None or on is None:
            return ""
        text = shown(row.cells[self.office.index])
        if not text:
            return ""
        code, read_as, alike = self.offices(text, on)
        if not code:
            hint = f"，是不是{'、'.join(f'“{a}”' for a in alike)}？" if alike else "，请写机关全称"
            said = f"{on.year}年没有叫“{text[:40]}”的机关{hint}"
            refusals.append(Refusal(row.number, str(self.office), text, said))
        elif read_as:
            self.readings[f"{self.office}：“{text}”读作“{read_as}”"] += 1
        return code


__all__ = ["Acts", "Offices", "Reader", "Refusal"]
