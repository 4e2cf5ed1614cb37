"""What is different between two texts can be read, and nothing of either is lost."""

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from yifa.texts.difference import alike, difference, printed


def test_a_number_is_one_word() -> None:
    assert (
        printed(difference("自受理之日起三十日内", "自受理之日起三十五日内"))
        == "自受理之日起［删：三十］［增：三十五］日内"
    )


def test_equal_texts_have_no_difference() -> None:
    assert difference("一字不差", "一字不差") == [("equal", "一字不差", "一字不差")]
    assert difference("", "") == []
    assert alike("", "") == 1.0


def test_a_lone_character_between_two_changes_does_not_chop_them_up() -> None:
    runs = difference("甲的乙", "丙的丁")
    assert runs == [("replace", "甲的乙", "丙的丁")]


@given(
    st.text(alphabet="甲乙丙。；\n一二十 aA1", max_size=60),
    st.text(alphabet="甲乙丙。；\n一二十 aA1", max_size=60),
)
def test_joined_the_runs_are_the_two_texts_again(a: str, b: str) -> None:
    runs = difference(a, b)
    assert "".join(left for _, left, _ in runs) == a
    assert "".join(right for _, _, right in runs) == b
    assert all((op == "equal") == (left == right) or op == "replace" for op, left, right in runs)
    assert 0 <= alike(a, b) <= 1


def test_a_huge_text_without_a_full_stop_comes_back_whole() -> None:
    a, b = "甲乙" * 100_000, "乙甲" * 100_000
    begun = perf_counter()
    runs = difference(a, b)
    assert "".join(left for _, left, _ in runs) == a
    assert "".join(right for _, _, right in runs) == b
    assert perf_counter() - begun < 60  # a guard against a hang, no measurement
