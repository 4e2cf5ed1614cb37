"""The service guide (办事指南) of a procedure, written from the procedure itself and from nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yifa.clock import Length
from yifa.law import Citation, Statute
from yifa.people import APPLICANT
from yifa.procedure import Ask, Outcome, Paper, Period, Procedure, Step, typed_of
from yifa.procedure.words import State, Told


@dataclass(frozen=True)
class Remedy:
    """Where one may turn, and after which answers."""

    sentence: str
    after: tuple[str, ...]


@dataclass(frozen=True)
class PeriodLine:
    """A period as a person outside reads it."""

    label: str
    length: Length | Told
    cite: Citation
    runs_from: tuple[str, ...]
    pauses: tuple[str, ...]
    longer: str


@dataclass(frozen=True)
class StepLine:
    """A step: who takes it, under which article, what it hands over, and where the matter then stands."""

    label: str
    who: tuple[str, ...]
    cite: Citation
    paper: str
    yours: bool
    to: State | None


@dataclass(frozen=True)
class Stage:
    """Where a matter may stand, and what may happen from there; `state` is None before it begins."""

    state: State | None
    steps: tuple[StepLine, ...]


@dataclass(frozen=True)
class Guide:
    """Everything a person should know before asking."""

    procedure: type[Procedure]
    opening: Step | None
    statutes: tuple[Statute, ...]
    asked: tuple[Ask, ...]
    stages: tuple[Stage, ...]
    ends: tuple[State, ...]
    periods: tuple[PeriodLine, ...]
    papers: tuple[Paper, ...]
    fees: tuple[Step, ...]
    outcomes: tuple[tuple[str, tuple[Outcome, ...]], ...]
    remedies: tuple[Remedy, ...]

    @property
    def key(self) -> str:
        return self.procedure.key


def guide(procedure: type[Procedure], today: date) -> Guide:
    """The guide of one procedure as it stands today."""
    opening = public_opening(procedure)
    shown = [s for s in procedure.steps.values() if s.amends is None and not s.withdraws]
    outcomes = _outcomes(shown)
    return Guide(
        procedure,
        opening,
        _statutes(procedure),
        typed_of(opening.asks) if opening else (),
        _stages(procedure, shown, opening),
        tuple(s for s in procedure.states.values() if s.final),
        tuple(_period(p) for p in procedure.periods.values()),
        tuple(p for p in procedure.papers.values() if p.to is APPLICANT),
        tuple(s for s in shown if any(a.kind is Decimal for a in typed_of(s.asks)) and s.gives),
        _grouped(outcomes),
        _remedies(outcomes, today),
    )


def public_opening(procedure: type[Procedure]) -> Step | None:
    """The step by which a person outside begins."""
    return next((s for s in procedure.opening() if s.public), None)


def _statutes(procedure: type[Procedure]) -> tuple[Statute, ...]:
    """Every statute the procedure cites, most cited first."""
    cites = [word.cite for word in procedure.steps.values()]
    cites += [word.cite for word in procedure.papers.values()]
    cites += [word.cite for word in procedure.periods.values()]
    times = Counter(cite.statute for cite in cites)
    return tuple(sorted(times, key=lambda s: -times[s]))


def _stages(procedure: type[Procedure], shown: list[Step], opening: Step | None) -> tuple[Stage, ...]:
    """Every place a matter can stand, in the order the procedure declares them, and the ways on from it."""
    first = Stage(None, tuple(_step(s) for s in shown if s.opens and (opening is None or s.public)))
    after = (
        Stage(state, tuple(_step(s) for s in shown if state.key in s.sources))
        for state in procedure.states.values()
        if not state.final
    )
    return (first, *(stage for stage in after if stage.steps))


def _step(step: Step) -> StepLine:
    who = tuple(role.label for role in step.roles)
    paper = step.gives.label if step.gives else ""
    return StepLine(step.label, who, step.cite, paper, APPLICANT in step.roles, step.move.target)


def _period(period: Period) -> PeriodLine:
    paused = period.paused_in if isinstance(period.paused_in, tuple) else (period.paused_in,)
    starts = tuple(s.label for s in (period.runs_from, *period.restarts))
    longer = period.longer_by.label if period.longer_by else ""
    return PeriodLine(
        period.label, period.length, period.cite, starts, tuple(s.label for s in paused), longer
    )


def _outcomes(steps: list[Step]) -> list[Outcome]:
    """The ways the matter may end: the choices of any step that say where one may turn."""
    found: list[Outcome] = []
    for step in steps:
        for a in typed_of(step.asks):
            found += [c for c in a.choices if callable(getattr(c, "remedy", None))]
    return list(dict.fromkeys(found))


def _grouped(outcomes: list[Outcome]) -> tuple[tuple[str, tuple[Outcome, ...]], ...]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(str(getattr(outcome, "group", "")), []).append(outcome)
    return tuple((name, tuple(members)) for name, members in groups.items())


def _remedies(outcomes: list[Any], today: date) -> tuple[Remedy, ...]:
    """Each different line on where to turn, with the answers that carry it."""
    lines: dict[str, list[str]] = {}
    for outcome in outcomes:
        lines.setdefault(outcome.remedy(today), []).append(
            str(getattr(outcome, "group", "") or outcome.label)
        )
    return tuple(Remedy(line, tuple(dict.fromkeys(after))) for line, after in lines.items())
