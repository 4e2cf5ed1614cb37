"""The cube as it is read: all cells of a family for a span, fetched once, then only added up.

A span that begins or ends within a month takes its whole months from the cube and the days at its edges from the
acts themselves.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TypeAlias

from django.db import connection

from .selection import TIMES, Selection, Side
from .span import Span, day_before, month_end

Row: TypeAlias = tuple[str, int, str, str, str, int]  # step, month, office, dims, measure, n
BEGINNING = date(1900, 1, 1)

CELLS = (
    "SELECT step, month, office, dims, measure, n FROM cases_cell"
    " WHERE family = %s AND month BETWEEN %s AND %s AND n <> 0"
)
TOTALS = (
    "SELECT step, dims, measure, office, sum(n) FROM cases_cell WHERE family = %s AND month BETWEEN %s AND %s"
    " GROUP BY step, dims, measure, office"
)
DAYS = (
    "SELECT step, month, office, dims, amounts, count(*) FROM cases_act"
    " WHERE family = %s AND month = %s AND on_date BETWEEN %s AND %s AND NOT voided"
    " GROUP BY step, month, office, dims, amounts"
)
YEARS = "SELECT DISTINCT month / 100 FROM cases_cell WHERE n <> 0 ORDER BY 1"


class Cells:
    """What was counted in a family during a span, by step, month, office and dimensions."""

    def __init__(self, rows: Iterable[Row], offices: Collection[str] | None = None) -> None:
        wanted = None if offices is None else frozenset(offices)
        self.rows = [row for row in rows if wanted is None or row[2] in wanted]
        self._places: dict[str, dict[tuple[str, str], int]] | None = None

    @property
    def places(self) -> dict[str, dict[tuple[str, str], int]]:
        """Totals by measure and place (step, dimensions)."""
        if self._places is None:
            places: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
            for step, _, _, dims, measure, n in self.rows:
                places[measure][step, dims] += n
            self._places = places
        return self._places

    def places_of(self, selection: Selection, measure: str = TIMES) -> dict[tuple[str, str], int]:
        """The places a selection takes, with what was counted at each."""
        return {at: n for at, n in self.places.get(measure, {}).items() if n and selection.takes(*at)}

    def total(self, selection: Selection, measure: str = TIMES) -> int:
        return sum(self.places_of(selection, measure).values())

    def sum(self, side: Side) -> int:
        """What one side of a figure adds up to."""
        went = self.total(side.went, side.measure) if side.went else 0
        return self.total(side.acts, side.measure) - went

    def by_month(self, side: Side) -> dict[int, int]:
        """The same by month, as the cube writes months; of a stock, how it changed."""
        found: dict[int, int] = defaultdict(int)
        for step, month, _, dims, measure, n in self.rows:
            if sign := side.sign(step, dims, measure):
                found[month] += sign * n
        return dict(found)


def read_cells(family: str, span: Span, offices: Collection[str] | None = None) -> Cells:
    """The cells of one family for a span: one query, two more where a month is cut."""
    whole, edges = _parted(span)
    rows: list[Row] = []
    with connection.cursor() as cursor:
        if whole:
            cursor.execute(CELLS, [family, whole.first_month, whole.last_month])
            rows += cursor.fetchall()
        for edge in edges:
            days: list[str | int] = [family, edge.first_month, edge.first.isoformat(), edge.last.isoformat()]
            cursor.execute(DAYS, days)
            rows += spread(cursor.fetchall())
    return Cells(rows, offices)


def read_totals(family: str, span: Span) -> Iterator[tuple[str, str, str, str, int]]:
    """The same by step, dimensions, measure and office, months added up: all that a table by office needs."""
    if not span.whole_months:
        for step, _, office, dims, measure, n in read_cells(family, span).rows:
            yield step, dims, measure, office, n
        return
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, [family, span.first_month, span.last_month])
        for step, dims, measure, office, n in cursor.fetchall():
            yield step, dims, measure, office, int(n)


def spread(counted: Iterable[tuple[str, int, str, str, str, int]]) -> Iterator[Row]:
    """Acts grouped by their amounts as the cube's rows: one for the times, one for each measure."""
    for step, month, office, dims, amounts, times in counted:
        yield step, month, office, dims, TIMES, times
        for measure, amount in json.loads(amounts or "{}").items():
            yield step, month, office, dims, measure, amount * times


def until(day: date) -> Span:
    """Everything up to the end of a day."""
    return Span(BEGINNING, day)


def _parted(span: Span) -> tuple[Span | None, list[Span]]:
    """The whole months within a span, and the days before and after them."""
    first, last, edges = span.first, span.last, []
    if first.day != 1:
        edges.append(Span(first, min(last, month_end(first))))
        first = date.fromordinal(month_end(first).toordinal() + 1)
    if last != month_end(last) and last >= first:
        edges.append(Span(last.replace(day=1), last))
        last = day_before(last.replace(day=1))
    return (Span(first, last) if first <= last else None), edges


def years() -> list[int]:
    """The years anything was counted in."""
    with connection.cursor() as cursor:
        cursor.execute(YEARS)
        return [int(row[0]) for row in cursor.fetchall()]
