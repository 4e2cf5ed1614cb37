"""What people typed is read in one way or refused by field: nothing is guessed, nothing hides, nothing is lost."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.procedure import Facts, Outcome, Unreadable, ask, read
from yifa.procedure.reading import FIRST_YEAR, LARGEST, LAST_YEAR, LONGEST, MOST, half, read_date


class Way(Outcome):
    BY_POST = "邮寄（签收）"
    AT_THE_DESK = "当面"


class Told(Facts):
    on_label = "收到日期"

    text: str = ask("内容")
    long: str = ask("说明", default="", long=True)
    n: int = ask("人数", default=0, unit="人")
    money: Decimal = ask("金额", default=Decimal(0))
    day: date | None = ask("截止日期", default=None)
    way: Way = ask("方式", default=Way.AT_THE_DESK)
    yes: bool = ask("是否", default=False)
    maybe: bool | None = ask("是否知情", default=None)
    names: tuple[str, ...] = ask("名单", default=())


GOOD = {"on": "2023-03-05", "text": "某事"}


def told(**typed: Any) -> Told:
    return read(Told, GOOD | typed)


def refused(**typed: Any) -> dict[str, str]:
    with pytest.raises(Unreadable) as wrong:
        read(Told, GOOD | typed)
    return dict(wrong.value.problems)


# ── Dates ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        "2023-03-05", "2023-3-5", "2023/3/5", "2023.3.5", "20230305", "2023年3月5日", "2023 年 3 月 5 日", "2023年03月05号",
        "２０２３－０３－０５", "二〇二三年三月五日", "二○二三年三月五日", " 2023-03-05 ", "2023-03-05\u200b", 20230305,
        date(2023, 3, 5), datetime(2023, 3, 5, 23, 59),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form_an_office_writes(typed: Any) -> None:
    assert told(on=typed).on == date(2023, 3, 5)


@pytest.mark.parametrize(
    "typed",
    [
        "2023-3", "3月5日", "23-3-5", "05/03/2023", "2023-03/05", "2023-13-01x", "昨天", "2023-03-05 上午", "x" * 10_000,
        1.5, True, ["2023-03-05"], b"2023-03-05", float("nan"),
    ],
)  # fmt: skip
def test_what_could_be_another_day_is_no_date(typed: Any) -> None:
    assert "不是日期" in refused(on=typed)["on"]


@pytest.mark.parametrize(
    "typed", ["2023-02-29", "2023-13-01", "2023-00-10", "20230431", "二〇二三年二月三十日"]
)
def test_a_day_that_does_not_exist_is_said_not_to(typed: str) -> None:
    assert "这一天不存在" in refused(on=typed)["on"]


@pytest.mark.parametrize("typed", ["1899-12-31", "2200-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_no_entry_can_bear_is_refused(typed: str) -> None:
    assert f"不在{FIRST_YEAR}年至{LAST_YEAR}年之间" in refused(on=typed)["on"]


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
def test_every_date_comes_back_from_each_of_its_spellings(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (f"{day}", f"{y}/{m}/{d}", f"{y}年{m}月{d}日", f"{y:04}{m:02}{d:02}"):
        assert read_date(text, "日期") == day


# ── Numbers and money ────────────────────────────────────────────────────────


@given(st.integers(-LARGEST, LARGEST))
def test_a_whole_number_comes_back(n: int) -> None:
    assert told(n=str(n)).n == told(n=f"{n:,}").n == told(n=f"{n}人").n == told(n=n).n == n


@given(st.decimals(0, LARGEST - 1, places=2))
def test_money_comes_back_to_the_fen(amount: Decimal) -> None:
    assert (
        told(money=str(amount)).money
        == told(money=f"{amount:,}元").money
        == told(money=f"¥{amount}").money
        == amount
    )


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("n", "1.5", "应当是整数"), ("n", "三", "不是数"), ("n", "1e3", "不是数"), ("n", "0x10", "不是数"), ("n", "１２,３", "不是数"),
        ("n", "1,23", "不是数"), ("n", "NaN", "不是数"), ("n", "inf", "不是数"), ("n", str(LARGEST + 1), "超出范围"), ("n", "9" * 99, "超出范围"),
        ("n", "9" * 101, "不是数"), ("n", True, "不是数"), ("n", [1], "不是数"), ("n", "5元", "不是数"), ("n", Decimal("NaN"), "不是数"),
        ("money", "1.005", "最多两位小数"), ("money", "5人", "不是数"), ("money", "--5", "不是数"), ("money", float("inf"), "不是数"),
        ("money", Decimal("Infinity"), "超出范围"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(field: str, typed: Any, why: str) -> None:
    assert why in refused(**{field: typed})[field]


def test_there_are_no_minus_nought_yuan() -> None:
    assert str(told(money="-0.00").money) == "0.00"


# ── Choices, yes and no ──────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["BY_POST", "邮寄（签收）", "邮寄(签收)", " 邮寄（签收） ", Way.BY_POST])
def test_an_outcome_is_known_by_its_name_and_by_its_label(typed: Any) -> None:
    assert told(way=typed).way is Way.BY_POST


@pytest.mark.parametrize("typed", ["邮寄", "by_post", "x" * 1000, 1, ["BY_POST"]])
def test_any_other_word_is_answered_with_what_one_may_say(typed: Any) -> None:
    assert "没有这一项，可以是：邮寄（签收）、当面" in refused(way=typed)["way"]


@pytest.mark.parametrize("typed", ["是", "有", "√", "TRUE", "1", 1, True, "Ｙ"])
def test_yes(typed: Any) -> None:
    assert told(yes=typed).yes is True


@pytest.mark.parametrize("typed", ["否", "无", "×", "false", "0", 0, False])
def test_no(typed: Any) -> None:
    assert told(yes=typed).yes is False


def test_unknown_is_an_answer_only_where_it_may_be() -> None:
    assert told(maybe="不详").maybe is None
    assert "请填“是”或“否”" in refused(yes="不详")["yes"]
    assert "请填“是”或“否”" in refused(yes="也许")["yes"]


# ── Texts and lists ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "hidden", ["\0", "\x1b", "\u202e", "\u2066", "\ud800", "\ufffe", "\U000e0041", "\x7f"]
)
def test_what_would_hide_in_a_text_is_refused_and_named(hidden: str) -> None:
    for field in ("text", "long"):
        assert f"U+{ord(hidden):04X}" in refused(**{field: f"某{hidden}事"})[field]
    assert "控制字符" in refused(names=[f"王{hidden}某"])["names"]


def test_what_nobody_sees_is_left_out() -> None:
    assert told(text="\ufeff某\u200b\xad事\u2060 ").text == "某事"


def test_a_short_text_has_one_line_and_a_long_one_keeps_its_own() -> None:
    assert told(text="甲\r\n乙").text == "甲 乙"
    assert told(long="甲\r\n乙\u2028丙").long == "甲\n乙\n丙"


@pytest.mark.parametrize(("field", "long"), [("text", False), ("long", True)])
def test_a_text_is_not_cut_but_refused_with_its_length(field: str, long: bool) -> None:
    most = LONGEST[long]
    assert len(getattr(told(**{field: "甲" * most}), field)) == most
    assert refused(**{field: "甲" * (most + 1)})[field].endswith(f"最多{most}字，现有{most + 1}字")


@pytest.mark.parametrize(
    "typed", ["王某、李某", "王某,李某", "王某；\n李某；", ["王某", " 李某 ", ""], ("王某", "李某")]
)
def test_names_are_parted_by_what_parts_names(typed: Any) -> None:
    assert told(names=typed).names == ("王某", "李某")


def test_two_people_of_one_name_stay_two() -> None:
    assert told(names="王某、王某").names == ("王某", "王某")


def test_a_list_has_its_limit() -> None:
    assert f"最多{MOST}个" in refused(names=["王某"] * (MOST + 1))["names"]
    assert "应当是若干名称" in refused(names={"王某": 1})["names"]


# ── A form ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("nothing", ["", " ", "\u3000\n", "\u200b", None, [], ()])
def test_what_must_be_told_is_asked_for_and_what_need_not_has_its_default(nothing: Any) -> None:
    assert refused(text=nothing, on=nothing) == {"on": "请填写收到日期", "text": "请填写内容"}
    found = told(long=nothing, n=nothing, day=nothing, way=nothing, names=nothing, maybe=nothing)
    assert (found.long, found.n, found.day, found.way, found.names, found.maybe) == (
        "",
        0,
        None,
        Way.AT_THE_DESK,
        (),
        None,
    )


def test_all_that_is_wrong_is_said_at_once_by_field() -> None:
    assert set(refused(on="x", text="", n="x", money="x", day="x", way="x", yes="x", names=3)) == {
        "on", "text", "n", "money", "day", "way", "yes", "names",
    }  # fmt: skip


def test_what_was_not_asked_is_ignored() -> None:
    assert told(csrf="x", step="y") == told()


def test_a_wrong_value_is_repeated_short_and_harmless() -> None:
    said = refused(n="\u202e<script>" + "9" * 200)["n"]
    assert "\u202e" not in said
    assert len(said) < 80


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.decimals()
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2) | st.tuples(inner)
    ),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("on", *Told.__dataclass_fields__), ANYTHING)))
def test_anything_at_all_is_read_or_refused_by_field(typed: dict[str, Any]) -> None:
    found = problems_or(typed)
    if isinstance(found, Told):
        assert isinstance(found.on, date)
        assert read(Told, vars(found)) == found, "what was read is read the same again"
    else:
        assert found
        assert {field for field, _ in found} <= {"on", *Told.__dataclass_fields__}
        assert all(sentence for _, sentence in found)


def problems_or(typed: dict[str, Any]) -> Told | list[tuple[str, str]]:
    """What was read; or why it could not be."""
    try:
        return read(Told, typed)
    except Unreadable as wrong:
        return wrong.problems


@given(st.text(st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E)))
def test_full_width_signs_have_a_half_width_twin(text: str) -> None:
    assert half(text).isascii()


# ── Documents ────────────────────────────────────────────────────────────────


class HandedIn(Facts):
    draft: str = ask("送审稿", document=True)
    basis: str = ask("说明", document=True, default="")


def test_a_document_is_told_by_the_digest_of_its_reading() -> None:
    told = read(HandedIn, {"on": "2023-03-05", "draft": "0a" * 32})
    assert (told.draft, told.basis) == ("0a" * 32, "")


@pytest.mark.parametrize(
    "wrong", ["规定.docx", "0A" * 32, "0a" * 31, f" {'0a' * 32}x", "０a" * 32, 12, True, ["0a" * 32]]
)
def test_a_document_cannot_be_typed(wrong: Any) -> None:
    with pytest.raises(Unreadable) as said:
        read(HandedIn, {"on": "2023-03-05", "draft": wrong})
    assert said.value.problems == [("draft", "送审稿是一份文件，不能直接填写；请选择文件，或者粘贴文字")]


def test_a_document_that_is_missing_is_asked_for() -> None:
    with pytest.raises(Unreadable) as said:
        read(HandedIn, {"on": "2023-03-05"})
    assert said.value.problems == [("draft", "请提交送审稿")]
