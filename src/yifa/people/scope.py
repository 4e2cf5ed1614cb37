"""The one rule on who sees what, in SQL: every list, search, count, export and download asks it here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .actor import Actor

NOTHING, EVERYTHING = "1 = 0", "1 = 1"
_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")


def sql_scope(actor: Actor, column: str, family: str = "", *, mark: str = "?") -> tuple[str, list[str]]:
    """A condition on the column that holds the office (and the one that holds the family), with its values.

    The same answer as `actor.sees(office)` and `actor.handles(family)`. Values always go as parameters; `mark` is how
    the driver writes one (`?`, or `%s` through Django's cursor). An empty scope sees nothing.
    """
    condition, values = _among(column, actor.scope, mark)
    if family and actor.families is not None:
        more, others = _among(family, actor.families, mark)
        condition, values = f"({condition} AND {more})", values + others
    return condition, values


def _among(column: str, allowed: Iterable[str] | None, mark: str) -> tuple[str, list[str]]:
    if not _COLUMN.fullmatch(column):
        raise ValueError(f"“{column}” is not a column. Write office or c.office. [yifa.E203]")
    if allowed is None:
        return EVERYTHING, []
    values = sorted(allowed)
    if not values:
        return NOTHING, []
    return f"{column} IN ({', '.join([mark] * len(values))})", values
