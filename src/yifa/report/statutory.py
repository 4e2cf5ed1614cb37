"""Tables whose rows and columns a superior prescribes, filled in from the same acts as the report's figures.

A matter declares its tables in `tables.toml`: rows by the steps and facts they count, columns by the values of one
fact, and the equations the form itself must satisfy. So the statutory table and the annual report cannot disagree.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from yifa.counts import Page, Span, records
from yifa.counts.cells import Cells, read_cells, until
from yifa.counts.definition import asked
from yifa.counts.drill import records_at
from yifa.counts.selection import Selection, dims_of, side_of
from yifa.counts.span import day_before
from yifa.procedure.kinds import Procedure
from yifa.procedure.registry import registry
from yifa.procedure.words import Stock

FILE = "tables.toml"
TOTAL = "total"
Wants = tuple[tuple[str, tuple[str, ...]], ...]


class TableError(ValueError):
    """A matter's tables.toml asks for something its procedure does not have."""


@dataclass(frozen=True)
class Column:
    """One value, or several, of the fact that makes the columns."""

    key: str
    label: str
    wants: Wants
    group: str = ""


@dataclass(frozen=True)
class Row:
    """A line of the form: acts of some steps under some conditions, a stock, or the sum of other lines."""

    key: str
    label: str
    group: str = ""
    level: int = 0
    steps: tuple[str, ...] = ()
    wants: Wants = ()
    stock: str = ""
    opening: bool = False
    adds: tuple[str, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class Equation:
    """Lines that together must come to the same in every column."""

    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A form as its matter declares it."""

    family: str
    key: str
    title: str
    source: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    equations: tuple[Equation, ...]

    @property
    def name(self) -> str:
        return f"{self.family}.{self.key}"

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.key == key)

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True)
class Balanced:
    """An equation of the form, with what it comes to; `wrong` are the columns in which it does not hold."""

    label: str
    left: int
    right: int
    wrong: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.wrong


@dataclass(frozen=True)
class Filled:
    """A form with its numbers: by row, by column."""

    table: Table
    numbers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    balances: tuple[Balanced, ...] = ()

    def number(self, row: Row, column: Column) -> int:
        return self.numbers[row.key][column.key]


# ── Reading what a matter declares ───────────────────────────────────────────


def tables() -> list[Table]:
    """The forms of all matters."""
    return [table for procedure in registry().families() for table in tables_of(procedure)]


@cache
def tables_of(procedure: type[Procedure]) -> tuple[Table, ...]:
    file = procedure.place() / FILE
    if not file.is_file():
        return ()
    told = tomllib.loads(file.read_text("utf-8")).get("table", [])
    return tuple(
        _table(procedure, file, one) for one in told if one.get("of", procedure.key) == procedure.key
    )


def table(name: str) -> tuple[type[Procedure], Table]:
    for procedure in registry().families():
        for one in tables_of(procedure):
            if one.name == name:
                return procedure, one
    raise LookupError(f"没有“{name}”这张表 [yifa.E563]")


def _table(procedure: type[Procedure], file: Path, told: dict[str, Any]) -> Table:
    by = told["by"]
    columns = [
        Column(f"c{n}", c["label"], ((by, _names(procedure, by, c["is"])),), c.get("group", ""))
        for n, c in enumerate(told["column"])
    ]
    columns.append(Column(TOTAL, told.get("total", "总计"), ()))
    rows = tuple(_row(procedure, file, n, r) for n, r in enumerate(told["row"]))
    known = {row.key for row in rows}
    equations = tuple(
        Equation(e["label"], _some(e["left"]), _some(e["right"])) for e in told.get("equation", ())
    )
    for named in [*(r.adds for r in rows), *(e.left + e.right for e in equations)]:
        for key in named:
            if key not in known:
                raise TableError(f"{file}：没有“{key}”这一行 [yifa.E564]")
    return Table(
        procedure.key, told["key"], told["title"], told.get("source", ""), told.get("unit", "件"),
        tuple(columns), rows, equations,
    )  # fmt: skip


def _row(procedure: type[Procedure], file: Path, place: int, told: dict[str, Any]) -> Row:
    steps, stock = _some(told.get("steps", ())), told.get("stock", "")
    for key in steps:
        if key not in procedure.steps:
            raise TableError(f"{file}：程序没有“{key}”这一步 [yifa.E565]")
    if stock and not isinstance(procedure.counts.get(stock), Stock):
        raise TableError(f"{file}：程序没有“{stock}”这一存量 [yifa.E566]")
    wants = tuple((fact, _names(procedure, fact, value)) for fact, value in told.get("where", {}).items())
    return Row(
        told.get("key", f"r{place}"), told["label"], told.get("group", ""), told.get("level", 0),
        steps, wants, stock, told.get("at") == "opening", _some(told.get("adds", ())),
    )  # fmt: skip


def _some(told: Any) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told)


def _names(procedure: type[Procedure], fact: str, told: Any) -> tuple[str, ...]:
    """The values of a fact as the cube spells them; a name that no form offers is a mistake."""
    question = asked(procedure, list(procedure.steps.values()), fact)
    if question is None:
        raise TableError(f"{procedure.__name__}：没有“{fact}”这一事实 [yifa.E567]")
    known = {choice.name for choice in question.choices}
    for name in _some(told):
        if known and name not in known:
            raise TableError(f"{procedure.__name__}：“{question.label}”没有 {name} [yifa.E567]")
    return _some(told)


# ── Filling it in ────────────────────────────────────────────────────────────


def fill(procedure: type[Procedure], table: Table, span: Span) -> Filled:
    """Every number of the form, and whether its equations hold."""
    flow = read_cells(procedure.key, span)
    opening = read_cells(procedure.key, until(day_before(span.first)))
    closing = read_cells(procedure.key, until(span.last))
    numbers: dict[str, dict[str, int]] = {}
    for row in sorted(table.rows, key=lambda r: bool(r.adds)):  # what is added up comes after what it adds
        numbers[row.key] = {
            column.key: (
                sum(numbers[key][column.key] for key in row.adds)
                if row.adds
                else _number(procedure, row, column, flow, opening if row.opening else closing)
            )
            for column in table.columns
        }
    balances = tuple(_balanced(table, numbers, equation) for equation in table.equations)
    return Filled(table, numbers, balances)


def _number(procedure: type[Procedure], row: Row, column: Column, flow: Cells, standing: Cells) -> int:
    if row.stock:
        stock = procedure.counts[row.stock]
        assert isinstance(stock, Stock)
        kept = [r for r in standing.rows if _is(r[3], column.wants)]
        return Cells(kept).sum(side_of(stock))
    return flow.total(_selection(procedure, row, column))


def _is(dims: str, wants: Wants) -> bool:
    told = dims_of(dims)
    return all(told.get(fact, "") in values for fact, values in wants)


def _selection(procedure: type[Procedure], row: Row, column: Column) -> Selection:
    return Selection(procedure.key, frozenset(row.steps), (*row.wants, *column.wants))


def _balanced(table: Table, numbers: Mapping[str, Mapping[str, int]], equation: Equation) -> Balanced:
    def side(keys: tuple[str, ...], column: str) -> int:
        return sum(numbers[key][column] for key in keys)

    wrong = tuple(c.label for c in table.columns if side(equation.left, c.key) != side(equation.right, c.key))
    return Balanced(equation.label, side(equation.left, TOTAL), side(equation.right, TOTAL), wrong)


def behind(
    procedure: type[Procedure],
    table: Table,
    row: Row,
    column: Column,
    span: Span,
    after: str | None,
    limit: int = 50,
) -> Page:
    """The records behind one number of the form."""
    if row.stock:
        day = day_before(span.first) if row.opening else span.last
        return records(f"{procedure.key}.{row.stock}", until(day), after=after, limit=limit)
    cells = read_cells(procedure.key, span)
    rows = [table.row(key) for key in row.adds] or [row]
    places = {at for one in rows for at in cells.places_of(_selection(procedure, one, column))}
    return records_at(procedure, places, span, None, after, limit)
