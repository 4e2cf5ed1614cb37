"""Numbers as people write them; what must never be dialled by a machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.numbers import dialled, urgent


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800138000", ("13800138000", "")),
        ("+86 138-0013-8000", ("13800138000", "")),
        ("1３８００１３８０００", ("13800138000", "")),
        ("0916-5512345", ("09165512345", "")),
        ("(010) 6655 4433", ("01066554433", "")),
        ("+86 916 5512345", ("09165512345", "")),
        ("0916-5512345转801", ("09165512345", "801")),
        ("0916-5512345 ext. 801", ("09165512345", "801")),
        ("5512345", ("5512345", "")),
        ("8001", ("8001", "")),
        ("119", ("119", "")),
        ("", None),
        ("王某", None),
        ("+852 61234567", None),
        ("sip:8001@evil", None),
        ("8001\r\nEvil: 1", None),
        ("8001;user=x", None),
        ("12", None),
        ("1" * 70, None),
        ("١٣٨٠٠١٣٨٠٠٠", None),
    ],
)
def test_what_is_dialled(written, number):
    assert dialled(written) == number


@given(st.text(max_size=80))
def test_only_digits_ever_reach_the_exchange(text):
    found = dialled(text)
    assert found is None or (
        found[0].isascii() and found[0].isdigit() and (found[1].isdigit() or not found[1])
    )


@pytest.mark.parametrize("number", ["110", "119", "120", "122", "112", "0110", "9119", "12119"])
def test_who_helps_in_need_is_known_also_behind_an_outside_line(number):
    assert urgent(number)


@pytest.mark.parametrize("number", ["8110", "13800138000", "09165512345", "1100", "8001", "12345", "10"])
def test_others_are_not_taken_for_them(number):
    assert not urgent(number)
