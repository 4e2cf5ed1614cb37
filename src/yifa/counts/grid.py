"""Many figures for every office at once, from one reading of the cube: the desk's overview, the county's table.

The cells are gone through a single time; which figures a cell belongs to is worked out once for each place in the
cube, of which there are few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from yifa.procedure.words import Count, Distinct, Growth, Share, Stock, Sum, Zero
from yifa.procedure.words import Figure as Declaration

from . import written
from .cells import read_totals, until
from .reckoning import declared, is_money
from .selection import Side, side_of, sides_of
from .span import Span

Value = int | Decimal | None
Totals = dict[str, dict[str, list[int]]]  # by figure and office: what its sides add up to


@dataclass(frozen=True)
class _Adder:
    """One side of a figure, and the stretch of time it is added up over."""

    key: str
    place: int  # 0 the numerator or the whole figure, 1 the denominator or what was then
    side: Side
    span: Span


def by_office(keys: Iterable[str], span: Span) -> dict[str, dict[str, Value]]:
    """Each figure's value in each office in which anything was counted; a distinct count is not for this table."""
    wanted = {key: declared(key)[1] for key in keys}
    readings: dict[tuple[str, Span], list[_Adder]] = defaultdict(list)
    for key, declaration in wanted.items():
        for adder in _adders(key, declaration, span):
            readings[adder.side.family, adder.span].append(adder)
    totals: Totals = {key: {} for key in wanted}
    for (family, stretch), adders in readings.items():
        _add_up(totals, family, stretch, adders)
    return {
        key: {office: _value(wanted[key], span, *sides) for office, sides in offices.items()}
        for key, offices in totals.items()
    }


def _add_up(totals: Totals, family: str, span: Span, adders: list[_Adder]) -> None:
    goes_to: dict[tuple[str, str, str], list[tuple[dict[str, list[int]], int, int]]] = {}
    for step, dims, measure, office, n in read_totals(family, span):
        place = (step, dims, measure)
        if place not in goes_to:
            taken = ((a, a.side.sign(*place)) for a in adders)
            goes_to[place] = [(totals[a.key], a.place, sign) for a, sign in taken if sign]
        for offices, at, sign in goes_to[place]:
            sides = offices.get(office)
            if sides is None:
                sides = offices[office] = [0, 0]
            sides[at] += sign * n


def _adders(key: str, declaration: Declaration, span: Span) -> list[_Adder]:
    if isinstance(declaration, Distinct):
        raise ValueError(f"“{key}”不能按机关相加，请逐个机关计算 [yifa.E553]")
    if isinstance(declaration, Growth):
        side = side_of(declaration.of)
        return [_adder(key, 0, side, span), _adder(key, 1, side, span.earlier())]
    if isinstance(declaration, Zero):
        return [
            _adder(key, 0, side_of(declaration.of), span),
            _adder(key, 1, side_of(declaration.reports), span),
        ]
    if isinstance(declaration, Share):
        return [_adder(key, place, side, span) for place, side in enumerate(sides_of(declaration))]
    assert isinstance(declaration, (Count, Stock))
    return [_adder(key, 0, side_of(declaration), span)]


def _adder(key: str, place: int, side: Side, span: Span) -> _Adder:
    return _Adder(key, place, side, until(span.last) if side.went else span)


def _value(declaration: Declaration, span: Span, part: int, whole: int) -> Value:
    if isinstance(declaration, Zero):
        return part if whole >= len(list(span.months())) else None
    if isinstance(declaration, Share):
        return written.percentage(part, whole, declaration.digits)
    if isinstance(declaration, Growth):
        return written.growth(part, whole, declaration.digits)
    if isinstance(declaration, Sum) and is_money(declaration):
        return written.money(part, declaration.unit)
    return part
