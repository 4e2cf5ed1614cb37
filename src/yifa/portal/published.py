"""What the county shows to everyone: the answers and results it has published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db import connection

from yifa.cases.read import said
from yifa.counts.drill import as_date
from yifa.look.words import language, word
from yifa.people.offices import office_name
from yifa.procedure import Procedure, registry
from yifa.procedure.facts import asks_of, decode


@dataclass(frozen=True)
class Answer:
    """One published answer: what was asked to be known, in words anyone may read."""

    entry: int
    title: str
    text: str
    office: str
    on: date
    hash: str
    about: str


@dataclass(frozen=True)
class Answers:
    answers: tuple[Answer, ...]
    after: int | None


def publishing() -> dict[tuple[str, str], type[Procedure]]:
    """The steps whose facts stand here for everyone."""
    return {(p.key, s.key): p for p in registry().families() for s in p.steps.values() if s.publishes}


def answers(after: int | None = None, limit: int = 20, about: str = "") -> Answers:
    """Newest first, of all matters or of one; only open facts are read, sealed ones never leave their box here."""
    steps = {at: p for at, p in publishing().items() if about in ("", at[0])}
    if not steps:
        return Answers((), None)
    where = " OR ".join(["(a.family = %s AND a.step = %s)"] * len(steps))
    values: list[str | int] = [word for pair in steps for word in pair]
    older = ""
    if after is not None:
        older, values = " AND a.entry_id < %s", [*values, after]
    sql = (
        "SELECT a.entry_id, a.family, a.step, a.on_date, a.office, e.hash, e.body FROM cases_act a"
        f" JOIN ledger_entry e ON e.id = a.entry_id WHERE ({where}) AND NOT a.voided{older}"
        " ORDER BY a.entry_id DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, limit + 1])
        found = cursor.fetchall()
    shown = tuple(_answer(steps[row[1], row[2]], row) for row in found[:limit])
    return Answers(shown, shown[-1].entry if len(found) > limit else None)


def answers_of(case: int) -> list[tuple[Answer, str, str, str]]:
    """What was published in the cases that grew out of a case, in order; of each the family, edition and facts of its case."""
    steps = publishing()
    if not steps:
        return []
    sql = (
        "SELECT a.entry_id, a.family, a.step, a.on_date, a.office, e.hash, e.body, c.edition, c.facts"
        " FROM cases_case c JOIN ledger_entry e ON e.case_id = c.id JOIN cases_act a ON a.entry_id = e.id"
        " WHERE c.id IN (SELECT to_case FROM cases_link WHERE from_case = %s) AND NOT a.voided ORDER BY a.entry_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [case])
        found = cursor.fetchall()
    return [
        (_answer(steps[row[1], row[2]], row[:7]), row[1], row[7], row[8])
        for row in found
        if (row[1], row[2]) in steps
    ]


def _answer(procedure: type[Procedure], row: tuple) -> Answer:
    entry, _, step, on, office, hash, body = row
    day = as_date(on)
    asks = procedure.steps[step].asks
    facts = decode(asks, day, json.loads(body)["facts"])
    told = [(a, said(a, getattr(facts, a.name))) for a in asks_of(asks) if not a.sealed]
    told = [(a, text) for a, text in told if text not in ("", "—")]
    title = told[0][1] if told else procedure.title
    rest = [text if a.long else f"{word(a.label)}{word('：')}{text}" for a, text in told[1:]]
    return Answer(
        entry,
        title,
        "\n\n".join(rest),
        office_name(office, day, language()),
        day,
        hash,
        procedure.title,
    )
