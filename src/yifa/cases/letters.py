"""The paper a step hands over: its number, its text, and what its template is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yifa.papers import numbers
from yifa.papers.document import Document
from yifa.papers.template import write as write_document
from yifa.people.offices import office
from yifa.procedure import Act, Case, Facts, Paper, Procedure, Step

from .documents import named
from .store import Cursor


@dataclass(frozen=True, slots=True)
class Letter:
    """A paper as it is sealed: its text is the document's canonical form."""

    name: str
    number: str
    n: int | None
    text: str


def said(step: Step[Any], facts: Facts) -> Act:
    return Act(step.key, facts)


@cache
def template_of(place: Path, key: str) -> str:
    """The matter's own words for a paper: papers/<key>.md."""
    return (place / "papers" / f"{key}.md").read_text(encoding="utf-8")


def write(
    cursor: Cursor, procedure: type[Procedure], case: Case, step: Step[Any], facts: Facts, office_code: str
) -> Letter:
    """Number and write the paper of a step; `case` already stands after it."""
    paper = step.gives
    assert paper is not None
    number, n = _number(cursor, paper, office_code, facts)
    document = compose(procedure, case, step, facts, office_code, number)
    return Letter(f"paper:{paper.key}", number, n, document.canonical())


def _number(cursor: Cursor, paper: Paper, office_code: str, facts: Facts) -> tuple[str, int | None]:
    if not paper.series:
        return "", None
    year = facts.on.year
    vendor = "postgresql" if cursor.on_postgres else "sqlite"
    n = numbers.take(cursor.raw, vendor, office_code, paper.series, year)
    return numbers.written(office(office_code, facts.on).mark, paper.series, year, n), n


def compose(
    procedure: type[Procedure], case: Case, step: Step[Any], facts: Facts, office_code: str, number: str
) -> Document:
    """The document as it would stand; the desk shows it before signing with an empty number."""
    assert step.gives is not None
    return write_document(
        template_of(procedure.place(), step.gives.key),
        context(procedure, case, step, facts, office_code, number),
        f"{procedure.key}/papers/{step.gives.key}.md",
    )


def context(
    procedure: type[Procedure], case: Case, step: Step[Any], facts: Facts, office_code: str, number: str
) -> dict[str, Any]:
    """What a template may name: the office, the facts of the step and of the opening, periods, places in the law."""
    opening = named(case.opening)
    here = office(office_code, facts.on)
    told: dict[str, Any] = {}
    for act in case.acts:
        told[act.step] = named(act.facts)
    return {
        "office": here,
        "number": number,
        "on": facts.on,
        "applicant": getattr(opening, "name", ""),
        "facts": named(facts),
        "opening": opening,
        "told": told,
        "period": {k: _period(case, k) for k in case.standing.runs},
        "cites": {k: str(s.cite) for k, s in procedure.steps.items()},
        "paper": step.gives,
        "remedy": _remedy(facts),
    }


def _period(case: Case, key: str) -> dict[str, Any]:
    period = case.procedure.periods[key]
    reckoned = case.sum(period)
    return {
        "label": period.label,
        "day": case.due(period),
        "cite": str(period.cite),
        "sentences": reckoned.sentences() if reckoned else [],
    }


def _remedy(facts: Facts) -> str:
    """The line on where to turn, where an outcome among the facts carries one."""
    for name in type(facts).__dataclass_fields__:
        value = getattr(facts, name)
        if callable(getattr(value, "remedy", None)):
            return str(value.remedy(facts.on))
    return ""
