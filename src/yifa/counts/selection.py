"""Which acts a declared figure counts, as places in the cube: a step, and the dimensions an act carries.

Acts that share a step and their dimensions are counted alike, whoever asks; so a figure is a test on that pair,
and two figures can be compared, joined and taken apart without looking at a single record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yifa.procedure.registry import registry
from yifa.procedure.tally import stock_moves
from yifa.procedure.words import Count, Distinct, Figure, Growth, Share, Stock, Sum, Zero, values_of

Dims = Mapping[str, str]
TIMES = "n"  # the measure that counts acts


@lru_cache(maxsize=65_536)
def dims_of(text: str) -> Dims:
    """The dimensions of an act as the cube writes them."""
    return {name: _spelt(value) for name, value in json.loads(text or "{}").items()}


def _spelt(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Selection:
    """The acts of one family that a figure, or one side of it, counts."""

    family: str
    steps: frozenset[str]
    wants: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def takes(self, step: str, dims: str) -> bool:
        if step not in self.steps:
            return False
        told = dims_of(dims)
        return all(told.get(name, "") in values for name, values in self.wants)

    def narrowed(self, name: str, *values: str) -> Selection:
        return Selection(self.family, self.steps, (*self.wants, (name, values)))


@dataclass(frozen=True)
class Side:
    """What is added up: acts within a period; or, of a stock, what came by its end less what `went`."""

    acts: Selection
    went: Selection | None = None
    measure: str = TIMES

    @property
    def family(self) -> str:
        return self.acts.family

    def sign(self, step: str, dims: str, measure: str) -> int:
        """Whether a place in the cube adds to this side, takes away from it, or neither."""
        if measure != self.measure:
            return 0
        came, went = self.acts.takes(step, dims), self.went is not None and self.went.takes(step, dims)
        return int(came) - int(went)


def acts_of(count: Count) -> Selection:
    """The acts behind a count, a sum or a distinct count."""
    return Selection(count.family, frozenset(step.key for step in count.steps), _wants(count))


def side_of(figure: Count | Stock) -> Side:
    """What a figure that is no ratio adds up."""
    if isinstance(figure, Count):
        return Side(acts_of(figure), measure=measure_of(figure))
    moves = stock_moves(registry().family(figure.family), figure)
    came, went = (frozenset(k for k, sign in moves.items() if sign == way) for way in (1, -1))
    wants = _wants(figure)
    return Side(Selection(figure.family, came, wants), Selection(figure.family, went, wants))


def sides_of(share: Share) -> tuple[Side, Side]:
    """The part and the whole."""
    if share.part and share.whole:
        return side_of(share.part), side_of(share.whole)
    assert share.of
    assert share.within
    whole = Selection(share.family, frozenset({share.of.key}))
    return Side(whole.narrowed(in_time(share.within.key), "1")), Side(whole)


def main_side(figure: Figure) -> Side:
    """The side whose records a figure opens on first: of a share the whole, of growth what is counted now, of a zero the reports."""
    if isinstance(figure, Share):
        return sides_of(figure)[1]
    if isinstance(figure, Growth):
        return side_of(figure.of)
    if isinstance(figure, Zero):
        return side_of(figure.reports)
    assert isinstance(figure, (Count, Stock))
    return side_of(figure)


def _wants(figure: Count | Stock) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(sorted((name, values_of(value)) for name, value in figure.where.items()))


def in_time(period: str) -> str:
    """The dimension that says whether an act kept a period."""
    return f"in:{period}"


def measure_of(figure: Figure) -> str:
    """Which of the cube's measures a figure adds up: acts, or a fact of theirs."""
    return figure.field if isinstance(figure, Sum) else TIMES


def distinct_values(figure: Distinct, dims: set[str]) -> set[str]:
    """The different values of the counted fact among these places; unknown is not a value."""
    return {dims_of(text).get(figure.field, "") for text in dims} - {""}
