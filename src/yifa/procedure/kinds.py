"""The three kinds of record: Procedure, Register, Journal. One notation, one door, one ledger.

A class body is read once, when its file is imported; a contradiction in it stops the program there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from yifa.law import Citation

from . import checks
from .facts import Facts, FactsType, ask
from .mistakes import ProcedureError
from .sheet import fingerprint, sheet
from .standing import Plan, plan
from .tally import Tally, counted_by, tally, traits_of
from .words import (
    START,
    Balance,
    Board,
    Figure,
    Funnel,
    Named,
    Overlap,
    Paper,
    Period,
    Receipts,
    Role,
    Roles,
    State,
    Step,
    stays,
)

F = TypeVar("F", bound=Facts)


RESERVED: set[str] = {"start"}  # what a class body may not name: filled in once Procedure is read


class OneNameOnce(dict[str, object]):
    """A class body in which no declaration can silently replace another."""

    def __init__(self, owner: str) -> None:
        super().__init__()
        self.owner = owner

    def __setitem__(self, name: str, value: object) -> None:
        if isinstance(self.get(name), Named):
            raise ProcedureError("E101", self.owner, f"“{name}” is declared twice.", "Rename one of them.")
        if isinstance(value, Named) and name in RESERVED:
            raise ProcedureError(
                "E116", self.owner, f"“{name}” means something else here.", "Choose another name."
            )
        super().__setitem__(name, value)


class ProcedureType(type):
    @classmethod
    def __prepare__(mcs, name: str, bases: tuple[type, ...], /, **kwargs: object) -> OneNameOnce:
        return OneNameOnce(name)

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, object], /, **kwargs: Any) -> Any:
        return super().__new__(mcs, name, bases, dict(body), **kwargs)


class Withdrawal(Facts):
    """The entry was made in error."""

    why: str = ask("撤回理由", long=True)


class Procedure(metaclass=ProcedureType):
    """A case that moves through states by steps, each with its article."""

    since: ClassVar[date]
    subject: ClassVar[tuple[str, ...]] = ()
    number_from: ClassVar[str] = ""
    corrected_in: ClassVar[
        tuple[State, ...]
    ] = ()  # where the opening may be put right; not said: until the end

    kind: ClassVar[str] = "procedure"
    key: ClassVar[str]
    edition: ClassVar[str]
    title: ClassVar[str]
    intro: ClassVar[str]
    states: ClassVar[dict[str, State]] = {}
    steps: ClassVar[dict[str, Step[Any]]] = {}
    periods: ClassVar[dict[str, Period]] = {}
    papers: ClassVar[dict[str, Paper]] = {}
    counts: ClassVar[dict[str, Figure]] = {}
    checks: ClassVar[dict[str, Balance | Overlap]] = {}
    boards: ClassVar[dict[str, Board]] = {}
    funnels: ClassVar[dict[str, Funnel]] = {}
    receipts: ClassVar[dict[str, Receipts]] = {}
    followed: ClassVar[bool] = (
        False  # a person outside has steps of their own in it, so they are given a code
    )
    plans: ClassVar[dict[str, Plan]] = {}
    tallies: ClassVar[dict[str, Tally]] = {}
    traits: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        cls.edition = cls.__name__
        if abstract:
            return
        family = [str(vars(b)["key"]) for b in cls.__mro__ if "key" in vars(b)]
        cls.key = family[-1] if family else _snake(cls.__name__)
        lines = (cls.__doc__ or "").strip().splitlines()
        cls.title = lines[0].strip() if lines else ""
        cls.intro = "\n".join(line.strip() for line in lines[1:]).strip()
        cls.add_own_steps()
        cls.states, cls.steps = cls._named(State), cls._named(Step)
        cls.periods, cls.papers = cls._named(Period), cls._named(Paper)
        cls.counts = cls._named(Figure)
        cls.boards = cls._named(Board)
        cls.funnels, cls.receipts = cls._named(Funnel), cls._named(Receipts)
        cls.followed = any(s.public for s in cls.steps.values())
        cls.checks = {**cls._named(Balance), **cls._named(Overlap)}
        for figure in cls.counts.values():
            figure.family = cls.key
            for counted in counted_by(figure):
                counted.family = counted.family or cls.key
        for step in cls.steps.values():
            step.family = cls.key
        for complaint in checks.complaints(cls):
            raise complaint
        cls.plans = {k: plan(cls, s) for k, s in cls.steps.items()}
        cls.tallies = {k: tally(cls, s) for k, s in cls.steps.items()}
        cls.traits = traits_of(cls)

    @classmethod
    def _named(cls, kind: type) -> dict[str, Any]:
        return {k: v for base in reversed(cls.__mro__) for k, v in vars(base).items() if isinstance(v, kind)}

    @classmethod
    def add_own_steps(cls) -> None:
        """What every record of this kind may do; a plain procedure: put its opening entry right."""
        steps = cls._named(Step)
        openings = sorted((s for s in steps.values() if s.opens), key=lambda s: s.public)
        if openings and cls._lacks("rectify", steps, openings[0]):
            states = cls.corrected_in or [s for s in cls._named(State).values() if not s.final]
            cls._add("rectify", _correct(f"更正{openings[0].label}", openings[0], states, cls))

    @classmethod
    def _lacks(cls, name: str, steps: dict[str, Step[Any]], opening: Step[Any]) -> bool:
        """Is there no such step; or one of an earlier edition, which restates another opening than this one's?"""
        own = steps.get(name)
        return own is None or (
            name not in vars(cls) and own.restates is not None and own.restates is not opening
        )

    @classmethod
    def _add(cls, name: str, word: Named) -> None:
        word.key, word.owner = name, cls.__module__
        setattr(cls, name, word)

    @classmethod
    def sheet(cls) -> dict[str, Any]:
        """The whole procedure as plain data."""
        return sheet(cls)

    @classmethod
    def fingerprint(cls) -> str:
        """Names this exact text of the procedure; every ledger entry carries it."""
        return fingerprint(cls)

    @classmethod
    def state(cls, key: str) -> State:
        return START if key == "start" else cls.states[key]

    @classmethod
    def opening(cls) -> tuple[Step[Any], ...]:
        """The steps by which a case of this kind begins."""
        return tuple(s for s in cls.steps.values() if s.opens)

    @classmethod
    def public(cls) -> bool:
        """May a person outside begin such a case?"""
        return any(s.public for s in cls.opening())

    @classmethod
    def place(cls) -> Path:
        """The matter's folder: papers/, report.md, README.md, en.toml are found there."""
        return Path(str(sys.modules[cls.__module__].__file__)).parent


RESERVED.update(n for n in dir(Procedure) if not n.startswith("__"))


class Register(Procedure, abstract=True):
    """Things that stay: certificates, posts, documents in force. Steps enter, change and retire them."""

    kind = "register"
    withdrawn = State("登记已撤回", final=True)

    @classmethod
    def add_own_steps(cls) -> None:
        steps, states = cls._named(Step), [s for s in cls._named(State).values() if not s.final]
        for step in [s for s in steps.values() if s.opens][:1]:
            if cls._lacks("amend", steps, step):
                change = Step(
                    f"变更{step.label}事项",
                    stays(*states),
                    step.cite,
                    step.by,
                    step.asks,
                    changes=step,
                    reading=True,
                )
                cls._add("amend", change)
            if cls._lacks("correct", steps, step):
                cls._add("correct", _correct("更正登记", step, states, cls))
            if "withdraw" not in steps:
                cls._add("withdraw", _withdraw(step, states, cls.withdrawn))


class Journal(Procedure, abstract=True):
    """Things that happened: a study session, a drill, an honour. One step, and its correction."""

    kind = "journal"
    recorded = State("已登记")
    withdrawn = State("登记已撤回", final=True)

    @classmethod
    def add_own_steps(cls) -> None:
        steps = cls._named(Step)
        for step in [s for s in steps.values() if s.opens][:1]:
            if cls._lacks("correct", steps, step):
                cls._add("correct", _correct("更正登记", step, [cls.recorded], cls))
            if "withdraw" not in steps:
                cls._add("withdraw", _withdraw(step, [cls.recorded], cls.withdrawn))


def entry(label: str, cite: Citation, *, by: Role | Roles, asks: type[F], reading: bool = False) -> Step[F]:
    """The one step of a journal."""
    return Step(label, START >> Journal.recorded, cite, by, asks, reading=reading)


def _corrects(step: Step[Any], owner: type) -> type[Facts]:
    """The facts of a correction: all that was told, told again, with its right date and why."""
    body = {
        "__module__": owner.__module__,
        "__qualname__": f"{owner.__name__}.Correction",
        "__annotations__": {"dated": date, "why": str},
        "dated": ask(f"原登记的{step.asks.on_label}（更正后）", help="登记日期无误的，照填原日期"),
        "why": ask("更正理由", long=True),
        "on_label": "更正日期",
    }
    made: type[Facts] = FactsType("Correction", (step.asks,), body)
    return made


def _correct(label: str, step: Step[Any], states: Iterable[State], owner: type) -> Step[Any]:
    asks = _corrects(step, owner)
    return Step(label, stays(*states), step.cite, step.by, asks, amends=step, reading=True)


def _withdraw(step: Step[Any], states: Iterable[State], to: State) -> Step[Withdrawal]:
    from_any = tuple(states)
    move = from_any[0] >> to
    for state in from_any[1:]:
        move = type(move)((*move.sources, state), to)
    return Step("撤回登记", move, step.cite, step.by, Withdrawal, withdraws=True, reading=True)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


__all__ = ["Journal", "Procedure", "Register", "entry"]
