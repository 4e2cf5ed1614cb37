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
from .reckoning import Readings, declared, is_money, obliged
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
    """Each figure's value in each office in which anything was counted; a distinct count is not for this table.

    Of a zero every office that has to report has a line: with a value once it has reported on each month.
    """
    wanted = {key: declared(key)[1] for key in keys}
    readings: dict[tuple[str, Span], list[_Adder]] = defaultdict(list)
    for key, declaration in wanted.items():
        for adder in _adders(key, declaration, span):
            readings[adder.side.family, adder.span].append(adder)
    totals: Totals = {key: {} for key in wanted}
    for (family, stretch), adders in readings.items():
        _add_up(totals, family, stretch, adders)
    cells = Readings()
    return {
        key: _zeros(declaration, span, totals[key], cells)
        if isinstance(declaration, Zero)
        else {office: _value(declaration, span, *sides) for office, sides in totals[key].items()}
        for key, declaration in wanted.items()
    }


def _zeros(zero: Zero, span: Span, happened: dict[str, list[int]], readings: Readings) -> dict[str, Value]:
    due = obliged(zero, span, None)
    lacking = {office for office, _ in due - readings.reported(zero.reports, span)}
    there = {office for office, _ in due} | {office for office, (n, _) in happened.items() if n}
    return {o: None if o in lacking else happened.get(o, [0])[0] for o in sorted(there)}


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
        return [_adder(key, 0, side_of(declaration.of), span)]
    if isinstance(declaration, Share):
        return [_adder(key, place, side, span) for place, side in enumerate(sides_of(declaration))]
    assert isinstance(declaration, (Count, Stock))
    return [_adder(key, 0, side_of(declaration), span)]


def _adder(key: str, place: int, side: Side, span: Span) -> _Adder:
    return _Adder(key, place, side, until(span.last) if side.went else span)


def _value(declaration: Declaration, span: Span, part: int, whole: int) -> Value:
    if isinstance(declaration, Share):
        return written.percentage(part, whole, declaration.digits)
    if isinstance(declaration, Growth):
        return written.growth(part, whole, declaration.digits)
    if isinstance(declaration, Sum) and is_money(declaration):
        return written.money(part, declaration.unit)
    return part
