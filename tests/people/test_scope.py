"""The one rule on who sees what is the same in Python and in the database, whatever an office is called."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.people import Actor, sql_scope

HOSTILE = [
    "",
    "'",
    "' OR '1'='1",
    "x'; DROP TABLE c; --",
    '"',
    "?",
    "%s",
    "\\",
    "\0",
    "新县'",
    "1 = 1",
    "NULL",
    "a,b",
    "%",
]
names = st.sampled_from(HOSTILE) | st.text(max_size=8).filter(lambda t: t.isprintable())


def actor(scope: frozenset[str] | None, families: frozenset[str] | None = None) -> Actor:
    return Actor(1, "王某", "p", "o", frozenset({"clerk"}), scope, families=families)


def selected(rows: list[tuple[str, str]], who: Actor, family: str) -> list[tuple[str, str]]:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE c (n INTEGER PRIMARY KEY, office TEXT, family TEXT)")
    db.executemany("INSERT INTO c (office, family) VALUES (?, ?)", rows)
    where, values = sql_scope(who, "c.office", family)
    found = db.execute(f"SELECT office, family FROM c WHERE {where} ORDER BY n", values).fetchall()
    db.close()
    return found


@given(
    st.lists(st.tuples(names, names), max_size=8),
    st.none() | st.frozensets(names, max_size=4),
    st.none() | st.frozensets(names, max_size=3),
)
def test_the_database_gives_what_the_actor_sees(
    rows: list[tuple[str, str]], scope: frozenset[str] | None, families: frozenset[str] | None
) -> None:
    who = actor(scope, families)
    assert selected(rows, who, "c.family") == [r for r in rows if who.sees(r[0]) and who.handles(r[1])]
    assert selected(rows, who, "") == [r for r in rows if who.sees(r[0])]


def test_an_empty_scope_sees_nothing() -> None:
    assert sql_scope(actor(frozenset()), "office") == ("1 = 0", [])
    assert not actor(frozenset()).sees("")


def test_the_whole_county_is_no_condition() -> None:
    assert sql_scope(actor(None), "office") == ("1 = 1", [])


def test_values_never_stand_in_the_statement() -> None:
    where, values = sql_scope(actor(frozenset(HOSTILE)), "office", mark="%s")
    assert where == f"office IN ({', '.join(['%s'] * len(HOSTILE))})"
    assert sorted(HOSTILE) == values


@pytest.mark.parametrize("column", ["", "office; --", "a b", "a.b.c", "office)", "1", "办公室"])
def test_what_is_not_a_column_is_refused(column: str) -> None:
    with pytest.raises(ValueError, match="E203"):
        sql_scope(actor(frozenset({"a"})), column)


def test_a_person_outside_sees_no_office_and_the_law_sees_all() -> None:
    assert not Actor.applicant().sees("xinxian")
    assert Actor.law().sees("xinxian")
