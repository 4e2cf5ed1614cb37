"""After any sequence of acts, corrections and withdrawals the live cube is what the acts, and the ledger, say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.cases.kernel import act
from yifa.counts import all_keys, compare, figures, findings, records, year
from yifa.people.actor import Actor
from yifa.people.models import Office
from yifa.people.offices import forget
from yifa.procedure import Refused, Unreadable, read, registry

from ..told import typed

OFFICES = ("A", "B")
ROLES = frozenset({"clerk", "head", "applicant", "law", "third_party"})
# which family, which step, which of its cases, how many days after the act before, what is told, a new case?
DID = st.tuples(
    st.integers(0, 2),
    st.integers(0, 40),
    st.integers(0, 3),
    st.integers(0, 25),
    st.integers(0, 1_000_000),
    st.integers(0, 2),
)


def take(
    family: int, step: int, case: int, on: date, seed: int, *, opens: bool, there: dict[str, list[int]]
) -> None:
    """Try one act that the case's state allows; what the law refuses is not done."""
    procedure = registry().families()[family]
    known = there.setdefault(procedure.key, [])
    id = None if opens or not known else known[case % len(known)]
    steps = [s for s in procedure.steps.values() if (state_of(id) if id else "start") in s.sources]
    if not steps:
        return
    chosen, office = steps[step % len(steps)], OFFICES[seed % 2]
    actor = Actor(None, "李某", "p", office, ROLES, None)
    try:
        done = act(chosen, read(chosen.asks, typed(chosen, on, seed)), actor, case=id, office=office)
    except (Refused, Unreadable):
        return
    if id is None:
        known.append(done.case)


def state_of(id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM cases_case WHERE id = %s", [id])
        return cursor.fetchone()[0]


def cubes_agree() -> None:
    assert compare(engine="sql") == []
    assert compare(engine="ledger") == []
    assert compare(year(2023), engine="ledger") == []


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DID, min_size=6, max_size=40))
def test_the_live_cube_equals_the_recompute_after_any_sequence(db, done):
    try:
        with transaction.atomic():
            for code in OFFICES:
                Office.objects.create(
                    code=code, name=f"新县{code}局", kind="department", mark=code, since=date(2010, 1, 1)
                )
            forget()
            there: dict[str, list[int]] = {}
            on = date(2022, 6, 1)
            for family, step, case, days, seed, opens in done:
                on += timedelta(days=days)
                take(family, step, case, on, seed, opens=not opens, there=there)
            cubes_agree()
            figures_open_on_their_records()
            raise _Undo
    except _Undo:
        forget()


class _Undo(Exception):
    """Leave no trace for the next example."""


def figures_open_on_their_records() -> None:
    for span in (year(2022), year(2023)):
        for key, told in figures(all_keys(), span).items():
            assert len(records(key, span, limit=1000).records) == told.records, key
        assert all(f.holds for f in findings(span) if f.kind == "balance")
