"""The letters of a disclosure application: every one can be written, printed, and says what the law wants said."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yifa.matters.oversight import disclosure
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.papers import Document, render, template, write
from yifa.papers.html import html

PAPERS = Path(disclosure.__file__).parent / "papers"
OFFICE = SimpleNamespace(name="新县人民政府办公室", mark="新政办", contact="0376-0000000")
OPENING: dict[str, Any] = {
    "on": date(2023, 1, 3), "kind": f.Applicant.PERSON, "name": "王某", "identity": "—", "contact": "—",
    "wanted": "浒湾乡集体土地征收补偿方案\n（2022年）",
}  # fmt: skip
CORRECTED = f.Supplement(on=date(2023, 1, 12), wanted="新国土〔2022〕8号")


def letter(key: str, facts: Any, **changed: Any) -> Document:
    context = {
        "office": OFFICE,
        "number": "新政办信公开〔2023〕5号",
        "on": facts.on,
        "applicant": "王某",
        "facts": facts,
        "opening": f.Registration(**OPENING),
        "told": {},
        "period": {k: {"day": date(2023, 2, 7), "cite": str(p.cite)} for k, p in Disclosure.periods.items()},
        "cites": {k: str(s.cite) for k, s in Disclosure.steps.items()},
        "remedy": "",
    }
    return write((PAPERS / f"{key}.md").read_text(), context | changed, f"disclosure/papers/{key}.md")


def said(document: Document) -> str:
    return re.sub(r"<[^>]*>|\s", "", html(document))


FACTS = {
    "receipt": f.Registration(**OPENING),
    "correction_notice": f.Gap(on=date(2023, 1, 6), missing="1、文号\n2、年度", until=date(2023, 1, 20)),
    "consultation_letter": f.Consultation(on=date(2023, 1, 9), party="某建设有限公司"),
    "inquiry_letter": f.Inquiry(on=date(2023, 1, 9), office_asked="新县自然资源局"),
    "extension_notice": f.Extension(on=date(2023, 1, 30), days=20, reason="材料分散，需要逐件核对。"),
    "fee_notice": f.Charge(on=date(2023, 1, 30), method=f.Method.BY_ITEM, amount=41, fee=Decimal("4300.00")),
    "reply_letter": f.Reply(on=date(2024, 2, 1), answer=f.Answer.GRANTED, content="见附页。"),
}


def test_every_paper_of_the_matter_has_its_words() -> None:
    assert set(FACTS) == set(Disclosure.papers)
    assert {path.stem for path in PAPERS.glob("*.md")} == set(Disclosure.papers)


@pytest.mark.parametrize("key", FACTS)
def test_a_paper_asks_for_nothing_the_kernel_does_not_give(key: str) -> None:
    given = {"office", "number", "on", "applicant", "facts", "opening", "told", "period", "cites", "remedy"}
    assert template((PAPERS / f"{key}.md").read_text(), key).names <= given


@pytest.mark.parametrize("key", FACTS)
def test_every_paper_can_be_printed(key: str) -> None:
    document = letter(key, FACTS[key], remedy="如对本答复不服，可以申请行政复议。")
    assert render(document, "pdf").startswith(b"%PDF")
    assert render(document, "docx").startswith(b"PK")
    assert document.signature == "新县人民政府办公室"
    assert "0376-0000000" in document.note


def test_the_correction_notice_says_all_at_once_what_to_supplement_and_by_when() -> None:
    words = said(letter("correction_notice", FACTS["correction_notice"]))
    for part in (
        "1.文号",
        "2.年度",
        "一次性告知",
        "2023年1月20日前",
        "视为放弃申请",
        "《政府信息公开条例》第三十条",
    ):
        assert part in words


def test_the_third_party_is_not_told_who_asks() -> None:
    document = letter("consultation_letter", FACTS["consultation_letter"])
    assert document.addressee == "某建设有限公司"
    assert "王某" not in said(document)
    assert "15个工作日" in said(document)


def test_the_extension_notice_names_the_new_day_and_who_agreed() -> None:
    words = said(letter("extension_notice", FACTS["extension_notice"]))
    assert "因材料分散，需要逐件核对，本机关" in words
    assert "经本机关政府信息公开工作机构负责人同意" in words
    assert "2023年2月7日前" in words


def test_a_letter_can_be_written_while_the_period_stands_still() -> None:
    periods = {k: {"day": None, "cite": "《政府信息公开条例》第三十三条第二款"} for k in Disclosure.periods}
    for key, facts in FACTS.items():
        assert letter(key, facts, period=periods, remedy="可以申请行政复议。").title


def test_an_organisation_is_not_addressed_as_a_person() -> None:
    firm = f.Registration(**{**OPENING, "kind": f.Applicant.BUSINESS, "name": "某公司"})
    words = said(letter("receipt", firm, opening=firm, applicant="某公司"))
    assert words.count("你单位") >= 1
    assert not re.search(r"你(?!单位)", words)


def test_the_fee_is_written_in_whole_yuan_with_its_rules() -> None:
    words = said(letter("fee_notice", FACTS["fee_notice"]))
    assert "4300元" in words
    assert "国办函〔2020〕109号" in words


@pytest.mark.parametrize("answer", list(f.Answer))
def test_every_answer_says_the_law_the_outcome_and_where_to_turn(answer: f.Answer) -> None:
    reply = f.Reply(on=date(2024, 2, 1), answer=answer, reason="理由甲。\n理由乙。", content="内容丙。")
    document = letter("reply_letter", reply, remedy=answer.remedy(reply.on), told={"correct": CORRECTED})
    words = said(document)
    assert "新国土〔2022〕8号" in words
    assert "行政复议" in words
    if answer is not f.Answer.CONFIRMATION:
        assert f"根据{answer.cite}的规定" in words
    if answer.needs_reason:
        assert "理由甲。" in words
        assert "理由乙。" in words
    if answer.group in (f.Group.OPEN, f.Group.PART):
        assert "内容丙。" in words
    if answer.withholds:
        assert "先自收到本告知书之日起六十日内" in words
    if answer.group == f.Group.WITHHELD and answer is not f.Answer.OTHER_LAW:
        assert "不予公开" in words


def test_a_reply_without_its_remedy_does_not_go_out() -> None:
    with pytest.raises(ValueError, match="E415"):
        letter("reply_letter", FACTS["reply_letter"])
