"""A CAP message on its way through the county: read, entered, passed on, acknowledged, updated, cancelled."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from yifa import counts
from yifa.calls import cap12
from yifa.cases import read
from yifa.cases.kernel import Done, act
from yifa.cases.models import Case as Row
from yifa.cases.rebuild import compare
from yifa.cases.scene import Stage
from yifa.cases.store import Store
from yifa.cases.sweep import sweep
from yifa.matters.emergency.warnings import facts as f
from yifa.matters.emergency.warnings.procedure import Warning
from yifa.procedure import Refused, Step

from ..emergency import BUREAU, CLERK, ON, SAMPLES, message

pytestmark = pytest.mark.usefixtures("county")
RAIN = "41152300000000,41152300000000_20230721140500_1,2023-07-21T14:05:00+08:00"


def stage(step: Step[Any], case: int = 0) -> Stage:
    return Stage(Store().cursor(), case, BUREAU, step, ON, tried=True)


def filled(data: bytes, step: Step[Any] = Warning.receive) -> dict[str, Any]:
    assert step.reader is not None
    readout = step.reader(data, stage(step))
    assert readout is not None
    return dict(readout.facts)


def received(name: str = "rain-orange", **told: Any) -> int:
    return act(Warning.receive, f.Notice(**(filled(message(name)) | told)), CLERK).case


def facts_of(case: int) -> dict[str, Any]:
    return dict(json.loads(Row.objects.get(pk=case).facts))


def state(case: int) -> str:
    return Row.objects.get(pk=case).state


def file_of(case: int, name: str) -> bytes:
    return Warning.receive.writers[name][1](read.live(case), stage(Warning.receive, case))


# ── Read ─────────────────────────────────────────────────────────────────────


def test_a_message_fills_the_form_as_it_was_issued() -> None:
    told = filled(message("rain-orange"))
    assert told.pop("cap")
    assert told == {
        "on": ON, "event": "暴雨", "kind": f.Kind.WEATHER, "colour": f.Colour.ORANGE, "issuer": "演示气象台（虚构）",
        "issued": "2023-07-21 14:05", "since": "2023-07-21 14:05", "until": date(2023, 7, 22),
        "area": "金兰山街道、田铺乡", "warns": "预计未来3小时降雨量将达50毫米以上（虚构）。",
        "measures": "停止户外作业，做好山洪、滑坡防范。", "exercise": False,
    }  # fmt: skip


def test_a_flood_is_told_from_the_weather_and_gb18030_from_utf8() -> None:
    assert filled(message("flash-flood"))["kind"] is f.Kind.FLASH_FLOOD
    assert filled((SAMPLES / "rain-gb18030.xml").read_bytes())["event"] == "暴雨"


def test_what_is_another_steps_or_no_message_at_all_is_left_alone() -> None:
    reader = Warning.receive.reader
    assert reader is not None
    for data in (b"", b"PK\x03\x04", "日期,单位".encode(), message("rain-cancel")):
        assert reader(data, stage(Warning.receive)) is None
    assert Warning.lift.reader is not None
    assert Warning.lift.reader(message("rain-orange"), stage(Warning.lift)) is None


def test_a_message_with_faults_is_refused_with_each_of_them() -> None:
    data = message("rain-orange").replace(b"<urgency>Immediate</urgency>", b"<urgency>Soon</urgency>")
    assert Warning.receive.reader is not None
    with pytest.raises(Refused) as refused:
        Warning.receive.reader(data, stage(Warning.receive))
    assert refused.value.reasons[0].id == "yifa.E660"
    assert "urgency" in refused.value.reasons[0].sentence


# ── Entered ──────────────────────────────────────────────────────────────────


def test_who_sent_it_and_what_it_is_called_are_found_in_the_message() -> None:
    told = facts_of(received())
    assert told["identity"] == RAIN
    assert (told["sender"], told["sent_at"]) == ("41152300000000", "2023-07-21T14:05:00+08:00")
    assert (told["references"], told["updates"], told["same"], told["known"]) == ([], None, True, False)


@pytest.mark.parametrize(
    "told",
    [
        {"colour": f.Colour.BLUE}, {"issuer": "某县气象局"}, {"until": date(2023, 7, 25)}, {"kind": f.Kind.OTHER},
        {"issued": "2023-07-21 15:05"}, {"exercise": True},
    ],
)  # fmt: skip
def test_a_form_that_says_otherwise_than_the_message_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="应当与报文一致"):
        received(**told)
    assert not Row.objects.exists()


def test_the_same_message_is_entered_once_by_file_or_by_hand() -> None:
    received()
    with pytest.raises(Refused, match="同一份报文只登记一次"):
        received()
    by_hand = {"cap": "", "issuer": "县水利局", "event": "山洪", "kind": f.Kind.FLASH_FLOOD}
    first = received(**by_hand)
    with pytest.raises(Refused, match="同一份报文只登记一次"):
        received(**by_hand)
    assert state(received(**by_hand, issued="2023-07-21 18:00")) == state(first) == "in_force"


def test_a_message_put_right_is_not_its_own_double() -> None:
    case = received()
    told = filled(message("rain-orange"))
    anew = Warning.rectify.asks(**(told | {"area": "全县"}), dated=ON, why="范围漏写")
    act(Warning.rectify, anew, CLERK, case=case)
    assert facts_of(case)["area"] == "全县"
    assert facts_of(case)["identity"] == RAIN
    assert compare() == []


@pytest.mark.parametrize("cap", ["<alert", "不是报文", "<alert/>"])
def test_a_message_changed_in_the_form_is_no_message(cap: str) -> None:
    with pytest.raises(Refused):
        received(cap=cap)


def test_a_cancel_is_no_warning() -> None:
    cancel = cap12.write(cap12.read(message("rain-cancel"))).decode()
    with pytest.raises(Refused, match="这不是预警或者更新报文") as refused:
        received(cap=cancel)
    assert [reason.id for reason in refused.value.reasons] == ["yifa.E661"]


# ── Passed on, acknowledged ──────────────────────────────────────────────────


def test_what_is_passed_on_says_what_came() -> None:
    passed = cap12.read(file_of(received(), "cap.xml"))
    assert passed == cap12.read(message("rain-orange"))
    assert passed.sender == "41152300000000", "the county issues nothing in its own name"


def test_not_a_word_of_what_is_passed_on_is_written_anew() -> None:
    """A note between the lines, an element of somebody else's and the order of things come through as they came."""
    came = (SAMPLES / "rain-gb18030.xml").read_bytes().decode("gb18030")
    marked = came.replace("<scope>", "<!-- 原样 --><scope>", 1)
    passed = file_of(received_as(marked.encode("gb18030")), "cap.xml").decode()
    body = marked.partition("?>")[2].strip()
    assert passed.strip() == f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'


def received_as(data: bytes) -> int:
    return act(Warning.receive, f.Notice(**filled(data)), CLERK).case


def test_the_divisions_a_message_names_are_kept_by_their_codes() -> None:
    assert facts_of(received())["codes"] == ["411523001", "411523209"]


def test_whoever_sent_it_is_told_that_it_came_and_was_entered() -> None:
    case = received()
    ack = cap12.read(file_of(case, "cap-ack.xml"))
    assert (ack.msg_type, ack.scope, ack.status) == ("Ack", "Private", "Actual")
    assert ack.addresses == "41152300000000"
    assert [",".join(triple) for triple in ack.references] == [RAIN]
    assert ack.note == "新县应急管理局已收到并登记"
    assert ack.sender == BUREAU


def test_an_acknowledgement_of_a_drill_says_that_it_is_one() -> None:
    assert cap12.read(file_of(received("exercise"), "cap-ack.xml")).status == "Exercise"


def test_what_was_typed_by_hand_has_no_message_to_pass_on() -> None:
    case = received(cap="")
    assert file_of(case, "cap.xml") == file_of(case, "cap-ack.xml") == b""


# ── Updated, cancelled, expired ──────────────────────────────────────────────


def cancelled(name: str = "rain-cancel") -> Done:
    assert Warning.lift.reader is not None
    readout = Warning.lift.reader(message(name), stage(Warning.lift))
    assert readout is not None
    return act(Warning.lift, f.Lifting(**readout.facts), CLERK, case=readout.case)


def test_an_update_takes_over_and_a_cancel_ends_the_latest() -> None:
    first = received()
    second = received("rain-red-update")
    assert (state(first), state(second)) == ("updated", "in_force")
    assert facts_of(second)["updates"] == first
    assert read.live(first).last(Warning.replace).by == "41152300000000_20230721152000_1"
    assert cancelled().case == second
    assert (state(first), state(second)) == ("updated", "lifted")
    assert compare() == []


def test_an_update_put_right_still_says_what_it_updated() -> None:
    first = received()
    second = received("rain-red-update")
    told = filled(message("rain-red-update"))
    act(Warning.rectify, Warning.rectify.asks(**told, dated=ON, why="补正"), CLERK, case=second)
    assert facts_of(second)["updates"] == first


def test_an_update_of_nothing_known_is_a_warning_like_any_other() -> None:
    case = received("rain-red-update")
    assert (state(case), facts_of(case)["updates"]) == ("in_force", None)


def test_a_cancel_of_what_is_unknown_or_over_is_refused() -> None:
    with pytest.raises(Refused, match="所指的预警没有登记") as refused:
        cancelled()
    assert refused.value.reasons[0].id == "yifa.E662"
    received("rain-red-update")
    cancelled()
    with pytest.raises(Refused, match="已经解除"):
        cancelled()


def test_a_cancel_ends_no_other_warning_than_its_own() -> None:
    other = received()
    received("rain-red-update", cap="", issued="2023-07-21 15:20")
    cancel = cap12.write(cap12.read(message("rain-cancel"))).decode()
    with pytest.raises(Refused, match="解除的应当是这一份预警"):
        act(Warning.lift, f.Lifting(on=ON, issuer="气象台", cap=cancel), CLERK, case=other)
    assert state(other) == "in_force"


def test_a_warning_nobody_lifts_expires_by_itself_the_day_after() -> None:
    case = received()
    assert sweep(date(2023, 7, 22)) == []
    assert [done.case for done in sweep(date(2023, 7, 23))] == [case]
    assert state(case) == "expired"


# ── Counted ──────────────────────────────────────────────────────────────────


def spread(case: int, messages: int) -> None:
    told = f.Spread(on=ON, channel="短信平台", messages=messages, source="平台导出表")
    act(Warning.spread, told, CLERK, case=case)


def written(*keys: str) -> list[int]:
    found = counts.figures([f"warning.{key}" for key in keys], counts.year(2023))
    return [found[f"warning.{key}"].value for key in keys]  # type: ignore[misc]


def test_messages_are_counted_by_the_warnings_kind_and_warnings_by_themselves() -> None:
    rain, flood = received(), received("flash-flood")
    spread(rain, 1200)
    spread(rain, 300)
    spread(flood, 40)
    assert written("weather_messages", "flash_flood_messages", "received", "standing") == [1500, 40, 2, 2]


def test_a_drill_is_in_force_on_the_board_and_in_no_figure() -> None:
    case = received("exercise")
    spread(case, 999)
    assert Warning.on_board.drill == "exercise"
    assert facts_of(case)["exercise"] is True
    assert written(*Warning.counts) == [0] * len(Warning.counts)
    sweep(ON + timedelta(days=9))
    assert written(*Warning.counts) == [0] * len(Warning.counts)
