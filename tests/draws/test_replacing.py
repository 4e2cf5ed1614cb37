"""Who falls out is replaced by the next in the same order, with a reason, and by nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.draws import DrawError, Out, draw, replaced

from .example import VALUES, VEIL, Draw, firms, fixed

MADE = fixed()
PICKED = draw(MADE.commitment, MADE.lists, VEIL, VALUES)


def after(*outs: Out, made: Draw = MADE):
    return replaced(made.commitment, made.lists, made.veil, made.values, outs)


def test_nothing_falls_out_and_nothing_changes():
    assert after().picked == PICKED.picked


def test_the_next_of_the_same_stratum_comes_in_at_the_same_place():
    first = PICKED.names("企业")[0]
    standing = after(Out(first, "已注销"))
    assert standing.came == (PICKED.reserves["企业"][0],)
    assert standing.picked[0].name == PICKED.reserves["企业"][0]
    assert [p.name for p in standing.picked[1:]] == [p.name for p in PICKED.picked[1:]]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8))
def test_reserves_come_in_order_and_none_is_passed_over(places):
    now, outs = list(PICKED.picked), []
    for place in places:
        outs.append(Out(now[place].name, "无法联系"))
        standing = after(*outs)
        now = list(standing.picked)
    came = {"企业": [], "个体工商户": []}
    for name, out in zip(standing.came, outs, strict=True):
        came["企业" if out.name.startswith("企") else "个体工商户"].append(name)
    for stratum, names in came.items():
        assert names == list(PICKED.reserves[stratum][: len(names)])


def test_another_officer_takes_over_and_the_firm_stays():
    firm, sent = PICKED.picked[2].name, PICKED.picked[2].details[0]
    standing = after(Out(firm, "当日病假", sent.sent[0]))
    assert standing.picked[2].name == firm
    assert standing.picked[2].details[0].sent == sent.order[1:3]
    assert standing.came == (sent.order[2],)


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (Out("企9999", "不在"), "不在抽中的名单里"),
        (Out(PICKED.picked[0].name, "病", "市9999"), "没有被派去检查"),
    ],
)
def test_what_is_not_in_the_draw_cannot_fall_out(out, said):
    with pytest.raises(DrawError, match=said) as refused:
        after(out)
    assert refused.value.id == "E593"


def test_a_stratum_used_up_and_a_group_used_up_are_said():
    made = fixed({"企业": (firms("企", 3), 3)}, {"市": (firms("市", 2), 2)})
    picked = draw(made.commitment, made.lists, VEIL, VALUES).picked[0]
    with pytest.raises(DrawError, match="“企业”一层已经没有可以递补的对象"):
        after(Out(picked.name, "已注销"), made=made)
    with pytest.raises(DrawError, match="“市”已经没有可以接替的检查人员"):
        after(Out(picked.name, "病假", "市0001"), made=made)
