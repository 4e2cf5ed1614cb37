"""Listing what cites an amended statute: each place once, and closed only with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.cases.kernel import act
from yifa.cases.models import Case
from yifa.counts import figure, year
from yifa.law import Citation
from yifa.matters.decisions.lawchange import facts as f
from yifa.matters.decisions.lawchange.opening import list_all
from yifa.matters.decisions.lawchange.procedure import LawChangeCheck
from yifa.people.actor import Actor
from yifa.procedure import Refused
from yifa.texts.amendment import Became, Change, Citing, tasks

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
