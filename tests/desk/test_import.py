"""A workbook is looked at row by row before anything is written; then all that was accepted, or nothing."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from yifa.cases.store import Store
from yifa.procedure import Lost

ADDRESS = "/desk/p/study/import/"


def workbook(*rows) -> SimpleUploadedFile:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("学法台账.xlsx", out.getvalue())


ROWS = (
    ["学法台账"],
    ["序号", "学习时间", "会议名称", "形式", "学习内容", "人数"],
    [1, date(2023, 3, 5), "县委常委会", "会前学法", "行政处罚法", 15],
    [2, "2023年4月6日", "县政府常务会议", "会前学法", "政府信息公开条例", 20],
    [3, "某日", "县政府常务会议", "会前学法", "行政复议法", 20],
)


def cases() -> int:
    return Store().cursor().one("SELECT count(*) FROM cases_case")[0]


def token(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]


@pytest.fixture
def previewed(clerk):
    return clerk.post(ADDRESS, {"file": workbook(*ROWS)}).content.decode()


def test_a_preview_says_what_would_be_imported_and_what_not_and_writes_nothing(previewed):
    assert "可以导入" in previewed
    assert "导入这 2 行" in previewed
    assert "行政处罚法" in previewed
    assert "某日" in previewed
    assert "不予导入的行，以及为什么" in previewed
    assert cases() == 0


def test_a_confirmed_import_is_on_the_list_and_hands_back_what_was_refused(clerk, previewed):
    answer = clerk.post(ADDRESS, {"token": token(previewed), "_do": "carry"})
    page = answer.content.decode()
    assert "已导入2行" in page
    assert cases() == 2
    assert "政府信息公开条例" in clerk.get("/desk/p/study/").content.decode()
    back = clerk.post(ADDRESS, {"token": token(page), "_do": "refused"})
    cells = [
        c for row in load_workbook(BytesIO(back.content)).active.iter_rows(values_only=True) for c in row
    ]
    assert "行政复议法" in cells
    assert "行政处罚法" not in cells


def test_an_import_is_carried_out_once(clerk, previewed):
    clerk.post(ADDRESS, {"token": token(previewed), "_do": "carry"})
    again = clerk.post(ADDRESS, {"token": token(previewed), "_do": "carry"})
    assert again.status_code == 422
    assert cases() == 2


def test_an_import_that_met_another_on_its_way_is_told_to_come_again(clerk, previewed, monkeypatch):
    def lost(*_, **__):
        raise Lost

    monkeypatch.setattr("yifa.tables.importer.act_many", lost)
    answer = clerk.post(ADDRESS, {"token": token(previewed), "_do": "carry"})
    assert answer.status_code == 422
    assert "案件刚刚被他人办理，请刷新后再试" in answer.content.decode()
    assert cases() == 0


def test_an_upload_that_is_given_up_is_gone(clerk, previewed):
    assert clerk.post(ADDRESS, {"token": token(previewed), "_do": "give_up"}).status_code == 302
    assert clerk.post(ADDRESS, {"token": token(previewed), "_do": "carry"}).status_code == 422
    assert cases() == 0


def test_somebody_else_cannot_carry_out_my_upload(previewed, stranger):
    answer = stranger.post(ADDRESS, {"token": token(previewed), "_do": "carry"})
    assert answer.status_code == 422
    assert cases() == 0


def test_a_heading_nobody_knows_can_be_explained(clerk):
    rows = [
        [*r[:4], r[4], *r[5:]] if n != 1 else [*r[:4], "讲了什么呢", *r[5:]] for n, r in enumerate(ROWS) if n
    ]
    rows.insert(0, ROWS[0])
    rows[1] = ["序号", "学习时间", "会议名称", "形式", "讲了什么呢", "人数"]
    page = clerk.post(ADDRESS, {"file": workbook(*rows)}).content.decode()
    assert "表头还对不上，现在不能导入" in page
    answer = clerk.post(
        ADDRESS, {"token": token(page), "_do": "again", "map:讲了什么呢": "hold.topic", "was:讲了什么呢": ""}
    )
    assert "导入这 2 行" in answer.content.decode()


def test_a_file_that_holds_no_table_is_answered_in_a_sentence(clerk):
    for file in (SimpleUploadedFile("x.xlsx", b"not a workbook"), SimpleUploadedFile("x.exe", b"MZ" * 50)):
        answer = clerk.post(ADDRESS, {"file": file})
        assert answer.status_code == 422
        assert "没有导入" in answer.content.decode()
    assert "请选择一个文件" in clerk.post(ADDRESS, {}).content.decode()


def test_the_head_who_enters_nothing_imports_nothing(head):
    assert head.get(ADDRESS).status_code == 403
    assert head.post(ADDRESS, {"file": workbook(*ROWS)}).status_code == 403


def test_an_empty_sheet_with_the_right_headings_can_be_had(clerk):
    book = load_workbook(BytesIO(clerk.get(f"{ADDRESS}form.xlsx").content))
    cells = [str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row]
    for heading in ("学习日期", "学习主体", "学习内容"):
        assert any(c.startswith(heading) for c in cells)
