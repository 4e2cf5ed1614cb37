"""Files that are broken, enormous, or meant to do harm: each is refused with a sentence, quickly, and in peace."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from yifa.matters.leadership.study.procedure import Study
from yifa.tables import book as books
from yifa.tables.book import OLE, open_book
from yifa.tables.errors import SheetError
from yifa.tables.sheet import Row, find_table

from .conftest import words_of, workbook

HEADING = ("学习日期", "学习主体", "学习形式", "学习内容")
GOOD = ("2023-03-05", "县委常委会", "会前学法", "宪法")


def refused(data: bytes) -> SheetError:
    with pytest.raises(SheetError) as wrong:
        find_table(open_book(data, "x.xlsx"), words_of(Study, "hold"))
    assert wrong.value.sentence.endswith("。")
    return wrong.value


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same archive with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "E600"),
        (b"\0" * 100, "E600"),
        (b"\r\n \r\n", "E600"),
        (b"%PDF-1.7 ...", "E601"),
        (b"\x89PNG\r\n\x1a\n....", "E601"),
        (b"\x00\x01\x02\x03" * 50, "E601"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "E605"),
        (b'<?xml version="1.0"?><Workbook/>', "E605"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "E602"),
        (OLE + b"\0" * 2000, "E604"),
        (b"PK\x03\x04 not an archive", "E604"),
        ("学习日期,内容\r\n".encode() + b"2023,\xff\xff\xfe\xfd", "E606"),
        ("只有一行文字".encode(), "E607"),
    ],
)
def test_what_is_no_table_is_named_for_what_it_is(data: bytes, id: str) -> None:
    assert refused(data).id == id


def test_another_archive_is_not_a_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(out.getvalue()).id == "E601"


def test_a_truncated_workbook_is_damaged() -> None:
    data = workbook([HEADING, GOOD])
    assert refused(data[: len(data) // 2]).id == "E604"


def test_a_workbook_whose_inside_is_garbled_is_damaged() -> None:
    garbled = rewritten(
        workbook([HEADING, GOOD]), lambda name, text: b"\0\1\2" if name == "xl/workbook.xml" else text
    )
    assert refused(garbled).id == "E604"


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "LARGEST_UNPACKED", 32 * 2**20)
    bomb = rewritten(
        workbook([HEADING, GOOD]), lambda name, text: b" " * (64 * 2**20) if "styles" in name else text
    )
    assert len(bomb) < 2**20
    began = time.monotonic()
    assert refused(bomb).id == "E603"
    assert time.monotonic() - began < 2


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "LARGEST_UNPACKED", 2**20)
    bomb = bytearray(
        rewritten(workbook([HEADING, GOOD]), lambda name, text: b" " * 2**23 if "styles" in name else text)
    )
    size = (2**23).to_bytes(4, "little")
    while (at := bomb.find(size)) >= 0:
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    assert refused(bytes(bomb)).id in ("E603", "E604")


def test_xml_entities_are_not_expanded() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    evil = rewritten(
        workbook([HEADING, GOOD]),
        lambda name, text: laughs + text if name == "xl/worksheets/sheet1.xml" else text,
    )
    assert refused(evil).id == "E609"


def test_a_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    corner = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    far = rewritten(
        workbook([HEADING, GOOD]),
        lambda name, text: text.replace(b"</sheetData>", corner) if "sheet1" in name else text,
    )
    wrong = refused(far)
    assert wrong.id == "E603"
    assert "第1048576行、第XFD列" in wrong.sentence


def test_a_format_set_down_to_the_last_row_does_no_harm() -> None:
    styled = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    data = rewritten(
        workbook([HEADING, GOOD]),
        lambda name, text: text.replace(b"</sheetData>", styled) if "sheet1" in name else text,
    )
    table = find_table(open_book(data), words_of(Study, "hold"))
    assert len([r for r in table.rows() if isinstance(r, Row)]) == 1


def test_five_thousand_columns_are_no_register() -> None:
    wrong = refused(workbook([[f"列{n}" for n in range(5000)], GOOD]))
    assert wrong.id == "E608"
    assert "5000列" in wrong.sentence


@pytest.mark.slow
def test_three_hundred_thousand_rows_are_read_in_a_stream() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, text in enumerate(HEADING):
            sheet.write_string(0, n, text)
        for row in range(1, 300_001):
            for n, text in enumerate(GOOD):
                sheet.write_string(row, n, text)
    table = find_table(open_book(out.getvalue()), words_of(Study, "hold"))
    assert sum(1 for r in table.rows() if isinstance(r, Row)) == 300_000


def test_only_hidden_sheets_are_not_read_in_secret() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("面上").write_string(0, 0, "空")
        hidden = book.add_worksheet("底下")
        hidden.write_row(0, 0, HEADING)
        hidden.hide()
    wrong = refused(out.getvalue())
    assert wrong.id == "E607"
    assert "隐藏的工作表“底下”没有读" in wrong.sentence
