"""Figures: one declaration, one number, what it was computed from, and how it is written.

Everything here is read from the live cube. The records behind a figure are in `drill.py`, the audit of the cube in
`audit.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yifa.people.offices import offices as standing_offices
from yifa.procedure.facts import asks_of
from yifa.procedure.kinds import Procedure
from yifa.procedure.registry import registry
from yifa.procedure.words import Count, Distinct, Growth, Share, Stock, Sum, Zero
from yifa.procedure.words import Figure as Declaration

from . import written
from .cells import Cells, read_cells, until
from .definition import (
    EVERYWHERE,
    Definition,
    asked,
    define,
    fact_label,
    grown_sides,
    side_names,
    value_label,
    zero_sides,
)
from .selection import (
    TIMES,
    Side,
    acts_of,
    dims_of,
    distinct_values,
    main_side,
    measure_of,
    side_of,
    sides_of,
)
from .span import Span, month_end

PART, WHOLE, ALL = "part", "whole", "all"


class NoSuchFigure(LookupError):
    """Nobody declares a figure of this key."""


@dataclass(frozen=True)
class Group:
    """One line of a breakdown: a value of the fact the figure is broken down by."""

    value: str
    label: str
    n: int


@dataclass(frozen=True)
class Breakdown:
    """A figure by one of its facts."""

    fact: str
    label: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Figure:
    """A number, what it means, and how many records it opens on."""

    key: str
    label: str
    kind: str
    value: int | Decimal | None
    numerator: int | None
    denominator: int | None
    unit: str
    written: str
    span: Span
    records: int
    definition: Definition
    breakdowns: tuple[Breakdown, ...] = ()
    sides: tuple[str, str] | None = None
    lacking: tuple[tuple[str, int], ...] = ()  # of a zero, who has not reported on which month
    part_records: int | None = None  # behind the numerator, where that is a sum and not a number of records

    @property
    def family(self) -> str:
        return self.key.split(".", 1)[0]

    @property
    def period(self) -> str:
        if self.kind == "stock":
            day = self.span.last
            return f"截至{day.year}年{day.month}月{day.day}日"
        return str(self.span)

    def as_dict(self, id: str | None = None) -> dict[str, Any]:
        """As the report's JSON has it; the value in the figure's own unit."""
        return {
            "id": id,
            "key": self.key,
            "label": self.label,
            "value": number(self.value),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unit": self.unit,
            "written": self.written,
            "period": self.period,
            "records": self.records,
        }


def number(value: int | Decimal | None) -> int | float | None:
    """A value as JSON has numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def declared(key: str) -> tuple[type[Procedure], Declaration]:
    """The procedure and the declaration behind a figure's key."""
    family, _, name = key.partition(".")
    procedure = registry().family(family) if family in known_families() else None
    if procedure is None or name not in procedure.counts:
        raise NoSuchFigure(f"没有“{key}”这一指标 [yifa.E551]")
    return procedure, procedure.counts[name]


def known_families() -> frozenset[str]:
    return frozenset(procedure.key for procedure in registry().families())


def all_keys() -> list[str]:
    """Every declared figure, in the order the procedures and their lines stand."""
    return [figure.name for procedure in registry().families() for figure in procedure.counts.values()]


def figure(key: str, span: Span, offices: Collection[str] | None = None) -> Figure:
    return figures([key], span, offices)[key]


def figures(
    keys: Iterable[str], span: Span, offices: Collection[str] | None = None, level: str = EVERYWHERE
) -> dict[str, Figure]:
    """Many figures at once: the cells of each family are read a single time."""
    readings = Readings(offices)
    return {key: _compute(key, readings, span, level) for key in keys}


class Readings:
    """Cells of some offices, each family and span read a single time."""

    def __init__(self, offices: Collection[str] | None = None) -> None:
        self.offices = offices
        self._read: dict[tuple[str, Span], Cells] = {}

    def of(self, family: str, span: Span) -> Cells:
        at = family, span
        if at not in self._read:
            self._read[at] = read_cells(family, span, self.offices)
        return self._read[at]

    def reported(self, reports: Count, span: Span) -> set[tuple[str, int]]:
        """Of which offices there is a report on which month."""
        selection = acts_of(reports)
        times: dict[tuple[str, int], int] = {}
        for step, month, office, dims, measure, n in self.of(reports.family, span).rows:
            if measure == TIMES and selection.takes(step, dims):
                times[office, month] = times.get((office, month), 0) + n
        return {at for at, n in times.items() if n > 0}

    def times(self, count: Count, span: Span) -> int:
        """How many records a count opens on, whatever it adds up of them."""
        return self.of(count.family, span).total(acts_of(count))

    def sum(self, side: Side, span: Span) -> int:
        """What a side adds up to: within the span, or, of a stock, at its end."""
        return self.of(side.family, until(span.last) if side.went else span).sum(side)


def obliged(zero: Zero, span: Span, offices: Collection[str] | None) -> set[tuple[str, int]]:
    """Who has to report on which months of a span: every office of these kinds standing at the month's end."""
    found = set()
    for month in span.months():
        end = month_end(date(month // 100, month % 100, 1))
        standing = {o.code for kind in zero.among for o in standing_offices(end, kind)}
        found |= {(code, month) for code in standing if offices is None or code in offices}
    return found


def _compute(key: str, readings: Readings, span: Span, level: str) -> Figure:
    procedure, declaration = declared(key)

    def made(kind: str, value: int | Decimal | None, text: str, records: int, **more: Any) -> Figure:
        return Figure(
            key=key,
            label=declaration.label,
            kind=kind,
            value=value,
            numerator=more.pop("numerator", None),
            denominator=more.pop("denominator", None),
            unit=getattr(declaration, "unit", ""),
            written=text,
            span=span,
            records=records,
            definition=define(procedure, declaration, span, level),
            **more,
        )

    if isinstance(declaration, Share):
        part, whole = (readings.sum(side, span) for side in sides_of(declaration))
        value = written.percentage(part, whole, declaration.digits)
        text = written.share(part, whole, declaration.digits)
        named = side_names(procedure, declaration)
        return made("share", value, text, whole, numerator=part, denominator=whole, sides=named)
    if isinstance(declaration, Growth):
        side = side_of(declaration.of)
        now, then = readings.sum(side, span), readings.sum(side, span.earlier())
        grown = written.growth(now, then, declaration.digits)
        text = written.NONE if grown is None else f"{written.plain(grown)}%"
        named = grown_sides(procedure, declaration, span)
        return made("growth", grown, text, now, numerator=now - then, denominator=then, sides=named)
    if isinstance(declaration, Zero):
        happened = readings.sum(side_of(declaration.of), span)
        due = obliged(declaration, span, readings.offices)
        lacking = tuple(sorted(due - readings.reported(declaration.reports, span)))
        text = written.quantity(happened, declaration.unit) if not lacking else f"尚缺{len(lacking)}份报告"
        return made(
            "zero",
            None if lacking else happened,
            text,
            readings.times(declaration.reports, span),
            numerator=happened,
            denominator=len(due),
            sides=zero_sides(procedure, declaration),
            lacking=lacking,
            part_records=readings.times(declaration.of, span),
        )
    if isinstance(declaration, Stock):
        n = readings.sum(side_of(declaration), span)
        return made("stock", n, written.quantity(n, declaration.unit), n)
    assert isinstance(declaration, Count)
    cells = readings.of(procedure.key, span)
    places = cells.places_of(acts_of(declaration))
    records = sum(places.values())
    counted, kind = _value(declaration, cells, places, records)
    text = written.quantity(counted, declaration.unit, declaration.rounds_down_to)
    return made(kind, counted, text, records, breakdowns=_breakdowns(procedure, declaration, places))


Places = Mapping[tuple[str, str], int]


def _value(count: Count, cells: Cells, places: Places, records: int) -> tuple[int | Decimal, str]:
    if isinstance(count, Distinct):
        return len(distinct_values(count, {dims for _, dims in places})), "distinct"
    if isinstance(count, Sum):
        total = cells.total(acts_of(count), measure_of(count))
        return (written.money(total, count.unit) if is_money(count) else total), "sum"
    return records, "count"


def is_money(count: Sum) -> bool:
    """Money is told as Decimal yuan and kept in fen."""
    return any(a.name == count.field and a.kind is Decimal for s in count.steps for a in asks_of(s.asks))


def _breakdowns(procedure: type[Procedure], count: Count, places: Places) -> tuple[Breakdown, ...]:
    """The figure by each fact it is declared by, values in the order the form offers them."""
    return tuple(
        Breakdown(fact, fact_label(procedure, count.steps, fact), _groups(procedure, count, fact, places))
        for fact in count.breakdown
    )


def _groups(procedure: type[Procedure], count: Count, fact: str, places: Places) -> tuple[Group, ...]:
    found: dict[str, int] = {}
    for (_, dims), n in places.items():
        value = dims_of(dims).get(fact, "")
        found[value] = found.get(value, 0) + n
    question = asked(procedure, count.steps, fact)
    order = {choice.name: place for place, choice in enumerate(question.choices if question else ())}
    ranked = sorted(found, key=lambda v: (order.get(v, len(order)), v))
    return tuple(Group(v, value_label(procedure, count.steps, fact, v), found[v]) for v in ranked)


def months_of(key: str, span: Span, offices: Collection[str] | None = None) -> list[tuple[int, int]]:
    """How a figure came together month by month, for drawing; a stock is given at each month's end."""
    side = main_side(declared(key)[1])
    cells = read_cells(side.family, until(span.last) if side.went else span, offices)
    found = cells.by_month(side)
    if side.went:
        return [(month, sum(n for m, n in found.items() if m <= month)) for month in span.months()]
    return [(month, found.get(month, 0)) for month in span.months()]
