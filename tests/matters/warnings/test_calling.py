"""Who is called when it rains, and that the call-out is not over before each of them is settled."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet

from yifa import counts
from yifa.calls import queue
from yifa.calls import told as t
from yifa.calls.channel import News
from yifa.calls.ladder import End
from yifa.calls.machine import digest
from yifa.calls.models import Calling, CallOut
from yifa.calls.models import Try as Made
from yifa.cases import read
from yifa.cases.kernel import act
from yifa.cases.models import Case as Row
from yifa.cases.scene import Stage
from yifa.cases.store import Store
from yifa.matters.emergency.readiness import facts as p
from yifa.matters.emergency.readiness.procedure import EmergencyPost
from yifa.matters.emergency.warnings import facts as f
from yifa.matters.emergency.warnings.procedure import CallLadder, Rousing, Warning
from yifa.procedure import Refused

from ..emergency import BUREAU, CLERK, HEAD, ON, TIANPU, XINJI, of

pytestmark = pytest.mark.usefixtures("county")


def post(name: str, office: str = TIANPU, number: str = "03760000001", **told: Any) -> int:
    given = {
        "on": date(2023, 4, 3),
        "name": name,
        "duty": p.Duty.FLOOD,
        "area": "某水库",
        "telephone": number,
    }
    return act(EmergencyPost.appoint, p.Appointment(**(given | told)), of(office), office=office).case


@pytest.fixture
def answerable() -> dict[str, int]:
    """Four who answer for places of two townships, at three levels; one of them without a number."""
    return {
        "甲": post("甲", substitute_telephone="03760000002", superior_telephone="03760000003"),
        "乙": post("乙", number="", duty=p.Duty.INFORMER),
        "丙": post("丙", XINJI, "03760000004", level=p.Level.TOWNSHIP),
        "丁": post("丁", XINJI, "03760000005", level=p.Level.COUNTY, duty=p.Duty.FLOOD_CHIEF),
    }


def begun(**told: Any) -> int:
    given = {"on": ON, "about": "暴雨红色预警叫应", "words": "请立即转移，收到请按1"}
    return act(Rousing.begin, f.Rouse(**(given | told)), CLERK).case


def facts_of(case: int) -> dict[str, Any]:
    return dict(json.loads(Row.objects.get(pk=case).facts))


def callings(case: int) -> list[Calling]:
    return list(_of(case).order_by("id"))


def _of(case: int) -> QuerySet[Calling]:
    return Calling.objects.filter(callout_id=CallOut.objects.get(case_id=case).pk)


def names(case: int) -> set[str]:
    return {calling.name for calling in callings(case)}


def number_of(case: int, name: str) -> int:
    return next(c.pk for c in callings(case) if c.name == name)


# ── Who is called ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ({}, "甲乙丙丁"),
        ({"townships": ("田铺乡",)}, "甲乙"),
        ({"townships": ("新县新集镇人民政府", "田铺乡")}, "甲乙丙丁"),
        ({"level": f.Level.VILLAGE}, "甲乙"),
        ({"level": f.Level.TOWN}, "甲乙丙"),
        ({"level": f.Level.HEADS}, "丙丁"),
        ({"duty": f.Answering.INFORMER, "townships": ("田铺乡",), "more": "庚，03760000009"}, "乙庚"),
        ({"duty": f.Answering.FLOOD}, "甲丙丁"),
        ({"more": "庚，03760000009\n辛，03760000010，03760000011", "only_more": True}, "庚辛"),
    ],
)
def test_whoever_holds_a_post_for_the_places_named_is_called(
    answerable: dict[str, int], told: dict[str, Any], called: str
) -> None:
    case = begun(**told)
    assert names(case) == set(called)
    assert facts_of(case)["people"] == len(called)


def test_every_way_to_reach_somebody_that_is_on_record_can_stand_on_a_rung() -> None:
    """A rung by loudspeaker, mail or in a group finds its address; a substitute is reached by telephone only."""
    post("甲", substitute_telephone="03760000002", loudspeaker="village-07", mail="jia@xinxian.example")
    case = begun()
    addresses = json.loads(_of(case).get().addresses)
    assert addresses["SELF"] == {
        "voice": "03760000001", "sms": "03760000001", "webhook": "03760000001", "loudspeaker": "village-07",
        "mail": "jia@xinxian.example",
    }  # fmt: skip
    assert addresses["SUBSTITUTE"] == dict.fromkeys(("voice", "sms", "webhook"), "03760000002")


def test_who_left_is_not_called_and_who_is_listed_twice_is_called_once(answerable: dict[str, int]) -> None:
    act(EmergencyPost.leave, p.Leaving(on=date(2023, 5, 8), reason="换届"), of(TIANPU), case=answerable["乙"])
    case = begun(more="庚，03760000009\n庚，03760000009\n")
    assert [c.name for c in callings(case)] == ["甲", "丙", "丁", "庚"]


def test_the_list_is_fixed_and_its_digest_proves_it(answerable: dict[str, int]) -> None:
    case = begun()
    told = read.live(case).opening
    assert isinstance(told, f.Rouse)
    post("己")
    assert names(case) == set("甲乙丙丁")
    people = [queue.Callee(c.name, json.loads(c.addresses), c.office) for c in callings(case)]
    assert told.roster == digest(people, told.salt)
    assert "salt" not in facts_of(case)
    assert facts_of(case)["places"] == "田铺乡：2人\n新集镇：2人"


def test_who_has_no_number_is_counted_and_lies_with_a_person_like_everybody(
    answerable: dict[str, int],
) -> None:
    case = begun()
    assert facts_of(case)["unreachable"] == 1
    calling = next(c for c in callings(case) if c.name == "甲")
    told = json.loads(calling.addresses)
    assert {whom: by["voice"] for whom, by in told.items()} == {
        "SELF": "03760000001", "SUBSTITUTE": "03760000002", "SUPERIOR": "03760000003",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"townships": ("月亮乡",)}, "没有叫“月亮乡”的机关"),
        ({"ladder": "没有的规则"}, "没有名为“没有的规则”的现行叫应规则"),
        ({"more": "庚", "only_more": True}, "名单第1行“庚”应当写成"),
        ({"more": "庚，03760000009\n，03760000010"}, "名单第2行"),
        ({"only_more": True}, "没有要叫应的人"),
        ({"duty": f.Answering.INFORMER}, "名单上至少一人有联系方式"),
    ],
)
def test_a_call_out_that_would_miss_somebody_does_not_begin(
    answerable: dict[str, int], told: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        begun(**told)
    assert not Calling.objects.exists()


def test_the_countys_own_ladder_is_followed_and_named() -> None:
    rungs = "短信，本人，1次，限15分钟\n语音，本人，2次，间隔5分钟，限15分钟"
    rule = t.Rule(on=ON, name="蓝色预警", rungs=rungs, basis="某办〔2023〕1号")
    act(CallLadder.lay_down, rule, HEAD)
    told = facts_of(begun(more="庚，03760000009", ladder="蓝色预警"))
    assert told["rungs_from"] == "某办〔2023〕1号"
    assert told["rungs"].splitlines()[0].startswith("短信，本人，1次")
    with pytest.raises(Refused, match="第2级“语音”没有写渠道或者时限"):
        act(
            CallLadder.lay_down,
            t.Rule(on=ON, name="坏", rungs="语音，本人，1次，限5分钟\n语音", basis="无"),
            HEAD,
        )


def test_a_call_out_grows_out_of_a_warning_and_says_what_it_says() -> None:
    notice = f.Notice(
        on=ON, event="暴雨", kind=f.Kind.WEATHER, colour=f.Colour.RED, issuer="气象台", issued="2023-07-21 14:05",
        until=date(2023, 7, 22), area="全县", warns="雨强。", measures="转移。", exercise=True,
    )  # fmt: skip
    warning = act(Warning.receive, notice, CLERK).case
    stage = Stage(Store().cursor(), 0, BUREAU, Rousing.begin, ON, tried=True)
    assert Rousing.begin.drafters["warning"](read.live(warning), stage) == {
        "about": "暴雨红色预警叫应",
        "words": "演练，演练。气象台2023-07-21 14:05发布暴雨红色预警，可能影响全县。雨强。转移。",
        "drill": True,
        "townships": (),  # the whole county, as it says
    }


# ── Until each is settled ────────────────────────────────────────────────────


def unanswered(case: int) -> None:
    """Every rung was used, and nobody answered."""
    _of(case).filter(end="").update(next=None)


def finish(case: int) -> t.Summary:
    act(Rousing.finish, t.Summary(on=ON), CLERK, case=case)
    told = read.live(case).last(Rousing.finish)
    assert isinstance(told, t.Summary)
    return told


def test_it_ends_once_each_was_answered_handed_over_or_given_up_and_not_before(
    answerable: dict[str, int],
) -> None:
    case = begun()
    answer = t.Answered(on=ON, callee=number_of(case, "甲"), how="本人来电")
    act(Rousing.answer, answer, CLERK, case=case)
    with pytest.raises(Refused, match="还有人没有应答"):
        finish(case)
    with pytest.raises(Refused, match="没有轮完各级仍未应答的人"):
        act(Rousing.hand_over, t.Sent(on=ON, to="包村干部"), CLERK, case=case)
    unanswered(case)
    act(Rousing.hand_over, t.Sent(on=ON, to="包村干部", place="田铺乡"), CLERK, case=case)
    assert read.live(case).last(Rousing.hand_over).count == 1
    with pytest.raises(Refused, match="还有人没有应答"):
        finish(case)
    act(Rousing.give_up, t.GivenUp(on=ON, reason="预警已解除"), HEAD, case=case)
    assert read.live(case).last(Rousing.give_up).count == 2
    told = finish(case)
    assert (told.open, told.answered, told.handed, told.given_up) == (0, 1, 1, 2)
    assert Row.objects.get(pk=case).state == "done"


def test_what_was_sent_to_call_people_counts_among_the_warnings_messages_unless_it_was_a_drill(
    answerable: dict[str, int],
) -> None:
    """F057 counts messages: those a line confirmed, of the call-out that grew out of the warning."""
    notice = f.Notice(
        on=ON,
        event="暴雨",
        colour=f.Colour.RED,
        issuer="气象台",
        issued="14:05",
        until=date(2023, 7, 22),
        area="全县",
    )
    warning = act(Warning.receive, notice, CLERK).case

    def counted() -> int:
        return counts.figure("warning.weather_messages", counts.year(2023)).value or 0

    for drill, messages in ((True, 0), (False, 1)):
        told = f.Rouse(on=ON, about="叫应", words="请转移", drill=drill)
        case = act(Rousing.begin, told, CLERK, link=(warning, "由此引起")).case
        one = _of(case).first()
        assert one is not None
        for n, news in enumerate((News.ACCEPTED, News.FAILED, News.BUSY)):
            Made.objects.create(
                key=f"{one.pk}-0-{n}", calling_id=one.pk, rung=0, at=0, news=news.name, news_at=0
            )
        unanswered(case)
        act(Rousing.hand_over, t.Sent(on=ON, to="包村干部"), CLERK, case=case)
        assert finish(case).messages == 1
        assert counted() == messages
    assert [a.step for a in read.live(warning).acts] == ["receive", "spread"]


@pytest.mark.parametrize("to", ["", " "])
def test_nobody_is_handed_over_to_nobody(answerable: dict[str, int], to: str) -> None:
    case = begun()
    unanswered(case)
    with pytest.raises(Refused, match="写明是谁"):
        act(Rousing.hand_over, t.Sent(on=ON, to=to), CLERK, case=case)
    assert {c.end for c in callings(case)} == {""}


def test_giving_up_takes_a_reason_and_somebody_in_charge(answerable: dict[str, int]) -> None:
    case = begun()
    unanswered(case)
    with pytest.raises(Refused, match="写明"):
        act(Rousing.give_up, t.GivenUp(on=ON, reason=" "), HEAD, case=case)
    with pytest.raises(Refused, match="“终止叫应”应当由机构负责人办理"):
        act(Rousing.give_up, t.GivenUp(on=ON, reason="预警已解除"), CLERK, case=case)
    assert {c.end for c in callings(case)} == {""}


def test_a_calling_is_settled_once_and_is_of_its_own_call_out(answerable: dict[str, int]) -> None:
    case, other = begun(), begun(about="另一次")
    mine, theirs = number_of(case, "甲"), number_of(other, "甲")
    with pytest.raises(Refused, match=f"这次叫应里没有{theirs}号"):
        act(Rousing.answer, t.Answered(on=ON, callee=theirs, how="来电"), CLERK, case=case)
    act(Rousing.answer, t.Answered(on=ON, callee=mine, how="来电"), CLERK, case=case)
    with pytest.raises(Refused, match=f"{mine}号{End.ANSWERED.value}"):
        act(Rousing.give_up, t.GivenUp(on=ON, callee=mine, reason="预警已解除"), HEAD, case=case)
    with pytest.raises(Refused, match=f"{mine}号"):
        act(Rousing.visit, t.Visit(on=ON, callee=mine, met=t.Met.TOLD), CLERK, case=case)


def test_who_was_found_on_foot_is_entered_where_somebody_was_sent(answerable: dict[str, int]) -> None:
    case = begun()
    mine = number_of(case, "甲")
    with pytest.raises(Refused, match="还没有派人上门"):
        act(Rousing.visit, t.Visit(on=ON, callee=mine, met=t.Met.TOLD), CLERK, case=case)
    act(Rousing.hand_over, t.Sent(on=ON, callee=mine, to="包村干部"), CLERK, case=case)
    act(Rousing.visit, t.Visit(on=ON, callee=mine, met=t.Met.TOLD), CLERK, case=case)
    assert Calling.objects.get(pk=mine).why == t.Met.TOLD.label


def test_afterwards_names_and_numbers_are_destroyed_and_what_happened_stays(
    answerable: dict[str, int], django_capture_on_commit_callbacks: Any
) -> None:
    case = begun(more="庚，03760000009")
    unanswered(case)
    act(Rousing.hand_over, t.Sent(on=ON, to="包村干部"), CLERK, case=case)
    finish(case)
    one = _of(case).first()
    assert one is not None
    _of(case).update(about='{"item": "庚家"}')
    Made.objects.create(
        key="talk", calling_id=one.pk, rung=0, at=0, news="REPLIED", news_at=0, to="03760000009", said="我是庚",
        detail="庚", outcome='{"words": "庚说"}',
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        act(Rousing.destroy, t.Destruction(on=ON), HEAD, case=case)
    assert Row.objects.get(pk=case).state == "destroyed"
    assert {(c.name, c.addresses) for c in callings(case)} == {("", "{}")}
    assert not Made.objects.exclude(to="").exists()
    assert {(m.said, m.detail, m.outcome) for m in Made.objects.all()} == {("", "", "")}
    assert {(c.about, c.why) for c in callings(case)} == {("", "")}
    told = read.live(case)
    assert told.opening.more == told.opening.salt == "（已销毁）"  # type: ignore[attr-defined]
    assert (told.last(Rousing.finish).handed, told.last(Rousing.destroy).people) == (5, 5)


# ── Counted ──────────────────────────────────────────────────────────────────


def test_drills_are_counted_by_themselves(answerable: dict[str, int]) -> None:
    begun()
    begun(drill=True, townships=("田铺乡",))
    keys = [f"rousing.{key}" for key in ("begun", "called", "drills", "running")]
    found = counts.figures(keys, counts.year(2023))
    assert [found[key].value for key in keys] == [1, 4, 1, 1]
