"""What is fixed is fixed in full: any input changed changes the digest, and what could be steered is refused."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from yifa.draws import Commitment, DrawError, Source

from .example import INDEX, LOTTERY, firms, fixed

LOT = {"企0001": 3}
OTHER = Source("中国福利彩票双色球第2023064期红球", "set", "2023-06-06T21:15:00+08:00", "中国福彩网", count=6)
CHANGES = {
    "number": {"number": "新双随机〔2023〕2号"},
    "office": {"office": "消防大队"},
    "title": {"title": "别的抽查"},
    "at": {"at": "2023-06-01T09:00:01+08:00"},
    "algo": {"algo": "sm3"},
    "method": {"method": "shuffle"},
    "strata: one name": {
        "strata": {"企业": ([*firms("企", 119), "企x"], 6), "个体工商户": (firms("个", 200), 4)}
    },
    "strata: one quota": {"strata": {"企业": (firms("企", 120), 5), "个体工商户": (firms("个", 200), 4)}},
    "strata: their order": {"strata": {"个体工商户": (firms("个", 200), 4), "企业": (firms("企", 120), 6)}},
    "strata: lots": {"lots": LOT},
    "groups: one officer": {"groups": {"市场监管局": (firms("市", 8), 2), "消防大队": (firms("消", 4), 1)}},
    "groups: how many go": {"groups": {"市场监管局": (firms("市", 9), 3), "消防大队": (firms("消", 4), 1)}},
    "groups: tasks so far": {"busy": {"市0001": 2}},
    "recused": {"recusals": [("市0001", "企0001")]},
    "excluded": {"exclusions": [("企9999", "无扰日")]},
    "exclusions": {"exclusions": [("企9998", "无扰日")]},
    "sources": {"sources": [OTHER, INDEX]},
    "sources: their order": {"sources": [INDEX, LOTTERY]},
    "veil": {"veil": "8" * 64},
    "rule": {"rule": {"ratio": "3/100"}},
}


@pytest.mark.parametrize("what", CHANGES)
def test_any_input_changed_changes_the_digest(what):
    assert fixed(**CHANGES[what]).commitment.digest != fixed().commitment.digest


def test_every_part_of_a_commitment_is_among_them():
    assert {f.name for f in fields(Commitment)} == {what.partition(":")[0] for what in CHANGES}


def test_the_same_inputs_give_the_same_text_and_it_reads_back():
    made = fixed().commitment
    assert fixed().commitment.text == made.text
    assert Commitment.read(made.text) == made


def test_neither_names_nor_the_secret_stand_in_what_is_published_beforehand():
    text = fixed(recusals=[("市0001", "企0001")]).commitment.text
    assert "企0001" not in text
    assert "市0001" not in text
    assert "7" * 64 not in text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: {**told, "v": "yifa-draw/2"},
        lambda told: {k: v for k, v in told.items() if k != "veil"},
        lambda told: {**told, "strata": [{**told["strata"][0], "hue": 1}]},
        lambda told: {**told, "more": 1},
        lambda told: [],
    ],
)
def test_a_commitment_of_another_form_is_refused(spoil):
    told = spoil(json.loads(fixed().commitment.text))
    with pytest.raises(DrawError, match="E589"):
        Commitment.read(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def test_a_commitment_written_otherwise_is_refused_for_its_digest_would_differ():
    with pytest.raises(DrawError, match="规范写法"):
        Commitment.read(json.dumps(json.loads(fixed().commitment.text), indent=1, ensure_ascii=False))
    with pytest.raises(DrawError, match="E589"):
        Commitment.read("抽取")


@pytest.mark.parametrize(
    ("told", "id", "said"),
    [
        ({"strata": {}}, "E590", "没有可抽的名录"),
        ({"strata": {"企业": (firms("企", 9), 1), "个体": ([], 0)}}, "E590", "“个体”一层是空的"),
        ({"strata": {"企业": (firms("企", 9), 10)}}, "E585", "“企业”一层有9个，不能抽10个"),
        ({"strata": {"企业": (firms("企", 9), -1)}}, "E585", "不能抽-1个"),
        ({"strata": {"企业": (firms("企", 9), 0)}}, "E585", "各层要抽的数都是零"),
        ({"strata": {"甲": (["同"], 1), "乙": (["同", "别"], 1)}}, "E582", "“同”同时在两层名录里"),
        ({"method": "shuffle", "lots": LOT}, "E590", "不止一签"),
        ({"groups": {"市": (firms("市", 9), 1)}}, "E590", "不得少于两人"),
        ({"groups": {"市": (firms("市", 1), 2)}}, "E590", "“市”只有1名检查人员可派"),
        ({"groups": {"市": (["张"], 1), "消": (["张"], 1)}}, "E582", "同时列在两组里"),
        ({"groups": {"企业": (firms("市", 3), 2)}}, "E582", "既是一层的名称"),
        ({"exclusions": [("企9999", " ")]}, "E590", "没有写明不列入的理由"),
        ({"exclusions": [("企9999", "无\0扰日")]}, "E581", "理由含有看不见的字符"),
        ({"recusals": [("市0001\n市0002", "企0001")]}, "E581", "看不见的字符"),
        ({"exclusions": [("企0001", "无扰日")]}, "E590", "既在名录里，又写明不列入"),
        ({"sources": []}, "E588", "不在抽取人手中"),
    ],
)
def test_what_could_be_unfair_or_cannot_be_drawn_is_refused(told, id, said):
    with pytest.raises(DrawError, match=said) as refused:
        fixed(**told)
    assert refused.value.id == id


def test_a_firm_that_too_few_may_visit_is_named_before_the_draw_and_not_after():
    away = [(officer, "企0007") for officer in firms("市", 8)]
    with pytest.raises(DrawError, match="检查“企0007”时，“市场监管局”除去回避的人员后不足2名"):
        fixed(recusals=away)


def test_a_list_digested_by_another_function_is_refused():
    from yifa.draws import commit, listed

    told = fixed().commitment
    with pytest.raises(DrawError, match="“企业”的摘要是用sha256算的"):
        commit(
            number=told.number, office="", title="", at=told.at, algo="sm3", veil="", sources=told.sources,
            strata={"企业": (listed(["甲"]), 1)},
        )  # fmt: skip


def test_two_commitments_alike_but_for_their_number_are_told_apart():
    one = fixed().commitment
    assert replace(one, number="新双随机〔2023〕9号").digest != one.digest
