"""Before it rains: statements of law, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.clock import national
from yifa.matters.emergency.readiness import facts as f
from yifa.matters.emergency.readiness.procedure import EmergencyDrill, EmergencyPost, Hazard, Relocation
from yifa.procedure import Case, Refused, asks_of

ON = date(2023, 4, 3)


def post(**told: Any) -> Case:
    given = {"on": ON, "name": "王某", "duty": f.Duty.FLOOD, "area": "香山水库"}
    return Case(EmergencyPost, national()).do(EmergencyPost.appoint, f.Appointment(**(given | told)))


def hazard() -> Case:
    found = f.Finding(on=ON, place="某村排洪沟", what="淤堵", unit="某单位")
    return Case(Hazard, national()).do(Hazard.find, found)


def test_who_answers_confirms_every_year_and_the_year_starts_anew() -> None:
    case = post()
    assert case.due(EmergencyPost.confirm_in) == date(2024, 4, 3)
    case = case.do(EmergencyPost.confirm, f.Confirmation(on=date(2024, 4, 10), way="本人签字"))
    assert case.due(EmergencyPost.confirm_in) == date(2025, 4, 10)
    assert (
        case.do(EmergencyPost.leave, f.Leaving(on=date(2024, 5, 6), reason="换届")).standing.state == "left"
    )


def test_a_telephone_number_is_sealed() -> None:
    assert {a.name for a in asks_of(f.Appointment) if a.sealed} == {
        "telephone",
        "substitute_telephone",
        "superior_telephone",
        "mail",
    }


def test_a_danger_is_mended_on_the_spot_or_assigned_with_a_day_answered_and_checked() -> None:
    assert hazard().do(Hazard.mend, f.Reply(on=ON, done="清淤")).state is Hazard.closed
    with pytest.raises(Refused, match=r"责成责任单位在规定的期限内处理.*第十五条第一款"):
        hazard().do(Hazard.assign, f.Letter(on=ON, to="某单位", demand="清淤", until=ON))
    case = hazard().do(Hazard.assign, f.Letter(on=ON, to="某单位", demand="清淤", until=date(2023, 4, 20)))
    assert case.due(Hazard.mend_in) == date(2023, 4, 20)
    with pytest.raises(Refused, match="案件已交办，不能验收合格"):
        case.do(Hazard.accept, f.Check(on=ON, result="合格"))
    case = case.do(Hazard.reply, f.Reply(on=date(2023, 4, 18), done="已清"))
    case = case.do(Hazard.send_back, f.Check(on=date(2023, 4, 19), result="仍有淤积"))
    case = case.do(Hazard.reply, f.Reply(on=date(2023, 4, 21), done="再清"))
    assert case.do(Hazard.accept, f.Check(on=date(2023, 4, 22), result="合格")).state is Hazard.closed


@pytest.mark.parametrize(("households", "people"), [(0, 0), (3, 2), (-1, 5)])
def test_whoever_is_moved_is_counted_in_households_and_people(households: int, people: int) -> None:
    told = {"on": ON, "event": "强降雨", "village": "某村", "shelter": "小学"}
    with pytest.raises(Refused, match="人数不少于户数"):
        Case(Relocation, national()).do(Relocation.move, f.Move(households=households, people=people, **told))
    case = Case(Relocation, national()).do(Relocation.move, f.Move(households=3, people=7, **told))
    back = f.Return(on=date(2023, 4, 5), safe="巡查确认")
    assert case.do(Relocation.bring_back, back).state is Relocation.back


def test_a_drill_is_entered_with_its_kind() -> None:
    drill = f.Drill(on=ON, unit="某乡", kind=f.Exercise.CALL, people=40)
    assert Case(EmergencyDrill, national()).do(EmergencyDrill.hold, drill).standing.state == "recorded"
    with pytest.raises(Refused, match="不得为负"):
        Case(EmergencyDrill, national()).do(
            EmergencyDrill.hold, f.Drill(on=ON, unit="某乡", kind=f.Exercise.CALL, people=-1)
        )
