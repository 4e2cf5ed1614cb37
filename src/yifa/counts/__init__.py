"""Figures: declared once, counted live, audited by a recompute, and opened on the records they were computed from."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .span import Span, month, read_span, since, year

if TYPE_CHECKING:
    from .audit import Difference, compare, recompute
    from .cells import years
    from .crosschecks import Finding, finding_records, findings
    from .drill import Page, Record, records
    from .lately import headlines, last_whole_year
    from .reckoning import Figure, NoSuchFigure, all_keys, figure, figures, months_of

_HOMES = {
    "cells": ("years",),
    "reckoning": ("Figure", "NoSuchFigure", "all_keys", "declared", "figure", "figures", "months_of"),
    "crosschecks": ("Finding", "finding_records", "findings"),
    "audit": ("Difference", "compare", "recompute"),
    "drill": ("Page", "Record", "records"),
    "lately": ("headlines", "last_whole_year"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Difference",
    "Figure",
    "Finding",
    "NoSuchFigure",
    "Page",
    "Record",
    "Span",
    "all_keys",
    "compare",
    "figure",
    "figures",
    "finding_records",
    "findings",
    "headlines",
    "last_whole_year",
    "month",
    "months_of",
    "read_span",
    "recompute",
    "records",
    "since",
    "year",
    "years",
]


def __getattr__(name: str) -> Any:
    """The rest needs a database; it is imported when it is asked for."""
    if name in _HOME_OF:
        return getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
