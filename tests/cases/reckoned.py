"""What is written of cases, and what the procedure alone says should be: the two sides of every comparison here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from yifa.cases import history, store
from yifa.cases.decide import nearest, term_of
from yifa.cases.kernel import Do
from yifa.procedure import Case, Facts, Procedure, encode, sealed_names
from yifa.procedure.standing import Standing, after

# ── What is written ──────────────────────────────────────────────────────────


def rows(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as c:
        c.execute(sql, params or None)
        return list(c.fetchall())


def count(table: str) -> int:
    return int(rows(f"SELECT count(*) FROM {table}")[0][0])


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row alike on both databases."""
    return tuple(v.isoformat() if isinstance(v, date) else int(v) if isinstance(v, bool) else v for v in row)


def picture() -> dict[str, list[Any]]:
    """Every row but what no two runs have in common: numbers of cases and entries are counted from 1."""
    case = {id: n for n, (id,) in enumerate(rows("SELECT id FROM cases_case ORDER BY id"), 1)}
    entry = {id: n for n, (id,) in enumerate(rows("SELECT id FROM ledger_entry ORDER BY id"), 1)}
    cursor = store.Store().cursor()
    said = [e for id in sorted(case) for e in history.entries(cursor, id)]
    sql = {
        "cases": "SELECT id, family, edition, office, state, final, seq, number, opened, changed_on, due, due_period,"
        " facts, standing FROM cases_case ORDER BY id",
        "acts": "SELECT entry_id, case_id, seq, family, step, on_date, month, office, dims, amounts, voided"
        " FROM cases_act ORDER BY entry_id",
        "terms": f"SELECT {', '.join(store.TERM)} FROM cases_term ORDER BY case_id, period",
        "cells": f"SELECT {', '.join(store.CELL)} FROM cases_cell WHERE n <> 0 ORDER BY 1, 2, 3, 4, 5, 6",
        "papers": "SELECT entry_id, case_id, key, number, office, series, year, n, issued_on FROM papers_paper"
        " ORDER BY entry_id",
    }
    found = {name: [list(_plain(r)) for r in rows(q)] for name, q in sql.items()}
    for row in found["cases"]:
        row[0], row[-2:] = case[row[0]], map(json.loads, row[-2:])
    for row in (*found["acts"], *found["papers"]):
        row[0], row[1] = entry[row[0]], case[row[1]]
    for row in found["terms"]:
        row[0] = case[row[0]]
    found["cells"].sort()
    found["said"] = [[entry[e.id], e.seq, _lasting(e.body, case), e.opened] for e in said]
    return found


def _lasting(body: dict[str, Any], case: dict[int, int]) -> dict[str, Any]:
    """An entry without its moment, its blinded commitments and its receipt."""
    left = {k: v for k, v in body.items() if k not in ("at", "link", "receipt")}
    paper = body["paper"] and {k: v for k, v in body["paper"].items() if k != "sha"}
    return left | {"case": case[body["case"]], "sealed": sorted(body["sealed"]), "paper": paper}


def stored_row(id: int) -> tuple[Any, ...]:
    (row,) = rows(
        "SELECT state, final, seq, changed_on, due, due_period, standing FROM cases_case WHERE id = %s", id
    )
    return (*_plain(row[:-1]), json.loads(row[-1]))


# ── What should be ───────────────────────────────────────────────────────────


@dataclass
class Track:
    """A case as it ought to stand: the procedure's own reckoning, without any database."""

    id: int
    ref: str
    office: str
    case: Case
    done: list[Do] = field(
        default_factory=list
    )  # its acts, as long as nobody destroyed what was sealed in them

    @property
    def procedure(self) -> type[Procedure]:
        return self.case.procedure

    @property
    def on(self) -> date:
        assert self.case.standing.on is not None
        return self.case.standing.on


def terms_of(track: Track) -> list[tuple[Any, ...]]:
    """The terms of a case as the procedure reckons them."""
    runs = track.case.standing.runs.items()
    terms = (term_of(track.procedure, key, run, track.case.calendar) for key, run in runs)
    return sorted(
        _plain((track.id, t.period, t.start, t.due, t.provisional, t.state, t.met_on, t.late)) for t in terms
    )


def row_of(track: Track) -> tuple[Any, ...]:
    """The case's row as the procedure would have it: state, final, seq, changed on, due, which period, standing."""
    standing = track.case.standing
    terms = (term_of(track.procedure, k, r, track.case.calendar) for k, r in standing.runs.items())
    due, period = nearest(track.procedure, terms)
    final = track.procedure.state(standing.state).final
    return (*_plain((standing.state, final, standing.seq, standing.on, due, period)), standing.plain())


@dataclass(frozen=True)
class Stood:
    """Where a case stood at the end of a day."""

    state: str
    since: date
    facts: dict[str, Any]


def stood(track: Track, on: date) -> Stood | None:
    """A case replayed up to the end of a day: by legal dates, as corrected since; None where it was not there yet."""
    steps = [track.procedure.steps[a.step] for a in track.case.acts]
    days = [a.facts.on for a in track.case.acts]
    for n, (step, a) in enumerate(zip(steps, track.case.acts, strict=True)):
        if step.withdraws:
            return None
        if step.amends is not None:
            before = [k for k in range(n) if steps[k] is not step]
            named = [k for k in before if steps[k] is step.amends]
            days[named[-1] if named else before[0]] = a.facts.dated  # type: ignore[attr-defined]
    standing, facts, since = Standing(), {}, None
    for step, a, day in zip(steps, track.case.acts, days, strict=True):
        if step.amends is not None and since:
            facts |= {k: v for k, v in _open(a.facts).items() if k not in ("why", "dated")}
        elif step.amends is None and day <= on:
            standing, since = after(track.procedure, standing, step, a.facts), day
            facts |= _open(a.facts)
    return Stood(standing.state, since, facts) if since else None


def _open(facts: Facts) -> dict[str, Any]:
    hidden = sealed_names(type(facts))
    return {k: v for k, v in encode(facts).items() if k not in hidden}


@dataclass(frozen=True)
class Counted:
    """An act as the figures take it: on the day and with the facts it is now held to have."""

    step: str
    on: date
    facts: dict[str, Any]


def counted(track: Track) -> Iterator[Counted]:
    """The acts that count: the opening as last corrected, its facts behind all that follow; none once withdrawn."""
    steps = [track.procedure.steps[a.step] for a in track.case.acts]
    if any(step.withdraws for step in steps):
        return
    opening, day = vars(track.case.opening), track.case.opening.on
    for step, a in zip(steps, track.case.acts, strict=True):
        if step.amends is not None:
            opening, day = opening | {k: v for k, v in vars(a.facts).items() if k in opening}, a.facts.dated  # type: ignore[attr-defined]
    for n, (step, a) in enumerate(zip(steps, track.case.acts, strict=True)):
        if step.amends is None:
            yield Counted(step.key, a.facts.on if n else day, opening | vars(a.facts) if n else opening)
