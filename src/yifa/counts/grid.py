"""Many figures for every office at once, from one reading of the cube: the desk's overview, the county's table.

The cells are gone through a single time; which figures a cell belongs to is worked out once for each place in the
cube, of which there are few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yifa.procedure.tally import stock_moves
from yifa.procedure.words import Count, Distinct, Share, Stock, Sum
from yifa.procedure.words import Figure as Declaration

from . import written
from .cells import read_totals, until
from .reckoning import declared, is_money
from .selection import TIMES, Selection, acts_of, measure_of, part_of, whole_of
from .span import Span

Value = int | Decimal | None


def by_office(keys: Iterable[str], span: Span) -> dict[str, dict[str, Value]]:
    """Each figure's value in each office in which anything was counted; a distinct count is not for this table."""
    wanted = {key: declared(key) for key in keys}
    families: dict[tuple[str, bool], dict[str, Declaration]] = defaultdict(dict)
    for key, (procedure, declaration) in wanted.items():
        if isinstance(declaration, Distinct):
            raise ValueError(f"“{key}”不能按机关相加，请逐个机关计算 [yifa.E553]")
        families[procedure.key, isinstance(declaration, Stock)][key] = declaration
    found: dict[str, dict[str, Value]] = {key: {} for key in wanted}
    for (family, stock), figures in families.items():
        totals = _totals(family, figures, until(span.last) if stock else span)
        for key, offices in totals.items():
            found[key] = {office: _value(wanted[key][1], *sides) for office, sides in offices.items()}
    return found


def _totals(family: str, figures: dict[str, Declaration], span: Span) -> dict[str, dict[str, list[int]]]:
    """By figure and office: what its numerator and its denominator add up to."""
    adders = [adder for key, declaration in figures.items() for adder in _adders(key, declaration)]
    goes_to: dict[tuple[str, str, str], list[tuple[dict[str, list[int]], int, int]]] = {}
    totals: dict[str, dict[str, list[int]]] = {key: {} for key in figures}
    for step, dims, measure, office, n in read_totals(family, span):
        place = (step, dims, measure)
        if place not in goes_to:
            taken = ((a, a.sign(*place)) for a in adders)
            goes_to[place] = [(totals[a.key], a.side, sign) for a, sign in taken if sign]
        for offices, side, sign in goes_to[place]:
            sides = offices.get(office)
            if sides is None:
                sides = offices[office] = [0, 0]
            sides[side] += sign * n
    return totals


@dataclass(frozen=True)
class _Adder:
    """One side of a figure: which places it takes, and whether they add or take away."""

    key: str
    side: int  # 0 the numerator or the whole figure, 1 the denominator
    measure: str
    selection: Selection | None = None
    moves: Mapping[str, int] | None = None

    def sign(self, step: str, dims: str, measure: str) -> int:
        if measure != self.measure:
            return 0
        if self.moves is not None:
            return self.moves.get(step, 0)
        return int(self.selection is not None and self.selection.takes(step, dims))


def _adders(key: str, declaration: Declaration) -> list[_Adder]:
    if isinstance(declaration, Stock):
        return [_Adder(key, 0, TIMES, moves=stock_moves(declared(key)[0], declaration))]
    if isinstance(declaration, Share):
        return [_Adder(key, 0, TIMES, part_of(declaration)), _Adder(key, 1, TIMES, whole_of(declaration))]
    assert isinstance(declaration, Count)
    return [_Adder(key, 0, measure_of(declaration), acts_of(declaration))]


def _value(declaration: Declaration, part: int, whole: int) -> Value:
    if isinstance(declaration, Share):
        return written.percentage(part, whole, declaration.digits)
    if isinstance(declaration, Sum) and is_money(declaration):
        return written.money(part, declaration.unit)
    return part
