"""What an act does to a case, decided before anything is written. Pure: values in, values out."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from yifa.clock import SHANGHAI, Calendar
from yifa.people.actor import Actor
from yifa.procedure import Case, Facts, Procedure, Reason, Step
from yifa.procedure.standing import Run, Standing, after, due_of

from . import entry


@dataclass(frozen=True, slots=True)
class Term:
    """A period of a case as its row shows it."""

    period: str
    start: date
    due: date | None
    provisional: bool
    state: str
    met_on: date | None
    late: bool


class Decision(NamedTuple):
    """Everything one act changes, ready to be written. `told`: each open fact as the entry writes it."""

    standing: Standing
    final: bool
    dims: str
    amounts: dict[str, int]
    terms: tuple[Term, ...]
    due: date | None
    due_period: str
    told: dict[str, str]
    sealed: dict[str, str]


def who_may(step: Step[Any], actor: Actor, office: str, *, own: bool) -> tuple[Reason, ...]:
    """Is this the actor's to do? `own`: the person outside has shown that the case is theirs."""
    if step.role_keys.isdisjoint(actor.roles) or not actor.handles(step.family):
        roles = "或者".join(r.label for r in step.roles)
        return (Reason(f"“{step.label}”应当由{roles}办理", step.cite, "yifa.R004"),)
    if not own and not actor.sees(office):
        return (Reason(f"“{step.label}”不在您的管辖范围内", step.cite, "yifa.R007"),)
    return ()


def when_may(step: Step[Any], on: date, today: date) -> tuple[Reason, ...]:
    """A legal date that has not come cannot be recorded."""
    if on > today:
        text = f"{step.asks.on_label}{on.isoformat()}还没有到，不能登记尚未发生的事"
        return (Reason(text, step.cite, "yifa.R005"),)
    return ()


def decide(case: Case, step: Step[Any], facts: Facts) -> Decision:
    """The case's new standing, terms, cube coordinates and facts; the step must have been found lawful."""
    procedure, was = case.procedure, case.standing
    tally = procedure.tallies[step.key]
    now = after(procedure, was, step, facts)
    terms, due, due_period = _terms(procedure, was, now, case.calendar) if now.runs else NO_TERMS
    final = now.state != "start" and procedure.states[now.state].final
    dims, amounts = tally.dims(facts, case), tally.amounts(facts) if tally.measures else {}
    return Decision(now, final, dims, amounts, terms, due, due_period, entry.told(facts), entry.sealed(facts))


NO_TERMS: tuple[tuple[Term, ...], date | None, str] = ((), None, "")


def _terms(
    procedure: type[Procedure], was: Standing, now: Standing, calendar: Calendar
) -> tuple[tuple[Term, ...], date | None, str]:
    """The terms this act changed, and the earliest day that now runs."""
    changed: list[Term] = []
    earliest: date | None = None
    period = ""
    for key, run in now.runs.items():
        same = was.runs.get(key) is run
        if same and run.over:
            continue
        term = term_of(procedure, key, run, calendar)
        if not same:
            changed.append(term)
        if waits(procedure, term) and term.due and (earliest is None or term.due < earliest):
            earliest, period = term.due, key
    return tuple(changed), earliest, period


def waits(procedure: type[Procedure], term: Term) -> bool:
    """Does this term press: does it run, and must something be done before it ends?"""
    return term.state == "run" and procedure.periods[term.period].duty


def nearest(procedure: type[Procedure], terms: Iterable[Term]) -> tuple[date | None, str]:
    """The earliest day among the terms that press, and its period."""
    pressing = sorted((t.due, t.period) for t in terms if t.due and waits(procedure, t))
    return pressing[0] if pressing else (None, "")


def term_of(procedure: type[Procedure], key: str, run: Run, calendar: Calendar) -> Term:
    due = due_of(procedure.periods[key], run, calendar)
    if run.met is not None:
        state = "met"
    elif run.ended is not None:
        state = "ended"
    else:
        state = "pause" if run.paused else "run"
    late = bool(run.met and due.day and run.met > due.day)
    return Term(key, run.start, due.day, due.provisional, state, run.met, late)


# ── Moments and receipts ─────────────────────────────────────────────────────


def recorded_at() -> str:
    """The moment of recording, said by nobody: UTC, to the millisecond."""
    return _moment(time.time_ns() // 1_000_000)


@lru_cache(maxsize=1)
def _moment(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def today() -> date:
    """The county's legal day."""
    return _day_of(int(time.time()) // 3600)


@lru_cache(maxsize=1)
def _day_of(hour: int) -> date:
    """Of an hour since 1970: a day begins on the hour."""
    return datetime.fromtimestamp(hour * 3600, SHANGHAI).date()


def receipt_code() -> str:
    """Sixteen letters and figures (80 bits) that only the person outside holds; no 0/O, 1/I/L."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(16))


def receipt_digest(code: str) -> str:
    """How a receipt code is kept: spaces, dashes and case do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(f"receipt\0{plain}".encode()).hexdigest()
