"""What a county's annual report tells, in its own order: sections, and in each the figures it prints.

The plan is data (`report.toml` among the county's facts): it gives a figure its number in the report (F002), so
that no number of a report stands in code. A county without a plan gets a section for each of its matters.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yifa.counts import Span, since, year
from yifa.counts.reckoning import NoSuchFigure, declared
from yifa.procedure.registry import registry

FILE = "report.toml"
EARLIEST, LATEST = 1949, 2199


class PlanError(ValueError):
    """A county's report.toml cannot be followed."""


@dataclass(frozen=True)
class Line:
    """One figure of the report: the number the county gives it, and its key."""

    id: str | None
    key: str
    since: int | None = None  # a figure told “2022年以来” counts from that year's first day

    @property
    def family(self) -> str:
        return self.key.split(".", 1)[0]


@dataclass(frozen=True)
class Section:
    """A section of the report: 一（三）加强能力建设."""

    number: str
    title: str
    lines: tuple[Line, ...]
    chapter: str = ""

    @property
    def inner(self) -> str:
        """The number within its chapter: （三） of 一（三）."""
        return self.number[self.number.index("（") :] if "（" in self.number else self.number

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.family for line in self.lines))


@dataclass(frozen=True)
class Plan:
    """The whole report's outline."""

    title: str
    sections: tuple[Section, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for section in self.sections for line in section.lines)

    def number_of(self, key: str) -> str | None:
        return next((line.id for line in self.lines if line.key == key), None)

    def span_of(self, key: str, number: int) -> Span:
        """The stretch of time a figure speaks about in the report of a year."""
        whole = year(number)
        first = next((line.since for line in self.lines if line.key == key and line.since), None)
        return since(first, whole.last) if first and first <= number else whole


def read_plan(file: Path) -> Plan:
    """A county's plan; its own matters in order where there is no file."""
    if not file.is_file():
        return _by_matter()
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise PlanError(f"{file}：不是合格的 TOML（{wrong}） [yifa.E560]") from wrong
    sections = tuple(_section(one) for one in told.get("section", told.get("sections", ())))
    plan = Plan(told.get("title", "{year}年度法治政府建设情况报告"), sections)
    _must_be_declared(plan, file)
    return plan


def _section(told: dict[str, Any]) -> Section:
    return Section(
        number=told.get("number", told.get("id", "")),
        title=told.get("title", ""),
        lines=tuple(_lines(told.get("figures", told.get("figure", ())))),
        chapter=told.get("chapter", ""),
    )


def _lines(told: Any) -> list[Line]:
    """`figures` is a table (F002 = "study.collective", or {key, since}) or a list of keys and {id, key, since}."""
    if isinstance(told, dict):
        return [_line(one, id) for id, one in told.items()]
    return [_line(one, None) for one in told]


def _line(told: str | dict[str, Any], id: str | None) -> Line:
    if isinstance(told, str):
        return Line(id, told)
    first = told.get("since")
    if "key" not in told:
        raise PlanError(f"{told.get('id', id) or 'figures'} 没有写是哪个指标（key） [yifa.E569]")
    if first is not None and not (type(first) is int and EARLIEST <= first <= LATEST):
        raise PlanError(f"{told['key']} 的 since 应当是四位年份，现在是 {first!r} [yifa.E568]")
    return Line(told.get("id", id), told["key"], first)


def _must_be_declared(plan: Plan, file: Path) -> None:
    seen: set[str] = set()
    for line in plan.lines:
        try:
            declared(line.key)
        except NoSuchFigure as wrong:
            raise PlanError(f"{file}：{line.id or ''} {wrong} [yifa.E561]") from wrong
        if line.id and line.id in seen:
            raise PlanError(f"{file}：{line.id} 出现了两次 [yifa.E562]")
        seen |= {line.id} if line.id else set()


def _by_matter() -> Plan:
    sections = tuple(
        Section("", p.title, tuple(Line(None, f.name) for f in p.counts.values()))
        for p in registry().families()
        if p.counts
    )
    return Plan("{year}年度法治政府建设情况报告", sections)
