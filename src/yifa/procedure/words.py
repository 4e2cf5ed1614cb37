"""The words a procedure is written in: states, steps, papers, periods, counts, checks.

Each is a plain dataclass; the class body of a `Procedure` only collects them. Labels are Chinese and come
first, so a search in either language lands on the same line.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from yifa.clock import Length
from yifa.law import Citation

from .mistakes import ProcedureError

if TYPE_CHECKING:
    from .case import Case
    from .facts import Facts
    from .scene import Brought, Readout, Scene

F = TypeVar("F", bound="Facts")
Guard = Callable[["Case", F], bool]
Finder = Callable[["Case", F, "Scene"], Mapping[str, Any]]
Bringer = Callable[["Case", F, "Scene"], Iterable["Brought[Any]"]]
Reader = Callable[[bytes, "Scene"], "Readout | None"]
Writer = Callable[["Case", "Scene"], bytes]
Drafter = Callable[["Case", "Scene"], Mapping[str, Any]]


class Named:
    """A word that takes the name it is given in the class body as its key."""

    key: str = ""
    owner: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        if not self.key:
            self.key, self.owner = name, owner.__module__


@dataclass(frozen=True)
class Role:
    """In what capacity a person acts."""

    key: str
    label: str

    def __or__(self, other: Role | Roles) -> Roles:
        return Roles((self,)) | other


@dataclass(frozen=True)
class Roles:
    """`APPLICANT | CLERK`: any of these may take the step."""

    all: tuple[Role, ...]

    def __or__(self, other: Role | Roles) -> Roles:
        return Roles((*self.all, *(other.all if isinstance(other, Roles) else (other,))))


@dataclass(eq=False)
class State(Named):
    """Where a case can stand."""

    label: str
    final: bool = False

    def __or__(self, other: State) -> Anyof:
        return Anyof((self, other))

    def __rshift__(self, target: State) -> Move:
        return Move((self,), target)


@dataclass(frozen=True)
class Anyof:
    """`handling | consulting`: any of these states."""

    states: tuple[State, ...]

    def __or__(self, other: State) -> Anyof:
        return Anyof((*self.states, other))

    def __rshift__(self, target: State) -> Move:
        return Move(self.states, target)


@dataclass(frozen=True)
class Move:
    """`handling >> answered`: where a step may start and where it ends; no target: it stays where it is."""

    sources: tuple[State, ...]
    target: State | None


def stays(*states: State) -> Move:
    """A step that leaves the case where it stands, in any of these states."""
    return Move(states, None)


START = State("尚未登记")
START.key = "start"


@dataclass(eq=False)
class Paper(Named):
    """A document a step hands over; its template is papers/<key>.md.

    `series` names the run of numbers it takes, per office and year, without gaps; "" for none. `to` is whom it
    is handed to: what goes `to=APPLICANT` the person outside may read with their receipt, nothing else.
    """

    label: str
    cite: Citation
    series: str = ""
    to: Role | None = None


class Outcome(Enum):
    """One way a matter may end, and the place in the law that allows it: `"予以公开", law(36, item=2)`."""

    def __init__(self, label: str, cite: Citation | None = None, *more: Any) -> None:
        self.label, self.cite, self.more = label, cite, more


@dataclass(frozen=True)
class Condition(Generic[F]):
    """What the law demands before a step counts: its sentence, its place, and the test of it."""

    sentence: str
    cite: Citation
    test: Guard[F]
    reading: bool = False

    @property
    def source(self) -> str:
        """The guard's own text, so that the fingerprint changes when the test does."""
        return inspect.getsource(self.test)


@dataclass(eq=False)
class Step(Named, Generic[F]):
    """What may happen to a case.

    `once`: at most one time in a case. `public`: the person outside may take it on the portal.
    `after`: the period whose running out lets the law itself take the step (`by=LAW`).
    `amends`: the step whose facts this one puts right; `changes`: the step whose facts are told anew, from its own
    day on; `withdraws`: the entry was made in error.
    `publishes`: its facts stand on the portal for everyone to read. `afield`: it is taken away from the desk; its
    form waits on the phone when the line is down. `trial`: what the machine would find may be looked at before.
    `aside`: it may be taken, but nothing waits for it; no inbox asks for it.
    `collects`: a family whose cases call people; the sender takes the step (`by=LAW`) for every calling that is over.
    """

    label: str
    move: Move
    cite: Citation
    by: Role | Roles
    asks: type[F]
    gives: Paper | None = None
    once: bool = False
    public: bool = False
    after: Period | None = None
    amends: Step[Any] | None = None
    changes: Step[Any] | None = None
    withdraws: bool = False
    publishes: bool = False
    afield: bool = False
    trial: bool = False
    aside: bool = False
    collects: str = ""
    reading: bool = False
    conditions: list[Condition[F]] = field(default_factory=list)
    effects: list[Callable[..., None]] = field(default_factory=list)
    finder: Finder[F] | None = field(default=None, init=False)
    bringers: list[Bringer[F]] = field(default_factory=list, init=False)
    reader: Reader | None = field(default=None, init=False)
    writers: dict[str, tuple[str, Writer]] = field(default_factory=dict, init=False)
    drafters: dict[str, Drafter] = field(default_factory=dict, init=False)
    family: str = field(default="", init=False)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        return self.by.all if isinstance(self.by, Roles) else (self.by,)

    @cached_property
    def role_keys(self) -> frozenset[str]:
        return frozenset(r.key for r in self.roles)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        return tuple(s.key for s in self.move.sources)

    @property
    def onward(self) -> bool:
        """Does it carry the case on? Not what puts an entry right, takes it back, or stands aside."""
        return self.amends is None and not self.withdraws and not self.aside

    @property
    def opens(self) -> bool:
        return START in self.move.sources

    @property
    def restates(self) -> Step[Any] | None:
        """The step whose facts this one tells once more, put right or changed; what it demands holds here too."""
        return self.amends or self.changes

    @property
    def seeker(self) -> Finder[Any] | None:
        """Who finds what is not asked; a step that restates another finds as that one does."""
        return self.finder or (self.restates.finder if self.restates else None)

    def requires(
        self, sentence: str, cite: Citation, *, reading: bool = False
    ) -> Callable[[Guard[F]], Guard[F]]:
        """Add a condition in the law's own words; they become the refusal message.

        A sentence that is not in the cited place must be marked as our `reading` of it.
        """

        def keep(test: Guard[F]) -> Guard[F]:
            where = f"{test.__module__}.{test.__name__}"
            if not reading and cite.says(sentence) is False:
                raise ProcedureError(
                    "E108", where, f"{cite}没有“{sentence}”一句。", "照录原文，或者标明 reading=True。"
                )
            if test.__module__ != self.owner:
                raise ProcedureError(
                    "E110",
                    where,
                    f"a guard for “{self.key}” stands outside {self.owner}, the module that declares the step.",
                    "Move it there, or declare the step anew in the edition.",
                )
            if len(inspect.signature(test).parameters) != 2:
                raise ProcedureError(
                    "E125",
                    where,
                    "a guard takes exactly a case and the step's facts.",
                    "Write def name(case, facts) -> bool.",
                )
            self.conditions.append(Condition(sentence, cite, test, reading))
            return test

        return keep

    def finds(self, finder: Finder[F]) -> Finder[F]:
        """`finder(case, facts, scene)` gives the facts marked `found` by name, before the conditions are asked.

        It may raise `Refused` with its reasons. It stands in the matter's `machine.py`, so that the procedure itself
        stays free of databases.
        """
        self.finder = finder
        return finder

    def brings(self, bringer: Bringer[F]) -> Bringer[F]:
        """`bringer(case, facts, scene)` names further acts that follow in the same transaction; `case` stands after the step."""
        self.bringers.append(bringer)
        return bringer

    def reads(self, reader: Reader) -> Reader:
        """`reader(data, scene)` fills the form of the step from a file, or gives None for a file that is another's.

        What it fills is looked at by whoever takes the step. It may raise `Refused` for a file that is its own and wrong.
        """
        self.reader = reader
        return reader

    def writes(self, label: str, name: str) -> Callable[[Writer], Writer]:
        """Once the step was taken, `writer(case, scene)` gives a file of this name for others' systems (CAP and the like).

        It gives nothing, b"", where the case holds nothing of the kind.
        """

        def keep(writer: Writer) -> Writer:
            self.writers[name] = (label, writer)
            return writer

        return keep

    def drafts(self, family: str) -> Callable[[Drafter], Drafter]:
        """The step begins a case that grows out of one of `family`; `drafter(that case, scene)` fills what is known already."""

        def keep(drafter: Drafter) -> Drafter:
            self.drafters[family] = drafter
            return drafter

        return keep

    def then(self, effect: Callable[..., None]) -> Callable[..., None]:
        """Run `effect(done)` after the step is committed; see `effects.py` of a matter."""
        self.effects.append(effect)
        return effect


@dataclass(frozen=True)
class Told:
    """A length the office itself names in a fact: `told("until")` is the date it wrote."""

    field: str

    def __str__(self) -> str:
        return "告知的期限"


def told(field: str) -> Told:
    return Told(field)


@dataclass(eq=False)
class Period(Named):
    """How long something may take, in the law's own shape.

    The day of `runs_from` is not counted. It starts anew from `anew_from`, does not run in `paused_in`, is
    lengthened by the `days` that `longer_by` asks, ends on the `until` that `until_by` asks, and is met by
    any of `met_by`. Lateness is measured, never refused. `duty=False`: it limits a step that need not be taken
    at all (告知补正), so letting it pass is not lateness and turns no light red.
    """

    label: str
    length: Length | Told
    cite: Citation
    runs_from: Step[Any]
    met_by: tuple[Step[Any], ...] | Step[Any] = ()
    anew_from: Step[Any] | tuple[Step[Any], ...] = ()
    paused_in: State | tuple[State, ...] = ()
    longer_by: Step[Any] | None = None
    until_by: Step[Any] | None = None
    duty: bool = True
    reading: bool = False

    @property
    def meets(self) -> tuple[str, ...]:
        steps = self.met_by if isinstance(self.met_by, tuple) else (self.met_by,)
        return tuple(s.key for s in steps)

    @property
    def pauses(self) -> tuple[str, ...]:
        states = self.paused_in if isinstance(self.paused_in, tuple) else (self.paused_in,)
        return tuple(s.key for s in states)

    @property
    def restarts(self) -> tuple[Step[Any], ...]:
        return self.anew_from if isinstance(self.anew_from, tuple) else (self.anew_from,)

    @property
    def starts(self) -> tuple[str, ...]:
        return tuple(s.key for s in (self.runs_from, *self.restarts))


# ── What the report counts ───────────────────────────────────────────────────


@dataclass(eq=False)
class Figure(Named):
    """A number with one definition. `family` is filled in when the class body is read."""

    label: str
    family: str = field(default="", init=False)

    @property
    def name(self) -> str:
        return f"{self.family}.{self.key}"


Where = Mapping[str, Any]


def _steps(of: Step[Any] | tuple[Step[Any], ...]) -> tuple[Step[Any], ...]:
    return of if isinstance(of, tuple) else (of,)


@dataclass(eq=False)
class Count(Figure):
    """How many times steps were taken; `where` keeps those whose facts have the values named.

    `by` breaks the figure down by one fact or several. A value in `where` is one value or a tuple of them. A
    fact the step does not ask is taken from what the case was opened with.
    """

    of: Step[Any] | tuple[Step[Any], ...]
    where: Where = field(default_factory=dict)
    by: str | tuple[str, ...] = ()
    unit: str = "件"
    cite: Citation | None = None
    rounds_down_to: int = 0

    @property
    def steps(self) -> tuple[Step[Any], ...]:
        return _steps(self.of)

    @property
    def dims(self) -> set[str]:
        return {*self.where, *self.breakdown}

    @property
    def breakdown(self) -> tuple[str, ...]:
        return (self.by,) if isinstance(self.by, str) else self.by


@dataclass(eq=False)
class Sum(Count):
    """The total of one fact over steps taken: money in yuan (kept in fen), persons, pieces."""

    field: str = ""
    unit: str = "元"


@dataclass(eq=False)
class Distinct(Count):
    """How many different values one fact took; never additive, so counted and not summed."""

    field: str = ""
    unit: str = "个"

    @property
    def dims(self) -> set[str]:
        return {*super().dims, self.field}


@dataclass(eq=False)
class Stock(Figure):
    """How many cases stand in these states at the end of a day; `where` keeps those opened with the values named."""

    within: tuple[State, ...]
    where: Where = field(default_factory=dict)
    unit: str = "件"
    cite: Citation | None = None

    @property
    def dims(self) -> set[str]:
        return set(self.where)


@dataclass(eq=False)
class Share(Figure):
    """A part of a whole, both always kept; a whole of 0 prints 不适用.

    Either `part` of `whole`, which may be figures of two procedures of one matter, or, of the times `of` was
    taken, those `within` a period.
    """

    part: Count | Stock | None = None
    whole: Count | Stock | None = None
    of: Step[Any] | None = None
    within: Period | None = None
    unit: str = "%"
    digits: int = 1
    cite: Citation | None = None


@dataclass(eq=False)
class Growth(Figure):
    """By how much a figure grew on the same stretch of time before, in percent of what it was then (同比)."""

    of: Count | Stock
    unit: str = "%"
    digits: int = 2
    cite: Citation | None = None


@dataclass(eq=False)
class Zero(Figure):
    """What is not to happen, and may be said not to have happened only when every unit has reported (零报告).

    `of` counts or adds up what happened; `reports` counts the reports, each dated in the month it reports on; `among` are
    the kinds of office that must each report every month. Before that it has no value, however few the events.
    """

    of: Count
    reports: Count
    among: tuple[str, ...]
    unit: str = "起"
    cite: Citation | None = None


@dataclass(eq=False)
class Balance(Named):
    """Opening stock + what came − what went = closing stock."""

    label: str
    stock: Stock
    plus: tuple[Count, ...]
    minus: tuple[Count, ...]


@dataclass(eq=False)
class Overlap(Named):
    """Two ways of counting the same thing, laid side by side: what both count, and what only one does."""

    label: str
    one: Count
    many: tuple[Count, ...]
    because: str = ""


Check = Balance | Overlap


@dataclass(eq=False)
class Funnel(Named):
    """The same people, stage after stage, each a part of the one before; the last is what they are asked for.

    The last but one is who answered: what the last is of each stage before is drawn beside it, and between which bounds
    the true rate lies, since nobody knows what those who did not answer would have said. `due`: where the stages count
    what grows out of a case, the fact of that case which says how many there are to be in all.
    """

    label: str
    stages: tuple[Count, ...]
    due: str = ""

    @property
    def elsewhere(self) -> bool:
        """Are the stages of another procedure, whose cases grow out of this one's?"""
        return bool(self.due)


@dataclass(eq=False)
class Receipts(Named):
    """What people said, published one by one without saying who: whoever holds the receipt finds their own.

    `of`: the steps. `code`: the fact that holds the receipt, found while the step is taken. `shows`: the facts published
    beside it; nothing sealed, nothing that names anybody.
    """

    label: str
    of: Step[Any] | tuple[Step[Any], ...]
    code: str
    shows: tuple[str, ...]

    @property
    def steps(self) -> tuple[Step[Any], ...]:
        return _steps(self.of)


@dataclass(eq=False)
class Board(Named):
    """Cases that stand on the board of the duty room while they are in these states (值班一屏).

    `says`: facts shown beside the subject. `tone`: the fact whose outcome has a property `tone` (red, orange, yellow,
    blue). `drill`: the yes-or-no fact that marks an exercise.
    """

    label: str
    within: tuple[State, ...]
    says: tuple[str, ...] = ()
    tone: str = ""
    drill: str = ""


def value_key(value: Any) -> str:
    """How a fact's value is written in the cube: an outcome by name, a date in ISO form, yes as 1.

    >>> [value_key(v) for v in (None, True, date(2023, 3, 5), 7)]
    ['', '1', '2023-03-05', '7']
    """
    if value is None:
        return ""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def values_of(wanted: Any) -> tuple[str, ...]:
    """The cube's spelling of what a `where` asks for, one or several."""
    return tuple(map(value_key, wanted if isinstance(wanted, (tuple, frozenset, set, list)) else (wanted,)))
