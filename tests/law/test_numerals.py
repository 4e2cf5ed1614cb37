"""Numbers as statutes write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yifa.law import LawError, number, numeral


@pytest.mark.parametrize(
    ("n", "written"),
    [(0, "零"), (2, "二"), (10, "十"), (19, "十九"), (33, "三十三"), (100, "一百"), (101, "一百零一"), (110, "一百一十"),
     (136, "一百三十六"), (1000, "一千"), (1010, "一千零一十"), (1260, "一千二百六十"), (9999, "九千九百九十九")],
)  # fmt: skip
def test_articles_are_counted_the_way_statutes_do(n, written):
    assert numeral(n) == written
    assert number(written) == n


@given(some.integers(0, 9999))
def test_what_is_written_can_be_read(n):
    assert number(numeral(n)) == n
    assert number(str(n)) == n


@pytest.mark.parametrize("text", ["", "十十", "百无", "二二十", "一百一", "第三", "3.5", "-3", "三十三条"])
def test_what_is_no_number_is_none(text):
    assert number(text) is None


def test_colloquial_forms_are_read():
    assert [number(text) for text in ("两", "一十二", "一百〇一", "２０")] == [2, 12, 101, 20]


def test_a_number_beyond_any_statute_is_refused():
    with pytest.raises(LawError, match=r"yifa\.E008"):
        numeral(10_000)
