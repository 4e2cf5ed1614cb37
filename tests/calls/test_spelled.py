"""A ladder as an office writes it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls import spelled
from yifa.calls.channel import News
from yifa.calls.ladder import MIAN, Ladder, LadderError, Rung, Whom


def test_the_default_ladder_reads_as_it_is_written():
    assert spelled.write(MIAN).splitlines() == [
        "语音，本人，3次，间隔90秒，限5分钟",
        "语音，替补，2次，间隔90秒，限3分钟",
        "语音，上级，2次，间隔90秒，限3分钟",
    ]
    assert spelled.read(spelled.write(MIAN), MIAN.label, MIAN.source) == MIAN


def test_commas_spaces_and_order_do_not_matter():
    rung = spelled.read("3次 限5分钟、语音, 替补 间隔1分钟 听完也算", "试").rungs[0]
    assert rung == Rung(
        "voice",
        3,
        timedelta(minutes=1),
        timedelta(minutes=5),
        Whom.SUBSTITUTE,
        frozenset({News.REPLIED, News.HEARD}),
    )


def test_without_an_interval_the_tries_are_spread_over_the_rung():
    assert spelled.read("短信，2次，限10分钟", "试").rungs[0].apart == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("语音，本人，三次，限5分钟", "“三次”看不懂"),
        ("语音，限5分钟\n信鸽，限5分钟", "第2级“信鸽，限5分钟”"),
        ("本人，限5分钟", "没有写渠道或者时限"),
        ("语音，3次", "没有写渠道或者时限"),
        ("语音，9次，间隔5分钟，限10分钟", "叫不完9次"),
        ("语音，0次，限5分钟", "至少一次"),
        ("", "没有一级"),
        ("<script>，限5分钟", "看不懂"),
    ],
)
def test_a_line_that_cannot_be_followed_is_named(text, says):
    with pytest.raises(LadderError, match=r"yifa\.E63") as error:
        spelled.read(text, "试")
    assert says in error.value.sentence


RUNGS = st.builds(
    lambda channel, tries, apart, more, whom, also: Rung(
        channel,
        tries,
        timedelta(seconds=apart),
        timedelta(seconds=apart * tries + more),
        whom,
        frozenset({News.REPLIED, *also}),
    ),
    st.sampled_from(sorted(spelled.CHANNELS.values())),
    st.integers(1, 9),
    st.integers(1, 9000),
    st.integers(0, 900),
    st.sampled_from(Whom),
    st.sets(st.sampled_from(sorted(spelled.ALSO.values(), key=lambda n: n.name))),
)


@given(st.lists(RUNGS, min_size=1, max_size=5))
def test_whatever_is_written_reads_back_the_same(rungs):
    ladder = Ladder("试", tuple(rungs))
    assert spelled.read(spelled.write(ladder), "试") == ladder
