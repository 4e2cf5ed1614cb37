"""How many of those who should have been asked were, and what the answer is worth: the same people, stage after stage.

Whoever gave no answer is neither content nor discontent: the true share lies between the one where all of them were
discontent and the one where all of them were content, and nothing that was counted can say where.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from yifa.procedure import Funnel, Procedure, registry
from yifa.procedure.words import Count, Figure, Share

from . import written
from .reckoning import figures
from .selection import Selection, acts_of
from .span import Span


@dataclass(frozen=True)
class Stage:
    """One stage. of_all, of_before: its share of the first and of the one before; wanted: what the last stage is of this one."""

    key: str
    label: str
    n: int
    of_all: str
    of_before: str
    wanted: str


@dataclass(frozen=True)
class Through:
    """A funnel filled in. worst, best: between which shares of the first stage the true one lies."""

    label: str
    stages: tuple[Stage, ...]
    worst: str
    best: str

    @property
    def first(self) -> Stage:
        return self.stages[0]

    @property
    def answered(self) -> Stage:
        return self.stages[-2]

    @property
    def wanted(self) -> Stage:
        return self.stages[-1]

    @property
    def silent(self) -> int:
        """How many gave no answer."""
        return self.first.n - self.answered.n

    @property
    def widths(self) -> tuple[int, ...]:
        """How long each stage is drawn, in thousandths of the first."""
        return tuple(round(1000 * stage.n / self.first.n) if self.first.n else 0 for stage in self.stages)


def bounds(wanted: int, answered: int, due: int) -> tuple[Decimal | None, Decimal | None]:
    """Worst: nobody who gave no answer is content; best: all of them are.

    >>> bounds(11269, 11280, 18912)
    (Decimal('59.6'), Decimal('99.9'))
    >>> bounds(0, 0, 0)
    (None, None)
    """
    return written.percentage(wanted, due), written.percentage(wanted + due - answered, due)


def fill(funnel: Funnel, counted: Sequence[int]) -> Through:
    """The funnel with what was counted at each stage."""
    stages, wanted = [], counted[-1]
    for place, (stage, n) in enumerate(zip(funnel.stages, counted, strict=True)):
        before = counted[place - 1] if place else n
        last = place == len(counted) - 1
        stages.append(
            Stage(
                stage.name,
                stage.label,
                n,
                written.share(n, counted[0]),
                written.share(n, before),
                "" if last else written.share(wanted, n),
            )
        )
    due, answered = counted[0], counted[-2]
    return Through(
        funnel.label, tuple(stages), written.share(wanted, due), written.share(wanted + due - answered, due)
    )


def of_span(funnel: Funnel, span: Span, offices: Collection[str] | None = None) -> Through:
    """The funnel of a stretch of time."""
    keys = [stage.name for stage in funnel.stages]
    found = figures(keys, span, offices)
    return fill(funnel, [int(found[key].value or 0) for key in keys])


ACTS = (
    "SELECT a.step, a.dims, count(*) FROM cases_link l JOIN cases_act a ON a.case_id = l.to_case"
    " WHERE l.from_case = %s AND a.family = %s AND NOT a.voided GROUP BY a.step, a.dims"
)


def of_case(funnel: Funnel, case: int) -> Through:
    """The funnel of what grew out of one case; all who are due stand in it from the first day.

    What the first stage keeps apart (exercises) is not asked within one case.
    """
    family = funnel.stages[0].family
    with connection.cursor() as cursor:
        cursor.execute(ACTS, [case, family])
        rows = [(step, dims, int(n)) for step, dims, n in cursor.fetchall()]
        cursor.execute("SELECT facts FROM cases_case WHERE id = %s", [case])
        told = cursor.fetchone()
    apart = set(funnel.stages[0].where)
    kept = [_within(stage, apart) for stage in funnel.stages]
    counted = [sum(n for step, dims, n in rows if s.takes(step, dims)) for s in kept]
    due = _facts(told[0]).get(funnel.due) if told and funnel.due else None
    counted[0] = max(counted[0], int(due or 0))
    return fill(funnel, counted)


def _facts(row: str | dict[str, Any]) -> dict[str, Any]:
    """A row's facts as the driver gives them: text, or read already."""
    return json.loads(row) if isinstance(row, str) else row


def _within(stage: Count, apart: set[str]) -> Selection:
    found = acts_of(stage)
    return Selection(found.family, found.steps, tuple(want for want in found.wants if want[0] not in apart))


def funnels() -> Iterator[tuple[type[Procedure], Funnel]]:
    """Every funnel, the ones that stand with their own figures first."""
    found = [(p, f) for p in registry().families() for f in p.funnels.values()]
    return iter(sorted(found, key=lambda one: one[1].elsewhere))


def about(figure: Figure) -> Funnel | None:
    """The funnel a figure is a stage of, or two stages of which it is the share."""
    sides = (figure.part, figure.whole) if isinstance(figure, Share) else (figure,)
    for _, funnel in funnels():
        if all(side in funnel.stages for side in sides):
            return funnel
    return None


__all__ = ["Stage", "Through", "about", "bounds", "fill", "funnels", "of_case", "of_span"]
