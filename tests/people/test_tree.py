"""The tree of offices, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.people.tree import Office, Tree

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(0, 400, 40)]
CODES = "abcdefgh"


@st.composite
def trees(draw: st.DrawFn) -> list[Office]:
    """Offices that hang below one of those before them, are moved about, and some of which are merged away."""
    rows = [Office(code="a", since=FIRST, name="县", kind="county")]
    for n, code in enumerate(CODES[1:], 1):
        rows.append(Office(code=code, since=FIRST, name=code, parent=draw(st.sampled_from(CODES[:n]))))
    for _ in range(draw(st.integers(0, 6))):
        n = draw(st.integers(1, len(CODES) - 1))
        parent = draw(st.sampled_from(CODES[:n]))
        rows.append(
            Office(code=CODES[n], since=draw(st.sampled_from(DAYS[1:])), name=CODES[n], parent=parent)
        )
    return rows


days = st.sampled_from(DAYS)
codes = st.sampled_from(CODES)


@given(trees(), codes, days)
def test_what_is_below_an_office_has_it_on_its_way_up(rows: list[Office], code: str, day: date) -> None:
    tree = Tree(rows)
    assert tree.subtree(code, day) == {c for c in CODES if code in tree.path(c, day)}


@given(trees(), days)
def test_the_whole_county_is_below_its_top(rows: list[Office], day: date) -> None:
    tree = Tree(rows)
    assert tree.complaints() == []
    assert tree.subtree("a", day) == frozenset(CODES)


@given(trees(), codes, codes, days)
def test_two_subtrees_are_apart_or_one_holds_the_other(
    rows: list[Office], one: str, other: str, day: date
) -> None:
    tree = Tree(rows)
    a, b = tree.subtree(one, day), tree.subtree(other, day)
    assert not a & b or a <= b or b <= a


@given(trees(), codes, days, days)
def test_a_later_change_leaves_the_tree_of_an_earlier_day(
    rows: list[Office], code: str, day: date, other: date
) -> None:
    if other <= day:
        return
    moved = Office(code="h", since=other, name="改", parent="a")
    assert Tree([*rows, moved]).subtree(code, day) == Tree(rows).subtree(code, day)


def of(code: str, since: date = FIRST, **told: object) -> Office:
    return Office(code=code, since=since, **{"name": code, **told})  # type: ignore[arg-type]


def test_an_office_that_was_merged_stays_in_reach_of_the_one_that_took_over() -> None:
    last, after = date(2021, 6, 30), date(2021, 7, 1)
    tree = Tree(
        [of("a"), of("b", parent="a"), of("c", parent="a"), of("c", parent="a", until=last, into="b")]
    )
    assert tree.own("b", last) == {"b"}
    assert tree.own("b", after) == {"b", "c"}
    assert tree.subtree("b", after) == {"b", "c"}
    assert [o.code for o in tree.standing(after)] == ["a", "b"]


def test_an_office_that_ended_without_a_successor_stays_below_the_one_above_it() -> None:
    tree = Tree([of("a"), of("b", parent="a"), of("c", parent="b", until=date(2021, 6, 30))])
    assert tree.subtree("b", date(2022, 1, 1)) == {"b", "c"}
    assert tree.own("b", date(2022, 1, 1)) == {"b"}


def test_an_office_not_yet_founded_is_in_nobodys_reach() -> None:
    tree = Tree([of("a"), of("b", since=date(2023, 1, 1), parent="a")])
    assert tree.subtree("a", date(2022, 12, 31)) == {"a"}


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([of("a", parent="z")], "上级“z”不存在"),
        ([of("a"), of("b", parent="a", until=date(2021, 1, 1), into="z")], "承继机关“z”不存在"),
        ([of("a", parent="b"), of("b", parent="a")], "成了自己的上级"),
        ([of("a", until=date(2021, 1, 1)), of("b", parent="a")], "在2021-01-02不存在"),
        (
            [of("a"), of("b", parent="a"), of("c", parent="b"), of("b", date(2021, 1, 1), parent="c")],
            "成了自己的上级",
        ),
    ],
)
def test_what_is_no_tree_is_said(rows: list[Office], what: str) -> None:
    assert any(what in told for told in Tree(rows).complaints())
