"""Where a case stands, folded act by act: its state, what was done how often, and which periods run.

A `Standing` is small, plain and JSON-able; the kernel keeps it beside the case, `rebuild` folds it again from
the ledger and compares. Nothing here looks at the clock on the wall.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from yifa.clock import Calendar, Due, Extension, Length, Pause, Sum, due, reckon

from .words import Period, Step, Told, value_key

if TYPE_CHECKING:
    from .facts import Facts
    from .kinds import Procedure


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a period: `by` is the act that started it (its number), `step` the step it was.

    `pauses` are (since, until or None).
    """

    start: date
    by: int
    step: str
    extra: int = 0
    until: date | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()
    met: date | None = None
    ended: date | None = None

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    @property
    def over(self) -> bool:
        return self.met is not None or self.ended is not None

    def plain(self) -> list[Any]:
        def iso(d: date | None) -> str | None:
            return d.isoformat() if d else None

        pauses = [[iso(a), iso(b)] for a, b in self.pauses]
        return [
            iso(self.start),
            self.by,
            self.step,
            self.extra,
            iso(self.until),
            pauses,
            iso(self.met),
            iso(self.ended),
        ]

    @classmethod
    def read(cls, plain: list[Any]) -> Run:
        def day(text: str | None) -> date | None:
            return date.fromisoformat(text) if text else None

        start, by, step, extra, until, pauses, met, ended = plain
        spans = tuple((date.fromisoformat(a), day(b)) for a, b in pauses)
        return cls(date.fromisoformat(start), by, step, extra, day(until), spans, day(met), day(ended))


_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(slots=True)
class Standing:
    """Where a case stands after `seq` acts, the last of them dated `on`."""

    state: str = "start"
    seq: int = 0
    on: date | None = None
    taken: dict[str, int] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "seq": self.seq,
            "on": self.on.isoformat() if self.on else None,
            "taken": self.taken,
            "runs": {k: r.plain() for k, r in self.runs.items()},
            "traits": self.traits,
        }

    def text(self) -> str:
        """The same as JSON. Most standings have no runs and few words, and are written without an encoder."""
        if self.runs or self.traits:
            return _json(self.plain())
        on = f'"{self.on.isoformat()}"' if self.on else "null"
        taken = ", ".join([f'"{key}": {n}' for key, n in self.taken.items()])
        start = f'{{"state": "{self.state}", "seq": {self.seq}, "on": {on}'
        return f'{start}, "taken": {{{taken}}}, "runs": {{}}, "traits": {{}}}}'

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Standing:
        on = plain["on"]
        runs = {k: Run.read(r) for k, r in plain["runs"].items()}
        last = date.fromisoformat(on) if on else None
        return cls(plain["state"], plain["seq"], last, plain["taken"], runs, plain["traits"])


@dataclass(frozen=True)
class Plan:
    """What a step does to a case, worked out once when the class is read: no search on the hot path."""

    step: Step[Any]
    target: str | None
    final: bool
    starts: tuple[Period, ...]
    lengthens: tuple[Period, ...]
    sets: tuple[Period, ...]
    meets: tuple[str, ...]
    moves_runs: bool
    still: bool  # no period of the procedure ever notices this step


def plan(procedure: type[Procedure], step: Step[Any]) -> Plan:
    periods = procedure.periods.values()
    target = step.move.target
    starts = tuple(p for p in periods if step.key in p.starts)
    lengthens = tuple(p for p in periods if p.longer_by and p.longer_by.key == step.key)
    sets = tuple(p for p in periods if p.until_by and p.until_by.key == step.key)
    meets = tuple(p.key for p in periods if step.key in p.meets)
    final = bool(target and procedure.states[target.key].final)
    moves_runs = any(p.pauses for p in periods)
    return Plan(
        step,
        target.key if target else None,
        final,
        starts,
        lengthens,
        sets,
        meets,
        moves_runs,
        not (starts or lengthens or sets or meets or moves_runs or final or step.amends),
    )


def after(procedure: type[Procedure], was: Standing, step: Step[Any], facts: Facts) -> Standing:
    """The standing once `step` was taken with `facts`; a new object, `was` is left alone."""
    p = procedure.plans[step.key]
    state, seq, on = p.target or was.state, was.seq + 1, facts.on
    taken = {**was.taken, step.key: was.taken.get(step.key, 0) + 1}
    runs = was.runs if p.still else _runs_after(procedure, p, was.runs, state, seq, facts)
    traits = was.traits
    if procedure.traits and (seq == 1 or step.amends):
        told = {t: value_key(getattr(facts, t)) for t in procedure.traits if hasattr(facts, t)}
        traits = {**traits, **told}
    return Standing(state, seq, on, taken, runs, traits)


def _runs_after(
    procedure: type[Procedure], p: Plan, were: dict[str, Run], state: str, seq: int, facts: Facts
) -> dict[str, Run]:
    runs, on = dict(were), facts.on
    for period in p.starts:
        until = getattr(facts, period.length.field) if isinstance(period.length, Told) else None
        runs[period.key] = Run(on, seq, p.step.key, until=until)
    for period in p.lengthens:
        if (run := runs.get(period.key)) and not run.over:
            runs[period.key] = replace(run, extra=run.extra + facts.days)  # type: ignore[attr-defined]
    for period in p.sets:
        if (run := runs.get(period.key)) and not run.over:
            runs[period.key] = replace(run, until=facts.until)  # type: ignore[attr-defined]
    for key in p.meets:
        if (run := runs.get(key)) and not run.over:
            runs[key] = replace(run, met=on)
    if p.moves_runs:
        _pause_or_go_on(procedure, runs, state, on)
    if p.step.amends:
        _date_anew(runs, facts)
    if p.final:
        runs = {k: r if r.over else replace(r, ended=on) for k, r in runs.items()}
    return runs


def _pause_or_go_on(procedure: type[Procedure], runs: dict[str, Run], state: str, on: date) -> None:
    for key, period in procedure.periods.items():
        run = runs.get(key)
        if run is None or run.over or not period.pauses:
            continue
        if state in period.pauses and not run.paused:
            runs[key] = replace(run, pauses=(*run.pauses, (on, None)))
        elif state not in period.pauses and run.paused:
            runs[key] = replace(run, pauses=(*run.pauses[:-1], (run.pauses[-1][0], on)))


def _date_anew(runs: dict[str, Run], facts: Facts) -> None:
    """A corrected date moves the periods the corrected entry (the case's first) had started."""
    dated = getattr(facts, "dated", None)
    for key, run in runs.items():
        if dated and run.by == 1:
            runs[key] = replace(run, start=dated)


# ── When a run ends ──────────────────────────────────────────────────────────


def due_of(period: Period, run: Run, calendar: Calendar) -> Due:
    """The last day of a run and whether the calendar behind it is still provisional."""
    if run.until or isinstance(period.length, Told):
        return Due(run.until, False)
    if not run.pauses and not run.extra:
        return due(run.start, period.length, calendar)
    return due(run.start, period.length, calendar, _pauses(run), _extensions(period, run))


def sum_of(procedure: type[Procedure], period: Period, run: Run, calendar: Calendar) -> Sum | None:
    """How the last day comes about, stretch by stretch; None when the office itself named the day."""
    if run.until or isinstance(period.length, Told):
        return None
    return reckon(
        run.start,
        period.length,
        calendar,
        _pauses(run, procedure, period),
        _extensions(period, run),
        basis=str(period.cite),
        event=procedure.steps[run.step].label,
    )


def _pauses(
    run: Run, procedure: type[Procedure] | None = None, period: Period | None = None
) -> tuple[Pause, ...]:
    why = "、".join(procedure.states[k].label for k in period.pauses) if procedure and period else ""
    return tuple(Pause(since, until, why) for since, until in run.pauses)


def _extensions(period: Period, run: Run) -> tuple[Extension, ...]:
    if not run.extra or isinstance(period.length, Told):
        return ()
    why = period.longer_by.label if period.longer_by else ""
    return (Extension(Length(run.extra, period.length.unit), None, why),)
