"""Whoever holds the address in their own message can answer for themselves, and for nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.tokens import calling_of, token

SECRET = "a secret of this county"


@given(st.integers(0, 2**62))
def test_a_token_names_its_calling_however_it_is_typed(calling: int) -> None:
    told = token(SECRET, calling)
    assert calling_of(SECRET, told) == calling_of(SECRET, f" {told.lower()} ") == calling
    assert len(told) <= 24


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_the_seal_of_one_calling_opens_no_other(one: int, other: int) -> None:
    number, _, _ = token(SECRET, one).partition("-")
    _, _, seal = token(SECRET, other).partition("-")
    assert calling_of(SECRET, f"{number}-{seal}") == (one if one == other else None)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_without_breaking(told: str) -> None:
    assert calling_of(SECRET, told) is None


def test_another_county_cannot_answer_here() -> None:
    assert calling_of("another secret", token(SECRET, 7)) is None
