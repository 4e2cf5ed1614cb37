"""One invented act, before anybody has been found to take it; and a part of the year, which knows its own volumes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Generic, TypeVar

from yifa.people import Actor
from yifa.procedure import Facts, Role, Step
from yifa.site.volumes import Told

V = TypeVar("V")


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


@dataclass(frozen=True)
class Part(Generic[V]):
    """A matter's part of the year: how its table is read, and the acts invented within what it tells."""

    key: str
    read: Callable[[Told, int], V]
    acts: Callable[[V, int, Random], Iterator[Invented]]
    waits: Callable[[str, date, Random], list[Invented]] | None = None  # what runs today, in an office
    any_day: bool = (
        False  # rain keeps no office hours: its acts fall on any day, everybody else's on working days
    )
