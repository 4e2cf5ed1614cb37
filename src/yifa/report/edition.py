"""The report of one year: its sections with their paragraphs and figures, last year's beside them, and the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from yifa.counts import Figure, Finding, Span, all_keys, figures, findings, year
from yifa.procedure.kinds import Procedure
from yifa.procedure.registry import registry

from .plan import Line, Plan, Section
from .prose import Block, paragraphs, same_section


@dataclass(frozen=True)
class Told:
    """A figure in its place in the report, and the same figure a year before."""

    line: Line
    figure: Figure
    before: Figure

    @property
    def change(self) -> str:
        """How it moved against the year before, in words: +3, −1, 持平; empty where there is nothing to compare."""
        now, then = self.figure.value, self.before.value
        if now is None or then is None or not self.before.records:
            return ""
        moved = Decimal(now) - Decimal(then)
        if not moved:
            return "持平"
        unit = "个百分点" if self.figure.kind in ("share", "growth") else self.figure.unit
        size = f"{abs(moved):f}"
        size = size.rstrip("0").rstrip(".") if "." in size else size
        return f"{'+' if moved > 0 else '−'}{size}{unit}"


@dataclass(frozen=True)
class Part:
    """A section as it is printed."""

    section: Section
    blocks: tuple[Block, ...]
    told: tuple[Told, ...]

    @property
    def heading(self) -> str:
        return f"{self.section.number}{self.section.title}"


@dataclass(frozen=True)
class Edition:
    """The report of one year."""

    year: int
    title: str
    parts: tuple[Part, ...]
    figures: dict[str, Figure]
    plan: Plan

    @property
    def told(self) -> tuple[Told, ...]:
        return tuple(t for part in self.parts for t in part.told)

    def as_dict(self) -> dict[str, Any]:
        """The report's numbers as data: those of the plan in its order, then all others that are declared."""
        planned = [(line.id, line.key) for line in self.plan.lines]
        named = {key for _, key in planned}
        rest: list[tuple[str | None, str]] = [(None, key) for key in self.figures if key not in named]
        return {"figures": [self.figures[key].as_dict(id) for id, key in [*planned, *rest]]}


def edition(number: int, plan: Plan, address: Callable[[int, str], str]) -> Edition:
    """Compute the report of a year; `address(year, key)` is where a figure opens."""
    now = told_for(plan, all_keys(), number)
    before = told_for(plan, [line.key for line in plan.lines], number - 1)
    prose = _prose(plan, now, lambda key: address(number, key), number)
    parts = tuple(
        Part(section, prose[place], tuple(Told(x, now[x.key], before[x.key]) for x in section.lines))
        for place, section in enumerate(plan.sections)
    )
    return Edition(number, plan.title.format(year=number), parts, now, plan)


def told_for(plan: Plan, keys: Iterable[str], number: int) -> dict[str, Figure]:
    """Figures of a year's report, each over the stretch the plan gives it; in the order of the keys."""
    spans: dict[Span, list[str]] = {}
    wanted = list(keys)
    for key in wanted:
        spans.setdefault(plan.span_of(key, number), []).append(key)
    found = {key: told for span, some in spans.items() for key, told in figures(some, span).items()}
    return {key: found[key] for key in wanted}


def _prose(
    plan: Plan, now: dict[str, Figure], address: Callable[[str], str], number: int
) -> list[tuple[Block, ...]]:
    """Each matter's paragraphs, in the section they name, else in the first that prints a figure of theirs."""
    found: list[list[Block]] = [[] for _ in plan.sections]
    for place, families in _folders().items():
        at = _first_section(plan, families)
        for block in paragraphs(place, families, now, address, number):
            named = next(
                (n for n, s in enumerate(plan.sections) if same_section(block.section, s.number, s.title)),
                None,
            )
            home = at if named is None else named
            if home is not None and not (block.kind == "heading" and named is not None):
                found[home].append(block)
    return [tuple(blocks) for blocks in found]


def _folders() -> dict[Path, list[type[Procedure]]]:
    folders: dict[Path, list[type[Procedure]]] = {}
    for procedure in registry().families():
        folders.setdefault(procedure.place(), []).append(procedure)
    return folders


def _first_section(plan: Plan, families: list[type[Procedure]]) -> int | None:
    keys = {p.key for p in families}
    return next((n for n, section in enumerate(plan.sections) if keys & set(section.families)), None)


def checks(number: int) -> list[Finding]:
    return findings(year(number))
