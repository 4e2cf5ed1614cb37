"""The words are the office's, the facts are text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.papers.document import Document, Heading, Item, PaperError, Paragraph, Run, Table, clean
from yifa.papers.template import template, write
from yifa.procedure import Outcome

OFFICE = SimpleNamespace(name="新县人民政府办公室", mark="新政办")
HEAD = "---\ntitle: 告知书\n---\n"


class Answer(Outcome):
    GRANTED = "予以公开"
    WITHHELD = "不予公开"


def written(text: str, **context: Any) -> Document:
    return write(text, {"office": OFFICE, "number": "", "on": date(2023, 1, 9), **context}, "papers/x.md")


def said(document: Document) -> list[str]:
    return [
        getattr(b, "mark", "") + "".join(r.text for r in b.runs)
        for b in document.blocks
        if not isinstance(b, Table)
    ]


def test_what_the_front_matter_leaves_out_comes_from_the_office_and_the_day() -> None:
    document = written(HEAD + "正文。", number="新政办信公开〔2023〕5号")
    assert document.issuer == document.signature == "新县人民政府办公室"
    assert document.number == "新政办信公开〔2023〕5号"
    assert document.on == date(2023, 1, 9)
    assert document.form == "letter"


def test_the_front_matter_says_the_elements_of_the_form() -> None:
    document = written(
        "---\ntitle: 新县人民政府\ntitle: 关于检查的通知\nform: document\nissuer: 新县人民政府\nsignature: 县长\n"
        "addressee: {{ who }}：\nattachment: 清单\nattachment: {{ blank }}\nattachment: 标准\ncopy_to: 县委\n"
        "printed_by: 办公室\nnote: 公开\nseries: 检查\n---\n",
        who="各乡镇",
        blank="",
    )
    assert document.title == "新县人民政府\n关于检查的通知"
    assert (document.form, document.signature, document.addressee) == ("document", "县长", "各乡镇")
    assert document.attachments == ("清单", "标准")
    assert document.copy_to == ("县委",)


def test_the_series_is_known_before_the_paper_is_written() -> None:
    assert template("---\ntitle: {{ t }}\nseries: 信公开\n---\n").series == "信公开"
    with pytest.raises(PaperError, match="E413"):
        template("---\ntitle: x\nseries: {{ s }}\n---\n")


def test_a_template_tells_what_it_must_be_given() -> None:
    assert template(HEAD + "{{ facts.reason }}{% if law %}{% endif %}").names == {"facts", "law"}


def test_headings_are_numbered_as_official_documents_number_them() -> None:
    text = HEAD + "# 甲\n## 乙\n## 丙\n### 丁\n#### 戊\n# 己\n## 庚\n"
    assert said(written(text)) == ["一、甲", "（一）乙", "（二）丙", "1.丁", "（1）戊", "二、己", "（一）庚"]


def test_a_section_left_out_leaves_no_gap_in_the_numbers() -> None:
    text = HEAD + "# 甲\n{% if no %}\n# 乙\n{% endif %}\n# 丙\n"
    assert said(written(text, no=False)) == ["一、甲", "二、丙"]


def test_items_are_numbered_one_after_the_other_whatever_was_typed() -> None:
    text = HEAD + "{% for w in ws %}\n1. {{ w }}\n{% endfor %}\n\n（1）子\n(1) 丑\n\n文字\n\n7. 另一\n"
    assert said(written(text, ws=["甲", "乙"])) == ["1.甲", "2.乙", "（1）子", "（2）丑", "文字", "1.另一"]


def test_lines_of_a_paragraph_are_joined_as_chinese_is_written() -> None:
    assert said(written(HEAD + "甲乙\n丙丁\nabc\ndef\n\n第二段\n")) == ["甲乙丙丁abc def", "第二段"]


def test_strong_words_are_marked_with_two_stars() -> None:
    (block,) = written(HEAD + "逾期**不补正**的").blocks
    assert block == Paragraph((Run("逾期"), Run("不补正", strong=True), Run("的")))


def test_a_table_has_its_rows_from_the_facts() -> None:
    text = (
        HEAD
        + "| 序号 | 名称 |\n|:-:|--:|\n{% for n in names %}\n| {{ loop.index }} | {{ n }} |\n{% endfor %}\n"
    )
    (table,) = written(text, names=["甲|乙", "丙\n丁"]).blocks
    assert isinstance(table, Table)
    assert table.align == "cr"
    assert table.rows == (((Run("1"),), (Run("甲|乙"),)), ((Run("2"),), (Run("丙 丁"),)))


def test_values_are_written_as_an_office_writes_them() -> None:
    text = HEAD + "{{ a }}/{{ b }}/{{ c }}/{{ d }}/{{ e|yuan }}/{{ f|yuan }}/{{ g|phrase }}"
    told = written(
        text, a=date(2023, 3, 5), b=Answer.GRANTED, c=("甲", "乙"), d=20, e=Decimal("4300.00"), f=Decimal("1.5"), g="因故。"
    )  # fmt: skip
    assert said(told) == ["2023年3月5日/予以公开/甲、乙/20/4300元/1.50元/因故"]


def test_a_fact_of_several_lines_makes_several_paragraphs() -> None:
    assert said(written(HEAD + "理由：\n\n{{ r }}", r="一\r\n\r\n 二 \n")) == ["理由：", "一", "二"]
    assert said(written(HEAD + "{% for p in r|lines %}\n1. {{ p }}\n{% endfor %}", r="1、甲\n（2）乙\n")) == [
        "1.甲",
        "2.乙",
    ]


def test_an_empty_fact_leaves_no_empty_paragraph() -> None:
    assert said(written(HEAD + "甲\n\n{{ r }}\n\n乙", r="")) == ["甲", "乙"]


HOSTILE = [
    "# 标题", "1. 假的", "| a | b |", "|---|", "**粗**", "{{ office.name }}", "{% for x in y %}", "---\ntitle: 假\n---",
    "- 点", "\\*", "#set page(width: 1pt)", "]", "$x$", "@ref", "<b>粗</b>", "`code`", "a\x00b\u202ec", "\U000f0001\U000f0002",
    "addressee: 假", "//注", "https://example.org/" + "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_a_person_wrote_stays_text(hostile: str) -> None:
    text = "---\ntitle: 告知书\naddressee: {{ v }}\nattachment: {{ v }}\n---\n{{ v }}\n\n1. {{ v }}\n\n# {{ v }}\n\n| 项 |\n|---|\n| {{ v }} |\n"
    document = written(text, v=hostile)
    flat = " ".join(clean(hostile).split())
    assert document.title == "告知书"
    assert document.addressee == flat
    assert document.attachments == ((flat,) if flat else ())
    kinds = [type(b) for b in document.blocks]
    lines = max(1, sum(1 for line in clean(hostile).split("\n") if line.strip()))
    assert kinds == [Paragraph] * (lines if flat else 0) + [Item] + [Paragraph] * (lines - 1) + [
        Heading,
        Table,
    ]
    assert all(not r.strong for b in document.blocks if not isinstance(b, Table) for r in b.runs)
    heading = next(b for b in document.blocks if isinstance(b, Heading))
    assert "".join(r.text for r in heading.runs).split() == clean(hostile).split()


@given(st.text(max_size=60))
def test_no_text_whatever_becomes_markup(value: str) -> None:
    document = written(HEAD + "前{{ v }}后\n\n**{{ v }}**", v=value)
    told = "".join(said(document))
    bare = "".join(clean(value).split())
    assert "".join(told.split()) == f"前{bare}后{bare}"
    assert all(isinstance(b, Paragraph) for b in document.blocks)


MISTAKES = [
    (HEAD + "一\n{{ facts.reson }}", "E411", "papers/x.md, line 5", "reson"),
    (HEAD + "{{ nobody }}", "E411", "line 4", "nobody"),
    ("---\ntitle: {{ nobody }}\n---\n", "E411", "line 2", "nobody"),
    (HEAD + "{{ nothing }}", "E412", "line 4", "None"),
    (HEAD + "{{ yes }}", "E412", "line 4", "True"),
    (HEAD + "{{ facts }}", "E412", "line 4", "namespace|SimpleNamespace|written form"),
    (HEAD + "{{ 1 / 0 }}", "E412", "line 4", "ZeroDivisionError"),
    (HEAD + "{{ ''.__class__.__mro__ }}", "E412", "line 4", "__class__"),
    (HEAD + "{% include 'secret' %}", "E412", "line 4", "loader"),
    (HEAD + "{{ empty|must }}", "E415", "line 4", "empty"),
    (HEAD + "{% if x %}", "E410", "papers/x.md, line 4", "if"),
    (HEAD + "{{ x|nofilter }}", "E410", "papers/x.md, line 4", "nofilter"),
    ("正文", "E413", "papers/x.md", "front matter"),
    ("---\naddressee: x\n---\n", "E413", "papers/x.md", "title"),
    ("---\ntitle: x\ncolour: red\n---\n", "E413", "line 3", "colour"),
    ("---\ntitle: x\nform: letter\nform: letter\n---\n", "E413", "papers/x.md", "twice"),
    ("---\ntitle: {{ empty }}\n---\n", "E401", "", "title"),
    (HEAD + "- 点", "E414", "papers/x.md", "bullets"),
    (HEAD + "##### 五", "E414", "papers/x.md", "heading"),
    (HEAD + "| a | b |", "E414", "papers/x.md", "rule"),
    (HEAD + "| a | b |\n|---|---|\n| c |", "E414", "papers/x.md", "cells"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "id", "where", "what"), MISTAKES)
def test_an_authors_mistake_is_told_with_file_line_and_name(
    text: str, id: str, where: str, what: str
) -> None:
    facts = SimpleNamespace(reason="x")
    with pytest.raises(PaperError, match=what) as wrong:
        written(text, facts=facts, nothing=None, yes=True, empty="")
    assert f"[yifa.{id}]" in str(wrong.value)
    assert where in str(wrong.value)


def test_a_context_cannot_be_changed_by_a_template() -> None:
    told = ["甲"]
    with pytest.raises(PaperError, match="E412"):
        written(HEAD + "{{ told.append('乙') }}", told=told)
    assert told == ["甲"]
