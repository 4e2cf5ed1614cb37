"""Lists written out as workbooks and CSV: true dates and numbers, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from yifa.matters.leadership.study.facts import Body
from yifa.matters.leadership.study.procedure import Study
from yifa.people.actor import Actor
from yifa.tables import export as exporting
from yifa.tables.book import open_book
from yifa.tables.errors import SheetError
from yifa.tables.export import Column, csv_lines, export, export_to
from yifa.tables.importer import preview
from yifa.tables.sheet import Row, Skipped, find_table
from yifa.tables.template import template

from .conftest import words_of

COLUMNS = [
    Column("on", "学习日期", "date"),
    Column("body", "学习主体"),
    Column("form", "学习形式"),
    Column("topic", "学习内容", "long"),
    Column("attendees", "参加人数", "number"),
    Column("fee", "金额", "money"),
    Column("at", "登记时间", "moment"),
    Column("open", "公开", "yes_no"),
]
ROW = (
    date(2023, 3, 5), Body.STANDING_COMMITTEE, "会前学法", "宪法", 1326, Decimal("12.50"),
    datetime(2023, 3, 5, 2, 3, 4, tzinfo=UTC), True,
)  # fmt: skip


def sheet_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_dates_and_numbers_are_dates_and_numbers() -> None:
    sheet = sheet_of(export(COLUMNS, [ROW], title="学法台账", notes=["2023年"]))
    assert sheet["A1"].value == "学法台账"
    assert sheet["A2"].value == "2023年"
    assert [c.value for c in sheet[3]] == [c.label for c in COLUMNS]
    assert sheet["A4"].value == datetime(2023, 3, 5)
    assert sheet["A4"].number_format == "yyyy-mm-dd"
    assert [c.value for c in sheet[4]][1:] == [
        "县委常委会", "会前学法", "宪法", 1326, 12.5, datetime(2023, 3, 5, 10, 3, 4), "是",
    ]  # fmt: skip


def test_it_prints_on_a4_landscape_with_the_heading_on_every_page() -> None:
    sheet = sheet_of(export(COLUMNS, [ROW] * 3, title="学法台账"))
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:H5"
    assert "第 &P 页，共 &N 页" in sheet.oddFooter.right.text or "第 &[Page] 页" in sheet.oddFooter.right.text


def test_columns_are_wide_enough_for_chinese() -> None:
    sheet = sheet_of(export([Column("a", "短"), Column("b", "长")], [("一", "中华人民共和国行政复议法")]))
    assert sheet.column_dimensions["A"].width < 10
    assert 24 <= sheet.column_dimensions["B"].width <= 32


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    data = export([Column("a", "内容")], [(text,)])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    line = b"".join(csv_lines([Column("a", "内容")], [(text,)])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(line)))[1] == [f"'{text}"]


def test_a_negative_number_is_still_a_number() -> None:
    line = b"".join(csv_lines([Column("a", "差额", "number")], [(-5,)])).decode("utf-8-sig")
    assert line.splitlines()[1] == "-5"


def test_csv_opens_in_chinese_excel() -> None:
    data = export(COLUMNS, [ROW], format="csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert (
        data.decode("utf-8-sig").splitlines()[1]
        == "2023-03-05,县委常委会,会前学法,宪法,1326,12.50,2023-03-05 10:03,是"
    )


def test_rows_are_written_as_they_come(tmp_path: Path) -> None:
    alive = 0

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal alive
        for _ in range(5000):
            alive += 1
            yield ROW

    for format in ("xlsx", "csv"):
        place = tmp_path / f"list.{format}"
        assert export_to(place, COLUMNS, rows(), format=format, title="清单") == 5000
        assert place.stat().st_size > 10_000
    assert alive == 10_000


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "SHEET_ROWS", 100)
    book = openpyxl.load_workbook(
        io.BytesIO(export([Column("n", "号", "number")], ((n,) for n in range(250))))
    )
    assert book.sheetnames == ["数据", "数据2", "数据3"]
    told = [c.value for s in book for (c,) in s.iter_rows(min_row=2)]
    assert told == list(range(250))


def test_a_list_without_rows_still_has_its_heading() -> None:
    assert [c.value for c in sheet_of(export(COLUMNS, []))[1]] == [c.label for c in COLUMNS]


def test_a_text_too_long_for_a_cell_says_so() -> None:
    sheet = sheet_of(export([Column("a", "内容")], [("长" * 40_000,)]))
    assert sheet["A2"].value.endswith("…（全文见系统）")


def test_an_identity_number_keeps_its_digits() -> None:
    assert (
        sheet_of(export([Column("a", "号码")], [("411523199001010011",)]))["A2"].value == "411523199001010011"
    )


def test_what_was_exported_can_be_read_again() -> None:
    for format in ("xlsx", "csv"):
        data = export(COLUMNS, [ROW, ROW], format=format, title="学法台账")
        table = find_table(open_book(data, "x.csv"), words_of(Study, "hold"))
        assert table.problems == []
        assert sum(1 for r in table.rows() if isinstance(r, Row)) == 2


# ── Templates ────────────────────────────────────────────────────────────────


def test_a_template_says_what_each_column_asks_and_by_which_article() -> None:
    sheet = sheet_of(template("study"))
    headings = {c.value: c for c in sheet[2]}
    assert list(headings) == [
        "序号", "学习日期（必填）", "学习主体（必填）", "学习形式（必填）", "学习内容（必填）", "主持人", "参加人数", "材料",
    ]  # fmt: skip
    assert "履行推进法治建设第一责任人职责" in headings["学习主体（必填）"].comment.text
    rules = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}
    assert rules["C3"].type == "list"
    assert rules["B3"].type == "date"


def test_more_choices_than_a_rule_can_hold_stand_in_a_hidden_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("disclosure", steps=("answer",), office=True)))
    assert book["选项"].sheet_state == "hidden"
    headings = [c.value for c in book.worksheets[0][2]]
    assert headings[1:3] == ["承办单位", "收到日期（必填）"]
    assert headings[-4:] == ["答复日期", "答复类型", "答复理由", "答复提供的信息或者获取的途径"]
    assert (
        "个人信息，加密保存"
        in {c.value: c for c in book.worksheets[0][2]}["申请人姓名或者名称（必填）"].comment.text
    )


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("family", ["study", "disclosure", "certificate"])
def test_an_empty_template_holds_nothing_but_its_example(family: str, clerk: Actor) -> None:
    p = preview(family, template(family), "模板.xlsx", clerk)
    assert p.problems == []
    assert p.unmatched == []
    assert (p.accepted, p.refused_rows) == (0, 0)
    assert [s.kind for s in p.skipped] == ["示例行"]


@pytest.mark.usefixtures("county")
def test_a_filled_in_template_is_imported(clerk: Actor) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("study")))
    for n, value in enumerate((1, date(2023, 3, 5), "县委常委会", "会前学法", "宪法", "张某", 30), 1):
        book.worksheets[0].cell(4, n).value = value
    out = io.BytesIO()
    book.save(out)
    assert preview("study", out.getvalue(), "模板.xlsx", clerk).accepted == 1


def test_there_is_no_template_for_an_unknown_procedure() -> None:
    with pytest.raises(SheetError, match="E615"):
        template("nothing")


def test_the_kinds_of_columns_are_few() -> None:
    with pytest.raises(ValueError, match="E620"):
        export([Column("a", "a", "picture")], [])
    with pytest.raises(ValueError, match="E621"):
        export(COLUMNS, [], format="pdf")
    assert Skipped(3, "合计行", "合计") != Skipped(4, "合计行", "合计")
