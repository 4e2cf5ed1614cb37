"""A county in which a joint task can be drawn: two departments with officers, some businesses, one item, one rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from stdnum.cn import uscc

from yifa.cases.kernel import Do, Done, act, act_many
from yifa.matters.business.inspections import facts as f
from yifa.matters.business.inspections import told as t
from yifa.matters.business.inspections.directories import Entity, SupervisionItem
from yifa.matters.business.inspections.procedure import Inspection, SamplingRule, SamplingTask
from yifa.matters.enforcement.certificate import facts as c
from yifa.matters.enforcement.certificate.procedure import Certificate
from yifa.people.actor import Actor

MARKET, FIRE = "xinxian-market", "xinxian-emergency"
ON = date(2023, 6, 1)


def actor(*roles: str, office: str = MARKET) -> Actor:
    return Actor(7, "李某", f"{office}.{roles[0]}", office, frozenset(roles), None, "经办人")


CLERK, HEAD = actor("clerk"), actor("head")


def code_of(n: int) -> str:
    body = f"91000000MA{n:07}"
    return body + uscc.calc_check_digit(body)


def firms(n: int, kind: f.Kind = f.Kind.ENTERPRISE, start: int = 0) -> Iterator[Do]:
    grades = (f.Grade.A, f.Grade.B, f.Grade.B, f.Grade.C, f.Grade.D)
    for k in range(start, start + n):
        facts = f.Business(
            on=ON, name=f"第{k}号店", code=code_of(k), kind=kind, grade=grades[k % 5], trade="住宿和餐饮业"
        )
        yield Do(Entity.enter, facts, CLERK, office=MARKET)


def officers(office: str, n: int, **told: Any) -> Iterator[Do]:
    for k in range(n):
        given = {"on": ON, "holder": f"{office[8]}员{k}", "number": f"{office}-{k}", "passed": ON} | told
        yield Do(Certificate.issue, c.Holder(**given), CLERK, office=office)


def rule(percent: str = "10", kind: f.Kind = f.Kind.ENTERPRISE, **told: Any) -> Do:
    from decimal import Decimal

    facts = t.Rule(on=ON, name=f"{kind.label}抽查比例", kind=kind, percent=Decimal(percent), **told)
    return Do(SamplingRule.lay_down, facts, HEAD, office=MARKET)


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Any) -> None:
    from yifa.people import offices
    from yifa.people.models import Office

    settings.YIFA_HOME = tmp_path
    for code, name, short, mark in (
        (MARKET, "新县市场监督管理局", "市场监管局", "新市监"),
        (FIRE, "新县应急管理局", "应急局", "新应急"),
    ):
        Office.objects.create(
            code=code, name=name, short=short, kind="department", mark=mark, since=date(2010, 1, 1)
        )
    offices.forget()
    item = f.Item(on=ON, name="餐饮安全", number="YS001", level=f.Level.MAIN)
    act_many(
        [
            *firms(60),
            *officers(MARKET, 6),
            *officers(FIRE, 4),
            rule(),
            Do(SupervisionItem.publish, item, CLERK, office=MARKET),
        ]
    )


def planned(**told: Any) -> Done:
    given: dict[str, Any] = {
        "on": ON, "name": "餐饮业联合抽查", "scope": t.Scope.JOINT, "partners": ("应急局",), "items": ("YS001",),
        "objects": f.Kind.ENTERPRISE, "until": date(2023, 12, 31),
    }  # fmt: skip
    return act(SamplingTask.plan, t.Plan(**(given | told)), CLERK)


def scheme(**told: Any) -> t.Sampling:
    given: dict[str, Any] = {
        "on": ON, "source": "某彩票第2023063期", "source_count": 3, "source_on": date(2023, 6, 4), "wanted": 5,
    }  # fmt: skip
    return t.Sampling(**(given | told))


def prepared(**told: Any) -> int:
    case = planned().case
    act(SamplingTask.prepare, scheme(**told), CLERK, case=case)
    return case


def committed(**told: Any) -> int:
    case = prepared(**told)
    act(SamplingTask.commit, SamplingTask.commit.asks(on=ON), HEAD, case=case)
    return case


def drawn(**told: Any) -> int:
    case = committed(**told)
    seed = SamplingTask.draw.asks(on=date(2023, 6, 5), values="12 05 7")
    act(SamplingTask.draw, seed, CLERK, case=case)
    return case


def inspections(of: int) -> list[int]:
    from yifa.cases.models import Case, Link

    grown = Link.objects.filter(from_case=of).order_by("to_case").values_list("to_case", flat=True)
    return [id for id in grown if Case.objects.get(pk=id).family == "inspection"]


def inspect(id: int, finding: t.Finding = t.Finding.NOTHING) -> None:
    """Approve, visit and publish one inspection."""
    on = date(2023, 6, 8)
    act(Inspection.approve, t.Approval(on=on, visit_on=on), HEAD, case=id)
    problems = "过期食品" if finding.problem else ""
    visit = t.Visit(on=on, shown=True, record="逐项检查", finding=finding, problems=problems)
    act(Inspection.visit, visit, CLERK, case=id)
    act(Inspection.publish, t.Result(on=on), CLERK, case=id)
