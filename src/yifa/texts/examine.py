"""Who examines a draft: citations, content, repetition, in one call; the same for the desk, the command line and the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from . import citations
from .finding import Finding

__all__ = ["Examiner", "examiners"]

Examiner = Callable[[str], Sequence[Finding]]


def examiners(on: date, *, own_title: str = "") -> list[Examiner]:
    """Those for a text handed in on this day; `own_title` is what 本办法 means in it."""
    return [partial(citations.examine, on=on, own_title=own_title)]
