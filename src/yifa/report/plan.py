"""What a county's annual report tells, in its own order: sections, and in each the figures it prints.

The plan is data (`report.toml` among the county's facts): it gives a figure its number in the report (F002), so
that no number of a report stands in code. A county without a plan gets a section for each of its matters.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yifa.counts.reckoning import NoSuchFigure, declared
from yifa.procedure.registry import registry

FILE = "report.toml"


class PlanError(ValueError):
    """A county's report.toml cannot be followed."""


@dataclass(frozen=True)
class Line:
    """One figure of the report: the number the county gives it, and its key."""

    id: str | None
    key: str

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
    """`figures` is a table (F002 = "study.collective") or a list of keys and {id, key}."""
    if isinstance(told, dict):
        return [Line(id, key) for id, key in told.items()]
    return [Line(None, one) if isinstance(one, str) else Line(one.get("id"), one["key"]) for one in told]


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
