"""The Word file has the same measures, in the format's own units."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import docx as python_docx
import pytest
from docx.shared import Mm

from yifa.papers.document import Document, Paragraph, Run, Table
from yifa.papers.word import docx


def part(made: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        return file.read(name).decode()


def opened(made: bytes) -> Any:
    return python_docx.Document(io.BytesIO(made))


def test_the_page_is_a4_with_the_margins_of_the_standard(document: Document) -> None:
    section = opened(docx(document)).sections[0]
    size = (section.page_width, section.page_height)
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(n.mm) for n in size] == [210, 297]
    assert [round(n.mm) for n in margins] == [37, 28, 26, 35]


def test_lines_stand_on_a_grid_of_22_a_page(document: Document) -> None:
    xml = part(docx(document), "word/document.xml")
    grid = re.search(r"<w:docGrid [^>]*>", xml)
    assert grid
    assert 'w:type="lines"' in grid[0]
    assert 'w:linePitch="579"' in grid[0]
    assert 'w:line="579"' in part(docx(document), "word/styles.xml")
    assert Mm(225).pt * 20 >= 22 * 579


def test_the_typefaces_are_those_of_an_offices_machine(document: Document) -> None:
    xml = part(docx(document), "word/document.xml")
    for face in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"):
        assert f'w:eastAsia="{face}"' in xml
    assert 'w:eastAsia="宋体"' in "".join(part(docx(document), f"word/footer{n}.xml") for n in (1, 2))


def test_page_numbers_are_fields_odd_right_even_left(document: Document) -> None:
    made = opened(docx(document))
    assert made.settings.odd_and_even_pages_header_footer
    section = made.sections[0]
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        line = footer.paragraphs[0]
        assert line.alignment.name == side
        assert line.text == "—  —"
        assert "PAGE" in line._p.xml


def test_a_letters_first_page_has_double_lines_and_no_number(letter: Document) -> None:
    section = opened(docx(letter)).sections[0]
    assert section.different_first_page_header_footer
    assert "thickThinSmallGap" in section.first_page_header.paragraphs[0]._p.xml
    assert "thinThickSmallGap" in section.first_page_footer.paragraphs[0]._p.xml
    assert "PAGE" not in section.first_page_footer.paragraphs[0]._p.xml


def test_the_file_says_what_the_document_says(document: Document) -> None:
    made = opened(docx(document))
    said = [line.text for line in made.paragraphs]
    for text in (
        "000001", "机密★1年", "特急", "新县人民政府文件", "新政〔2026〕12号", "各乡镇人民政府，县政府有关部门：", "一、严格检查主体",
        "1.清理检查事项。", "附件：1.行政检查事项清单", "2.行政检查标准", "新县人民政府", "2026年3月5日", "（此件公开发布）",
    ):  # fmt: skip
        assert text in said
    assert "新县人民政府\n关于进一步规范行政检查行为的通知" in said
    table, imprint = made.tables
    assert [cell.text for cell in table.rows[1].cells] == ["1", "新县第1局", "37"]
    assert "抄送：县委各部门，县人民法院。" in imprint.rows[0].cells[0].text
    assert [cell.text for cell in imprint.rows[1].cells] == ["新县人民政府办公室", "2026年3月5日印发"]


def test_the_head_of_a_table_stands_on_every_page(document: Document) -> None:
    head = opened(docx(document)).tables[0].rows[0]
    assert "w:tblHeader" in head._tr.xml


def test_the_date_stands_four_characters_from_the_right(document: Document) -> None:
    line = next(p for p in opened(docx(document)).paragraphs if p.text == "2026年3月5日")
    assert line.alignment.name == "RIGHT"
    assert line.paragraph_format.right_indent.pt == pytest.approx(4 * 15.79, abs=0.1)


def test_equal_documents_make_equal_files(document: Document) -> None:
    made = docx(document)
    assert made == docx(document)
    about = opened(made).core_properties
    assert (about.created.year, about.created.month, about.created.day) == (2026, 3, 5)
    assert about.author == "新县人民政府"


def test_hostile_text_is_text(letter: Document) -> None:
    hostile = ["<w:p/>", "&amp;", "]]>", "{{ x }}", 'PAGE \\* "x"', "\ue123\U00020bb7"]
    blocks = tuple(Paragraph((Run(h),)) for h in hostile)
    said = [line.text for line in opened(docx(replace(letter, blocks=blocks, addressee="<王某>"))).paragraphs]
    assert "<王某>：" in said
    assert set(hostile) <= set(said)


@pytest.mark.parametrize("form", ["letter", "document"])
def test_a_paper_with_nothing_but_a_title_is_a_file(form: Any) -> None:
    assert "通知" in [line.text for line in opened(docx(Document(title="通知", form=form))).paragraphs]


def test_two_hundred_rows_keep_their_text() -> None:
    rows = tuple(((Run(str(n)),), (Run(f"新县第{n}局"),)) for n in range(200))
    table = Table("cl", ((Run("编号"),), (Run("单位"),)), rows)
    made = opened(docx(Document(title="清单", blocks=(table,))))
    assert len(made.tables[0].rows) == 201
    assert made.tables[0].rows[200].cells[1].text == "新县第199局"
