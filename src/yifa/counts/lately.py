"""Which figures a front page shows, and of which year: the last whole one in which anything was begun."""

from __future__ import annotations

from datetime import date

from yifa.procedure import registry

from .cells import years
from .reckoning import figures
from .span import year


def headlines(most: int = 4) -> list[str]:
    """One figure of each procedure, register and journal: the first it declares."""
    return [next(iter(p.counts.values())).name for p in registry().families() if p.counts][:most]


def last_whole_year(today: date) -> int | None:
    """The last year that has ended and in which a headline figure counts something; None before there is one.

    A year that only ends what an earlier one began (an application carried over) has nothing to show for itself.
    """
    keys = headlines()
    ended = (y for y in reversed(years()) if y < today.year)
    return next((y for y in ended if any(f.value for f in figures(keys, year(y)).values())), None)
