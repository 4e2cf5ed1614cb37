"""What both a page and a list take from a case's row, and the one rule on who sees it."""

from __future__ import annotations

from functools import cache
from typing import Any

from yifa.people.actor import Actor
from yifa.procedure import Procedure, asks_of

from ..history import Entry

ROW = (
    "SELECT id, family, edition, office, state, final, seq, number, opened, changed_on, due, due_period,"
    " standing, facts FROM cases_case"
)


def sees(actor: Actor, family: str, office: str) -> bool:
    """The one rule: a kind of matter the post deals with, in an office it reaches."""
    return actor.handles(family) and actor.sees(office)


@cache
def _labels(procedure: type[Procedure]) -> dict[str, dict[str, str]]:
    """How the outcomes of what a case is called by are read."""
    asked = {a.name: a for step in procedure.steps.values() for a in asks_of(step.asks)}
    return {n: {o.name: o.label for o in asked[n].choices} for n in procedure.subject if n in asked}


def subject(
    procedure: type[Procedure], facts: dict[str, Any], sealed: dict[str, str], *, without: str = ""
) -> str:
    """What a list calls the case by; `without` a fact that stands beside it."""
    labels = _labels(procedure)
    told = [str(facts.get(n) or sealed.get(n) or "") if n != without else "" for n in procedure.subject]
    told = [labels.get(n, {}).get(t, t) for n, t in zip(procedure.subject, told, strict=True)]
    text = " · ".join(t.split("\n")[0] for t in told if t)
    return text if len(text) <= 60 else text[:59] + "…"


def latest(written: list[Entry]) -> dict[str, str]:
    latest: dict[str, str] = {}
    for e in written:
        latest |= e.opened
    return latest
