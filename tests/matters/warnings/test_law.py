"""A warning is passed on as it came, and nobody is given up on: statements of law, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.calls import told as t
from yifa.clock import national
from yifa.matters.emergency.response import facts as response
from yifa.matters.emergency.warnings import facts as f
from yifa.matters.emergency.warnings.procedure import CallLadder, Rousing, Warning
from yifa.people import CLERK, HEAD, LAW, SYSTEM
from yifa.procedure import Case, Count, Refused, Stock, Sum, asks_of, typed_of

ON, UNTIL = date(2023, 7, 21), date(2023, 7, 22)  # a Friday and a Saturday


def notice(**told: Any) -> f.Notice:
    given = {
        "on": ON, "event": "暴雨", "kind": f.Kind.WEATHER, "colour": f.Colour.RED, "issuer": "气象台",
        "issued": "2023-07-21 14:05", "until": UNTIL, "area": "全县",
    }  # fmt: skip
    return f.Notice(**(given | told))


def warning(**told: Any) -> Case:
    return Case(Warning, national()).do(Warning.receive, notice(**told))


# ── Passed on as it was issued ───────────────────────────────────────────────


def test_only_the_weather_service_issues_so_the_county_alters_nothing() -> None:
    """气象灾害防御条例第三十条: 其他组织和个人不得向社会发布."""
    with pytest.raises(Refused, match=r"类别、级别、发布单位和预警期应当与报文一致.*第三十条第一款"):
        warning(same=False)
    assert {step.key for step in Warning.opening()} == {"receive"}
    later = [step for step in Warning.steps.values() if not step.opens and step.restates is None]
    assert not {"colour", "kind", "until", "area"} & {a.name for s in later for a in asks_of(s.asks)}


def test_a_correction_too_is_held_to_the_message() -> None:
    case = warning()
    anew = {k: v for k, v in vars(notice(colour=f.Colour.BLUE, same=False)).items() if k != "on"}
    with pytest.raises(Refused, match="应当与报文一致"):
        case.do(Warning.rectify, Warning.rectify.asks(**anew, on=ON, dated=ON, why="写错"))


def test_a_message_is_entered_once() -> None:
    with pytest.raises(Refused, match="同一份报文只登记一次"):
        warning(known=True)


def test_a_warning_is_not_over_before_it_came() -> None:
    assert warning(until=ON).state is Warning.in_force
    with pytest.raises(Refused, match="预警期至不得早于收到之日"):
        warning(until=date(2023, 7, 20))


def test_what_the_message_says_is_found_and_never_asked() -> None:
    asked = {a.name for a in typed_of(f.Notice)}
    assert not asked & {"identity", "sender", "sent_at", "references", "updates", "same", "known"}


# ── Update, cancel, expire ───────────────────────────────────────────────────


def test_a_newer_message_takes_over_and_nobody_at_a_desk_can_say_so() -> None:
    case = warning().do(Warning.replace, f.Replaced(on=ON, by="41152300000000_20230721152000_1"))
    assert case.state is Warning.updated
    assert Warning.replace.roles == (SYSTEM,)
    with pytest.raises(Refused, match="案件已更新，不能解除预警"):
        case.do(Warning.lift, f.Lifting(on=ON, issuer="气象台"))


def test_what_is_lifted_is_lifted_by_the_message_that_names_it() -> None:
    with pytest.raises(Refused, match="解除的应当是这一份预警"):
        warning().do(Warning.lift, f.Lifting(on=ON, issuer="气象台", same=False))
    case = warning().do(Warning.lift, f.Lifting(on=ON, issuer="气象台"))
    assert case.state is Warning.lifted
    assert case.standing.runs["stands_until"].over
    with pytest.raises(Refused, match="案件已解除，不能预警期满"):
        case.do(Warning.expire, f.Expired(on=date(2023, 8, 1)))


def test_a_warning_expires_by_law_the_day_after_its_last() -> None:
    case = warning()
    assert Warning.expire.roles == (LAW,)
    assert case.due(Warning.stands_until) == UNTIL, "a Saturday: validity does not wait for a working day"
    with pytest.raises(Refused, match="预警期尚未届满"):
        case.do(Warning.expire, f.Expired(on=UNTIL))
    assert case.do(Warning.expire, f.Expired(on=date(2023, 7, 23))).state is Warning.expired


def test_validity_is_no_duty_of_the_county() -> None:
    assert not Warning.periods["stands_until"].duty


# ── Figures ──────────────────────────────────────────────────────────────────


def test_drills_count_nowhere() -> None:
    for figure in Warning.counts.values():
        assert figure.where["exercise"] is False, figure.label  # type: ignore[attr-defined]
    for figure in (Rousing.begun, Rousing.called, Rousing.running):
        assert figure.where == {"drill": False}
    assert Rousing.drills.where == {"drill": True}


def test_messages_are_messages_and_warnings_are_warnings() -> None:
    """F057 and F058 are of messages sent out; one warning may be thousands."""
    for figure, kind in (
        (Warning.weather_messages, f.Kind.WEATHER),
        (Warning.flash_flood_messages, f.Kind.FLASH_FLOOD),
    ):
        assert isinstance(figure, Sum)
        assert (figure.field, figure.where["kind"]) == ("messages", kind)
        assert [step.key for step in figure.steps] == ["spread"]
    assert type(Warning.received) is Count
    assert [step.key for step in Warning.received.steps] == ["receive"]
    assert isinstance(Warning.standing, Stock)


def test_messages_are_entered_while_it_stands_and_afterwards_but_never_less_than_none() -> None:
    spread = f.Spread(on=date(2023, 7, 23), channel="短信", messages=300, source="平台导出表")
    case = warning().do(Warning.spread, spread)
    assert case.state is Warning.in_force
    over = case.do(Warning.expire, f.Expired(on=date(2023, 7, 23))).do(Warning.spread, spread)
    assert over.state is Warning.expired
    with pytest.raises(Refused, match="发送条数不得为负"):
        case.do(Warning.spread, f.Spread(on=date(2023, 7, 23), channel="短信", messages=-1, source="表"))


# ── Three scales ─────────────────────────────────────────────────────────────


def test_warning_response_and_withdrawal_are_three_scales() -> None:
    scales = (f.Colour, response.Level, response.Withdrawal)
    labels = [{one.label for one in scale} for scale in scales]
    assert labels == [
        {"红色", "橙色", "黄色", "蓝色"}, {"一级", "二级", "三级", "四级"}, {"不转移", "准备转移", "立即转移"},
    ]  # fmt: skip
    told = {a.kind for a in asks_of(f.Notice)}
    assert f.Colour in told
    assert not told & {response.Level, response.Withdrawal}
    assert f.Colour not in {a.kind for a in asks_of(response.Start)}


# ── Call-outs ────────────────────────────────────────────────────────────────


def rousing(**told: Any) -> Case:
    given = {"on": ON, "about": "暴雨红色预警叫应", "words": "请立即转移", "people": 3, "unreachable": 1}
    return Case(Rousing, national()).do(Rousing.begin, f.Rouse(**(given | told)))


def test_a_call_out_is_not_over_while_anybody_is_open() -> None:
    case = rousing()
    with pytest.raises(Refused, match=r"还有人没有应答、没有转人工上门、也没有写明理由终止的，不得结束"):
        case.do(Rousing.finish, t.Summary(on=ON, open=1, answered=2))
    done = case.do(Rousing.finish, t.Summary(on=ON, answered=1, handed=1, given_up=1))
    assert done.state is Rousing.done


def test_who_goes_there_has_a_name_and_giving_up_a_reason_and_somebody_in_charge() -> None:
    asked = {step: {a.name for a in asks_of(step.asks) if a.required} for step in Rousing.steps.values()}
    assert "to" in asked[Rousing.hand_over]
    assert "reason" in asked[Rousing.give_up]
    assert Rousing.give_up.roles == (HEAD,)
    assert {Rousing.hand_over.roles, Rousing.answer.roles, Rousing.visit.roles} == {(CLERK,)}


@pytest.mark.parametrize("words", ["", " ", "\n\t"])
def test_somebody_is_told_something(words: str) -> None:
    with pytest.raises(Refused, match="应当写明叫应内容"):
        rousing(words=words)


def test_a_list_on_which_nobody_can_be_reached_calls_nobody() -> None:
    with pytest.raises(Refused, match="名单上至少一人有联系方式"):
        rousing(people=2, unreachable=2)


def test_what_was_needed_of_people_is_destroyed_at_the_end_and_not_before() -> None:
    """个人信息保护法第四十七条: 处理目的已实现."""
    case, end = rousing(), t.Destruction(on=ON)
    with pytest.raises(Refused, match="案件正在叫应，不能销毁个人信息"):
        case.do(Rousing.destroy, end)
    done = case.do(Rousing.finish, t.Summary(on=ON, answered=3))
    assert done.do(Rousing.destroy, end).state is Rousing.destroyed
    assert "第四十七条" in str(Rousing.destroy.cite)
    assert Rousing.destroy.roles == (HEAD,)


def test_no_fact_in_the_open_names_anybody_who_is_called() -> None:
    sealed = {a.name for a in asks_of(f.Rouse) if a.sealed}
    assert sealed == {"more", "salt"}


def test_a_ladder_is_laid_down_by_somebody_in_charge_and_repealed_with_a_reason() -> None:
    rule = t.Rule(on=ON, name="红色预警", rungs="语音，本人，3次，间隔90秒，限5分钟", basis="某文件")
    case = Case(CallLadder, national()).do(CallLadder.lay_down, rule)
    assert case.state is CallLadder.in_force
    assert case.do(CallLadder.repeal, t.RuleEnd(on=UNTIL, reason="修订")).state is CallLadder.repealed
    assert CallLadder.lay_down.roles == CallLadder.repeal.roles == (HEAD,)
