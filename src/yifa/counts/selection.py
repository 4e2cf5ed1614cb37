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

from yifa.procedure.words import Count, Distinct, Figure, Share, Sum, values_of

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


def acts_of(count: Count) -> Selection:
    """The acts behind a count, a sum or a distinct count."""
    wants = tuple(sorted((name, values_of(value)) for name, value in count.where.items()))
    return Selection(count.family, frozenset(step.key for step in count.steps), wants)


def whole_of(share: Share) -> Selection:
    if share.whole:
        return acts_of(share.whole)
    assert share.of
    return Selection(share.family, frozenset({share.of.key}))


def part_of(share: Share) -> Selection:
    if share.part:
        return acts_of(share.part)
    assert share.within
    return whole_of(share).narrowed(in_time(share.within.key), "1")


def in_time(period: str) -> str:
    """The dimension that says whether an act kept a period."""
    return f"in:{period}"


def measure_of(figure: Figure) -> str:
    """Which of the cube's measures a figure adds up: acts, or a fact of theirs."""
    return figure.field if isinstance(figure, Sum) else TIMES


def distinct_values(figure: Distinct, dims: set[str]) -> set[str]:
    """The different values of the counted fact among these places; unknown is not a value."""
    return {dims_of(text).get(figure.field, "") for text in dims} - {""}
