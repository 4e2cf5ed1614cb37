"""A draft is compared, clause by clause, with the normative documents in force; what is no longer in force is not held against it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.cases import read
from yifa.cases.kernel import act
from yifa.cases.scene import files
from yifa.matters.decisions.documents import facts as d
from yifa.matters.decisions.documents.procedure import NormativeDocument
from yifa.matters.decisions.legality import facts as f
from yifa.procedure import Refused
from yifa.texts.citing.running import in_cases
from yifa.texts.finding import Finding, Source, load

from .conftest import CLERK, ON, kept, received

pytestmark = pytest.mark.django_db

OLD = """新县城区停车管理暂行办法

第一条 停车场经营者应当在入口处公示收费标准、免费时长和投诉电话，并配备人员维持车辆进出秩序。
第二条 占用道路设置临时停车泊位的，应当在三十日前向社会公告位置、数量和使用时段。
"""
NEW = """新县城区停车管理办法

第一条 停车场经营者应当在入口处公示收费标准、免费时长和投诉电话，并配备人员维持车辆进出秩序。
第二条 占用道路设置临时停车泊位的，应当在五日前向社会公告位置、数量和使用时段。
"""


def entered(text: str = OLD, **told: Any) -> int:
    given: dict[str, Any] = {
        "on": date(2023, 5, 4),
        "name": "新县城区停车管理暂行办法",
        "number": "新政〔2023〕9号",
        "level": d.Level.COUNTY,
        "body": kept(text),
        "in_force": date(2023, 6, 1),
    }
    return act(NormativeDocument.enter, d.Issued(**(given | told)), CLERK).case


def repeated(**told: Any) -> list[Finding]:
    opened = read.live(received(NEW, **told).case).opening
    assert isinstance(opened, f.Received)
    listed = load(files().open(opened.findings).decode())
    return [finding for finding in listed if finding.source is Source.ALIKE]


def test_a_clause_that_stands_in_a_document_in_force_is_pointed_at_beside_it(county: None) -> None:
    entered()
    same = next(one for one in repeated() if one.code == "A1")
    assert same.words.startswith("停车场经营者") or "停车场经营者" in same.words
    assert same.beside_of == "《新县城区停车管理暂行办法》（新政〔2023〕9号）第一条"
    assert "停车场经营者应当在入口处公示" in same.beside


def test_a_clause_that_differs_in_a_period_may_contradict_it(county: None) -> None:
    entered()
    other = next(one for one in repeated() if one.code == "A3")
    assert "五日" in other.words
    assert "三十日" in other.beside


def test_what_ceased_to_be_in_force_is_not_held_against_a_draft(county: None) -> None:
    case = entered()
    act(NormativeDocument.end, d.Ended(on=ON, end=d.End.REPEALED, why="停车管理另行规定"), CLERK, case=case)
    assert repeated() == []


def test_a_contract_is_not_compared_with_them(county: None) -> None:
    entered()
    assert repeated(kind=f.Kind.CONTRACT) == []


def test_a_document_ends_after_it_begins(county: None) -> None:
    with pytest.raises(Refused, match="有效期应当在施行之后届满"):
        entered(until=date(2023, 6, 1))


def test_when_a_statute_changes_the_documents_that_cite_it_are_known(county: None) -> None:
    """features.md idea 9: the text in force is looked through, not only what was typed of it."""
    case = entered(OLD + "第三条 违反本办法的，依照《中华人民共和国行政处罚法》第五十一条处理。\n")
    (one,) = in_cases("penalty-law", "2021-01-22")
    assert (one.cite.article, one.case, one.what) == (51, case, "文件")
    assert "新政〔2023〕9号" in one.where


def test_a_document_that_was_destroyed_does_not_stop_the_others(county: None) -> None:
    case = entered(OLD + "第三条 依照《中华人民共和国行政处罚法》第五十一条处理。\n")
    entered(OLD + "第三条 依照《中华人民共和国行政处罚法》第五十二条处理。\n", number="新政〔2023〕10号")
    opened = read.live(case).opening
    assert isinstance(opened, d.Issued)
    files().remove(opened.body)
    assert [one.cite.article for one in in_cases("penalty-law", "2021-01-22")] == [52]
