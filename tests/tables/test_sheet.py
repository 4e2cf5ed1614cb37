"""The table in a workbook is found wherever it stands, and what is not part of it is named."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from yifa.matters.leadership.study.procedure import Study
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.tables.book import open_book
from yifa.tables.errors import SheetError
from yifa.tables.sheet import AGAIN, BLANK, NOTE, SAMPLE, SECTION, TOTAL, Row, Skipped, Table, find_table

from .conftest import (
    DISCLOSURE_LEAVES,
    DISCLOSURE_TOP,
    csv_file,
    disclosure_workbook,
    study_workbook,
    words_of,
    workbook,
)

HEADING = ("学习日期", "学习主体", "学习形式", "学习内容")
GOOD = ("2023-03-05", "县委常委会", "会前学法", "宪法")


def study(data: bytes, **asked: Any) -> Table:
    return find_table(open_book(data, "x.csv"), words_of(Study, "hold"), **asked)


def meant(table: Table) -> dict[str, str]:
    return {c.heading: c.target.key for c in table.columns if c.target}


def test_the_heading_is_found_below_a_merged_title() -> None:
    table = study(study_workbook())
    assert table.heading_rows == (3, 3)
    assert table.title.startswith("新县2023年领导干部学法台账")
    assert table.year == 2023
    assert meant(table) == {
        "时间": "hold.on", "主体": "hold.body", "形式": "hold.form", "学习内容": "hold.topic", "主持人": "hold.leader",
        "参加人数（人）": "hold.attendees",
    }  # fmt: skip


def test_a_heading_of_two_rows_names_a_column_by_its_group() -> None:
    table = find_table(open_book(disclosure_workbook()), words_of(Disclosure, "receive"))
    assert table.heading_rows == (2, 3)
    found = meant(table)
    assert found["申请人／类型"] == "receive.kind"
    assert found["答复／类型"] == "answer.answer"
    assert found["答复／日期"] == "answer.on"
    assert found["收到日期"] == "receive.on"


def test_in_csv_a_group_stands_over_its_first_column_only() -> None:
    data = csv_file([DISCLOSURE_TOP, DISCLOSURE_LEAVES, ["1", "2023-03-06", "自然人"] + ["x"] * 9])
    table = find_table(open_book(data), words_of(Disclosure, "receive"))
    assert table.heading_rows == (1, 2)
    assert meant(table)["答复／类型"] == "answer.answer"


@pytest.mark.parametrize("above", [0, 1, 7, 29])
def test_the_heading_may_stand_anywhere_in_the_first_thirty_rows(above: int) -> None:
    table = study(workbook([*[("说明文字",)] * above, HEADING, GOOD]))
    assert table.heading_rows == (above + 1, above + 1)
    assert [r.number for r in table.rows() if isinstance(r, Row)] == [above + 2]


def test_further_down_it_is_not_looked_for() -> None:
    with pytest.raises(SheetError, match="前30行里没有找到“学法台账”的表头"):
        study(workbook([*[("说明文字",)] * 40, HEADING, GOOD]))


def test_columns_come_in_any_order_spelt_with_remarks_and_full_width() -> None:
    table = study(
        workbook([("学习内容（必填）", "学 习 形 式", "＊学习主体", "学习日期：", "参加人数【人】"), GOOD])
    )
    assert set(meant(table).values()) == {"hold.topic", "hold.form", "hold.body", "hold.on", "hold.attendees"}


def test_a_similar_heading_is_suggested_and_never_taken() -> None:
    table = study(workbook([("学习日期", "学习主体", "学习形式", "学习的内容"), GOOD]))
    column = table.columns[3]
    assert column.target is None
    assert column.note == "没有认出，是不是“学习内容”？"
    assert table.problems == ["缺少“学习内容”一列（也可以叫内容、学习主题、题目、主题），这一项必须填写。"]
    chosen = study(
        workbook([("学习日期", "学习主体", "学习形式", "学习的内容"), GOOD]),
        mapping={"学习的内容": "hold.topic"},
    )
    assert chosen.problems == []


def test_the_same_heading_twice_is_a_question_back() -> None:
    table = study(workbook([(*HEADING, "学习内容"), (*GOOD, "民法典")]))
    assert table.problems == [
        "D列“学习内容”、E列“学习内容”都是“学习内容”，不知道用哪一列；请改名或者删去多余的列。"
    ]


def test_of_a_label_and_an_alias_the_label_counts() -> None:
    table = study(workbook([(*HEADING, "时间"), (*GOOD, "2023-12-31")]))
    assert table.problems == []
    assert table.columns[4].note == "已用A列“学习日期”"


def test_what_is_not_a_record_is_named_row_by_row() -> None:
    rows = [
        HEADING, ("示例", "县委常委会", "会前学法", "……"), ("一、县委",), GOOD, (), GOOD, ("小计", "", "", "2期"), HEADING, GOOD,
        ("合 计", "", "", "3期"), ("备注：以签到表为准",), ("制表：王某",),
    ]  # fmt: skip
    found = [r for r in study(workbook(rows)).rows() if isinstance(r, Skipped)]
    assert [(r.number, r.kind) for r in found] == [
        (2, SAMPLE), (3, SECTION), (5, BLANK), (7, TOTAL), (8, AGAIN), (10, TOTAL), (11, NOTE), (12, NOTE),
    ]  # fmt: skip


def test_a_serial_number_filled_in_beforehand_does_not_make_a_record() -> None:
    rows = [("序号", *HEADING), (1, *GOOD), (2, "", "", "", ""), (3, *GOOD)]
    found = list(study(workbook(rows)).rows())
    assert [type(r) for r in found] == [Row, Skipped, Row]


def test_a_cell_merged_downwards_speaks_for_each_row_it_covers() -> None:
    rows = [
        HEADING,
        GOOD,
        ("2023-03-06", None, "会前学法", "民法典"),
        ("2023-03-07", None, "会前学法", "刑法"),
        GOOD,
    ]
    found = [r.cells[1] for r in study(workbook(rows, merged=["B2:B4"])).rows() if isinstance(r, Row)]
    assert found == ["县委常委会"] * 4


def test_of_several_sheets_the_best_is_read_and_the_others_named() -> None:
    def more(book: openpyxl.Workbook, sheet: Any) -> None:
        book.create_sheet("通讯录").append(["姓名", "电话"])
        other = book.create_sheet("二月", 0)
        other.append(["学习日期", "学习主体", "学习形式"])
        hidden = book.create_sheet("旧表")
        hidden.append(HEADING)
        hidden.sheet_state = "hidden"

    table = study(workbook([(*HEADING, "主持人"), GOOD], name="三月", more=more))
    assert table.sheet == "三月"
    assert table.notes == [
        "工作簿里还有工作表“二月”也像登记表，本次只读“三月”；其余请另外导入。",
        "隐藏的工作表“旧表”没有读。",
    ]
    assert study(workbook([HEADING, GOOD], name="三月", more=more), sheet="二月").sheet == "二月"


def test_a_formula_without_a_result_and_an_error_are_seen() -> None:
    def more(book: openpyxl.Workbook, sheet: Any) -> None:
        sheet["D2"] = "=A1&B1"
        sheet["D3"] = "#N/A"

    table = study(workbook([HEADING, GOOD, GOOD], more=more))
    shows = [str(r.cells[3]) for r in table.rows() if isinstance(r, Row)]
    assert shows == ["（公式没有结果）", "#N/A"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_the_encodings_chinese_programs_write(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (HEADING, GOOD))
    table = study(text.encode(encoding))
    assert [r.cells for r in table.rows() if isinstance(r, Row)] == [list(GOOD)]
