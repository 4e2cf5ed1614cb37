"""A case taken up from its row, and whether a step of it is lawful."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, cast

from yifa.clock import Calendar, national
from yifa.ledger.chain import GENESIS
from yifa.people.actor import Actor
from yifa.procedure import (
    Act,
    Case,
    Facts,
    Procedure,
    ProcedureError,
    Reason,
    Refused,
    Step,
    found_of,
    registry,
)
from yifa.procedure.standing import Standing

from . import store
from .decide import today, when_may, who_may
from .entry import object_of, retold
from .history import history
from .scene import Stage
from .store import Cursor, day


class Said:
    """What was said in a case, for a guard that asks: what the ledger held when it was taken up, and all since."""

    __slots__ = ("earlier", "read", "since")

    def __init__(self, read: Callable[[], tuple[Act, ...]]) -> None:
        self.read, self.earlier = read, cast(tuple[Act, ...] | None, None)
        self.since: list[tuple[str, Facts]] = []

    def __call__(self) -> tuple[Act, ...]:
        if self.earlier is None:
            self.earlier = self.read()
        return (*self.earlier, *(Act(step, facts) for step, facts in self.since))


@dataclass(slots=True)
class Loaded:
    """A case taken from its row, and what the writer needs to put it back."""

    id: int
    procedure: type[Procedure]
    office: str
    case: Case = field(init=False)
    calendar: Calendar
    standing: InitVar[Standing | None]
    head: str
    seq: int
    number: str
    opened: date
    facts: str = "{}"
    receipt: str = ""
    key: bytes | None = None
    new: bool = False
    was: int = 0
    told: dict[str, str] = field(default_factory=dict)
    said: Said = field(default_factory=lambda: Said(tuple))

    def __post_init__(self, standing: Standing | None) -> None:
        self.stand(standing)

    def stand(self, standing: Standing | None) -> None:
        self.case = Case(self.procedure, self.calendar, standing, self.said)

    def facts_text(self) -> str:
        """The open facts as their row holds them; written anew only when an act told one."""
        if not self.told:
            return self.facts
        if self.facts != "{}":
            self.told = retold(self.facts) | self.told
        self.facts, self.told = object_of(self.told), {}
        return self.facts


def load(
    cursor: Cursor,
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    case: int | None,
    office: str,
    *,
    peek: bool = False,
) -> tuple[Loaded, int]:
    """The case, and the number the next entry takes."""
    vendor = "postgresql" if cursor.on_postgres else "sqlite"
    if case is None:
        if peek:
            ids: Any = (0, 0)
        else:
            ids = cursor.one(f"SELECT ({store.NEXT_CASE[vendor]}), ({store.NEXT_ENTRY[vendor]})")
        return opened(step, facts, office or actor.office, ids[0], national()), ids[1]
    next_entry = "0" if peek else f"({store.NEXT_ENTRY[vendor]})"
    row = cursor.one(f"SELECT {store.CASE_COLUMNS}, {next_entry} FROM cases_case WHERE id = ?", (case,))
    if row is None:
        raise Refused(Reason("没有这个案件", None, "yifa.R011"))
    return from_row(cursor, case, row, national()), row[10]


def opened(step: Step[Any], facts: Facts, office: str, id: int, calendar: Calendar) -> Loaded:
    """A case about to begin, under the edition in force on its legal date."""
    procedure = registry().on(step.family, facts.on)
    return Loaded(id, procedure, office, calendar, None, GENESIS, 0, "", facts.on, new=True)


def from_row(cursor: Cursor, id: int, row: store.Row, calendar: Calendar) -> Loaded:
    procedure = registry().edition(row[0], row[1])
    standing = Standing.read(json.loads(row[8]))
    standing.seq = row[4]
    return Loaded(
        id,
        procedure,
        row[2],
        calendar,
        standing,
        row[5],
        row[4],
        row[6],
        day(row[7]),
        row[9],
        was=row[4],
        said=Said(lambda: history(cursor, procedure, id, row[4])),
    )


class Lawful(NamedTuple):
    """A step in the case's own edition, found lawful, with its facts complete; `number`: what was promised of its paper."""

    step: Step[Any]
    facts: Facts
    number: str | None = None


def must_be_lawful(
    cursor: Cursor,
    loaded: Loaded,
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    *,
    own: bool = False,
    brought: bool = False,
    tried: bool = False,
) -> Lawful:
    """`brought`: it follows from a step whose actor's role was asked. `tried`: nothing will be written."""
    own_step = loaded.procedure.steps.get(step.key)
    if own_step is None or own_step.family != step.family:
        raise Refused(Reason(f"本案适用的规定没有“{step.label}”这一步", step.cite, "yifa.R012"))
    own = own or (own_step.public and loaded.seq == 0)
    reasons = () if brought else who_may(own_step, actor, loaded.office, own=own)
    reasons = reasons or when_may(own_step, facts.on, today())
    number = None
    if own_step.seeker is not None and not reasons:
        reasons = loaded.case.refusals(own_step)
        if not reasons:
            scene = Stage(cursor, loaded.id, loaded.office, own_step, facts.on, tried=tried)
            facts = _found(own_step, loaded.case, facts, scene)
            number = scene.promised
    reasons = reasons or loaded.case.refusals(own_step, facts)
    if reasons:
        raise Refused(*reasons)
    return Lawful(own_step, facts, number)


def _found(step: Step[Any], case: Case, facts: Facts, scene: Stage) -> Facts:
    """The facts with what the machine finds."""
    assert step.seeker is not None
    found = dict(step.seeker(case, facts, scene))
    if found.keys() != found_of(step.asks):
        raise ProcedureError(
            "E505",
            f"{step.family}.{step.key}",
            f"the finder gives {sorted(found)}, the step asks {sorted(found_of(step.asks))} to be found.",
            "Give exactly these.",
        )
    return replace(facts, **found)
