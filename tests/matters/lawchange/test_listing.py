"""Listing what cites an amended statute: each place once, and closed only with a reason."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yifa.cases.kernel import act
from yifa.cases.models import Case
from yifa.counts import figure, year
from yifa.law import Citation, numeral, statute, texts
from yifa.matters.decisions.lawchange import facts as f
from yifa.matters.decisions.lawchange.opening import list_all
from yifa.matters.decisions.lawchange.procedure import LawChangeCheck
from yifa.people.actor import Actor
from yifa.procedure import Refused
from yifa.site.commands import amended
from yifa.site.errors import Plain
from yifa.texts.citing.amendment import Became, Change, Citing, in_procedures, tasks
from yifa.texts.citing.running import in_cases

pytestmark = pytest.mark.django_db
JUSTICE, MARKET = "xinxian-justice", "xinxian-market"
ON = date(2025, 3, 3)
OLD, NEW = "2010-01-01", "2025-01-01"
CHANGES = [
    Change(Became.AMENDED, 2, 2, "应当在二十日前申请。", "应当在三十日前申请。"),
    Change(Became.MOVED, 3, 4, "配备消防器材。", "配备消防器材。"),
    Change(Became.REMOVED, 5, 0, "处罚款。"),
    Change(Became.SAME, 6, 6, "施行。", "施行。"),
]
CITING = [
    Citing("程序", "灯会审批：步骤“受理”", Citation("lantern", OLD, 2)),
    Citing("法规", "《灯会安全办法》第二条", Citation("lantern", OLD, 3, 1), words="灯会条例第三条第一款"),
    Citing("文件", "新县灯会通告", Citation("lantern", OLD, 5), case=7, office=MARKET),
    Citing("程序", "灯会审批：步骤“办结”", Citation("lantern", OLD, 6)),
]
FOUND = tasks("lantern", OLD, NEW, CHANGES, CITING)


def actor(*roles: str) -> Actor:
    return Actor(7, "李某", f"{JUSTICE}.law-change-clerk", JUSTICE, frozenset(roles), None, "法规清理经办人")


CLERK = actor("clerk", "head")


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Any) -> None:
    from yifa.people import offices
    from yifa.people.models import Office

    settings.YIFA_HOME = tmp_path
    for code, name, short in (
        (JUSTICE, "新县司法局", "司法局"),
        (MARKET, "新县市场监督管理局", "市场监管局"),
    ):
        Office.objects.create(code=code, name=name, short=short, kind="department", since=date(2010, 1, 1))
    offices.forget()


def listed(found: Any = FOUND, who: Actor = CLERK) -> Any:
    return list_all(found, "灯会管理条例", OLD, NEW, ON, who, in_force=date(2025, 5, 1))


def rows() -> list[Case]:
    return list(Case.objects.filter(family="law_change_check").order_by("id"))


def test_each_place_is_listed_once_however_often_it_is_run(county: None) -> None:
    first, second = listed(), listed()
    assert (first.opened, first.before, first.refused) == (3, 0, ())
    assert (second.opened, second.before, second.refused) == (0, 3, ())
    assert len(rows()) == 3


def test_the_same_place_twice_in_one_run_is_one_case(county: None) -> None:
    assert (listed([*FOUND, *FOUND]).opened, len(rows())) == (3, 3)


def test_what_is_found_later_is_listed_beside_what_was(county: None) -> None:
    listed(FOUND[:1])
    assert (listed().opened, len(rows())) == (2, 3)


def test_a_document_is_looked_at_by_its_own_office(county: None) -> None:
    listed()
    assert {one.office for one in rows()} == {JUSTICE, MARKET}


def test_the_old_and_the_new_words_stand_side_by_side(county: None) -> None:
    listed(FOUND[:1])
    (one,) = rows()
    said = str(one.facts)
    assert "应当在二十日前申请。" in said
    assert "应当在三十日前申请。" in said
    assert "［删：二十］［增：三十］" in said


def test_it_is_closed_with_a_reason_or_with_what_is_to_be_done_by_when(county: None) -> None:
    listed()
    one, two, three = (row.id for row in rows())
    act(LawChangeCheck.keep, f.Kept(on=ON, why="期限由本县另行承诺，短于新条文。"), CLERK, case=one)
    late = f.ToMend(on=ON, what="改条号", who="法规科", until=date(2025, 3, 1))
    with pytest.raises(Refused, match="不得早于核对日期"):
        act(LawChangeCheck.plan, late, CLERK, case=two)
    planned = f.ToMend(on=ON, what="改条号", who="法规科", until=date(2025, 4, 1))
    act(LawChangeCheck.plan, planned, CLERK, case=two)
    act(
        LawChangeCheck.mend,
        f.Mended(on=date(2025, 3, 20), what="已改为第四条", why="条号改变"),
        CLERK,
        case=two,
    )
    act(LawChangeCheck.drop, f.Unneeded(on=ON, why="该通告已经失效"), CLERK, case=three)
    assert [row.state for row in rows()] == ["kept", "mended", "dropped"]
    assert figure("law_change_check.opened", year(2025)).value == 3
    assert figure("law_change_check.waiting", year(2025)).value == 0


def test_what_was_taken_off_may_be_listed_again(county: None) -> None:
    listed(FOUND[:1])
    act(LawChangeCheck.drop, f.Unneeded(on=ON, why="误列"), CLERK, case=rows()[0].id)
    assert listed(FOUND[:1]).opened == 1


def test_whoever_may_not_list_is_told_so(county: None) -> None:
    result = listed(who=actor("head"))
    assert (result.opened, result.before, len(result.refused)) == (0, 0, 3)


def test_running_cases_are_found_by_what_was_written_in_them(county: None) -> None:
    """Any running case will do in which somebody wrote of a law; closed ones ended under the law of their day."""
    citing = Citing(
        "文件", "新县听证公告", Citation("lantern", OLD, 2), words="《行政处罚法》第六十三条所说的听证"
    )
    listed(tasks("lantern", OLD, NEW, CHANGES, [citing]))
    (row,) = rows()
    (one,) = in_cases("penalty-law", "2021-01-22", without=frozenset())
    assert (one.cite.article, one.case, one.office, one.what) == (63, row.id, JUSTICE, "案件")
    assert "引用的原文" in one.where
    assert not list(in_cases("penalty-law", "2021-01-22"))
    act(LawChangeCheck.keep, f.Kept(on=ON, why="不涉及"), CLERK, case=row.id)
    assert not list(in_cases("penalty-law", "2021-01-22", without=frozenset()))


# The command


@pytest.fixture
def amended_regulation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Two made-up texts under the name of a regulation our procedures stand on: only the 33rd article differs."""
    law = statute("disclosure-regulation")
    folder = tmp_path / "texts"
    folder.mkdir()
    for version, days in ((law.edition, "二十"), ("2030-01-01", "十五")):
        words = [f"**第{numeral(n)}条** 关于第{n}件事的规定。" for n in range(1, 57)]
        words[32] = f"**第三十三条** 行政机关应当自收到申请之日起{days}个工作日内予以答复。"
        head = f"# {law.title}\n\n- version: {version}\n\n"
        (folder / f"{version}.md").write_text(head + "\n\n".join(words), "utf-8")
    monkeypatch.setenv("YIFA_STATUTES", str(folder))
    monkeypatch.setattr(amended, "actor_for", lambda *_: CLERK)
    texts.forget()
    yield law.key
    texts.forget()


def test_the_command_lists_exactly_what_stands_on_the_article(
    county: None, amended_regulation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = argparse.Namespace(
        key=amended_regulation,
        old="2019-04-03",
        new="2030-01-01",
        format="text",
        open=True,
        by="",
        since=None,
    )
    assert amended.changed(given) == 0
    said = capsys.readouterr().out
    assert "未变55条，文字有修改1条。" in said
    expected = [c.where for c in in_procedures() if c.cite.key == amended_regulation and c.cite.article == 33]
    assert expected
    assert {str(json.loads(row.facts)["where"]) for row in rows()} == set(expected)
    assert f"列入核对{len(rows())}处，此前已经列入0处。" in said
    assert amended.changed(given) == 0
    assert f"列入核对0处，此前已经列入{len(expected)}处。" in capsys.readouterr().out


def test_without_being_asked_it_lists_nothing(
    county: None, amended_regulation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = argparse.Namespace(
        key=amended_regulation,
        old="2019-04-03",
        new="2030-01-01",
        format="json",
        open=False,
        by="",
        since=None,
    )
    assert amended.changed(given) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["article"] for one in told["citing"]} == {33}
    assert not rows()


def test_where_nobody_may_list_it_says_so(county: None) -> None:
    given = argparse.Namespace(by="", key="penalty-law", old="a", new="b", since=None)
    with pytest.raises(Plain, match="E744"):
        amended._list(given, "", [])
