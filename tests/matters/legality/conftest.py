"""A county whose justice bureau reviews what is handed in: a clerk, a head, and a draft with three places to point at."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.cases.kernel import Done, act
from yifa.cases.scene import files
from yifa.matters.decisions.legality import facts as f
from yifa.matters.decisions.legality.procedure import LegalityReview
from yifa.people.actor import Actor
from yifa.texts.reader import read
from yifa.texts.told import Settled, Verdict

JUSTICE, HOUSING = "xinxian-justice", "xinxian-housing"
ON = date(2026, 3, 2)  # a Monday
DRAFT = """新县城区停车管理办法

第一条 根据《中华人民共和国行政处罚法》第一百条，制定本办法。
第二条 申请人可以依照《中华人民共和国行政复议法实施条例》第七十条申请行政复议。
第三条 违反本办法的，依照《中华人民共和国行政强制法》第九十九条处理。
"""
MENDED = DRAFT.replace("第一百条", "第二条").replace("第九十九条", "第九条")


def actor(role: str, office: str = JUSTICE) -> Actor:
    reach = frozenset({office})
    return Actor(7, "李某", f"{office}.{role}", office, frozenset({role}), reach, "经办人")


CLERK, HEAD = actor("clerk"), actor("head")


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Any) -> None:
    from yifa.people import offices
    from yifa.people.models import Office

    settings.YIFA_HOME = tmp_path
    for code, name, mark in ((JUSTICE, "新县司法局", "新司"), (HOUSING, "新县住房和城乡建设局", "新住建")):
        Office.objects.create(code=code, name=name, kind="department", mark=mark, since=date(2010, 1, 1))
    offices.forget()


def kept(text: str, name: str = "停车办法.txt") -> str:
    """The digest of a text handed in."""
    return files().keep_text(read(text.encode(), name).dump())


def received(text: str = DRAFT, **told: Any) -> Done:
    given: dict[str, Any] = {
        "on": ON,
        "draft": kept(text),
        "name": "新县城区停车管理办法",
        "kind": f.Kind.NORMATIVE,
        "level": f.Level.DEPARTMENT,
        "drafter": "住房和城乡建设局",
    }
    return act(LegalityReview.submit, f.Received(**(given | told)), CLERK)


def settle(
    case: int, *places: str, verdict: Verdict = Verdict.ACCEPTED, reason: str = "改为现行条文"
) -> Done:
    told = Settled(on=ON, places=places, verdict=verdict, reason=reason)
    return act(LegalityReview.settle, told, CLERK, case=case)


def conclude(case: int, conclusion: f.Conclusion = f.Conclusion.CHANGES, **told: Any) -> Done:
    return act(LegalityReview.conclude, f.Concluded(on=ON, conclusion=conclusion, **told), HEAD, case=case)
