"""A measure is held to nineteen items; who finds a breach says which; an exception needs all three conditions and an explanation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.cases import read
from yifa.cases.kernel import act
from yifa.law import statute
from yifa.matters.business.competition import facts as f
from yifa.matters.business.competition.procedure import FairCompetitionReview
from yifa.people.actor import Actor
from yifa.procedure import Refused, asks_of

from ..legality.conftest import kept

pytestmark = pytest.mark.django_db
law = statute("fair-competition-regulation")
MARKET = "xinxian-market"
ON = date(2026, 3, 2)
PLAIN = "新县茶产业扶持办法\n第一条 各类经营者公平享受扶持政策。\n"
HEARD = "听取了茶叶协会和六家企业的意见，均无异议"


def actor(role: str) -> Actor:
    return Actor(7, "李某", f"{MARKET}.{role}", MARKET, frozenset({role}), frozenset({MARKET}), "经办人")


CLERK, HEAD = actor("clerk"), actor("head")


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Any) -> None:
    from yifa.people import offices
    from yifa.people.models import Office

    settings.YIFA_HOME = tmp_path
    Office.objects.create(
        code=MARKET, name="新县市场监督管理局", kind="department", mark="新市监", since=date(2010, 1, 1)
    )
    offices.forget()


def measure(**told: Any) -> int:
    given: dict[str, Any] = {
        "on": ON,
        "draft": kept(PLAIN),
        "name": "新县茶产业扶持办法",
        "kind": f.Kind.DEPARTMENT,
        "drafter": "新县农业农村局",
    }
    return act(FairCompetitionReview.submit, f.Measure(**(given | told)), CLERK).case


def point(case: int, item: f.Item | None, words: str = "扶持政策") -> None:
    remark = f.ItemRemark(on=ON, words=words, opinion="删去", item=item)
    act(FairCompetitionReview.remark, remark, CLERK, case=case)


def conclude(case: int, conclusion: f.Conclusion, **told: Any) -> f.Concluded:
    facts = f.Concluded(on=ON, conclusion=conclusion, **({"heard": HEARD} | told))
    act(FairCompetitionReview.conclude, facts, HEAD, case=case)
    return read.live(case).last(FairCompetitionReview.conclude)


def refused(case: int, conclusion: f.Conclusion, **told: Any) -> str:
    with pytest.raises(Refused) as caught:
        conclude(case, conclusion, **told)
    return str(caught.value)


# ── Nineteen items ───────────────────────────────────────────────────────────


def test_the_items_are_those_of_articles_8_to_11_in_their_order() -> None:
    assert [item.code for item in f.Item] == [
        f"{article}-{n}" for article, many in ((8, 5), (9, 6), (10, 4), (11, 4)) for n in range(1, many + 1)
    ]


def test_each_item_is_answered_in_the_conclusion(county: None) -> None:
    case = measure()
    point(case, f.Item.SUBSIDY)
    told = conclude(case, f.Conclusion.BREACH)
    assert len(told.answers) == 19
    assert [line for line in told.answers if "有（1处）" in line] == [
        "《公平竞争审查条例》第十条第（二）项 给予特定经营者选择性、差异化的奖补：有（1处）"
    ]
    assert told.breaches == (f.Item.SUBSIDY.label,)


def test_a_remark_under_no_item_breaches_none(county: None) -> None:
    case = measure()
    point(case, None)
    assert conclude(case, f.Conclusion.FINE).breaches == ()


# ── Article 14: what the county government issues its drafter reviews first ──


@pytest.mark.parametrize("kind", [f.Kind.GOVERNMENT, f.Kind.CONGRESS])
def test_what_the_government_issues_the_drafter_reviews_first(county: None, kind: f.Kind) -> None:
    with pytest.raises(Refused, match="起草单位应当开展初审"):
        measure(kind=kind)
    measure(kind=kind, first="经初审，未发现违反审查标准的内容")


# ── Articles 17 and 18 ───────────────────────────────────────────────────────


def test_with_a_breach_the_measure_is_not_fine(county: None) -> None:
    case = measure()
    point(case, f.Item.TENDERS)
    assert "不能得出符合审查标准的结论" in refused(case, f.Conclusion.FINE)


def test_to_forbid_a_measure_one_says_which_item_it_breaches(county: None) -> None:
    assert "应当指明违反哪一项" in refused(measure(), f.Conclusion.BREACH)


def test_interested_parties_are_heard() -> None:
    heard = next(a for a in asks_of(f.Concluded) if a.name == "heard")
    assert heard.required
    assert heard.cite == law(16)


# ── Article 12: all three, and an end ────────────────────────────────────────

WHOLE: dict[str, Any] = {
    "ground": f.Ground.PUBLIC,
    "no_alternative": True,
    "until": date(2027, 3, 1),
    "explained": "救灾期间统一调配物资，别无影响更小的办法",
}


def test_an_exception_with_all_its_conditions_holds(county: None) -> None:
    case = measure()
    point(case, f.Item.DESIGNATED)
    assert conclude(case, f.Conclusion.EXCEPTION, **WHOLE).ground is f.Ground.PUBLIC


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({"ground": None}, "没有对公平竞争影响更小的替代方案"),
        ({"no_alternative": False}, "没有对公平竞争影响更小的替代方案"),
        ({"until": None}, "能够确定合理的实施期限或者终止条件"),
        ({"until": date(2026, 3, 1)}, "能够确定合理的实施期限或者终止条件"),
        ({"explained": " "}, "应当在审查结论中详细说明"),
    ],
)
def test_an_exception_that_lacks_one_is_refused(county: None, without: dict[str, Any], said: str) -> None:
    assert said in refused(measure(), f.Conclusion.EXCEPTION, **(WHOLE | without))


def test_a_condition_on_which_it_ends_does_as_well_as_a_day(county: None) -> None:
    conclude(measure(), f.Conclusion.EXCEPTION, **(WHOLE | {"until": None, "ends": "应急响应终止时"}))
