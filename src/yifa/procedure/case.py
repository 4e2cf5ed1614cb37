"""A case: a procedure, where it stands, and what was said at each act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from yifa.clock import Calendar, Sum

from .facts import Facts, asks_of
from .kinds import Procedure
from .mistakes import Reason, Refused
from .standing import Standing, after, due_of, sum_of
from .words import Condition, Period, Role, State, Step

F = TypeVar("F", bound=Facts)
SYSTEM = "system"  # the role of steps that only another step brings


@dataclass(frozen=True, slots=True)
class Act:
    """One step that was taken, with what was told."""

    step: str
    facts: Facts


History = Callable[[], tuple[Act, ...]]


class Case:
    """Immutable. `do` returns a new case or explains why not.

    `history` is called only when a guard asks what was said before; most never do.
    """

    __slots__ = ("_acts", "_history", "calendar", "procedure", "standing")

    def __init__(
        self,
        procedure: type[Procedure],
        calendar: Calendar,
        standing: Standing | None = None,
        history: History | None = None,
        acts: tuple[Act, ...] = (),
    ) -> None:
        self.procedure, self.calendar = procedure, calendar
        self.standing = standing or Standing()
        self._history, self._acts = history, acts

    # What has happened

    @property
    def acts(self) -> tuple[Act, ...]:
        if self._history is not None:
            self._acts, self._history = self._history(), None
        return self._acts

    @property
    def state(self) -> State:
        return self.procedure.state(self.standing.state)

    def has(self, step: Step[Any]) -> bool:
        return step.key in self.standing.taken

    def times(self, step: Step[Any]) -> int:
        return self.standing.taken.get(step.key, 0)

    def last(self, step: Step[F]) -> F:
        """What was said the last time this step was taken; LookupError when it never was."""
        for act in reversed(self.acts):
            if act.step == step.key:
                return cast(F, act.facts)
        raise LookupError(step.key)

    @property
    def opening(self) -> Facts:
        """What was said when the case began."""
        return self.acts[0].facts

    # When it must happen

    def due(self, period: Period) -> date | None:
        """The last day of the period, or None if it is not running or is paused."""
        run = self.standing.runs.get(period.key)
        return due_of(self.procedure.periods[period.key], run, self.calendar).day if run else None

    def sum(self, period: Period) -> Sum | None:
        """How that day comes about; None when no reckoning is behind it."""
        run = self.standing.runs.get(period.key)
        own = self.procedure.periods[period.key]
        return sum_of(self.procedure, own, run, self.calendar) if run else None

    def in_time(self, period: Period, on: date) -> bool:
        limit = self.due(period)
        return limit is None or on <= limit

    def expired(self, period: Period, today: date) -> bool:
        """Has the period run out, unmet, before `today`?"""
        run = self.standing.runs.get(period.key)
        if run is None or run.over:
            return False
        limit = self.due(period)
        return limit is not None and today > limit

    # What may happen

    def refusals(self, step: Step[Any], facts: Facts | None = None) -> tuple[Reason, ...]:
        """Why the step may not be taken now, with these facts if they are known; empty: it may."""
        now = self.standing
        if now.state not in step.sources:
            return (Reason(f"案件{self.state.label}，不能{step.label}", step.cite, "yifa.R001"),)
        if step.once and step.key in now.taken:
            return (Reason(f"已经{step.label}，只能一次", step.cite, "yifa.R002"),)
        if step.amends and step.amends.key not in now.taken and self._brought:
            text = f"本案由系统依其他案件产生，不能{step.label}"
            return (Reason(text, step.cite, "yifa.R014"),)
        if facts is None:
            return ()
        if now.on and facts.on < now.on:
            text = f"{step.label}的日期{facts.on.isoformat()}早于上一步的日期{now.on.isoformat()}"
            return (Reason(text, step.cite, "yifa.R006"),)
        if step.after and not self.expired(step.after, facts.on):
            return (Reason(f"{step.after.label}尚未届满", step.after.cite, "yifa.R009"),)
        if step.amends and (text := self._misdated(facts)):
            return (Reason(text, step.cite, "yifa.R013"),)
        broken = [c for c in step.conditions if not c.test(self, facts)]
        if step.restates is not None:
            broken += self._broken_anew(step.restates, facts)
        return tuple(Reason(c.sentence, c.cite, "yifa.R010") for c in broken)

    @property
    def _brought(self) -> bool:
        """Was the case begun by another's step, and by nobody's hand?"""
        return any(
            s.opens and s.key in self.standing.taken and s.role_keys == {SYSTEM}
            for s in self.procedure.steps.values()
        )

    def _broken_anew(self, restated: Step[Any], facts: Facts) -> list[Condition[Any]]:
        """What the step demands that is not met by its facts as they are told now; a correction of an opening by its right date."""
        own = self.procedure.steps.get(restated.key, restated)
        own = own if isinstance(facts, own.asks) else restated
        if not own.conditions:
            return []
        told = {a.name: getattr(facts, a.name) for a in asks_of(own.asks)}
        as_told = own.asks(on=getattr(facts, "dated", facts.on), **told)
        before = Case(self.procedure, self.calendar) if own.opens else self
        return [c for c in own.conditions if not c.test(before, as_told)]

    def _misdated(self, correction: Facts) -> str:
        """Why the entry cannot be of the day a correction names: before the rule, after it is said, or after what followed."""
        dated: date | None = getattr(correction, "dated", None)
        if dated is None:
            return ""
        if dated < self.procedure.since:
            return f"更正后的日期{dated}早于{self.procedure.title}的规定施行之日{self.procedure.since}"
        steps = self.procedure.steps
        following = ((a.facts.on, steps[a.step].label) for a in self.acts[1:] if not steps[a.step].amends)
        last, label = next(following, (correction.on, "更正"))
        return f"更正后的日期{dated}晚于{label}的日期{last}" if dated > last else ""

    def open_steps(self, role: Role) -> list[Step[Any]]:
        return [s for s in self.procedure.steps.values() if role in s.roles and not self.refusals(s)]

    def do(self, step: Step[F], facts: F) -> Case:
        """The case after this step; `Refused` when the law does not allow it."""
        own = self.procedure.steps[step.key]
        if reasons := self.refusals(own, facts):
            raise Refused(*reasons)
        standing = after(self.procedure, self.standing, own, facts)
        return Case(self.procedure, self.calendar, standing, acts=(*self.acts, Act(own.key, facts)))
