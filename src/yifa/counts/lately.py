"""Which figures a front page shows, and of which year: the last whole one in which anything was begun."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from yifa.procedure import registry

from .cells import years
from .reckoning import figures
from .span import year


def headlines(most: int = 4) -> list[str]:
    """One figure of each matter, the first it declares; what the public can ask for comes first."""
    first: dict[Path, str] = {}
    for p in sorted(registry().families(), key=lambda p: not p.public()):
        if p.counts:
            first.setdefault(p.place(), next(iter(p.counts.values())).name)
    return list(first.values())[:most]


def last_whole_year(today: date) -> int | None:
    """The last year that has ended and in which a headline figure counts something; None before there is one.

    A year that only ends what an earlier one began (an application carried over), or still holds it (a stock), has
    nothing to show for itself.
    """
    keys = headlines()
    ended = (y for y in reversed(years()) if y < today.year)
    return next(
        (y for y in ended if any(f.value for f in figures(keys, year(y)).values() if f.kind != "stock")), None
    )
