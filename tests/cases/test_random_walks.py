"""After any walk, lawful and unlawful steps alike: rows, figures and periods are what the ledger and the procedure say.

Nothing is written of what is refused, and it is refused in the same words by `check`, a rehearsal, `act` and a stream.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from yifa import counts
from yifa.cases import read
from yifa.cases.decide import today
from yifa.cases.rebuild import compare, rebuild
from yifa.cases.sweep import recount
from yifa.ledger.verify import verify
from yifa.people import CLERK
from yifa.procedure import Count, Distinct, Stock, Sum, registry
from yifa.procedure.words import value_key, values_of

from .reckoned import Counted, Track, counted, picture, row_of, rows, stood, stored_row, terms_of
from .walk import DAY, Walk, county, holder, stream, walked, walks

# What is found in the county's registers, or brought by another act, the procedure alone cannot foretell.
FAMILIES = [p.key for p in registry().families() if not any(s.seeker or s.bringers for s in p.steps.values())]
# How many walks all in all; each matter takes its part, so that more matters cost no more time.
FEW = 120
MANY = 750 if connection.vendor == "sqlite" else 150  # a server answers each question over the wire
EVERYONE = replace(holder(CLERK, "A"), scope=None)


def holds(families: list[str], start: date, moves: list[Any]) -> None:
    """All that is promised, after one walk."""
    with county():
        walk = walked(families, start, moves)
        agrees_with_the_ledger()
        stands_as_the_procedure_reckons(walk.tracks)
        can_be_asked_for_any_day(walk)
        counts_what_was_said(walk)
        every_case_has_its_page(walk.tracks)
        seen = picture()
        comes_back_when_lost(seen)
    for how in ({}, {"batch": 3}, {"batch": 2, "atomic": False}):
        with county():
            stream(walk.tried, **how)
            assert picture() == seen
            agrees_with_the_ledger()


def agrees_with_the_ledger() -> None:
    assert compare() == []
    assert counts.compare(engine="sql") == []
    assert counts.compare(engine="ledger") == []
    assert verify().first_wrong is None
    recount()
    assert compare() == []


def stands_as_the_procedure_reckons(tracks: list[Track]) -> None:
    assert len(tracks) == rows("SELECT count(*) FROM cases_case")[0][0]
    for track in tracks:
        assert stored_row(track.id) == row_of(track)
    kept = rows("SELECT case_id, period, start, due, provisional, state, met_on, late FROM cases_term")
    plain = sorted(tuple(str(v) if isinstance(v, date) else v for v in row) for row in kept)
    assert plain == sorted(term for track in tracks for term in terms_of(track))


def can_be_asked_for_any_day(walk: Walk) -> None:
    """The register as of a day, and the stock at a year's end, are the cases replayed up to that day."""
    days = {a.facts.on for t in walk.tracks for a in t.case.acts}
    for day in sorted({d + n * DAY for d in days for n in (-1, 0)})[:: max(1, len(days) // 6)]:
        for family in walk.families:
            found = {a.id: (a.state_key, a.since, a.facts) for a in read.as_of(family.key, day, EVERYONE)}
            should = {t.id: s for t in walk.tracks if t.procedure.key == family.key and (s := stood(t, day))}
            assert found == {id: (s.state, s.since, s.facts) for id, s in should.items()}


def counts_what_was_said(walk: Walk) -> None:
    """Every count and sum of every year, told from the facts themselves as last corrected; and the stocks."""
    said = {f.key: [c for t in walk.tracks if t.procedure is f for c in counted(t)] for f in walk.families}
    for year in {c.on.year for found in said.values() for c in found}:
        for family in walk.families:
            acts = [c for c in said[family.key] if c.on.year == year]
            for declared in family.counts.values():
                if isinstance(declared, Count) and not isinstance(declared, Distinct):
                    _counts(declared, acts, year)
        _stocks(walk, year)


def _counts(declared: Count, acts: list[Counted], year: int) -> None:
    wanted = {s.key for s in declared.steps}
    hits = [a for a in acts if a.step in wanted and _as_wanted(declared, a)]
    figure = counts.figure(declared.name, counts.year(year))
    assert figure.records == len(hits)
    worth = [a.facts[declared.field] or 0 for a in hits] if isinstance(declared, Sum) else [1] * len(hits)
    assert figure.value == sum(worth)
    for part in figure.breakdowns:
        assert {g.value: g.n for g in part.groups} == Counter(value_key(a.facts[part.fact]) for a in hits)


def _as_wanted(declared: Count, act: Counted) -> bool:
    return all(value_key(act.facts[name]) in values_of(values) for name, values in declared.where.items())


def _stocks(walk: Walk, year: int) -> None:
    last = date(year, 12, 31)
    for family in walk.families:
        stand = [(t, s.state) for t in walk.tracks if t.procedure.key == family.key and (s := stood(t, last))]
        for stock in (c for c in family.counts.values() if isinstance(c, Stock)):
            inside = {s.key for s in stock.within}
            held = [t for t, state in stand if state in inside and _opened_as(stock, t)]
            assert counts.figure(stock.name, counts.year(year)).value == len(held)


def _opened_as(stock: Stock, track: Track) -> bool:
    """Was the case opened, as corrected since, with what the stock keeps?"""
    told = track.case.standing.traits
    return all(told.get(name, "") in values_of(value) for name, value in stock.where.items())


def every_case_has_its_page(tracks: list[Track]) -> None:
    for track in tracks:
        page = read.case(track.id, EVERYONE, today())
        assert (page.state_key, page.seq) == (track.case.standing.state, track.case.standing.seq)
        assert len(page.timeline) == page.seq


def comes_back_when_lost(seen: dict[str, Any]) -> None:
    with connection.cursor() as c:
        for table in ("cases_act", "cases_term", "cases_link"):
            c.execute(f"DELETE FROM {table}")
        c.execute("UPDATE cases_cell SET n = n + 1")
        c.execute("UPDATE cases_case SET state = 'lost', number = '', facts = '{}'")
    assert rebuild() != [] or not seen["cases"], "every step of the walk was refused"
    assert compare() == []
    assert picture() == seen


@pytest.mark.django_db
@pytest.mark.parametrize("family", FAMILIES)
@walks(FEW // len(FAMILIES))
def test_a_walk_through_one_procedure(family: str, start: date, moves: list[Any]) -> None:
    holds([family], start, moves)


@pytest.mark.django_db
@walks(FEW // 3)
def test_a_walk_through_all_procedures_at_once(start: date, moves: list[Any]) -> None:
    holds(FAMILIES, start, moves)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("family", FAMILIES)
@walks(MANY // len(FAMILIES))
def test_many_walks_through_one_procedure(family: str, start: date, moves: list[Any]) -> None:
    holds([family], start, moves)


@pytest.mark.slow
@pytest.mark.django_db
@walks(MANY // 3)
def test_many_walks_through_all_procedures_at_once(start: date, moves: list[Any]) -> None:
    holds(FAMILIES, start, moves)
