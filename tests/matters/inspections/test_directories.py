"""优化营商环境条例 51, 53, 54, 56: who may be drawn, who may be sent, what may be inspected. No database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from stdnum.cn import uscc

from yifa.clock import national
from yifa.matters.business.inspections import facts as f
from yifa.matters.business.inspections.directories import Entity, SupervisionItem, Supervisor
from yifa.procedure import Case, Refused, asks_of

ON = date(2023, 3, 1)
CODE = "91000000MA0000001" + uscc.calc_check_digit("91000000MA0000001")


def business(**told: Any) -> f.Business:
    return f.Business(**{"on": ON, "name": "某店", "code": CODE, "kind": f.Kind.INDIVIDUAL} | told)


def item(**told: Any) -> f.Item:
    return f.Item(**{"on": ON, "name": "某事项", "number": "1", "level": f.Level.MAIN} | told)


def begun(procedure: Any, facts: Any) -> Case:
    return Case(procedure, national()).do(procedure.opening()[0], facts)


def test_a_business_enters_and_leaves_the_directory() -> None:
    case = begun(Entity, business())
    assert case.standing.state == "listed"
    case = case.do(Entity.regrade, f.Grading(on=ON, grade=f.Grade.D, reason="失信"))
    assert case.standing.state == "listed"
    case = case.do(Entity.leave, f.Departure(on=ON, why=f.Leaving.DEREGISTERED))
    assert case.standing.state == "left"
    with pytest.raises(Refused):
        case.do(Entity.regrade, f.Grading(on=ON, grade=f.Grade.A, reason="恢复"))


@pytest.mark.parametrize(
    "code",
    [
        "",
        CODE[:-1],
        CODE + "0",
        CODE[:-1] + ("1" if CODE[-1] != "1" else "2"),
        "9100000OMA0000001X",
        "不是代码",
        "91000000MA000000I0",
    ],
)
def test_a_code_whose_check_digit_does_not_fit_names_nobody(code: str) -> None:
    with pytest.raises(Refused, match=r"统一社会信用代码为18位.*第五十四条第一款"):
        begun(Entity, business(code=code))


def test_every_digit_mistyped_and_every_two_exchanged_are_noticed() -> None:
    """GB 32100-2015, annex: the check digit finds single slips and transpositions of neighbours."""
    for at in range(17):
        wrong = CODE[:at] + ("3" if CODE[at] != "3" else "4") + CODE[at + 1 :]
        assert not uscc.is_valid(wrong)
        swapped = CODE[:at] + CODE[at + 1] + CODE[at] + CODE[at + 2 :]
        assert swapped == CODE or not uscc.is_valid(swapped)


def test_before_the_regulation_there_was_no_directory() -> None:
    assert Entity.since == Supervisor.since == SupervisionItem.since == date(2020, 1, 1)


def test_an_account_is_closed_once() -> None:
    case = begun(Supervisor, f.Registration(on=ON, holder="某人", login="a1"))
    case = case.do(Supervisor.close, f.Closing(on=ON))
    with pytest.raises(Refused):
        case.do(Supervisor.close, f.Closing(on=ON))


def test_an_item_is_covered_by_its_first_use_and_only_once() -> None:
    case = begun(SupervisionItem, item())
    case = case.do(SupervisionItem.cover, f.FirstUse(on=ON, action="检查记录1号"))
    assert case.standing.state == "covered"
    with pytest.raises(Refused):
        case.do(SupervisionItem.cover, f.FirstUse(on=ON, action="检查记录2号"))
    assert case.do(SupervisionItem.remove, f.Removal(on=ON, reason="依据废止")).standing.state == "removed"


def test_an_item_never_used_can_be_removed_too() -> None:
    case = begun(SupervisionItem, item())
    assert case.do(SupervisionItem.drop, f.Removal(on=ON, reason="重复")).standing.state == "removed"


@pytest.mark.parametrize(("level", "main"), [(f.Level.SUB, ""), (f.Level.MAIN, "7")])
def test_a_sub_item_names_its_main_item_and_a_main_item_names_none(level: f.Level, main: str) -> None:
    with pytest.raises(Refused, match="子项应当写明所属主项"):
        begun(SupervisionItem, item(level=level, belongs_to=main))


def test_telephone_numbers_are_sealed() -> None:
    for facts in (f.Business, f.Registration):
        assert {a.name for a in asks_of(facts) if a.sealed} == {"contact"}
