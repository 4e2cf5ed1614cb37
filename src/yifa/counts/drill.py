"""The records behind a figure, page by page, in the order they happened.

What is shown of a record here are the dimensions it was counted by: outcomes, kinds, yes or no. They are declared,
never sealed and never free text, so the list may be shown to anyone; the case itself opens only for those who may see it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yifa.procedure.kinds import Procedure
from yifa.procedure.registry import registry
from yifa.procedure.words import Figure as Declaration
from yifa.procedure.words import Growth, Share, Zero

from .cells import read_cells, until
from .definition import fact_label, value_label
from .reckoning import PART, WHOLE, declared
from .selection import Selection, Side, dims_of, main_side, side_of, sides_of
from .span import Span, year

MOST_PLACES = 400  # beyond this the places are tested one by one instead of being named in the query


@dataclass(frozen=True)
class Record:
    """One act behind a figure."""

    entry: int
    case: int
    seq: int
    step: str
    label: str
    on: date
    office: str
    number: str
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    """Some records, and where the next page begins; None when there is none."""

    records: tuple[Record, ...]
    after: str | None


def records(
    key: str,
    span: Span,
    part: str | None = None,
    offices: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the records behind a figure; `part` is "part" for a share's numerator.

    As many records come in all as the figure says.
    """
    declaration = declared(key)[1]
    side, stretch = _opened(declaration, span, part)
    procedure = registry().family(side.family)
    if side.went:
        return _page(procedure, *_stock_query(side, side.went, stretch.last, offices), after, limit)
    return records_of(procedure, side.acts, stretch, offices, after, limit)


def family_of(key: str, part: str | None = None) -> str:
    """Whose records a figure opens on: of a share or a zero the two sides may stand in two procedures."""
    declaration = declared(key)[1]
    return _opened(declaration, year(2000), part)[0].family


def _opened(declaration: Declaration, span: Span, part: str | None) -> tuple[Side, Span]:
    """What is opened: of a share its whole or its part, of growth what is counted now or what was counted then."""
    if isinstance(declaration, Share) and part == PART:
        return sides_of(declaration)[0], span
    if isinstance(declaration, Zero) and part == PART:
        return side_of(declaration.of), span
    if isinstance(declaration, Growth) and part == WHOLE:
        return side_of(declaration.of), span.earlier()
    return main_side(declaration), span


def records_of(
    procedure: type[Procedure],
    selection: Selection,
    span: Span,
    offices: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the acts a selection takes."""
    if not selection.wants:
        where, values = _any_of("a.step", sorted(selection.steps))
        return _page(procedure, *_flow_query(procedure.key, span, offices, where, values), after, limit)
    places = read_cells(procedure.key, span, offices).places_of(selection)
    return records_at(procedure, places, span, offices, after, limit)


def records_at(
    procedure: type[Procedure],
    places: Collection[tuple[str, str]] | Mapping[tuple[str, str], int],
    span: Span,
    offices: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the acts at these places of the cube."""
    if not places:
        return Page((), None)
    by_step: dict[str, list[str]] = {}
    for step, dims in sorted(places):
        by_step.setdefault(step, []).append(dims)
    if len(places) > MOST_PLACES:
        return _tested(procedure, frozenset(places), sorted(by_step), span, offices, after, limit)
    parts, values = [], []
    for step, all_dims in by_step.items():
        sql, some = _any_of("a.dims", all_dims)
        parts.append(f"(a.step = %s AND {sql})")
        values += [step, *some]
    where = f"({' OR '.join(parts)})"
    return _page(procedure, *_flow_query(procedure.key, span, offices, where, values), after, limit)


def _tested(
    procedure: type[Procedure],
    places: frozenset[tuple[str, str]],
    steps: list[str],
    span: Span,
    offices: Collection[str] | None,
    after: str | None,
    limit: int,
) -> Page:
    """The same with so many places that each act is looked at instead."""
    where, values = _any_of("a.step", steps)
    query = _flow_query(procedure.key, span, offices, where, values)
    found: list[tuple[Any, ...]] = []
    while len(found) <= limit:
        rows = _fetch(*query, after, 10 * limit)
        found += [row for row in rows if (row[3], row[6]) in places]
        if len(rows) < 10 * limit:
            break
        after = _token(rows[-1])
    return _cut(procedure, found, limit)


# ── The queries ──────────────────────────────────────────────────────────────

HEAD = (
    "SELECT a.entry_id, a.case_id, a.seq, a.step, a.on_date, a.office, a.dims, c.number"
    " FROM cases_act a JOIN cases_case c ON c.id = a.case_id"
)


def _flow_query(
    family: str, span: Span, offices: Collection[str] | None, where: str, values: list[Any]
) -> tuple[str, list[Any]]:
    sql = (
        f"{HEAD} WHERE a.family = %s AND NOT a.voided AND a.month BETWEEN %s AND %s"
        f" AND a.on_date BETWEEN %s AND %s AND {where}"
    )
    first = [family, span.first_month, span.last_month, span.first.isoformat(), span.last.isoformat()]
    return _in_offices(sql, [*first, *values], offices)


def _stock_query(
    side: Side, out: Selection, day: date, offices: Collection[str] | None
) -> tuple[str, list[Any]]:
    """The acts that brought a case into the stock and were not followed by one that took it out."""
    came, came_values = _at_places("a", side.acts, day, offices)
    went, went_values = _any_of("b.step", sorted(out.steps))
    sql = (
        f"{HEAD} WHERE a.family = %s AND NOT a.voided AND a.on_date <= %s AND {came}"
        " AND NOT EXISTS (SELECT 1 FROM ledger_entry e JOIN cases_act b ON b.entry_id = e.id"
        " WHERE e.case_id = a.case_id AND e.seq > a.seq"
        f" AND NOT b.voided AND b.on_date <= %s AND {went})"
    )
    values = [side.family, day.isoformat(), *came_values, day.isoformat(), *went_values]
    return _in_offices(sql, values, offices)


def _at_places(
    acts: str, selection: Selection, day: date, offices: Collection[str] | None
) -> tuple[str, list[Any]]:
    """A test for the acts a selection takes: by step alone, or by step and the dimensions found in the cube."""
    if not selection.wants:
        return _any_of(f"{acts}.step", sorted(selection.steps))
    places = sorted(read_cells(selection.family, until(day), offices).places_of(selection))
    steps, values = _any_of(f"{acts}.step", sorted({step for step, _ in places}))
    dims, more = _any_of(f"{acts}.dims", sorted({dims for _, dims in places}))
    return f"{steps} AND {dims}", [*values, *more]


def _in_offices(sql: str, values: list[Any], offices: Collection[str] | None) -> tuple[str, list[Any]]:
    if offices is None:
        return sql, values
    where, more = _any_of("a.office", sorted(offices))
    return f"{sql} AND {where}", [*values, *more]


def _any_of(column: str, values: list[str]) -> tuple[str, list[Any]]:
    if not values:
        return "1 = 0", []
    return f"{column} IN ({', '.join(['%s'] * len(values))})", list(values)


def _page(procedure: type[Procedure], sql: str, values: list[Any], after: str | None, limit: int) -> Page:
    return _cut(procedure, _fetch(sql, values, after, limit + 1), limit)


def _fetch(sql: str, values: list[Any], after: str | None, limit: int) -> list[tuple[Any, ...]]:
    if after:
        day, _, entry = after.partition(".")
        sql += " AND (a.on_date, a.entry_id) > (%s, %s)"
        values = [*values, date.fromisoformat(day).isoformat(), int(entry)]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY a.on_date, a.entry_id LIMIT %s", [*values, limit])
        return cursor.fetchall()


def _cut(procedure: type[Procedure], rows: list[tuple[Any, ...]], limit: int) -> Page:
    shown = rows[:limit]
    after = _token(shown[-1]) if len(rows) > limit else None
    return Page(tuple(_record(procedure, row) for row in shown), after)


def _token(row: tuple[Any, ...]) -> str:
    return f"{as_date(row[4]).isoformat()}.{row[0]}"


def as_date(value: date | str) -> date:
    """A day as either database hands it over."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _record(procedure: type[Procedure], row: tuple[Any, ...]) -> Record:
    entry, case, seq, step, on, office, dims, number = row
    return Record(
        entry=entry,
        case=case,
        seq=seq,
        step=step,
        label=procedure.steps[step].label if step in procedure.steps else step,
        on=as_date(on),
        office=office,
        number=number or "",
        told=told_in_words(procedure, step, dims),
    )


def told_in_words(procedure: type[Procedure], step: str, dims: str) -> tuple[tuple[str, str], ...]:
    """The dimensions of an act as an official would say them."""
    found = []
    taken = procedure.steps.get(step)
    for name, value in sorted(dims_of(dims).items()):
        if name.startswith("in:"):
            period = procedure.periods.get(name[3:])
            found.append((period.label if period else name[3:], "按期" if value == "1" else "超期"))
        elif taken is not None:
            found.append((fact_label(procedure, [taken], name), value_label(procedure, [taken], name, value)))
    return tuple(found)


__all__ = ["Page", "Record", "records", "records_at", "records_of"]
