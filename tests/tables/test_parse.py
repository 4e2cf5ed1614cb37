"""What officials type into cells, and what is made of it."""

from __future__ import annotations

import doctest
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.procedure import Facts, Outcome, ask, asks_of
from yifa.tables import book, export, headings, parse
from yifa.tables.parse import answer, date_of, names_of, number_of, year_in, yes_or_no


class End(Outcome):
    GRANTED = "予以公开"
    NOT_HELD = "本机关不掌握：信息不存在"
    NOT_OURS = "本机关不掌握：不属于本机关负责公开"
    SAFETY = "危及“三安全一稳定”"


class Sheet(Facts):
    topic: str = ask("内容")
    number: str = ask("证号", default="")
    people: int | None = ask("人数", default=None, unit="人")
    fee: Decimal = ask("金额", default=Decimal(0), unit="元")
    public: bool = ask("是否公开", default=False)
    agreed: bool | None = ask("是否同意", default=None)
    end: End = ask("结果", default=End.GRANTED)
    until: date | None = ask("期限", default=None)
    present: tuple[str, ...] = ask("出席人员", default=())


ASKS = {a.name: a for a in asks_of(Sheet)}


@pytest.mark.parametrize("module", [book, export, headings, parse], ids=lambda m: m.__name__)
def test_the_examples_in_the_docstrings_are_true(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "written",
    [
        "2023年3月5日", "2023年03月05日", "2023.3.5", "2023．3．5", "2023/3/5", "2023-03-05", "２０２３年３月５日",
        "20230305", 20230305, 20230305.0, 44990, 44990.75, "44990", "二〇二三年三月五日", "二零二三年三月五号",
        "2023年3月5日上午9:30", "2023-03-05 00:00:00", "2023-03-05T09:30:00", "2023.3.5（周日）", "2023年3月5日 星期日",
        "2023年3月5日9时30分", " 2023年 3月 5日 ", date(2023, 3, 5), datetime(2023, 3, 5, 9, 30),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written: Any) -> None:
    assert date_of(written, "学习日期") == date(2023, 3, 5)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇二三年十二月三十一日", date(2023, 12, 31)),
        ("二〇二三年十月二十日", date(2023, 10, 20)),
        ("二〇二三年一月廿一日", date(2023, 1, 21)),
        ("二○二三年十一月十日", date(2023, 11, 10)),
        ("2024年2月29日", date(2024, 2, 29)),
    ],
)
def test_chinese_figures_are_read(written: str, day: date) -> None:
    assert date_of(written) == day


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2023年2月30日", "这一天不存在：2023年2月只有28天"),
        ("2023-02-29", "2023年2月只有28天"),
        ("2月30日", "2月只有29天"),
        ("2023年13月1日", "没有13月"),
        ("20230231", "这一天不存在"),
        ("3月5日", "没有年份"),
        ("2023年3月", "只有年月，没有日"),
        (2023.3, "只有年月，没有日"),
        ("2023.10", "只有年月，没有日"),
        ("23.3.5", "年份只有两位"),
        ("2023年3月5日至7日", "是一段时间"),
        ("2023.3.5-2023.3.7", "是一段时间"),
        ("上周三", "不是日期"),
        (5, "不是日期"),
        (date(1900, 1, 5), "像是一个数被显示成了日期"),
        (time(9, 30), "只有时刻，没有日期"),
        (True, "不是日期"),
    ],
)
def test_a_date_that_is_wrong_or_could_be_another_is_refused_with_the_reason(written: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        date_of(written, "学习日期")
    assert str(refused.value).startswith("学习日期")


def test_a_missing_year_is_filled_in_only_when_a_person_named_it() -> None:
    assert date_of("3月5日", year=2023) == date(2023, 3, 5)
    with pytest.raises(ValueError, match="2023年2月只有28天"):
        date_of("2月29日", year=2023)


def test_days_of_a_1904_workbook_are_counted_from_1904() -> None:
    assert date_of(44990 - 1462, epoch_1904=True) == date(2023, 3, 5)


@given(st.dates(date(1954, 10, 3), date(2119, 1, 10)))
def test_every_date_is_the_same_in_all_spellings(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    spellings = (
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}", day.isoformat(),
        f"{day:%Y%m%d}", int(f"{day:%Y%m%d}"), serial, day,
    )  # fmt: skip
    assert {date_of(s) for s in spellings} == {day}


@given(st.text(max_size=30) | st.floats(allow_nan=False, allow_infinity=False))
def test_nothing_typed_breaks_the_reader(typed: str | float) -> None:
    for a in ASKS.values():
        try:
            answer(a, typed)
        except ValueError as why:
            assert str(why)  # noqa: PT017  either a value or a sentence


@pytest.mark.parametrize(
    ("title", "year"),
    [("新县2023年学法台账", 2023), ("二〇二三年台账", 2023), ("2022—2023年", None), ("台账", None)],
)
def test_a_title_offers_its_year(title: str, year: int | None) -> None:
    assert year_in(title) == year


@pytest.mark.parametrize(
    ("written", "unit", "number"),
    [
        ("1,234", "", "1234"), ("１２３４", "", "1234"), ("一千二百", "", "1200"), ("3万元", "元", "30000"),
        ("1.5万", "元", "15000"), ("三十五", "人", "35"), ("32人", "人", "32"), ("十二名", "人", "12"), (28.0, "人", "28"),
        ("¥1,234.50", "元", "1234.5"), ("人民币壹万贰仟元整", "元", "12000"), ("一百零五", "", "105"), ("两亿", "", "200000000"),
        ("-5", "", "-5"),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(written: Any, unit: str, number: str) -> None:
    assert number_of(written, unit=unit) == Decimal(number)


@pytest.mark.parametrize("written", ["约30人", "30余人", "近百人", "30人左右", "几十", "十多人"])
def test_a_vague_number_is_no_number(written: str) -> None:
    with pytest.raises(ValueError, match="不是确切的数"):
        number_of(written, "参加人数", unit="人")


@pytest.mark.parametrize("written", ["12,34", "95%", "一二", "一万二", "三四十", "abc", "1.2.3", True])
def test_what_is_no_number_or_reads_two_ways_is_refused(written: Any) -> None:
    with pytest.raises(ValueError, match="数"):
        number_of(written, "参加人数")


def test_the_heading_says_in_what_money_is_counted() -> None:
    assert answer(ASKS["fee"], 3, scale=10_000) == Decimal("30000.00")
    assert answer(ASKS["fee"], "3元", scale=10_000) == Decimal("3.00")
    assert answer(ASKS["fee"], "3万元", scale=10_000) == Decimal("30000.00")


@pytest.mark.parametrize(
    ("written", "told"), [("是", True), ("√", True), (1.0, True), ("否", False), ("×", False), (True, True)]
)
def test_yes_and_no(written: Any, told: bool) -> None:
    assert yes_or_no(written, "是否公开") is told


def test_an_outcome_is_found_by_its_label_or_by_a_part_no_other_has() -> None:
    assert answer(ASKS["end"], "予以公开") is End.GRANTED
    assert answer(ASKS["end"], "信息不存在") is End.NOT_HELD
    assert answer(ASKS["end"], '危及"三安全一稳定"') is End.SAFETY
    with pytest.raises(
        ValueError, match="可能是：“本机关不掌握：信息不存在”、“本机关不掌握：不属于本机关负责公开”"
    ):
        answer(ASKS["end"], "本机关不掌握")
    with pytest.raises(ValueError, match="结果没有“公开了”这一项，可以是：“予以公开”"):
        answer(ASKS["end"], "公开了")


def test_names_are_parted_and_the_spaces_that_align_them_taken_out() -> None:
    assert names_of("张　某、李某某；王某，赵 某") == ("张某", "李某某", "王某", "赵某")
    assert answer(ASKS["present"], "张某\n李某某") == ("张某", "李某某")


def test_an_identity_number_that_excel_kept_as_a_number_is_lost_and_says_so() -> None:
    with pytest.raises(ValueError, match="后几位已经丢失"):
        answer(ASKS["number"], 4.11523199001011e17)
    with pytest.raises(ValueError, match="科学记数"):
        answer(ASKS["number"], "4.11523E+17")
    assert answer(ASKS["number"], 16110001.0) == "16110001"


def test_a_formula_is_not_a_fact() -> None:
    with pytest.raises(ValueError, match="是公式"):
        answer(ASKS["topic"], "=SUM(A1:A9)")
    assert answer(ASKS["topic"], "'=1+1") == "=1+1", "our own CSV guards a text with an apostrophe"


def test_an_empty_cell_takes_the_default_or_asks_for_the_fact() -> None:
    assert answer(ASKS["people"], "") is None
    assert answer(ASKS["people"], "/") is None
    assert answer(ASKS["agreed"], "不详") is None
    with pytest.raises(ValueError, match="请填写内容"):
        answer(ASKS["topic"], " 　")
