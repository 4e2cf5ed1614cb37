"""When people may be called: as an office writes it, and never at another hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls import hours
from yifa.calls.ladder import LadderError
from yifa.clock import SHANGHAI, national

OFFICE = hours.read(hours.EXAMPLE)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(2023, 6, 1, 10, 0), at(2023, 6, 1, 10, 0)),  # a Thursday, open
        (at(2023, 6, 1, 9, 0), at(2023, 6, 1, 9, 0)),  # the first minute
        (at(2023, 6, 1, 12, 0), at(2023, 6, 1, 14, 30)),  # the last one is over
        (at(2023, 6, 1, 18, 0), at(2023, 6, 2, 9, 0)),
        (at(2023, 6, 2, 20, 0), at(2023, 6, 5, 9, 0)),  # over the weekend
        (at(2023, 6, 21, 20, 0), at(2023, 6, 25, 9, 0)),  # 端午: off until Saturday, Sunday is worked
    ],
)
def test_the_next_moment_at_which_somebody_may_be_called(now: datetime, opens: datetime) -> None:
    assert OFFICE.opens(now.astimezone(UTC)) == opens


def test_without_the_word_every_day_is_one() -> None:
    assert hours.read("9:00至12:00").opens(at(2023, 6, 3, 10, 0)) == at(2023, 6, 3, 10, 0)


@given(st.datetimes(datetime(2023, 1, 1), datetime(2025, 12, 1)))
def test_it_never_opens_earlier_nor_at_a_closed_hour(moment: datetime) -> None:
    now = moment.replace(tzinfo=SHANGHAI)
    opens = OFFICE.opens(now)
    assert now <= opens < now + timedelta(days=20)
    assert OFFICE.opens(opens) == opens
    assert national().is_working(opens.astimezone(SHANGHAI).date())
    assert opens.astimezone(SHANGHAI).hour in {9, 10, 11, 14, 15, 16, 17}


@given(st.text(max_size=40))
def test_anything_else_is_refused_in_words_or_read(text: str) -> None:
    found = told(text)
    assert found == "E650" or found.stretches  # type: ignore[union-attr]


def told(text: str) -> hours.Hours | str:
    try:
        return hours.read(text)
    except LadderError as error:
        return error.id
