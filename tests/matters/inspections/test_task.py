"""A task from the plan to the published file, through the one door; and what cannot be done on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from yifa import counts
from yifa.cases import read
from yifa.cases.kernel import Do, act, act_many, check
from yifa.cases.models import Case as Row
from yifa.cases.rebuild import compare
from yifa.cases.scene import files
from yifa.draws import verify
from yifa.ledger.verify import verify as verify_ledger
from yifa.matters.business.inspections import facts as f
from yifa.matters.business.inspections import told as t
from yifa.matters.business.inspections.procedure import Inspection, Quiet, SamplingTask
from yifa.procedure import Refused
from yifa.procedure.words import Condition

from .conftest import (
    CLERK,
    FIRE,
    HEAD,
    ON,
    code_of,
    committed,
    drawn,
    firms,
    inspect,
    inspections,
    officers,
    planned,
    prepared,
    scheme,
)

pytestmark = pytest.mark.usefixtures("county")
LATER = date(2023, 6, 9)
NEVER: Condition[Any] = Condition("从不", SamplingTask.plan.cite, lambda case, facts: False)


def last(case: int, step: Any) -> Any:
    return read.live(case).last(step)


def facts_of(case: int) -> dict[str, Any]:
    return dict(json.loads(Row.objects.get(pk=case).facts))


# ── The whole way ────────────────────────────────────────────────────────────


def test_a_joint_task_is_drawn_inspected_and_published_and_the_file_verifies() -> None:
    case = drawn()
    ids = inspections(case)
    assert len(ids) == 5
    for id in ids:
        inspect(id)
    act(SamplingTask.close, SamplingTask.close.asks(on=LATER), HEAD, case=case)
    told = last(case, SamplingTask.close)
    digest = last(case, SamplingTask.commit).commitment_digest
    text = files().open(told.draw_file).decode()
    assert verify(text, [digest]) == []
    assert {p["name"] for p in json.loads(text)["now"]} == {
        f"{facts_of(id)['object']}（{facts_of(id)['code']}）" for id in ids
    }
    assert Row.objects.get(pk=case).state == "closed"


def test_every_inspection_has_officers_of_every_department_and_two_at_least() -> None:
    for id in inspections(drawn()):
        told = facts_of(id)
        assert len(set(told["officers"])) == 2
        assert told["departments"] == ["新县市场监督管理局", "新县应急管理局"]
        assert told["source"] == "RANDOM"


def test_the_commitment_bears_the_number_of_its_announcement() -> None:
    case = committed()
    fixing = last(case, SamplingTask.commit)
    assert (
        json.loads(fixing.commitment)["number"]
        == Row.objects.get(pk=case).number
        == "新市监随机抽取〔2023〕1号"
    )


def test_the_secret_number_stands_nowhere_in_the_open_before_the_end() -> None:
    case = drawn()
    veil = last(case, SamplingTask.commit).veil
    assert len(veil) == 64
    assert veil not in Row.objects.get(pk=case).facts
    home = files().folder
    assert not any(veil in p.read_text() for p in home.rglob("*") if p.is_file())


def test_a_department_that_comes_along_is_told_who_goes_where() -> None:
    case = drawn()
    (told,) = Row.objects.filter(family="joint_visit")
    assert told.office == FIRE
    lines = json.loads(told.facts)["visits"].splitlines()
    assert len(lines) == 5
    assert all("应急管" not in line and "xinxian-emergency" in line for line in lines)
    first = facts_of(inspections(case)[0])
    name = f"{first['object']}（{first['code']}）"
    act(SamplingTask.replace, SamplingTask.replace.asks(on=LATER, name=name, because="停业"), HEAD, case=case)
    assert Row.objects.filter(family="joint_visit", office=FIRE).count() == 2


# ── No draw can be repeated unseen ───────────────────────────────────────────


def test_no_draw_can_be_repeated_without_a_number_that_stays() -> None:
    first, second = committed(), committed()
    act(SamplingTask.drop, SamplingTask.drop.asks(on=LATER, because="名录有误"), HEAD, case=first)
    third = committed()
    rows = Row.objects.filter(pk__in=(first, second, third)).order_by("pk").values_list("number", "state")
    assert list(rows) == [
        ("新市监随机抽取〔2023〕1号", "dropped"),
        ("新市监随机抽取〔2023〕2号", "committed"),
        ("新市监随机抽取〔2023〕3号", "committed"),
    ]


def test_a_refused_commitment_takes_no_number() -> None:
    case = prepared()
    late = SamplingTask.commit.asks(on=date(2023, 6, 20))  # the lottery is out by then
    with pytest.raises(Refused, match="公布抽取办法之前就能知道"):
        act(SamplingTask.commit, late, HEAD, case=case)
    assert Row.objects.get(pk=committed()).number == "新市监随机抽取〔2023〕1号"


def test_a_draw_is_made_once_and_not_before_the_number_is_out() -> None:
    case = committed()
    early = SamplingTask.draw.asks(on=date(2023, 6, 3), values="1 2 3")
    with pytest.raises(Refused, match="才开出"):
        act(SamplingTask.draw, early, CLERK, case=case)
    act(SamplingTask.draw, SamplingTask.draw.asks(on=LATER, values="1 2 3"), CLERK, case=case)
    with pytest.raises(Refused, match="案件已抽取，不能抽取"):
        act(SamplingTask.draw, SamplingTask.draw.asks(on=LATER, values="4 5 6"), CLERK, case=case)


def test_numbers_that_cannot_be_the_source_s_are_refused_by_name() -> None:
    case = committed()
    with pytest.raises(Refused, match=r"某彩票第2023063期.*应当有3个数"):
        act(SamplingTask.draw, SamplingTask.draw.asks(on=LATER, values="1 2"), CLERK, case=case)


def test_the_list_is_fixed_when_it_is_prepared() -> None:
    """A business that comes afterwards is not in it; what anybody types as found is not believed."""
    case = prepared()
    act_many(firms(5, start=100))
    forged = SamplingTask.commit.asks(on=ON, commitment="{}", commitment_digest="0" * 64, veil="0" * 64)
    act(SamplingTask.commit, forged, HEAD, case=case)
    fixing = last(case, SamplingTask.commit)
    assert fixing.veil != "0" * 64
    assert sum(s["size"] for s in json.loads(fixing.commitment)["strata"]) == 60


def test_dice_are_attested_by_both_witnesses_and_count_with_the_public_number() -> None:
    case = committed(witnesses=("公证员甲", "代表乙"))
    values = "12 05 7\n" + "1 2 3 4 5 6 " * 4 + "3"
    one = SamplingTask.draw.asks(on=LATER, values=values, attested=("公证员甲",))
    with pytest.raises(Refused, match="由见证人公证员甲、代表乙在场确认"):
        act(SamplingTask.draw, one, CLERK, case=case)
    both = SamplingTask.draw.asks(on=LATER, values=values, attested=("公证员甲", "代表乙"))
    act(SamplingTask.draw, both, CLERK, case=case)
    assert len(inspections(case)) == 5


def test_two_public_numbers_are_used_together_in_their_order() -> None:
    case = committed(second="某指数收盘")
    act(SamplingTask.draw, SamplingTask.draw.asks(on=LATER, values="12 05 7\n3167.4"), CLERK, case=case)
    told = json.loads(last(case, SamplingTask.commit).commitment)
    assert [s["kind"] for s in told["seed"]] == ["set", "figure"]


def test_a_very_long_list_is_shuffled_and_a_county_with_sm3_draws_with_sm3(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr("yifa.draws.machine.VERY_LONG", 50)
    settings.YIFA_LEDGER_ALGO = "sm3"
    case = drawn()
    told = json.loads(last(case, SamplingTask.commit).commitment)
    assert (told["method"], told["hash"]) == ("shuffle", "sm3")
    the_way(case)
    text = files().open(last(case, SamplingTask.close).draw_file).decode()
    assert verify(text, [last(case, SamplingTask.commit).commitment_digest]) == []


# ── Limits ───────────────────────────────────────────────────────────────────


def test_general_items_stay_under_the_published_ratio_of_the_year() -> None:
    """一般检查事项：60户的10%是6户，已抽5户，还可以抽1户。"""
    drawn()
    with pytest.raises(Refused, match="不得超过公布的年度抽查比例"):
        prepared(wanted=2)
    assert facts_of(prepared(wanted=1))["most"] == 1


def test_key_items_have_no_ceiling() -> None:
    case = planned(sort=f.Sort.KEY).case
    act(SamplingTask.prepare, scheme(wanted=40), CLERK, case=case)
    assert facts_of(case)["quota"] == 40


def test_who_was_inspected_as_often_as_allowed_is_left_out_with_the_reason() -> None:
    case = drawn()
    codes = {facts_of(id)["code"]: facts_of(id)["grade"] for id in inspections(case)}
    often = [code for code, grade in codes.items() if grade in ("A", "B")]  # once a year
    again = prepared(wanted=1)
    snapshot = json.loads(files().open(facts_of(again)["snapshot"]))
    assert facts_of(again)["left_out"] == len(often) == len(snapshot["exclusions"])
    assert all("达到频次上限" in reason for _, reason in snapshot["exclusions"])


def test_grades_share_by_weight_and_minimum() -> None:
    case = prepared(wanted=6, least=1)
    assert facts_of(case)["layers"].splitlines()[:4] == [
        "企业A级：名录12个，抽1个",
        "企业B级：名录24个，抽2个",
        "企业C级：名录12个，抽1个",
        "企业D级：名录12个，抽2个",
    ]


def test_an_officer_whose_certificate_has_run_out_is_not_sent() -> None:
    act_many(officers(FIRE, 1, holder="过期者", number="旧证", valid_until=date(2023, 5, 31)))
    assert facts_of(prepared())["teams"] == 10
    case = drawn(wanted=1)
    assert all("过期者" not in name for id in inspections(case) for name in facts_of(id)["officers"])


def test_an_officer_who_is_recused_never_meets_the_firm() -> None:
    lines = "\n".join(f"xinxian-market-0：{code_of(k)}" for k in range(60))
    case = drawn(apart=lines)
    assert all("xinxian-market-0" not in o for id in inspections(case) for o in facts_of(id)["officers"])


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"wanted": None}, "填写其中一项"),
        ({"wanted": 5, "percent": 3}, "填写其中一项"),
        ({"wanted": 600}, "名录里只有60个"),
        ({"wanted": 0}, "都是零"),
        ({"send": 9}, "可派"),
        ({"source_on": ON, "source_at": "00:00"}, "之前就能知道"),
        ({"source_at": "二十一点"}, "要写成"),
        ({"away": "没有理由"}, "应当写成“甲：乙”"),
        ({"away": "911：已注销"}, "不在这次的名录中"),
        ({"apart": "某人：911"}, "不在这次的检查人员或者检查对象中"),
        ({"witnesses": ("张三", "张三")}, "两名不同的见证人"),
    ],
)
def test_what_cannot_be_drawn_is_said_when_it_is_prepared(told: dict[str, Any], says: str) -> None:
    case = planned().case
    with pytest.raises(Refused, match=says):
        act(SamplingTask.prepare, scheme(**told), CLERK, case=case)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"partners": ()}, "应当写明联合部门"),
        ({"scope": t.Scope.SINGLE}, "部门抽查没有联合部门"),
        ({"partners": ("火星局",)}, "没有叫“火星局”的机关"),
        ({"partners": ("市场监管局",)}, "不能写本机关"),
        ({"items": ("没有公布",)}, "没有公布的检查事项不得实施检查"),
    ],
)
def test_a_plan_names_departments_and_items_that_exist(told: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        planned(**told)


def test_a_trade_without_businesses_and_a_kind_without_a_rule_are_said_plainly() -> None:
    with pytest.raises(Refused, match="没有可以抽取的企业（采矿业）"):
        act(SamplingTask.prepare, scheme(), CLERK, case=planned(trade="采矿业").case)
    with pytest.raises(Refused, match="还没有公布个体工商户的抽查比例"):
        act(SamplingTask.prepare, scheme(), CLERK, case=planned(objects=f.Kind.INDIVIDUAL).case)


# ── Replacements and dropping ────────────────────────────────────────────────


def test_the_next_in_the_order_takes_the_place_of_a_firm_that_is_gone() -> None:
    case = drawn()
    first = inspections(case)[0]
    gone = f"{facts_of(first)['object']}（{facts_of(first)['code']}）"
    told = SamplingTask.replace.asks(on=LATER, name=gone, because="已注销")
    act(SamplingTask.replace, told, HEAD, case=case)
    assert Row.objects.get(pk=first).state == "called_off"
    assert len(inspections(case)) == 6
    came = last(case, SamplingTask.replace).came
    newest = facts_of(inspections(case)[-1])
    assert came == f"{newest['object']}（{newest['code']}）"


def test_the_next_officer_takes_the_place_of_one_who_is_ill() -> None:
    case = drawn()
    first = inspections(case)[0]
    told = facts_of(first)
    name = f"{told['object']}（{told['code']}）"
    ill = told["officers"][0]
    act(
        SamplingTask.replace,
        SamplingTask.replace.asks(on=LATER, name=name, officer=ill, because="生病"),
        HEAD,
        case=case,
    )
    now = facts_of(first)["officers"]
    assert ill not in now
    assert len(now) == 2
    assert last(case, SamplingTask.replace).came in now


def test_a_firm_that_was_inspected_cannot_fall_out_any_more() -> None:
    case = drawn()
    first = inspections(case)[0]
    inspect(first)
    name = f"{facts_of(first)['object']}（{facts_of(first)['code']}）"
    told = SamplingTask.replace.asks(on=LATER, name=name, because="说情")
    with pytest.raises(Refused, match="不能再递补"):
        act(SamplingTask.replace, told, HEAD, case=case)


def test_a_draw_that_is_dropped_calls_off_what_it_sent() -> None:
    case = drawn()
    act(SamplingTask.drop, SamplingTask.drop.asks(on=LATER, because="名录有误"), HEAD, case=case)
    assert {Row.objects.get(pk=id).state for id in inspections(case)} == {"called_off"}


def test_a_task_is_not_closed_while_a_result_is_not_published() -> None:
    case = drawn()
    for id in inspections(case)[1:]:
        inspect(id)
    with pytest.raises(Refused, match="查处结果及时向社会公开"):
        act(SamplingTask.close, SamplingTask.close.asks(on=LATER), HEAD, case=case)


def test_nobody_can_name_a_firm_as_drawn_by_chance() -> None:
    told = t.Assignment(
        on=ON, code=code_of(1), source=t.Source.RANDOM, items=("YS001",),
        officers=("甲（1）", "乙（2）"), ground="任务",
    )  # fmt: skip
    with pytest.raises(Refused, match="由系统自动办理"):
        act(Inspection.assign, told, CLERK)
    with pytest.raises(Refused, match="不得自行指定"):
        act(Inspection.trigger, told, CLERK)


# ── What it leaves in the record ─────────────────────────────────────────────


def the_way(case: int) -> list[int]:
    ids = inspections(case)
    inspect(ids[0], t.Finding.RECTIFY)
    for id in ids[1:]:
        inspect(id)
    act(SamplingTask.close, SamplingTask.close.asks(on=LATER), HEAD, case=case)
    return ids


def test_rows_figures_and_chain_are_what_the_ledger_says() -> None:
    case = drawn()
    ids = the_way(case)
    act(Inspection.order, t.Order(on=LATER, demand="下架", until=date(2023, 7, 1)), CLERK, case=ids[0])
    assert compare() == []
    assert counts.compare(engine="ledger") == []
    assert verify_ledger().first_wrong is None
    year = counts.year(2023)
    assert counts.figure("sampling_task.joint", year).value == 1
    assert counts.figure("inspection.enterprises_drawn", year).value == 5
    ratio = counts.figure("inspection.enterprise_ratio", year)
    assert (ratio.numerator, ratio.denominator, ratio.written) == (5, 60, "8.3%")
    assert counts.figure("inspection.problem_rate", year).written == "20%"
    assert counts.figure("inspection.published_in_time", year).written == "100%"


def test_a_stream_brings_the_same_and_names_what_it_begins() -> None:
    first = planned().case
    seed = SamplingTask.draw.asks(on=date(2023, 6, 5), values="12 05 7")
    tally = act_many(
        [
            Do(SamplingTask.prepare, scheme(), CLERK, case=first, ref="task"),
            Do(SamplingTask.commit, SamplingTask.commit.asks(on=ON), HEAD, case=first, ref="task"),
            Do(SamplingTask.draw, seed, CLERK, case=first, ref="task"),
        ],
        batch=1,
    )
    assert tally.acts == 3 + 5 + 1  # and the notice to the department that comes along
    assert [tally.refs[f"task/{n}"] for n in range(1, 6)] == inspections(first)
    assert compare() == []
    assert len(the_way(first)) == 5


def test_what_the_draw_brings_is_all_there_or_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    case = committed()
    seed = SamplingTask.draw.asks(on=date(2023, 6, 5), values="12 05 7")
    monkeypatch.setattr(Inspection.assign, "conditions", [NEVER])
    with pytest.raises(Refused, match="从不"), transaction.atomic():
        act(SamplingTask.draw, seed, CLERK, case=case)
    assert Row.objects.get(pk=case).state == "committed"
    assert inspections(case) == []


def test_a_trial_tells_what_would_be_refused_and_keeps_nothing() -> None:
    case = planned().case
    kept = list(files().folder.rglob("*"))
    assert check(SamplingTask.prepare, scheme(), CLERK, case=case) == ()
    assert "名录里只有60个" in str(check(SamplingTask.prepare, scheme(wanted=99), CLERK, case=case)[0])
    assert list(files().folder.rglob("*")) == kept


def triggered(**told: Any) -> int:
    given: dict[str, Any] = {
        "on": ON, "code": code_of(1), "source": t.Source.CASE, "items": ("YS001",), "ground": "群众投诉",
        "officers": ("market员0（xinxian-market-0）", "market员1（xinxian-market-1）"),
    }  # fmt: skip
    return act(Inspection.trigger, t.Assignment(**(given | told)), CLERK).case


def test_whom_a_complaint_is_about_is_taken_from_the_directory_or_described() -> None:
    known = facts_of(triggered())
    assert (known["object"], known["kind"], known["grade"]) == ("第1号店", "ENTERPRISE", "B")
    assert (
        facts_of(triggered(code="", unlisted="无名烧烤摊，东大街路口"))["object"] == "无名烧烤摊，东大街路口"
    )
    with pytest.raises(Refused, match="名录中没有"):
        triggered(code=code_of(999))
    with pytest.raises(Refused, match="应当写明代码"):
        triggered(code="", unlisted="")


def test_a_visit_near_another_or_on_a_quiet_day_demands_a_reason_and_says_which() -> None:
    days = t.QuietDays(on=ON, name="六月无扰日", first=date(2023, 6, 7), last=date(2023, 6, 8))
    act(Quiet.set, days, HEAD)
    first, second = triggered(), triggered()
    with pytest.raises(Refused, match="企业无扰日"):
        act(Inspection.approve, t.Approval(on=ON, visit_on=date(2023, 6, 8)), HEAD, case=first)
    act(Inspection.approve, t.Approval(on=LATER, visit_on=LATER), HEAD, case=first)
    near = t.Approval(on=LATER, visit_on=date(2023, 6, 12))
    with pytest.raises(Refused, match="应当尽可能合并"):
        act(Inspection.approve, near, HEAD, case=second)
    act(Inspection.approve, replace(near, although="投诉人要求当日核查"), HEAD, case=second)
    assert facts_of(second)["clash"] == ["新县市场监督管理局 2023-06-09"]
    assert facts_of(second)["nth"] == 2
