"""Statements of law on inspections, without a database; what the machine would find is told here by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from yifa.clock import national
from yifa.matters.business.inspections import facts as f
from yifa.matters.business.inspections import told as t
from yifa.matters.business.inspections.procedure import Inspection, Quiet, SamplingRule, SamplingTask
from yifa.procedure import Case, Refused

ON = date(2023, 6, 5)
OFFICERS = ("张某（甲1）", "李某（甲2）", "王某（乙1）")


def assigned(**told: Any) -> Case:
    given: dict[str, Any] = {
        "on": ON, "object": "某店", "code": "91", "kind": f.Kind.ENTERPRISE, "source": t.Source.RANDOM, "items": ("1",),
        "officers": OFFICERS, "ground": "任务",
    }  # fmt: skip
    return Case(Inspection, national()).do(Inspection.assign, t.Assignment(**(given | told)))


def approved(**told: Any) -> Case:
    return assigned().do(Inspection.approve, t.Approval(**({"on": ON, "visit_on": ON} | told)))


def visit(**told: Any) -> t.Visit:
    given = {"on": ON, "shown": True, "record": "逐项检查", "finding": t.Finding.NOTHING}
    return t.Visit(**(given | told))


def inspected(**told: Any) -> Case:
    return approved().do(Inspection.visit, visit(**told))


# 河南省行政执法条例第二十四条


def test_at_least_two_officers() -> None:
    approved().do(Inspection.visit, visit(absent=OFFICERS[:1]))
    with pytest.raises(Refused, match="行政执法人员不得少于两人"):
        approved().do(Inspection.visit, visit(absent=OFFICERS[:2]))


def test_officers_show_their_certificates_unless_nobody_is_there_to_see() -> None:
    with pytest.raises(Refused, match="出示行政执法证"):
        approved().do(Inspection.visit, visit(shown=False))
    approved().do(Inspection.visit, visit(shown=False, finding=t.Finding.UNREACHABLE))


def test_only_who_was_sent_can_be_absent_and_only_the_valid_can_go() -> None:
    with pytest.raises(Refused, match="未到场的应当是派出的检查人员"):
        approved().do(Inspection.visit, visit(absent=("路人",)))
    with pytest.raises(Refused, match="持有有效的执法证"):
        approved().do(Inspection.visit, visit(expired=OFFICERS[:1]))


# 优化营商环境条例第五十四条


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"quiet": "6月企业无扰日"}, "企业无扰日"),
        ({"clash": ("应急局 2023-06-07",)}, "应当尽可能合并"),
        ({"nth": 3, "most": 2}, "超过公布的年度检查频次"),
    ],
)
def test_what_speaks_against_a_day_demands_a_reason(found: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        approved(**found)
    approved(**found, although="群众投诉，必须立即核查")


def test_nobody_comes_before_it_was_approved() -> None:
    with pytest.raises(Refused, match="不得早于批准日期"):
        approved(visit_on=date(2023, 6, 4))
    with pytest.raises(Refused, match="案件待批准，不能现场检查"):
        assigned().do(Inspection.visit, visit())


def test_a_problem_is_named_put_right_checked_again_and_published() -> None:
    with pytest.raises(Refused, match="应当写明问题"):
        inspected(finding=t.Finding.RECTIFY)
    case = inspected(finding=t.Finding.RECTIFY, problems="台账不全")
    with pytest.raises(Refused, match="查处结果及时向社会公开"):
        case.do(Inspection.finish, t.Finish(on=ON))
    case = case.do(Inspection.publish, t.Result(on=ON))
    with pytest.raises(Refused, match="办结前应当责令改正"):
        case.do(Inspection.finish, t.Finish(on=ON))
    with pytest.raises(Refused, match="改正期限应当在责令之后"):
        case.do(Inspection.order, t.Order(on=ON, demand="补齐", until=ON))
    case = case.do(Inspection.order, t.Order(on=ON, demand="补齐", until=date(2023, 6, 20)))
    assert case.due(Inspection.rectify_in) == date(2023, 6, 20)
    case = case.do(Inspection.fail, t.Recheck(on=date(2023, 6, 20), state="仍缺"))
    case = case.do(Inspection.recheck, t.Recheck(on=date(2023, 6, 21), state="已补"))
    assert case.do(Inspection.finish, t.Finish(on=date(2023, 6, 21))).state is Inspection.closed


def test_without_a_problem_nothing_is_ordered() -> None:
    with pytest.raises(Refused, match="没有发现问题的，不得责令改正"):
        inspected().do(Inspection.order, t.Order(on=ON, demand="补齐", until=date(2023, 6, 20)))


def test_what_is_for_others_to_handle_is_handed_over_before_the_end() -> None:
    case = inspected(finding=t.Finding.FILED, problems="无证经营").do(Inspection.publish, t.Result(on=ON))
    with pytest.raises(Refused, match="办结前应当责令改正、移送"):
        case.do(Inspection.finish, t.Finish(on=ON))
    case = case.do(Inspection.transfer, t.Transfer(on=ON, to="执法大队", matter="无证经营"))
    assert case.do(Inspection.finish, t.Finish(on=ON)).standing.state == "closed"


def test_a_result_is_published_within_twenty_working_days() -> None:
    """2023-06-05 + 20 working days, 端午 22 and 23 June off and 25 June worked: 4 July."""
    assert inspected().due(Inspection.publish_in) == date(2023, 7, 4)


def test_limits_and_quiet_days_make_sense() -> None:
    rule = {"on": ON, "name": "比例", "kind": f.Kind.ENTERPRISE}
    for wrong in ({"percent": Decimal(0)}, {"percent": Decimal(101)}, {"percent": Decimal(3), "most_a": -1}):
        with pytest.raises(Refused, match="比例应当在0与100之间"):
            Case(SamplingRule, national()).do(SamplingRule.lay_down, t.Rule(**(rule | wrong)))
    days = t.QuietDays(on=ON, name="无扰日", first=date(2023, 6, 9), last=date(2023, 6, 8))
    with pytest.raises(Refused, match="止日不得早于起日"):
        Case(Quiet, national()).do(Quiet.set, days)


def test_a_planned_task_may_be_given_up_but_a_committed_draw_only_dropped_in_sight() -> None:
    plan = t.Plan(
        on=ON, name="任务", scope=t.Scope.SINGLE, items=("1",), objects=f.Kind.ENTERPRISE, until=date(2023, 12, 31)
    )  # fmt: skip
    case = Case(SamplingTask, national()).do(SamplingTask.plan, plan)
    assert (
        case.do(SamplingTask.cancel, t.Cancelling(on=ON, because="并入专项")).state is SamplingTask.cancelled
    )
    assert "dropped" not in {
        s.move.target.key for s in SamplingTask.steps.values() if s.opens and s.move.target
    }
    assert SamplingTask.drop.sources == ("prepared", "committed", "drawn")
    assert {s.key for s in SamplingTask.steps.values() if "closed" in s.sources} == set()


def test_what_a_draw_brought_is_not_corrected_by_hand_and_a_plan_only_before_its_scheme() -> None:
    assert [r.id for r in assigned().refusals(Inspection.steps["rectify"])] == ["yifa.R014"]
    assert SamplingTask.steps["rectify"].sources == ("planned",)
