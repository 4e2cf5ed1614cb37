"""What goes in at the door and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction

from yifa.people.actor import Actor
from yifa.procedure import Facts, Step

from .store import Store

GREW = "由此引起"  # how a case that an act brought with it is linked to that act's own


class Done(NamedTuple):
    """What one act left behind. `receipt` is shown once, to the person outside who opened the case."""

    case: int
    seq: int
    entry: int
    hash: str
    state: str
    number: str
    family: str
    step: str
    paper: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """One act of a stream. `ref` names the case within the stream, which is the applicant's own; `case` one that exists."""

    step: Step[Any]
    facts: Facts
    actor: Actor
    case: int | None = None
    office: str = ""
    ref: str = ""


def follow(step: Step[Any], done: Done, s: Store) -> None:
    """What follows a step, once it is committed."""
    for effect in step.effects:
        if s.django.in_atomic_block:
            transaction.on_commit(lambda effect=effect: effect(done))  # type: ignore[misc]
        else:
            effect(done)
