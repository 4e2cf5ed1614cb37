"""Numbers, units and modal verbs are read as a person reads them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.texts.repeats.wording import bones, differences, plain, value_of

DIGITS = "零一二三四五六七八九"


def written(n: int) -> str:
    """A number below a hundred million in Chinese."""
    if n >= 10_000:
        rest = n % 10_000
        return (
            written(n // 10_000) + "万" + ("零" if 0 < rest < 1_000 else "") + (written(rest) if rest else "")
        )
    words, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return words or "零"


@given(st.integers(min_value=0, max_value=99_999_999))
def test_a_number_in_chinese_is_the_number(n: int):
    assert value_of(written(n)) == n
    assert value_of(f"{n:,}") == value_of(str(n)) == n


@pytest.mark.parametrize(
    ("said", "meant"),
    [("十", 10), ("十五", 15), ("二十万零三百", 200_300), ("两千", 2000), ("1.5万", 15_000), ("2百万", 2_000_000),
     ("半", Fraction(1, 2)), ("二〇二五", 2025), ("三亿", 300_000_000), ("1,520", 1520)],
)  # fmt: skip
def test_numbers_as_officials_write_them(said: str, meant: object):
    assert value_of(said) == meant


@pytest.mark.parametrize("word", ["", "万五千上", "甲", "1.2.3", ".", "1.", "١٢"])
def test_what_is_no_number_is_none(word: str):
    assert value_of(word) is None


@pytest.mark.parametrize(
    ("one", "two"),
    [("三十日内", "30日内"), ("2年", "二十四个月"), ("百分之五", "5%"), ("1公顷", "15亩"), ("两小时", "120分钟"),
     ("1.2万元", "12,000元"), ("不少于五人", "不低于5人"), ("第三条第二款", "第七条"), ("一次性告知", "告知")],
)  # fmt: skip
def test_the_same_amount_in_other_units_is_no_difference(one: str, two: str):
    assert differences(one, two) == []


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [("15日内", "15个工作日内", "本文“15日”，该文“15个工作日”"), ("5%", "千分之五", "本文“5%”，该文“千分之五”"),
     ("可以申请", "不得申请", "本文“可以”，该文“不得”"), ("受理", "不予受理", "本文没有这样的字样，该文“不予”"),
     ("三人以上", "三人以下", "本文“以上”，该文“以下”"), ("县民政局应当审核", "县财政局应当审核", "本文“县民政局”，该文“县财政局”"),
     ("2025年3月1日", "二〇二五年四月一日", "本文“2025年3月1日”，该文“二〇二五年四月一日”")],
)  # fmt: skip
def test_a_difference_is_told_in_both_texts_words(one: str, two: str, said: str):
    (told,) = differences(one, two)
    assert told.endswith(said)


def test_should_on_one_side_only_is_phrasing():
    assert differences("经营者应当亮证经营。", "经营者亮证经营。") == []


def test_bones_of_clauses_that_differ_only_in_what_is_compared_are_the_same():
    one = bones("县民政局应当自收到申请之日起30日内，依照第三条办理。")
    assert one == bones("县财政局可以自收到申请之日起二十个工作日内依照第十二条办理；")


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_differs_in_nothing_from_itself(one: str, two: str):
    assert differences(one, one) == []
    assert not set(plain(two)) & set("，。 \n_")
    assert bool(differences(one, two)) == bool(differences(two, one))


@pytest.mark.parametrize(
    "piece", ["1", "一", "年", "百分之", "不", "应", "1,", "县局", "政府", "〔2023〕", "9月", "、", " "]
)
def test_hostile_repetition_takes_no_time(piece: str):
    bones(piece * 100_000)
    differences(piece * 30_000, piece * 29_999)
