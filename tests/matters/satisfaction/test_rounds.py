"""A round over a database: everybody on the list ends with exactly one record, and the figures say of whom they are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.calls import over, queue
from yifa.calls.channel import News, Report
from yifa.calls.collecting import collect
from yifa.calls.dialogue.simulated import Manners, Talkers
from yifa.calls.models import Calling, CallOut
from yifa.calls.models import Try as Made
from yifa.calls.sender import Sender
from yifa.calls.simulator import SimulatedClock
from yifa.cases.kernel import act
from yifa.cases.models import Link
from yifa.counts import figure, year
from yifa.matters.services.satisfaction import facts as f
from yifa.matters.services.satisfaction.callbacks import CallBack, CallBackRound, OptOut
from yifa.matters.services.satisfaction.rounds import bare
from yifa.procedure import Refused

from .conftest import BUREAU, CLERK, MARKET, ON, SERVICES, actor, finished, standing

pytestmark = pytest.mark.django_db
TODAY = date.today()
ALWAYS = "00:00-23:59"
PLAN = "回访电话，本人，2次，间隔10秒，限60秒，接听也算，听完也算"
REACH = actor("clerk", "head", office=SERVICES, scope=frozenset({SERVICES, MARKET}))


def people(n: int, office: str = "") -> str:
    tail = f"，{office}" if office else ""
    return "\n".join(f"BJ-{k:05}，个体工商户注册登记，100{k:08}{tail}" for k in range(n))


def begun(names: str, **told: Any) -> int:
    given = {"on": TODAY, "about": "六月办结件回访", "people_list": names, "plan": PLAN, "hours": ALWAYS}
    return act(CallBackRound.begin, f.Round(**(given | told)), BUREAU).case


def facts_of(case: Any) -> dict[str, Any]:
    told: dict[str, Any] = case.facts if isinstance(case.facts, dict) else json.loads(case.facts)
    return told


def records() -> list[dict[str, Any]]:
    return [facts_of(case) for case in standing("call_back")]


def outcome(**told: Any) -> Mapping[str, Any]:
    given = {
        "script": "办件满意度回访", "version": 1, "ending": "DONE", "grade": "满意", "words": "", "answers": [],
        "opted_out": False, "seconds": 40,
    }  # fmt: skip
    return given | told


def key(calling: int, n: int = 1) -> str:
    """The key of the first rung's nth try."""
    callout = CallOut.objects.get(id=Calling.objects.get(id=calling).callout_id)
    return queue.key_of(calling, 0, n, callout.begun)


def answered(calling: int, news: News = News.REPLIED, said: Mapping[str, Any] | None = None) -> None:
    at = datetime.now(UTC)
    queue.learn([Report(key(calling), news, at, outcome=said)])


def callings() -> list[int]:
    return list(Calling.objects.order_by("id").values_list("id", flat=True))


def exhaust() -> None:
    Calling.objects.update(next=None)


# ── The whole way, with people who do not exist ──────────────────────────────


def test_everybody_on_the_list_ends_with_exactly_one_record(county: None) -> None:
    round = begun(people(300))
    clock = SimulatedClock(datetime.now(UTC) + timedelta(seconds=1))
    with Sender("s", {"talk": Talkers(clock, seed="t")}, clock) as sender:
        while queue.next_due() is not None:
            sender.tick()
            collect(TODAY)
            clock.sleep(5)
    Made.objects.filter(news="ACCEPTED").update(at=0)  # nothing more is waited for
    collect(TODAY)
    told = records()
    assert sorted(r["number"] for r in told) == [f"BJ-{k:05}" for k in range(300)]
    assert Link.objects.filter(from_case=round).count() >= 300
    span = year(TODAY.year)
    stages = [figure(s.name, span).value for s in CallBack.path.stages]
    assert stages == sorted(stages, reverse=True)  # type: ignore[type-var]
    assert stages[0] == 300
    assert 0 < stages[4] < stages[2] < stages[1]  # type: ignore[operator]
    done = act(CallBackRound.finish, f.Ended(on=TODAY), BUREAU, case=round)
    assert done.state == "done"
    assert not Calling.objects.exclude(addresses="{}").exists()
    assert not Made.objects.exclude(to="").exists()


def test_the_same_people_say_the_same_again() -> None:
    clock = SimulatedClock(datetime(2023, 6, 1, 2, tzinfo=UTC))

    def run() -> list[Any]:
        import asyncio

        from yifa.calls.channel import Message, Try

        it = Talkers(clock, habits=Manners(), seed="s")
        tries = [Try(f"{n}-0-1", f"100{n:08}", Message("")) for n in range(200)]
        asyncio.run(it.send(tries))
        clock.sleep(600)
        return asyncio.run(it.news())

    first, second = run(), run()
    assert [(r.key, r.news, r.outcome) for r in first] == [(r.key, r.news, r.outcome) for r in second]
    endings = Counter(r.outcome["ending"] for r in first if r.outcome)
    assert {"DONE", "HUNG_UP", "REFUSED"} <= endings.keys()
    assert all(r.outcome["grade"] for r in first if r.outcome and r.outcome["ending"] == "DONE")


# ── While it runs ────────────────────────────────────────────────────────────


def test_a_spoken_bad_grade_is_an_order_at_once_while_the_round_runs(county: None) -> None:
    begun(people(3, "市场监管局"))
    answered(callings()[1], said=outcome(grade="非常不满意", words="跑了三趟"))
    assert collect(TODAY) == 1
    (order,) = standing("bad_rating_order")
    told = facts_of(order)
    assert (order.office, told["source"], told["grade"], told["named"]) == (
        MARKET,
        "CALL_BACK",
        "VERY_BAD",
        True,
    )
    assert [r["result"] for r in records()] == ["GRADED"]
    assert standing("call_back")[0].office == MARKET, "each office sees its own"


def test_a_record_is_made_once_however_often_it_is_asked_for(county: None) -> None:
    begun(people(2))
    one = callings()[0]
    answered(one, said=outcome())
    assert [collect(TODAY), collect(TODAY)] == [1, 0]
    from yifa.people.actor import Actor

    with pytest.raises(Refused, match="已经登记过结果"):
        act(CallBack.ring, f.Rung(on=TODAY, calling=one), Actor.law(), office=SERVICES)
    with pytest.raises(Refused, match="没有这一条"):
        act(CallBack.ring, f.Rung(on=TODAY, calling=10**9), Actor.law(), office=SERVICES)
    assert len(records()) == 1


def test_nobody_takes_the_machines_step_for_it(county: None) -> None:
    begun(people(1))
    for who in (CLERK, BUREAU, REACH):
        with pytest.raises(Refused, match="应当由法律规定办理"):
            act(CallBack.ring, f.Rung(on=TODAY, calling=callings()[0]), who)


def test_a_talk_that_is_still_going_on_is_waited_for(county: None) -> None:
    begun(people(1))
    answered(callings()[0], News.ACCEPTED)
    exhaust()
    assert collect(TODAY) == 0
    answered(callings()[0], said=outcome(grade="基本满意"))
    assert collect(TODAY) == 1
    assert records()[0]["grade"] == "FAIR"


@pytest.mark.parametrize(
    ("news", "said", "result", "grade"),
    [
        (News.REPLIED, outcome(), "GRADED", "GOOD"),
        (News.ANSWERED, outcome(ending="HUNG_UP", grade="不满意"), "GRADED_EARLY", "BAD"),
        (News.REPLIED, outcome(ending="OPTED_OUT", opted_out=True, grade="满意"), "GRADED_OPTED_OUT", "GOOD"),
        (News.REPLIED, outcome(grade=""), "FINISHED", None),
        (News.REPLIED, outcome(grade="五分"), "FINISHED", None),
        (News.REPLIED, outcome(ending="REFUSED", grade=""), "DECLINED", None),
        (News.REPLIED, outcome(ending="OPTED_OUT", opted_out=True, grade=""), "OPTED_OUT", None),
        (News.REPLIED, outcome(ending="LATER", grade=""), "LATER", None),
        (News.ANSWERED, outcome(ending="HUNG_UP", grade=""), "HUNG_UP", None),
        (News.ANSWERED, outcome(ending="UNCLEAR", grade=""), "UNCLEAR", None),
        (News.ANSWERED, outcome(ending="SILENT", grade=""), "SILENT", None),
        (News.ANSWERED, outcome(ending="BROKEN", grade=""), "BROKEN", None),
        (News.ANSWERED, {"ending": "WHATEVER"}, "UNCLEAR", None),
        (News.ANSWERED, None, "HUNG_UP", None),
        (News.BUSY, None, "BUSY", None),
        (News.NO_ANSWER, None, "NO_ANSWER", None),
        (News.FAILED, None, "WRONG_NUMBER", None),
    ],
)
def test_every_ending_has_its_code(
    county: None, news: News, said: Mapping[str, Any] | None, result: str, grade: str | None
) -> None:
    begun(people(1))
    answered(callings()[0], news, said)
    exhaust()
    collect(TODAY)
    (record,) = records()
    assert (record["result"], record["grade"], record["dials"]) == (result, grade, 1)
    assert f.Result[result].stage >= 1


def test_of_several_talks_the_last_grade_counts_and_an_opting_out_is_never_lost(county: None) -> None:
    begun(people(1))
    one, at = callings()[0], datetime.now(UTC)
    first = outcome(grade="不满意", ending="HUNG_UP")
    Calling.objects.update(tries=1)
    queue.learn([Report(key(one), News.NO_ANSWER, at, outcome=first)])
    queue.learn(
        [Report(key(one, 2), News.REPLIED, at, outcome=outcome(grade="", opted_out=True, ending="OPTED_OUT"))]
    )
    collect(TODAY)
    (record,) = records()
    assert (record["result"], record["grade"], record["dials"]) == ("GRADED_OPTED_OUT", "BAD", 2)


def test_what_a_talk_came_to_is_kept_whole_and_is_not_undone_by_later_news(county: None) -> None:
    begun(people(1))
    long = outcome(words="久" * 4000)
    answered(callings()[0], said=long)
    answered(callings()[0], News.REPLIED)
    kept = Made.objects.get().outcome
    assert json.loads(kept) == long
    with_outcome = Report("k", News.REPLIED, datetime.now(UTC), outcome=long)
    assert with_outcome.outcome is long


def test_a_rounds_page_counts_all_who_are_due_from_the_first_moment(county: None) -> None:
    from yifa.counts.funnel import of_case

    round = begun(people(10), drill=True)
    answered(callings()[0], said=outcome())
    answered(callings()[1], said=outcome(grade="不满意"))
    collect(TODAY)
    through = of_case(CallBackRound.path, round)
    assert [stage.n for stage in through.stages] == [10, 2, 2, 2, 2, 1]
    assert (through.worst, through.best) == ("10%", "90%")


def test_what_may_come_of_ringing_oneself_are_results_of_a_call_back() -> None:
    assert all(hand.result.stage > 0 for hand in f.HandResult)


# ── Who asked to be called no more ───────────────────────────────────────────


def opt_out(number: str) -> None:
    act(OptOut.enter, f.OptedOut(on=TODAY, telephone=number), CLERK)


def test_who_opted_out_is_not_dialled_and_stays_in_the_count(county: None) -> None:
    opt_out("+86 100-0000-0001")
    begun("B1，某事，10000000001\nB2，某事，10000000002\nB3，某事")
    assert [r["result"] for r in records()] == ["LEFT_OUT", "NO_NUMBER"]
    assert Calling.objects.count() == 1
    assert figure("call_back.due", year(TODAY.year)).value == 2
    assert figure("call_back.dialled", year(TODAY.year)).value == 0


def test_who_opts_out_on_a_call_is_left_out_of_the_next_round(county: None) -> None:
    begun(people(1))
    answered(callings()[0], said=outcome(ending="OPTED_OUT", opted_out=True, grade=""))
    collect(TODAY)
    (entry,) = standing("opt_out")
    told = facts_of(entry)
    assert told["how"] == "ON_CALL"
    assert "telephone" not in told
    assert len(told["digest"]) == 64
    begun(people(1), about="七月办结件回访")
    assert [r["result"] for r in records()] == ["OPTED_OUT", "LEFT_OUT"]


def test_who_agrees_again_is_called_again(county: None) -> None:
    opt_out("10000000000")
    act(OptOut.leave, f.OptedIn(on=TODAY, how="本人来电同意"), CLERK, case=standing("opt_out")[0].id)
    begun(people(1))
    assert Calling.objects.count() == 1


def test_a_number_is_known_again_only_with_the_countys_key(
    county: None, settings: Any, tmp_path: Any
) -> None:
    from yifa.ledger.vault import Vault

    here, there = Vault.open(tmp_path), Vault.open(tmp_path / "elsewhere")
    assert here.digest("10000000000") == Vault.open(tmp_path).digest("10000000000")
    assert here.digest("10000000000") != there.digest("10000000000")


@pytest.mark.parametrize(
    ("written", "number"), [("+86 100-0000-0001", "10000000001"), ("0376-2950000", "03762950000")]
)
def test_a_number_is_the_same_however_it_is_written(written: str, number: str) -> None:
    assert bare(written) == number


# ── An exercise ──────────────────────────────────────────────────────────────


def test_an_exercise_counts_nowhere_and_sets_nothing_going(county: None) -> None:
    begun(people(2), drill=True)
    answered(callings()[0], said=outcome(grade="不满意"))
    answered(callings()[1], said=outcome(ending="OPTED_OUT", opted_out=True, grade=""))
    assert collect(TODAY) == 2
    assert figure("call_back.due", year(TODAY.year)).value == 0
    assert (standing("bad_rating_order"), standing("opt_out")) == ([], [])


# ── By hand, stopping, ending ────────────────────────────────────────────────


def test_whoever_is_rung_by_hand_is_not_dialled_any_more(county: None) -> None:
    round = begun(people(2))
    one = callings()[0]
    told = f.ByHand(on=TODAY, calling=one, result=f.HandResult.GRADED, grade=f.Grade.BAD, words="态度不好")
    act(CallBackRound.call_by_hand, told, BUREAU, case=round)
    (record,) = records()
    assert (record["means"], record["dials"], record["grade"]) == ("PERSON", 1, "BAD")
    assert len(standing("bad_rating_order")) == 1
    assert Calling.objects.get(id=one).next is None
    with pytest.raises(Refused, match="已经登记过结果"):
        act(CallBackRound.call_by_hand, told, BUREAU, case=round)


def test_a_round_cannot_end_while_somebody_has_no_record_and_stopping_gives_everybody_one(
    county: None,
) -> None:
    round = begun(people(5))
    answered(callings()[0], said=outcome())
    queue.learn([Report(key(callings()[1]), News.BUSY, datetime.now(UTC))])
    collect(TODAY)
    with pytest.raises(Refused, match="还有人没有结果的，不得结束"):
        act(CallBackRound.finish, f.Ended(on=TODAY), BUREAU, case=round)
    act(CallBackRound.stop, f.Stopped(on=TODAY, reason="线路检修"), BUREAU, case=round)
    assert Counter(r["result"] for r in records()) == {"GRADED": 1, "BUSY": 1, "STOPPED": 3}
    assert over.left(round, queue.Store().cursor()) == []
    assert act(CallBackRound.finish, f.Ended(on=TODAY), BUREAU, case=round).state == "done"
    assert figure("call_back.dialled", year(TODAY.year)).value == 2


def test_a_call_back_linked_by_hand_fills_no_gap(county: None) -> None:
    from yifa.cases.acts import GREW

    round = begun(people(2))
    answered(callings()[0], said=outcome())
    collect(TODAY)
    told = f.CalledBack(on=TODAY, number="别的", item="某事", result=f.Result.BUSY)
    act(CallBack.enter, told, BUREAU, link=(round, GREW))
    with pytest.raises(Refused, match="还有人没有结果的，不得结束"):
        act(CallBackRound.finish, f.Ended(on=TODAY), BUREAU, case=round)


def test_one_result_that_cannot_be_entered_keeps_nobody_else_waiting(
    county: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from yifa.calls import collecting

    begun(people(3))
    for one in callings():
        answered(one, said=outcome())
    broken, really = callings()[1], collecting.act

    def taken(step: Any, told: Any, *rest: Any, **more: Any) -> Any:
        if told.calling == broken:
            raise RuntimeError("坏了")
        return really(step, told, *rest, **more)

    monkeypatch.setattr(collecting, "act", taken)
    monkeypatch.setattr(collecting, "_set_aside", set())
    assert [collect(TODAY), collect(TODAY)] == [2, 0]
    assert caplog.text.count("yifa.E654") == 1
    monkeypatch.undo()
    assert collect(TODAY) == 1


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=5), some, max_size=3),
    max_leaves=6,
)
NAMES = ("script", "version", "ending", "grade", "words", "answers", "opted_out", "seconds")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.dictionaries(st.sampled_from(NAMES), WILD, max_size=8), news=st.sampled_from(News))
def test_whatever_a_line_says_becomes_one_record(county: None, said: dict[str, Any], news: News) -> None:
    from django.db import transaction

    with transaction.atomic():
        begun(people(1))
        answered(callings()[-1], news, said)
        exhaust()
        Made.objects.update(at=0)
        assert collect(TODAY) == 1
        result = f.Result[records()[-1]["result"]]
        assert (records()[-1]["grade"] is not None) is (result.stage == 4)
        transaction.set_rollback(True)


def test_a_record_made_by_another_system_is_entered_and_counted_alike(county: None) -> None:
    told = {"on": ON, "number": "B1", "item": "某事"}
    graded = {"result": f.Result.GRADED, "grade": f.Grade.VERY_BAD}
    act(CallBack.enter, f.CalledBack(**told, **graded), CLERK)
    act(CallBack.enter, f.CalledBack(**told, result=f.Result.NO_ANSWER, dials=3), CLERK)
    span = year(2023)
    assert [figure(s.name, span).value for s in CallBack.path.stages] == [2, 2, 1, 1, 1, 0]
    assert figure("call_back.satisfaction", span).written == "0%"
    assert len(standing("bad_rating_order")) == 1


def test_nobody_graded_is_no_rate(county: None) -> None:
    assert figure("call_back.satisfaction", year(2023)).written == "不适用"


# ── The list, the hours, the plan ────────────────────────────────────────────


def test_those_an_office_entered_as_finished_are_on_the_list_once(county: None) -> None:
    finished(1)
    finished(2, telephone="")
    told = {"finished_from": ON, "finished_until": ON, "people_list": "BJ-0001，重复的，10000000009"}
    act(CallBackRound.begin, f.Round(on=TODAY, about="回访", hours=ALWAYS, **told), CLERK)
    assert [json.loads(c.about)["number"] for c in Calling.objects.all()] == ["BJ-0001"]
    assert [r["result"] for r in records()] == ["NO_NUMBER"]


@pytest.mark.parametrize(
    ("told", "id"),
    [
        ({"people_list": ""}, "E804"),
        ({"people_list": "只有编号"}, "E804"),
        ({"people_list": "B1，某事，不是号码"}, "E804"),
        ({"people_list": "B1，某事，100，没有的局"}, "E804"),
        ({"people_list": "B1，某事，100，市场监管局，多了"}, "E804"),
        ({"people_list": "，某事，100"}, "E804"),
        ({"hours": "上午"}, "E650"),
        ({"hours": "12:00-09:00"}, "E650"),
        ({"hours": "25:00-26:00"}, "E650"),
        ({"hours": "工作日"}, "E650"),
        ({"hours": "09:00-12:00，11:00-13:00"}, "E650"),
        ({"plan": "短信，本人，1次，限1小时"}, "E805"),
        ({"plan": "飞鸽，本人，1次，限1小时"}, "E634"),
        ({"script": "没有的话术"}, "E805"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_place(
    county: None, told: dict[str, Any], id: str
) -> None:
    with pytest.raises(Refused) as refused:
        begun(**({"names": people(1)} | {"names" if k == "people_list" else k: v for k, v in told.items()}))
    assert refused.value.reasons[0].id == f"yifa.{id}"
    assert Calling.objects.count() == 0
    assert standing("call_back_round") == []


def test_outside_the_hours_nobody_is_called_and_the_hours_between_are_not_counted(county: None) -> None:
    begun(people(2), hours="工作日 09:00-12:00")
    evening = datetime(2030, 3, 1, 12, 0, tzinfo=UTC)  # 20:00 on a Friday
    Calling.objects.update(next=queue.ms(evening) - 1, since=queue.ms(evening) - 1)
    assert queue.hold(evening) == 2
    monday = queue.ms(datetime(2030, 3, 4, 1, 0, tzinfo=UTC))
    assert set(Calling.objects.values_list("next", flat=True)) == {monday}
    assert set(Calling.objects.values_list("since", flat=True)) == {monday - 1}
    assert queue.claim("s", queue.ms(evening)) == []
    assert queue.hold(datetime(2030, 3, 4, 2, 0, tzinfo=UTC)) == 0
    assert len(queue.claim("s", monday + 1)) == 2
