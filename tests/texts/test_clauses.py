"""A text is cut where its articles, items and sentences begin, and every clause knows where it stood."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.texts.repeats.clauses import clauses

DRAFT = """新县共享单车停放管理办法
第一章　总则
第一条　为了规范共享单车停放，制定本办法。
第二条 本县城区的共享单车停放适用本办法。
经营者应当在十五日内接入平台；逾期未接入的，由主管部门书面提醒。
有下列情形之一的，可以申请减免：
（一）因道路施工无法停放；
（二）因自然灾害停运的。
第三十条　本办法自公布之日起施行。
新县人民政府办公室
2025年3月1日"""


def places(text: str) -> list[tuple[str, str]]:
    return [(c.place, c.text) for c in clauses(text)]


def test_clauses_stand_under_article_paragraph_and_item():
    assert places(DRAFT) == [
        ("第一条", "为了规范共享单车停放，制定本办法。"),
        ("第二条第一款", "本县城区的共享单车停放适用本办法。"),
        ("第二条第二款", "经营者应当在十五日内接入平台；"),
        ("第二条第二款", "逾期未接入的，由主管部门书面提醒。"),
        ("第二条第三款", "有下列情形之一的，可以申请减免："),
        ("第二条第三款第一项", "因道路施工无法停放；"),
        ("第二条第三款第二项", "因自然灾害停运的。"),
        ("第三十条", "本办法自公布之日起施行。"),
    ]


def test_a_notice_without_articles_counts_its_sections_and_items():
    assert places("关于停水的通知\n一、停水时间\n（一）城区自六时起停水。\n1.东关片区先行停水。\n") == [
        ("一、第一项", "城区自六时起停水。"),
        ("一、第1目", "东关片区先行停水。"),
    ]
    assert places("甲方应当按期付款。\n\n乙方应当按期供货。") == [
        ("第1段", "甲方应当按期付款。"),
        ("第2段", "乙方应当按期供货。"),
    ]


def test_items_on_one_line_are_items():
    assert places("第二条　材料包括：（一）申请书；（二） 身份证复印件；（三）说明：一式两份。") == [
        ("第二条", "材料包括："),
        ("第二条第一项", "申请书；"),
        ("第二条第二项", "身份证复印件；"),
        ("第二条第三项", "说明：一式两份。"),
    ]


def test_an_article_named_at_the_start_of_a_line_is_not_a_new_article():
    assert places("第三条　由主管部门决定。\n第五条规定的期限不因此延长。") == [
        ("第三条第一款", "由主管部门决定。"),
        ("第三条第二款", "第五条规定的期限不因此延长。"),
    ]


@given(st.text(alphabet="第一二十条款项章节（）()、。；：，1.\n \t　本办法应当\0\ud800𠀀“”", max_size=200))
def test_whatever_the_text_a_clause_is_what_stands_at_its_offsets(text: str):
    found = clauses(text)
    assert all(text[c.start : c.end] == c.text and c.text.strip() == c.text for c in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize("piece", ["第", "一", "（", "第一条", "1.", "。", " ", "；\n", "第" * 9 + "条", "”"])
def test_hostile_repetition_takes_no_time(piece: str):
    clauses(piece * 200_000)


@pytest.mark.skipif("YIFA_STATUTES" not in os.environ, reason="the statute texts are not on this machine")
def test_every_article_of_a_statute_is_found():
    text = Path(os.environ["YIFA_STATUTES"], "公平竞争审查条例.md").read_text("utf-8").replace("**", "")
    articles = {
        c.place.split("条")[0] + "条" for c in clauses(text) if c.place.startswith("第") and "条" in c.place
    }
    assert len(articles) == 27
