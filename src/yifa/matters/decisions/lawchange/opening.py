"""Tasks are listed through the one door, so that listing them twice lists nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.cases.acts import Do
from yifa.cases.stream import act_many
from yifa.people.actor import Actor
from yifa.procedure import Refused
from yifa.texts.citing.amendment import Task

from .machine import told
from .procedure import LawChangeCheck, listed_once

__all__ = ["Listed", "list_all"]


@dataclass(frozen=True, slots=True)
class Listed:
    """What came of it: how many were listed now, how many had been before, and what was refused for another reason."""

    opened: int
    before: int
    refused: tuple[tuple[Task, Refused], ...] = ()


def list_all(
    found: Sequence[Task],
    title: str,
    old: str,
    new: str,
    on: date,
    actor: Actor,
    *,
    in_force: date | None = None,
) -> Listed:
    """List every task that is not listed yet: a document's with its own office, all else with the actor's."""
    acts = [
        Do(
            LawChangeCheck.open,
            told(task, title, old, new, on, in_force),
            actor,
            office=task.citing.office or actor.office,
        )
        for task in found
    ]
    tally = act_many(acts, keep_going=True)
    once = next(c.sentence for c in LawChangeCheck.open.conditions if c.test is listed_once)
    again = [n for n, refused in tally.refused if any(once in str(reason) for reason in refused.reasons)]
    others = tuple((found[n], refused) for n, refused in tally.refused if n not in set(again))
    return Listed(tally.acts, len(again), others)
