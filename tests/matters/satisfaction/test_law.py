"""Ratings and call-backs: statements of law, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.clock import national
from yifa.matters.services.satisfaction import facts as f
from yifa.matters.services.satisfaction.callbacks import CallBack, CallBackRound, OptOut
from yifa.matters.services.satisfaction.procedure import BadRatingOrder, RatingRule, ServiceRating
from yifa.procedure import Case, Refused, asks_of

ON = date(2023, 6, 1)


def finished() -> Case:
    told = f.Finished(on=ON, number="BJ-1", item="个体工商户注册登记")
    return Case(ServiceRating, national()).do(ServiceRating.register, told)


def order(**told: Any) -> Case:
    given = {"on": ON, "source": f.Source.RATING, "grade": f.Grade.BAD, "until": date(2023, 6, 8)}
    return Case(BadRatingOrder, national()).do(BadRatingOrder.assign, f.Order(**(given | told)))


# ── 五个等级、一事一评 ────────────────────────────────────────────────────────


def test_there_are_five_grades_and_the_last_two_are_bad() -> None:
    assert [grade.label for grade in f.Grade] == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    assert [grade.bad for grade in f.Grade] == [False, False, False, True, True]


@pytest.mark.parametrize("step", ["rate", "rate_at_counter"])
@pytest.mark.parametrize("grade", f.Grade)
@pytest.mark.parametrize("named", [True, False])
def test_every_grade_can_be_given_with_a_name_or_without_and_without_a_word(
    step: str, grade: f.Grade, named: bool
) -> None:
    told = {"on": ON, "grade": grade, "named": named}
    facts = f.Rating(**told) if step == "rate" else f.CounterRating(**told, device="3号窗口")
    assert finished().do(ServiceRating.steps[step], facts).state is ServiceRating.rated


@pytest.mark.parametrize("again", ["rate", "rate_at_counter", "rate_again"])
def test_a_case_is_rated_once_and_not_again_before_what_was_wrong_is_put_right(again: str) -> None:
    case = finished().do(ServiceRating.rate, f.Rating(on=ON, grade=f.Grade.VERY_BAD))
    told = {"on": ON, "grade": f.Grade.VERY_GOOD}
    facts = f.CounterRating(**told, device="3号") if again == "rate_at_counter" else f.Rating(**told)
    with pytest.raises(Refused, match="案件已评价，不能"):
        case.do(ServiceRating.steps[again], facts)


def test_after_correction_it_is_rated_a_second_time_and_no_third() -> None:
    case = finished().do(ServiceRating.rate, f.Rating(on=ON, grade=f.Grade.BAD))
    case = case.do(ServiceRating.invite_again, f.Invited(on=ON))
    case = case.do(ServiceRating.rate_again, f.Rating(on=ON, grade=f.Grade.GOOD))
    assert case.state is ServiceRating.settled
    with pytest.raises(Refused):
        case.do(ServiceRating.rate_again, f.Rating(on=ON, grade=f.Grade.GOOD))


def test_whoever_enters_it_at_a_counter_says_at_which_device() -> None:
    required = {a.name for a in asks_of(f.CounterRating) if a.required}
    assert required == {"grade", "device"}


def test_the_words_and_the_telephone_are_sealed_and_the_grade_and_the_receipt_are_not() -> None:
    sealed = {a.name for a in (*asks_of(f.Finished), *asks_of(f.Rating), *asks_of(f.Order)) if a.sealed}
    assert sealed == {"telephone", "words"}


# ── 差评核实、整改、反馈 ──────────────────────────────────────────────────────


def test_a_bad_rating_is_verified_put_right_and_fed_back_in_this_order() -> None:
    case = order()
    with pytest.raises(Refused, match="案件待核实，不能整改"):
        case.do(BadRatingOrder.rectify_it, f.Rectified(on=ON, measures="增开窗口"))
    case = case.do(BadRatingOrder.verify, f.Verified(on=ON, finding=f.Finding.TRUE, note="排队四十分钟"))
    case = case.do(BadRatingOrder.rectify_it, f.Rectified(on=date(2023, 6, 7), measures="增开窗口"))
    told = f.FedBack(on=date(2023, 6, 7), way=f.Way.PHONE, reached=True, content="已说明")
    assert case.do(BadRatingOrder.feed_back, told).state is BadRatingOrder.waiting


def test_the_last_day_is_the_one_the_countys_rule_gave_and_lateness_is_measured_not_refused() -> None:
    case = order()
    assert case.due(BadRatingOrder.rectify_in) == date(2023, 6, 8)
    case = case.do(BadRatingOrder.verify, f.Verified(on=ON, finding=f.Finding.TRUE, note="属实"))
    late = case.do(BadRatingOrder.rectify_it, f.Rectified(on=date(2023, 6, 9), measures="已办"))
    assert not case.in_time(BadRatingOrder.rectify_in, date(2023, 6, 9))
    assert late.state is BadRatingOrder.feeding


def test_where_the_county_has_no_rule_there_is_no_last_day() -> None:
    assert order(until=None).due(BadRatingOrder.rectify_in) is None


def test_a_second_rating_of_a_rating_is_given_in_the_rating_itself() -> None:
    told = f.SecondHeard(on=ON, grade=f.Grade.GOOD, how="6月1日电话")
    for source, allowed in ((f.Source.RATING, False), (f.Source.CALL_BACK, True)):
        case = order(source=source)
        case = case.do(BadRatingOrder.verify, f.Verified(on=ON, finding=f.Finding.TRUE, note="属实"))
        case = case.do(BadRatingOrder.rectify_it, f.Rectified(on=ON, measures="已办"))
        fed = f.FedBack(on=ON, way=f.Way.PHONE, reached=True, content="已说明")
        case = case.do(BadRatingOrder.feed_back, fed)
        assert (not case.refusals(BadRatingOrder.second_heard, told)) is allowed


@pytest.mark.parametrize(
    ("days", "lawful"), [(0, False), (1, True), (5, True), (15, True), (60, True), (61, False)]
)
def test_five_days_or_fifteen_the_county_says_which(days: int, lawful: bool) -> None:
    rule = f.Rule(on=ON, name="整改办法", days=days, basis="某文")
    assert (not Case(RatingRule, national()).refusals(RatingRule.lay_down, rule)) is lawful


# ── 回访 ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("result", f.Result)
def test_a_grade_stands_where_one_was_given_and_nowhere_else(result: f.Result) -> None:
    for grade in (None, f.Grade.GOOD):
        dials = 1 if result.stage else 0
        told = f.CalledBack(on=ON, number="1", item="某事", result=result, grade=grade, dials=dials)
        refused = Case(CallBack, national()).refusals(CallBack.enter, told)
        assert bool(refused) is ((grade is not None) is not (result.stage == 4))


def test_who_was_not_dialled_has_no_dials() -> None:
    told = f.CalledBack(on=ON, number="1", item="某事", result=f.Result.LEFT_OUT, dials=1)
    assert Case(CallBack, national()).refusals(CallBack.enter, told)


def test_every_stage_of_the_funnel_keeps_fewer_of_the_same_people() -> None:
    kept = [len(f.came_to(stage)) for stage in range(5)]
    assert kept == sorted(kept, reverse=True)
    assert len(set(kept)) == 5
    assert [stage.key for stage in CallBack.path.stages] == [
        "due", "dialled", "reached", "finished", "graded", "satisfied",
    ]  # fmt: skip


def test_a_round_does_not_end_while_anybody_has_no_result() -> None:
    told = f.Round(on=ON, about="六月回访", due=3)
    case = Case(CallBackRound, national()).do(CallBackRound.begin, told)
    with pytest.raises(Refused, match="还有人没有结果的，不得结束"):
        case.do(CallBackRound.finish, f.Ended(on=ON, open=1))
    assert case.do(CallBackRound.finish, f.Ended(on=ON, open=0)).state is CallBackRound.done


def test_who_asks_not_to_be_called_is_known_by_a_digest_and_the_number_is_sealed() -> None:
    asked = {a.name: a for a in asks_of(f.OptedOut)}
    assert asked["telephone"].sealed
    assert asked["digest"].found
    assert OptOut.enter.move.target is OptOut.there


def test_satisfaction_is_of_those_who_gave_a_grade() -> None:
    assert CallBack.satisfaction.whole is CallBack.graded
    assert set(CallBack.satisfied.where["grade"]) == set(f.SATISFIED)
    assert set(CallBack.content.where["grade"]) == set(f.BEST)
