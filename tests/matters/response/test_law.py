"""A warning is not a response, a month without a report is not a month without an incident: statements of law, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.clock import national
from yifa.matters.emergency.response import facts as f
from yifa.matters.emergency.response.procedure import (
    CommandBody,
    DutyLog,
    GuidanceStation,
    Incident,
    Instruction,
    Response,
    SixHaves,
    ZeroReport,
)
from yifa.people import CLERK, HEAD, SYSTEM
from yifa.procedure import Case, Refused, Zero, asks_of

ON = date(2023, 7, 21)


def response(**told: Any) -> Case:
    given = {
        "on": ON, "subject": "防汛应急响应", "level": f.Level.THREE, "plan": "某预案", "until": date(2023, 7, 24),
        "measures": "加强巡查",
    }  # fmt: skip
    return Case(Response, national()).do(Response.launch, f.Start(**(given | told)))


# ── Response ─────────────────────────────────────────────────────────────────


def test_a_response_states_matter_level_expected_end_and_measures() -> None:
    """气象灾害防御条例第三十四条第二款、第三十六条第一款."""
    told = {a.name: a for a in asks_of(f.Start)}
    for name in ("subject", "level", "until", "measures", "plan"):
        assert told[name].required, name
        assert told[name].cite is not None, name
    assert Response.launch.roles == (HEAD,)


def test_a_response_does_not_end_before_it_begins() -> None:
    with pytest.raises(Refused, match="预计期限不得早于启动之日"):
        response(until=date(2023, 7, 20))
    assert response(until=ON).state is Response.running


def adjusted(case: Case, on: date, **told: Any) -> Case:
    given = {"on": on, "level": f.Level.TWO, "until": date(2023, 7, 26), "why": "雨势加强"}
    return case.do(Response.adjust, f.Adjust(**(given | told)))


def test_an_adjustment_names_level_and_end_anew_and_why() -> None:
    case = response()
    assert case.due(Response.expected) == date(2023, 7, 24)
    case = adjusted(case, date(2023, 7, 22))
    assert case.due(Response.expected) == date(2023, 7, 26)
    assert case.state is Response.running
    with pytest.raises(Refused, match="预计期限不得早于调整之日"):
        adjusted(case, date(2023, 7, 25), until=date(2023, 7, 24))


def test_a_response_goes_on_past_its_expected_end_until_somebody_in_charge_ends_it() -> None:
    case = response()
    assert not Response.expected.duty
    over = case.do(Response.end, f.Ending(on=date(2023, 7, 30), why="险情解除"))
    assert over.state is Response.over
    with pytest.raises(Refused, match="案件已终止，不能调整响应"):
        adjusted(over, date(2023, 7, 31))


def test_any_level_may_go_with_any_withdrawal() -> None:
    for level in f.Level:
        for withdrawal in f.Withdrawal:
            assert response(level=level, withdrawal=withdrawal).state is Response.running


# ── Instructions ─────────────────────────────────────────────────────────────


def order(**told: Any) -> f.Order:
    given = {"on": ON, "to": "某乡", "what": "转移沿河住户", "until": date(2023, 7, 22), "hour": "18:00"}
    return f.Order(**(given | told))


def test_an_instruction_is_answered_and_closed_by_whoever_gave_it() -> None:
    case = Case(Instruction, national()).do(Instruction.give, order())
    assert Instruction.give.roles == (SYSTEM,), "nobody gives it but the response"
    assert case.due(Instruction.answer_in) == date(2023, 7, 22), "a Saturday: emergencies do not wait"
    with pytest.raises(Refused, match="案件待反馈，不能销号"):
        case.do(Instruction.close, f.Closing(on=ON))
    case = case.do(Instruction.answer, f.Feedback(on=ON, done="转移3户"))
    case = case.do(Instruction.again, f.Closing(on=ON, opinion="还有1户"))
    case = case.do(Instruction.answer, f.Feedback(on=date(2023, 7, 22), done="转移4户"))
    assert case.do(Instruction.close, f.Closing(on=date(2023, 7, 22))).state is Instruction.closed
    assert (Instruction.answer.roles, Instruction.close.roles) == ((CLERK,), (HEAD,))


def test_an_answer_is_not_due_before_the_order_is_given() -> None:
    with pytest.raises(Refused, match="反馈期限不得早于下达之日"):
        response().do(Response.order, order(until=date(2023, 7, 20)))
    assert response().do(Response.order, order(until=ON)).state is Response.running


# ── Incidents ────────────────────────────────────────────────────────────────


def incident() -> Case:
    first = f.Incident(on=ON, what="村道塌方", sort=f.Sort.GEOLOGY, place="某村", first="已封路")
    return Case(Incident, national()).do(Incident.report, first)


def final(**told: Any) -> f.Final:
    given = {"on": date(2023, 7, 23), "grade": f.Grade.ORDINARY, "deaths": 0, "injured": 1, "summary": "抢通"}
    return f.Final(**(given | told))


def test_an_incident_is_reported_followed_and_finally_told() -> None:
    case = incident()
    case = case.do(Incident.follow, f.FollowUp(on=ON, news="抢通一半"))
    case = case.do(Incident.follow, f.FollowUp(on=date(2023, 7, 22), news="抢通"))
    case = case.do(Incident.close, final())
    assert case.state is Incident.closed
    with pytest.raises(Refused, match="案件已终报，不能续报"):
        case.do(Incident.follow, f.FollowUp(on=date(2023, 7, 24), news="又塌"))


def test_the_first_report_asks_neither_grade_nor_casualties() -> None:
    assert not {"grade", "deaths", "injured", "missing"} & {a.name for a in asks_of(f.Incident)}
    assert {a.name for a in asks_of(f.Final) if a.required} >= {"grade", "deaths"}


@pytest.mark.parametrize("name", ["deaths", "missing", "injured"])
def test_nobody_is_hurt_less_than_not_at_all(name: str) -> None:
    with pytest.raises(Refused, match="伤亡人数不得为负"):
        incident().do(Incident.close, final(**{name: -1}))


def test_casualties_of_floods_are_of_the_final_report_and_of_floods_and_landslides() -> None:
    figure = Incident.flood_casualties
    assert [step.key for step in figure.steps] == ["close"]
    assert figure.field == "casualties"
    assert figure.where == {"sort": (f.Sort.FLOOD, f.Sort.GEOLOGY)}
    assert Incident.grave_accidents.where == {
        "sort": f.Sort.SAFETY, "grade": (f.Grade.MAJOR, f.Grade.GRAVEST),
    }  # fmt: skip


# ── Months without one ───────────────────────────────────────────────────────


def month(on: date = date(2023, 7, 31), **told: Any) -> Case:
    given = {"on": on, "incidents": 0, "casualties": 0, "registered": 0}
    return Case(ZeroReport, national()).do(ZeroReport.file, f.Month(**(given | told)))


@pytest.mark.parametrize(
    "on", [date(2023, 7, 31), date(2023, 2, 28), date(2024, 2, 29), date(2023, 12, 31), date(2023, 4, 30)]
)
def test_a_report_is_of_a_month_whose_last_day_it_bears(on: date) -> None:
    assert month(on).standing.state == "recorded"


@pytest.mark.parametrize("on", [date(2023, 7, 30), date(2024, 2, 28), date(2023, 8, 1), date(2023, 12, 1)])
def test_a_report_of_part_of_a_month_is_none(on: date) -> None:
    with pytest.raises(Refused, match="报告月末日应当是当月最后一日"):
        month(on)


def test_what_is_reported_agrees_with_what_was_entered() -> None:
    with pytest.raises(Refused, match="应当与本单位当月登记的突发事件一致，少登记的先登记"):
        month(incidents=0, registered=1)
    with pytest.raises(Refused, match="应当与本单位当月登记的突发事件一致"):
        month(incidents=2, registered=1)
    assert month(incidents=1, registered=1).standing.state == "recorded"


def test_an_office_reports_a_month_once() -> None:
    with pytest.raises(Refused, match="这个月已经报过，有误的更正原来的月报"):
        month(already=True)


@pytest.mark.parametrize("told", [{"incidents": -1, "registered": -1}, {"casualties": -1}])
def test_less_than_nothing_did_not_happen(told: dict[str, int]) -> None:
    with pytest.raises(Refused, match="起数、人数不得为负"):
        month(**told)


def test_a_zero_rests_on_every_department_and_township_reporting_every_month() -> None:
    zeros = {k: z for k, z in ZeroReport.counts.items() if isinstance(z, Zero)}
    assert set(zeros) == {"no_casualties", "no_grave_accident"}
    for zero in zeros.values():
        assert zero.among == ("department", "township")
        assert zero.reports is ZeroReport.filed
        assert "第三十二条第二款" in str(zero.cite)


# ── The watch, commands, readiness ───────────────────────────────────────────


def test_a_watch_has_somebody_who_leads_it_and_somebody_who_keeps_it() -> None:
    """防汛条例第二十四条."""
    watch = f.Watch(on=ON, shift="夜班", leader="王某", officer="李某")
    assert Case(DutyLog, national()).do(DutyLog.keep, watch).standing.state == "recorded"
    assert {a.name for a in asks_of(f.Watch) if a.required} == {"shift", "leader", "officer"}


def test_a_command_is_set_up_with_its_commander_and_dissolved_with_a_reason() -> None:
    body = f.Body(on=ON, name="防汛抗旱指挥部", chief="王某")
    case = Case(CommandBody, national()).do(CommandBody.set_up, body)
    assert case.do(CommandBody.dissolve, f.Gone(on=ON, why="机构改革")).state is CommandBody.gone


def test_a_station_belongs_to_a_village() -> None:
    station = f.Station(on=ON, name="田铺村安全劝导站", village="田铺村")
    case = Case(GuidanceStation, national()).do(GuidanceStation.set_up, station)
    assert case.do(GuidanceStation.close, f.Gone(on=ON, why="并村")).state is GuidanceStation.gone


def test_six_haves_are_six_and_whether_all_are_there_is_found() -> None:
    told = [a for a in asks_of(f.Six) if a.kind is bool]
    assert [a.name for a in told if not a.found] == ["body", "staff", "place", "equipment", "funds", "rules"]
    assert [a.name for a in told if a.found] == ["complete"]
    assert SixHaves.complete.part.where == {"complete": True}  # type: ignore[union-attr]
