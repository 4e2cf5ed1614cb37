"""Orders that reach the office meant, reports that agree with the register, six that are all there."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from typing import Any

import pytest

from yifa import counts
from yifa.cases import read
from yifa.cases.kernel import Done, act
from yifa.cases.models import Case as Row
from yifa.cases.models import Link
from yifa.cases.rebuild import compare
from yifa.matters.emergency.response import facts as f
from yifa.matters.emergency.response.procedure import Incident, Instruction, Response, SixHaves, ZeroReport
from yifa.procedure import Refused

from ..emergency import CLERK, HEAD, ON, TIANPU, WATER, XINJI, of

pytestmark = pytest.mark.usefixtures("county")
JULY = date(2023, 7, 31)


def facts_of(case: int) -> dict[str, Any]:
    return dict(json.loads(Row.objects.get(pk=case).facts))


# ── Orders ───────────────────────────────────────────────────────────────────


@pytest.fixture
def running() -> int:
    start = f.Start(
        on=ON, subject="防汛", level=f.Level.THREE, plan="预案", until=date(2023, 7, 24), measures="巡查"
    )
    return act(Response.launch, start, HEAD).case


def order(case: int, to: str) -> Done:
    told = f.Order(on=ON, to=to, what="转移沿河住户", until=date(2023, 7, 22))
    return act(Response.order, told, CLERK, case=case)


@pytest.mark.parametrize(
    ("to", "office"), [("田铺乡", TIANPU), ("新县新集镇人民政府", XINJI), ("县水利局", WATER)]
)
def test_an_order_becomes_a_case_of_the_office_it_is_given_to(running: int, to: str, office: str) -> None:
    order(running, to)
    given = Row.objects.get(family="instruction")
    assert (given.office, given.state) == (office, "given")
    assert Link.objects.get(to_case=given.pk).from_case == running
    assert facts_of(given.pk)["what"] == "转移沿河住户"
    told = f.Feedback(on=ON, done="已转移")
    for stranger in {TIANPU, XINJI, WATER} - {office}:
        with pytest.raises(Refused, match="不在您的管辖范围内"):
            act(Instruction.answer, told, of(stranger), case=given.pk)
    act(Instruction.answer, told, of(office), case=given.pk)
    act(Instruction.close, f.Closing(on=ON), HEAD, case=given.pk)
    assert Row.objects.get(pk=given.pk).state == "closed"
    assert compare() == []


def test_an_order_to_nobody_is_given_to_nobody(running: int) -> None:
    with pytest.raises(Refused, match="没有叫“月亮乡”的机关"):
        order(running, "月亮乡")
    assert not Row.objects.filter(family="instruction").exists()
    assert read.live(running).standing.seq == 1


def test_a_response_may_give_many_orders_and_each_is_counted(running: int) -> None:
    for to in ("田铺乡", "新集镇", "县水利局"):
        order(running, to)
    keys = ["instruction.issued", "instruction.pending", "response.started"]
    found = counts.figures(keys, counts.year(2023))
    assert [found[key].value for key in keys] == [3, 3, 1]


# ── Incidents, and the months they are in ────────────────────────────────────


def incident(on: date = ON, office: str = TIANPU, **told: Any) -> int:
    given = {"on": on, "what": "村道塌方", "sort": f.Sort.GEOLOGY, "place": "某村", "first": "已封路"}
    return act(Incident.report, f.Incident(**(given | told)), of(office)).case


def report(on: date = JULY, office: str = TIANPU, incidents: int = 0) -> int:
    return act(ZeroReport.file, f.Month(on=on, incidents=incidents, casualties=0), of(office)).case


def test_casualties_are_the_dead_the_missing_and_the_injured() -> None:
    case = incident()
    told = f.Final(on=ON, grade=f.Grade.LARGER, deaths=1, missing=2, injured=4, summary="救出")
    act(Incident.close, told, of(TIANPU), case=case)
    assert facts_of(case)["casualties"] == 7
    assert counts.figure("incident.flood_casualties", counts.year(2023)).value == 7


def test_a_report_agrees_with_what_the_office_entered_in_that_month() -> None:
    for on in (date(2023, 7, 1), JULY):
        incident(on)
    incident(date(2023, 6, 30))
    incident(date(2023, 8, 1))
    incident(office=XINJI)
    with pytest.raises(Refused, match="应当与本单位当月登记的突发事件一致"):
        report(incidents=3)
    told = facts_of(report(incidents=2))
    assert (told["registered"], told["month"]) == (2, "2023年7月")
    assert facts_of(report(date(2023, 6, 30), incidents=1))["month"] == "2023年6月"


def test_an_office_reports_a_month_once_and_puts_it_right_afterwards() -> None:
    case = report()
    with pytest.raises(Refused, match="这个月已经报过"):
        report()
    report(office=XINJI)
    incident()
    corrected(case, incidents=1)
    assert facts_of(case)["incidents"] == 1
    act(
        ZeroReport.withdraw,
        ZeroReport.withdraw.asks(on=date(2023, 8, 4), why="报错单位"),
        of(TIANPU),
        case=case,
    )
    report(incidents=1)


def corrected(case: int, *, on: date = date(2023, 8, 3), dated: date = JULY, incidents: int) -> None:
    told = ZeroReport.correct.asks(on=on, dated=dated, incidents=incidents, casualties=0, why="漏报")
    act(ZeroReport.correct, told, of(TIANPU), case=case)


def test_a_corrected_report_is_of_the_month_it_names_not_of_the_day_it_is_corrected() -> None:
    case = report()
    incident(date(2023, 8, 2))
    incident()
    with pytest.raises(Refused, match="应当与本单位当月登记的突发事件一致"):
        corrected(case, incidents=2)
    corrected(case, incidents=1)
    told = facts_of(case)
    assert (told["month"], told["registered"]) == ("2023年7月", 1)


# ── Six haves ────────────────────────────────────────────────────────────────


def test_complete_is_all_six_and_nothing_less() -> None:
    names = ("body", "staff", "place", "equipment", "funds", "rules")
    for had in product((True, False), repeat=6):
        told = f.Six(on=ON, **dict(zip(names, had, strict=True)))
        case = act(SixHaves.check, told, of(TIANPU)).case
        assert facts_of(case)["complete"] is all(had)
    found = counts.figure("six_haves.complete", counts.year(2023))
    assert (found.numerator, found.denominator) == (1, 64)
