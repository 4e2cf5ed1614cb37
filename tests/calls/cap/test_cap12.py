"""Messages of other platforms: read strictly, every fault named at once, hostile files refused, written as they were read."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls import cap12
from yifa.calls.cap12 import Alert, Area, CapError, Info, National, message

from . import HERE, sample

ORANGE = sample("rain-orange.xml").decode()


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(CapError) as error:
        cap12.read(text if isinstance(text, bytes) else text.encode())
    assert "[yifa.E660]" in str(error.value)
    return [str(fault) for fault in error.value.faults]


def test_a_warning_is_read_whole():
    alert = cap12.read(sample("rain-orange.xml"))
    info = alert.info
    assert info is not None
    assert (alert.msg_type, alert.exercise, info.event, info.colour) == ("Alert", False, "暴雨", "ORANGE")
    assert info.area_codes == ("411523001", "411523209")
    assert [area.text for area in info.areas] == ["金兰山街道", "田铺乡"]
    assert alert.identity == "41152300000000,41152300000000_20261123140500_1,2026-11-23T14:05:00+08:00"


def test_an_update_and_a_cancel_name_what_they_are_about():
    update, cancel = (cap12.read(sample(n)) for n in ("rain-red-update.xml", "rain-cancel.xml"))
    assert update.references[0][1] == cap12.read(sample("rain-orange.xml")).identifier
    assert cancel.references[0][1] == update.identifier
    assert cancel.infos == ()


def test_gb18030_is_the_same_message():
    assert cap12.read(sample("rain-gb18030.xml")) == cap12.read(sample("rain-orange.xml"))


def test_utf16_is_the_same_message():
    text = ORANGE.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert cap12.read(text.encode("utf-16")) == cap12.read(ORANGE.encode())


def test_what_is_not_actual_is_an_exercise():
    assert cap12.read(sample("exercise.xml")).exercise


@pytest.mark.parametrize("file", sorted(HERE.glob("*.xml")), ids=lambda f: f.name)
def test_every_sample_is_written_as_it_was_read(file):
    alert = cap12.read(file.read_bytes())
    assert cap12.read(cap12.write(alert)) == alert


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("<status>Actual</status>", "<status>actual</status>", "alert/status：没有“actual”这一种"),
        ("<status>Actual</status>", "", "alert/status：没有写"),
        ("<scope>Public</scope>", "<scope>Restricted</scope>", "alert/restriction：限定范围的报文"),
        ("<scope>Public</scope>", "<scope>Private</scope>", "alert/addresses：只发给特定对象"),
        ("<msgType>Alert", "<msgType>Update", "alert/references：更新、解除和回执"),
        (
            "2026-11-23T14:05:00+08:00</sent>",
            "2026-11-23T14:05:00Z</sent>",
            "alert/sent：“2026-11-23T14:05:00Z”应当写成",
        ),
        ("2026-11-23T14:05:00+08:00</sent>", "2026-13-23T14:05:00+08:00</sent>", "alert/sent：“2026-13-23"),
        ("41152300000000_20261123140500_1<", "a b<", "alert/identifier：不能为空"),
        ("<event>暴雨</event>", "<event/>", "alert/info[1]/event：没有写"),
        ("<severity>Severe", "<severity>Bad", "alert/info[1]/severity：没有“Bad”"),
        ("<category>Met", "<category>Wetter", "alert/info[1]/category：没有“Wetter”"),
        (
            "2026-11-24T02:05:00+08:00</expires>",
            "2026-11-22T02:05:00+08:00</expires>",
            "失效时间早于生效时间",
        ),
        ("<areaDesc>田铺乡</areaDesc>", "", "alert/info[1]/area[2]/areaDesc：没有写"),
        (
            "<areaDesc>田铺乡",
            "<polygon>31,114 32,115 31,114</polygon><areaDesc>田铺乡",
            "area[2]/polygon：应当是",
        ),
        ("<areaDesc>田铺乡", "<polygon>31,114 32,115 33,116 30,114</polygon><areaDesc>田铺乡", "首尾相同"),
        ("<areaDesc>田铺乡", "<circle>31,200 5</circle><areaDesc>田铺乡", "area[2]/circle：应当是"),
    ],
)
def test_a_fault_is_named_with_its_place(was, now, says):
    assert was in ORANGE
    assert any(says in fault for fault in faults(ORANGE.replace(was, now)))


def test_all_faults_are_told_at_once():
    text = (
        ORANGE.replace("<status>Actual", "<status>X")
        .replace("<severity>Severe", "<severity>Y")
        .replace("暴雨</event>", "</event>")
    )
    assert len(faults(text)) == 3


LAUGHS = '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">]>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "不是完整的XML文件"),
        (b"\x00" * 100, "不是完整的XML文件"),
        (b"hello", "不是完整的XML文件"),
        (ORANGE[:300].encode(), "不是完整的XML文件"),
        (ORANGE.replace("?>", "?>" + LAUGHS, 1).encode(), "出于安全不予读取"),
        (ORANGE.replace("?>", '?><!DOCTYPE a SYSTEM "file:///etc/passwd">', 1).encode(), "出于安全不予读取"),
        (b"<a>" * 5000, "套得太深"),
        (b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.1'/>", "不是CAP 1.2"),
        (b" " * (cap12.LARGEST + 1), "超过2 MB"),
        (ORANGE.replace("UTF-8", "EBCDIC").encode(), "不认识的编码"),
        (ORANGE.replace("UTF-8", "GB18030").encode("utf-8")[:-40] + b"\xff\xff\xff", "与声明的编码"),
    ],
    ids=[
        "empty",
        "nul",
        "text",
        "cut",
        "laughs",
        "outside",
        "deep",
        "other version",
        "huge",
        "encoding",
        "lies",
    ],
)
def test_what_is_hostile_or_broken_is_refused_with_a_sentence(data, says):
    assert any(says in fault for fault in faults(data))


@pytest.mark.parametrize(
    ("info", "colour"),
    [
        (Info(("Met",), "暴雨", "Immediate", "Extreme", "Likely", parameters=(("颜色", "橙色"),)), "ORANGE"),
        (Info(("Met",), "暴雨蓝色预警", "Immediate", "Extreme", "Likely"), "BLUE"),
        (Info(("Met",), "暴雨", "Immediate", "Extreme", "Likely", headline="暴雨Ⅱ级预警"), "ORANGE"),
        (Info(("Met",), "Rain", "Immediate", "Minor", "Likely", event_codes=(("AlertColor", "RED"),)), "RED"),
        (Info(("Met",), "暴雨", "Immediate", "Extreme", "Likely"), ""),
    ],
)
def test_the_colour_is_the_one_the_message_names_and_never_guessed_silently(info, colour):
    assert info.colour == colour


def test_without_a_colour_the_severity_is_only_a_guess():
    info = Info(("Met",), "暴雨", "Immediate", "Extreme", "Likely")
    assert (info.colour, info.guessed_colour) == ("", "RED")


def test_the_national_identifier_has_thirty_one_characters():
    text = "41152300000000_20261123140500_1"
    read = National.read(text)
    assert read is not None
    assert (len(text), read.area, read.entered, read.serial) == (
        31,
        "411523",
        datetime(2026, 11, 23, 14, 5),
        1,
    )
    assert str(read) == text
    assert National.read("41152300000000_20261323140500_1") is None
    assert National.read("NOAA-NWS-1") is None


def test_the_acknowledgement_says_what_it_answers():
    alert = cap12.read(sample("rain-orange.xml"))
    ack = cap12.acknowledged(
        alert, identifier="41152300000000_20261123140600_1", sender="county", sent=alert.sent, note="已收到"
    )
    again = cap12.read(cap12.write(ack))
    assert (again.msg_type, again.references[0][1]) == ("Ack", alert.identifier)


WORDS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=20
    )
    .map(lambda t: " ".join(t.split()))
    .filter(bool)
)
PAIRS = st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(
    lambda t: t.strftime("%Y-%m-%dT%H:%M:%S+08:00")
)
ID = st.text("ABCabc0123456789._-", min_size=1, max_size=31)
INFOS = st.builds(
    Info,
    st.lists(st.sampled_from(message.CATEGORY), min_size=1, max_size=3).map(tuple),
    WORDS,
    st.sampled_from(message.URGENCY),
    st.sampled_from(message.SEVERITY),
    st.sampled_from(message.CERTAINTY),
    language=st.sampled_from(("zh-CN", "en-US")),
    responses=st.lists(st.sampled_from(message.RESPONSE), max_size=3).map(tuple),
    headline=WORDS | st.just(""),
    description=WORDS | st.just(""),
    onset=TIMES | st.just(""),
    parameters=PAIRS,
    areas=st.lists(st.builds(Area, WORDS, PAIRS), max_size=3).map(tuple),
)
ALERTS = st.builds(
    Alert,
    ID,
    ID,
    TIMES,
    st.sampled_from(message.STATUS),
    st.sampled_from(message.MSG_TYPE),
    note=WORDS | st.just(""),
    references=st.lists(st.tuples(ID, ID, TIMES), min_size=1, max_size=2).map(tuple),
    infos=st.lists(INFOS, min_size=1, max_size=2).map(tuple),
)


@given(ALERTS)
def test_whatever_is_written_reads_back_the_same(alert):
    assert cap12.read(cap12.write(alert)) == alert


@given(st.binary(max_size=400))
def test_no_bytes_do_anything_but_be_refused(data):
    with pytest.raises(CapError):
        cap12.read(data)
