"""A county with a services bureau and a market bureau, in which ratings and call-backs are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.cases.kernel import Done, act
from yifa.matters.services.satisfaction import facts as f
from yifa.matters.services.satisfaction.procedure import RatingRule, ServiceRating
from yifa.people.actor import Actor

SERVICES, MARKET = "xinxian-services", "xinxian-market"
ON = date(2023, 6, 1)  # a Thursday


def actor(*roles: str, office: str = MARKET, scope: frozenset[str] | None = None) -> Actor:
    reach = scope if scope is not None else frozenset({office})
    return Actor(7, "李某", f"{office}.{roles[0]}", office, frozenset(roles), reach, "经办人")


CLERK = actor("clerk")
BUREAU = actor("clerk", "head", office=SERVICES)
PERSON = Actor.applicant()


@pytest.fixture
def offices(db: None, settings: Any, tmp_path: Any) -> None:
    from yifa.people import offices

    settings.YIFA_HOME = tmp_path
    found_offices()
    offices.forget()


def found_offices() -> None:
    from yifa.people.models import Office

    for code, name, short, mark in (
        (SERVICES, "新县政务服务中心", "政务服务中心", "新政服"),
        (MARKET, "新县市场监督管理局", "市场监管局", "新市监"),
    ):
        Office.objects.create(
            code=code, name=name, short=short, kind="department", mark=mark, since=date(2010, 1, 1)
        )


@pytest.fixture
def county(offices: None) -> None:
    rule = f.Rule(on=ON, name="新县政务服务差评整改办法", days=5, basis="新政服〔2023〕1号（虚构）")
    act(RatingRule.lay_down, rule, BUREAU)


def finished(n: int = 1, **told: Any) -> Done:
    given = {"on": ON, "number": f"BJ-{n:04}", "item": "个体工商户注册登记", "telephone": f"100{n:08}"}
    return act(ServiceRating.register, f.Finished(**(given | told)), CLERK)


def rated(case: int, grade: f.Grade, **told: Any) -> Done:
    given = {"on": ON, "grade": grade}
    return act(ServiceRating.rate, f.Rating(**(given | told)), PERSON, case=case, own=True)


def standing(family: str) -> list[Any]:
    from yifa.cases.models import Case

    return list(Case.objects.filter(family=family).order_by("id"))
