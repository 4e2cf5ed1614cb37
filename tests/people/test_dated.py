"""Things that keep their code while what is said of them changes from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yifa.people.dated import Dated, Row

FIRST = date(2020, 1, 1)
SPAN = 40
DAYS = [FIRST + timedelta(days=n) for n in range(SPAN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Row):
    text: str


days = st.sampled_from(DAYS)
signs = st.builds(
    Sign,
    code=st.sampled_from("ab"),
    since=days,
    until=st.none() | days,
    text=st.text("甲乙丙", min_size=1, max_size=2),
)


def by_hand(rows: list[Sign], code: str, day: date) -> Sign | None:
    """The newest row of the latest day so far, if it has not ended."""
    mine = [(r.since, n, r) for n, r in enumerate(rows) if r.code == code and r.since <= day]
    row = max(mine, default=(None, 0, None))[2]
    return row if row and (row.until is None or day <= row.until) else None


@given(st.lists(signs, max_size=12), st.sampled_from("abc"), days)
def test_a_thing_is_what_was_last_said_of_it_by_that_day(rows: list[Sign], code: str, day: date) -> None:
    known, expected = Dated(rows).on(code, day), by_hand(rows, code, day)
    assert (known and known.text) == (expected and expected.text)


@given(st.lists(signs, max_size=12))
def test_no_two_rows_of_a_thing_stand_on_one_day(rows: list[Sign]) -> None:
    known = Dated(rows)
    for code in known:
        for day in DAYS:
            assert sum(row.stands(day) for row in known.rows(code)) <= 1


@given(st.lists(signs, min_size=1, max_size=12), days)
def test_nothing_said_about_later_changes_what_was_before(rows: list[Sign], day: date) -> None:
    earlier = [r for r in rows if r.since <= day]
    for code in "ab":
        assert _said(Dated(rows).on(code, day)) == _said(Dated(earlier).on(code, day))


def _said(row: Sign | None) -> str | None:
    return row.text if row else None


@given(st.lists(signs, min_size=1, max_size=12), days)
def test_the_nearest_row_is_the_standing_one_where_there_is_one(rows: list[Sign], day: date) -> None:
    known = Dated(rows)
    for code in known:
        assert known.on(code, day) in (None, known.nearest(code, day))
        assert known.nearest(code) == known.rows(code)[-1]


def test_a_thing_may_end_and_stand_again() -> None:
    known = Dated(
        [
            Sign(code="a", since=DAYS[0], until=DAYS[5], text="甲"),
            Sign(code="a", since=DAYS[9], text="乙"),
        ]
    )
    assert [_said(known.on("a", DAYS[n])) for n in (5, 6, 8, 9)] == ["甲", None, None, "乙"]
