"""What both a page and a list take from a case's row, and the one rule on who sees it."""

from __future__ import annotations

from typing import Any

from yifa.people.actor import Actor
from yifa.procedure import Procedure

from ..history import Entry

ROW = (
    "SELECT id, family, edition, office, state, final, seq, number, opened, changed_on, due, due_period,"
    " standing, facts FROM cases_case"
)


def sees(actor: Actor, family: str, office: str) -> bool:
    """The one rule: a kind of matter the post deals with, in an office it reaches."""
    return actor.handles(family) and actor.sees(office)


def subject(procedure: type[Procedure], facts: dict[str, Any], sealed: dict[str, str]) -> str:
    told = [str(facts.get(n) or sealed.get(n) or "") for n in procedure.subject]
    text = " · ".join(t.split("\n")[0] for t in told if t)
    return text if len(text) <= 60 else text[:59] + "…"


def latest(written: list[Entry]) -> dict[str, str]:
    latest: dict[str, str] = {}
    for e in written:
        latest |= e.opened
    return latest
