"""One invented act, before anybody has been found to take it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.people import Actor
from yifa.procedure import Facts, Role, Step


@dataclass(frozen=True)
class Invented:
    """A step with its facts, in which case (`ref`) of which office, and in what capacity it is taken."""

    step: Step[Any]
    facts: Facts
    ref: str
    office: str
    role: Role

    @property
    def on(self) -> date:
        return self.facts.on


OUTSIDE = Actor.applicant()
