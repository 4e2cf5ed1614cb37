"""What is said in one breath when a sum is read aloud: weekends do not break a stretch, holidays and pauses do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from yifa.law import statute

if TYPE_CHECKING:
    from .sums import Stretch, Sum

__all__ = ["Segment", "rule", "segments"]

RULES = {"start": (201, 1), "hours": (201, 2), "months": (202, None), "roll": (203, 1)}


@cache
def rule(name: str) -> str:
    """The article of the civil code in which a general counting rule stands."""
    article, para = RULES[name]
    return str(statute("civil-code")(article, para=para))


class Segment:
    """Counted days with the weekends between them, or one holiday, or one pause."""

    def __init__(self, stretches: list[Stretch]) -> None:
        self.kind = stretches[0].kind
        self.unit = stretches[0].unit
        self.first = stretches[0].first
        self.last = stretches[-1].last
        self.counted = sum(s.counted for s in stretches)
        self.weekend = sum(s.days for s in stretches if s.kind == "weekend")
        self.made_up: list[date] = [day for s in stretches for day in s.made_up]
        self.names = list(dict.fromkeys(s.why for s in stretches if s.why))
        self.days = (self.last - self.first).days + 1 if self.last else 0
        if self.kind == "weekend" and self.counted:
            self.kind = "counted"


def segments(found: Sum) -> Iterator[Segment]:
    def breath(stretch: Stretch) -> tuple[str, str]:
        return "counted" if stretch.kind == "weekend" else stretch.kind, stretch.unit

    for _, stretches in groupby(found.stretches, breath):
        yield Segment(list(stretches))
