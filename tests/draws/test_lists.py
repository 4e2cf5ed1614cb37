"""A list has one way to be written, and what could not be drawn fairly is refused by name."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.draws import DrawError, listed
from yifa.draws.lists import BLOCK, MOST_LOTS, read_lines

NAMES = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)
SOME = st.lists(NAMES, unique=True, max_size=40)


@given(SOME, st.randoms())
def test_the_digest_does_not_know_in_what_order_the_names_came(names, random):
    mixed = list(names)
    random.shuffle(mixed)
    assert listed(names).digest == listed(mixed).digest
    assert list(listed(names).names) == sorted(names)


@given(SOME)
def test_the_digest_is_that_of_the_lines_each_ended_by_a_newline(names):
    text = "".join(f"{name}\n" for name in sorted(names, key=lambda n: n.encode()))
    assert listed(names).digest == hashlib.sha256(text.encode()).hexdigest()


def test_a_long_list_is_hashed_in_blocks_to_the_same_digest():
    names = [f"{n:06}" for n in range(2 * BLOCK + 3)]
    assert listed(names).digest == hashlib.sha256(("\n".join(names) + "\n").encode()).hexdigest()


@given(st.dictionaries(NAMES, st.integers(1, 9), min_size=1, max_size=20), st.sampled_from(["sha256", "sm3"]))
def test_lots_are_written_behind_a_tab_and_read_back(lots, algo):
    names = listed(lots, lots, algo=algo)
    assert names.urn == sum(lots.values())
    again = read_lines(names.lines(), algo=algo)
    assert (again.digest, again.urn, dict(again.lots)) == (names.digest, names.urn, dict(names.lots))


@pytest.mark.parametrize(
    ("names", "lots", "id", "said"),
    [
        (["甲", "乙", "甲"], {}, "E582", "“甲”出现了两次"),
        (["甲", ""], {}, "E581", "有一行是空的"),
        (["甲 ", "乙"], {}, "E581", "前后带空格"),
        (["甲\t2"], {}, "E581", "看不见的字符"),
        (["甲\n乙"], {}, "E581", "看不见的字符"),
        (["甲\u202e乙"], {}, "E581", "看不见的字符"),
        (["甲\ud800"], {}, "E581", "看不见的字符"),
        (["甲" * 201], {}, "E581", "超过200个字"),
        (["甲"], {"乙": 2}, "E583", "名录里却没有它"),
        (["甲"], {"甲": 0}, "E583", "签数是0"),
        (["甲"], {"甲": MOST_LOTS + 1}, "E583", "签数是1001"),
    ],
)
def test_what_could_not_be_drawn_fairly_is_refused(names, lots, id, said):
    with pytest.raises(DrawError, match=said) as refused:
        listed(names, lots, where="企业")
    assert refused.value.id == id
    assert refused.value.sentence.startswith("企业：")


def test_rare_and_private_characters_of_names_are_names():
    """A county's own code points (U+E000 on), the newest extension of Han, a space in the middle."""
    names = ["\ue123店", "\U000323af店", "甲\u3000乙 丙"]
    assert list(listed(names).names) == sorted(names)


@pytest.mark.parametrize(
    ("lines", "id"),
    [(["乙", "甲"], "E582 E584"), (["甲\t1"], "E583"), (["甲\t02"], "E583"), (["甲\tx"], "E583")],
)
def test_lines_that_are_not_in_the_one_way_are_refused(lines, id):
    lines = sorted(lines, reverse=True) if len(lines) > 1 else lines
    with pytest.raises(DrawError) as refused:
        read_lines(lines)
    assert refused.value.id in id
