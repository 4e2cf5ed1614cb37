"""Figures: one declaration, one number, what it was computed from, and how it is written.

Everything here is read from the live cube. The records behind a figure are in `drill.py`, the audit of the cube in
`audit.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yifa.procedure.facts import asks_of
from yifa.procedure.kinds import Procedure
from yifa.procedure.registry import registry
from yifa.procedure.tally import stock_moves
from yifa.procedure.words import Count, Distinct, Share, Stock, Sum
from yifa.procedure.words import Figure as Declaration

from . import written
from .cells import Cells, read_cells, until
from .definition import EVERYWHERE, Definition, asked, define, fact_label, sides, value_label
from .selection import acts_of, dims_of, distinct_values, measure_of, part_of, whole_of
from .span import Span

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
    wanted = {key: declared(key) for key in keys}
    flow = {f: read_cells(f, span, offices) for f in _families(wanted, stocks=False)}
    stock = {f: read_cells(f, until(span.last), offices) for f in _families(wanted, stocks=True)}
    return {
        key: compute(
            key,
            procedure,
            declaration,
            (stock if isinstance(declaration, Stock) else flow)[procedure.key],
            span,
            level,
        )
        for key, (procedure, declaration) in wanted.items()
    }


def _families(wanted: Mapping[str, tuple[type[Procedure], Declaration]], *, stocks: bool) -> set[str]:
    return {p.key for p, declaration in wanted.values() if isinstance(declaration, Stock) == stocks}


def compute(
    key: str,
    procedure: type[Procedure],
    declaration: Declaration,
    cells: Cells,
    span: Span,
    level: str = EVERYWHERE,
) -> Figure:
    """One figure from cells already read."""

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
        part, whole = cells.total(part_of(declaration)), cells.total(whole_of(declaration))
        value = written.percentage(part, whole, declaration.digits)
        text = written.share(part, whole, declaration.digits)
        named = sides(procedure, declaration)
        return made("share", value, text, whole, numerator=part, denominator=whole, sides=named)
    if isinstance(declaration, Stock):
        n = cells.balance(stock_moves(procedure, declaration))
        return made("stock", n, written.quantity(n, declaration.unit), n)
    assert isinstance(declaration, Count)
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
    procedure, declaration = declared(key)
    if isinstance(declaration, Stock):
        return _stock_by_month(procedure, declaration, span, offices)
    cells = read_cells(procedure.key, span, offices)
    selection = whole_of(declaration) if isinstance(declaration, Share) else acts_of(declaration)  # type: ignore[arg-type]
    found = cells.by_month(selection, measure_of(declaration))
    return [(month, found.get(month, 0)) for month in span.months()]


def _stock_by_month(
    procedure: type[Procedure], stock: Stock, span: Span, offices: Collection[str] | None
) -> list[tuple[int, int]]:
    moves = stock_moves(procedure, stock)
    cells = read_cells(procedure.key, until(span.last), offices)
    change: dict[int, int] = {}
    for step, month, _, _, measure, n in cells.rows:
        if measure == "n" and step in moves:
            change[month] = change.get(month, 0) + moves[step] * n
    return [(month, sum(n for m, n in change.items() if m <= month)) for month in span.months()]
