"""What is asked of every procedure, register and journal alike. A new matter gets these questions for free.

A sheet that changed is accepted by running these tests once with YIFA_ACCEPT_SHEETS=1 and committing what that wrote.
"""

from __future__ import annotations

import difflib
import os
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from yifa.clock import national
from yifa.law.folders import library_folder
from yifa.look.fields import fields_for
from yifa.procedure import Case, Procedure, Step, Unreadable, asks_of, read, registry, typed_of
from yifa.report.plan import read_plan
from yifa.site.matters import HERE
from yifa.site.sheets import markdown

from ..told import by_chance, lawful

SHEETS = Path(__file__).parent / "sheets"
EVERY = registry().editions()
ON = date(2024, 3, 1)

each = pytest.mark.parametrize("procedure", EVERY, ids=lambda p: f"{p.key}-{p.edition}")


STEPS = [pytest.param(p, s, id=f"{p.key}.{s.key}") for p in EVERY for s in p.steps.values()]
each_step = pytest.mark.parametrize(("procedure", "step"), STEPS)


def test_every_matter_of_the_house_is_asked() -> None:
    assert {p.__module__.rpartition(".")[0] for p in EVERY} >= {
        m.removesuffix(".directories").removesuffix(".callbacks") for m in HERE
    }


# ── Its sheet ────────────────────────────────────────────────────────────────


@each
def test_its_sheet_is_the_one_that_was_agreed(procedure: type[Procedure]) -> None:
    file, now = SHEETS / f"{procedure.key}-{procedure.edition}.md", markdown(procedure)
    agreed = file.read_text("utf-8") if file.exists() else ""
    if now != agreed and os.environ.get("YIFA_ACCEPT_SHEETS"):
        file.write_text(now, "utf-8")
    moved = "\n".join(
        difflib.unified_diff(agreed.splitlines(), now.splitlines(), "agreed", "now", lineterm="", n=1)
    )
    assert not moved, f"{file.name} changed; if it is meant, run once with YIFA_ACCEPT_SHEETS=1\n{moved}"


def test_no_sheet_is_of_a_procedure_that_is_gone() -> None:
    assert {f.stem for f in SHEETS.glob("*.md")} == {f"{p.key}-{p.edition}" for p in EVERY}


@each
def test_every_word_of_it_stands_in_the_sheet(procedure: type[Procedure]) -> None:
    text = markdown(procedure)
    words = [
        *procedure.states.values(),
        *procedure.steps.values(),
        *procedure.periods.values(),
        *procedure.papers.values(),
    ]
    assert [
        w.label
        for w in (*words, *procedure.counts.values(), *procedure.checks.values())
        if w.label not in text
    ] == []


@each
def test_every_reading_of_ours_is_marked_in_it(procedure: type[Procedure]) -> None:
    ours = [w for w in (*procedure.steps.values(), *procedure.periods.values()) if w.reading]
    ours_too = [c for s in procedure.steps.values() for c in s.conditions if c.reading]
    assert markdown(procedure).count("（本系统的理解）") >= len(ours) + len(ours_too)


# ── Its folder ───────────────────────────────────────────────────────────────


@each
def test_it_says_what_it_is_for_and_what_is_missing(procedure: type[Procedure]) -> None:
    text = (procedure.place() / "README.md").read_text("utf-8")
    assert text.startswith("# ")
    assert "## 我们的理解" in text
    assert "## 尚缺" in text
    assert "\n---\n" in text, "and a paragraph in English below the line"


@each
def test_what_the_report_prints_of_it_has_its_sentence(procedure: type[Procedure]) -> None:
    plan = read_plan(library_folder() / "counties" / settings.YIFA_COUNTY / "report.toml")
    if any(line.family == procedure.key for line in plan.lines):
        assert (procedure.place() / "report.md").is_file()


@each
def test_every_paper_has_its_words_and_no_words_are_without_a_paper(procedure: type[Procedure]) -> None:
    found = {f.stem for f in (procedure.place() / "papers").glob("*.md")}
    family = [p for p in EVERY if p.place() == procedure.place()]
    assert set(procedure.papers) <= found
    assert found == {key for p in family for key in p.papers}
    given = {s.gives.key for s in procedure.steps.values() if s.gives}
    assert given == set(procedure.papers), "every paper is handed over by some step"


# ── Its steps ────────────────────────────────────────────────────────────────


@each_step
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_its_form_can_be_drawn(procedure: type[Procedure], step: Step[Any], language: str) -> None:
    with translation.override(language):
        drawn = fields_for(step, {})
    assert drawn[0].name == "on"
    assert sorted(f.name for f in drawn[1:]) == sorted(a.name for a in typed_of(step.asks))
    assert {f.section for f in drawn} <= {"", *step.asks.sections}, "a section the class does not list"
    assert all(f.label for f in drawn)


@each_step
def test_an_empty_form_is_answered_field_by_field(procedure: type[Procedure], step: Step[Any]) -> None:
    must = {a.name for a in typed_of(step.asks) if a.required and a.kind is not bool}
    with pytest.raises(Unreadable) as wrong:
        read(step.asks, {})
    assert {name for name, _ in wrong.value.problems} == {"on", *must}


@each
def test_a_case_can_begin_with_what_people_tell(procedure: type[Procedure]) -> None:
    for step in procedure.opening():
        case = Case(procedure, national())
        assert not case.refusals(step, lawful(case, step, ON, Random(1)))


@each_step
def test_nobody_takes_it_before_the_case_has_begun(procedure: type[Procedure], step: Step[Any]) -> None:
    reasons = Case(procedure, national()).refusals(step, by_chance(step, ON, Random(1)))
    assert step.opens or [r.id for r in reasons] == ["yifa.R001"]


PUBLISHED = [
    pytest.param(s, a.name, choice, id=f"{p.key}.{s.key}-{choice.name}")
    for p in EVERY
    for r in p.receipts.values()
    for s in r.steps
    for a in asks_of(s.asks)
    if a.name in r.shows
    for choice in a.choices
]


@pytest.mark.parametrize(("step", "name", "choice"), PUBLISHED)
def test_whatever_can_be_said_and_is_published_can_be_submitted(
    step: Step[Any], name: str, choice: Any
) -> None:
    """No answer is refused, hidden or asked to explain itself: what is counted would be worth nothing."""
    offered = next(field for field in fields_for(step, {}) if field.name == name)
    assert choice.name in {option.value for option in offered.options}
    facts = read(step.asks, {**bare(step), name: choice.name})
    assert getattr(facts, name) is choice
    assert [c.sentence for c in step.conditions] == [], "nothing stands between an answer and its being taken"


def bare(step: Step[Any]) -> dict[str, str]:
    """Only what must be told."""
    must = (a for a in typed_of(step.asks) if a.required)
    return {"on": ON.isoformat(), **{a.name: a.choices[0].name if a.choices else "某" for a in must}}


# ── Its periods and figures ──────────────────────────────────────────────────


@each
def test_a_period_that_is_a_duty_can_be_met(procedure: type[Procedure]) -> None:
    for period in procedure.periods.values():
        assert period.meets or not period.duty, period.key
        assert set(period.meets) <= set(procedure.steps)


@each
def test_what_is_measured_in_days_of_the_law_cites_it(procedure: type[Procedure]) -> None:
    for word in (*procedure.steps.values(), *procedure.periods.values(), *procedure.papers.values()):
        assert word.cite.statute.since <= procedure.since or word.reading  # type: ignore[union-attr]


@each
def test_it_has_something_to_count(procedure: type[Procedure]) -> None:
    assert procedure.counts
    if procedure.kind == "register":
        assert procedure.checks, "what came, what went, what is there"
