"""What a draft repeats of documents in force is found, and what it says otherwise; by any road the same."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yifa.texts.finding import Severity, Source, dump, load
from yifa.texts.repeats import sketch
from yifa.texts.repeats.alike import AlikeError, Kept, Other, examine, pairs, signatures
from yifa.texts.repeats.pairs import similarity
from yifa.texts.repeats.sketch import ROADS, WIDTH

REPLY = "行政机关收到申请，应当自收到之日起{}内书面答复申请人，并说明理由。"
IN_FORCE = Other(
    "新县门头招牌设置管理办法",
    "第一条　为了规范门头招牌，根据有关法律，制定本办法。\n第二条　"
    + REPLY.format("30日")
    + "\n第三条　经营者可以在店铺门前摆放不超过两平方米的促销展台，并保持通道畅通。\n"
    + "第四条　本办法自2023年1月1日起施行。",
    "新政〔2023〕12号",
)


def installed() -> list[str]:
    return [road for road in ROADS if sketch._installed(road)]


@pytest.fixture(params=ROADS)
def road(request: pytest.FixtureRequest) -> str:
    if request.param not in installed():
        pytest.skip(f"{request.param} is not installed")
    return str(request.param)


def codes(draft: str, *others: Other) -> list[str]:
    return [f.code for f in examine(draft, others or [IN_FORCE])]


# ——— a draft and the documents in force ———


def test_a_clause_that_stands_there_already_is_shown_beside_it():
    (found,) = examine("总则\n第九条　" + REPLY.format("30日"), [IN_FORCE])
    assert (found.code, found.source, found.severity) == ("A1", Source.ALIKE, Severity.NOTE)
    assert found.words == found.beside == REPLY.format("30日")
    assert found.beside_of == "《新县门头招牌设置管理办法》（新政〔2023〕12号）第二条"
    assert load(dump([found])) == [found]


@pytest.mark.parametrize("period", ["20个工作日", "六十日", "3个月", "一年"])
def test_another_period_may_be_a_contradiction(period: str):
    (found,) = examine(REPLY.format(period), [IN_FORCE])
    assert (found.code, found.severity) == ("A3", Severity.CHECK)
    assert f"本文“{period}”，该文“30日”" in found.why


@pytest.mark.parametrize("period", ["三十日", "30天", "三十天"])
def test_the_same_period_in_other_words_is_none(period: str):
    assert codes(REPLY.format(period)) == ["A2"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("逾期不改正的，处5000元罚款并责令限期清运完毕。", "逾期不改正的，处1万元罚款并责令限期清运完毕。"),
        ("摊位租金按照百分之八的比例逐年递增收取。", "摊位租金按照6%的比例逐年递增收取。"),
        ("商户可以在公共通道上摆放经营设施和商品。", "商户不得在公共通道上摆放经营设施和商品。"),
        ("主管部门对逾期提交的材料予以受理并登记。", "主管部门对逾期提交的材料不予受理并登记。"),
        ("申请人无需提交户籍证明和婚姻状况证明。", "申请人应当提交户籍证明和婚姻状况证明。"),
        ("县住房和城乡建设局应当对物业服务企业的信用情况按年度组织评价。", "县市场监督管理局应当对物业服务企业的信用情况按年度组织评价。"),
        ("每户养犬数量不少于二只的应当登记造册备查。", "每户养犬数量不超过二只的应当登记造册备查。"),
        ("补贴申请截止到2025年6月30日，逾期视为放弃。", "补贴申请截止到2025年9月30日，逾期视为放弃。"),
    ],
)  # fmt: skip
def test_amounts_shares_permission_and_who_are_compared(ours: str, theirs: str):
    assert codes(ours, Other("某办法", theirs)) == ["A3"]
    assert codes(theirs, Other("某办法", ours)) == ["A3"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("个体工商户逾期的，处五千元罚款并予公告送达。", "个体工商户逾期的，处0.5万元罚款并予公告送达。"),
        ("合同期限为一年，期满可以续签并另行约定。", "合同期限为12个月，期满可以续签并另行约定。"),
        ("比例不少于百分之三十的，按照规定给予补助。", "比例不低于30%的，按照规定给予补助。"),
        ("违反第三条规定的，由主管部门责令限期改正。", "违反第七条规定的，由主管部门责令限期改正。"),
    ],
)
def test_the_same_in_other_words_is_no_contradiction(ours: str, theirs: str):
    assert codes(ours, Other("某办法", theirs)) == ["A2"]


def test_punctuation_spaces_and_wide_digits_make_no_other_words():
    assert codes("行政机关收到申请， 应当自收到之日起３０日内书面答复申请人,并说明理由；") == ["A1"]


def test_what_every_document_has_is_not_compared():
    assert (
        codes("第一条　为了规范门头招牌，根据有关法律，制定本办法。\n第八条　本办法自2025年7月1日起施行。")
        == []
    )
    assert codes("本办法由县城市管理局负责解释。", Other("某", "本办法由县民政局负责解释。")) == []


def test_the_same_clause_in_ten_documents_is_one_finding():
    others = [Other(f"办法{n}", f"第{n}条　" + REPLY.format("30日")) for n in range(1, 11)]
    (found,) = examine(REPLY.format("30日"), others)
    assert "《办法1》第1条等10处" in found.why


def test_a_clause_may_repeat_one_document_and_contradict_three_others():
    periods = ["30日", "10日", "15日", "40日", "50日"]
    others = [Other(f"办法{p}", REPLY.format(p)) for p in periods]
    assert codes(REPLY.format("30日"), *others) == ["A3", "A3", "A3", "A1"]


def test_the_order_of_findings_is_that_of_the_draft_and_unlike_clauses_are_silent():
    draft = "第一条　茶叶鲜叶的收购价格由买卖双方自行协商确定。\n第二条　" + REPLY.format("30日")
    draft += "\n第三条　经营者不得在店铺门前摆放不超过两平方米的促销展台，并保持通道畅通。"
    found = examine(draft, [IN_FORCE])
    assert [f.code for f in found] == ["A1", "A3"]
    assert all(draft[f.start : f.end] == f.words for f in found)


def test_documents_kept_give_what_documents_read_anew_give():
    kept = Kept()
    drafts = [REPLY.format("30日"), REPLY.format("20个工作日")]
    for draft in drafts * 2:
        assert examine(draft, [IN_FORCE], kept) == examine(draft, [IN_FORCE])
    assert len(kept) == 1
    small = Kept(documents=1)
    both = [IN_FORCE, Other("又一办法", REPLY.format("60日"))]
    assert examine(drafts[0], both, small) == examine(drafts[0], both)
    assert len(small) == 1


CHARACTERS = "应当不得可以三十日2个工作元万。；，第条（一）\n甲乙丙丁戊己庚辛本办法县局"


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(CHARACTERS, min_size=12, max_size=60), max_size=6))
def test_a_draft_examined_beside_itself_is_all_repetition(lines: list[str]):
    draft = "\n".join(lines)
    one = [examine(draft, [Other("某", draft)], road=road) for road in installed()]
    assert all(found == one[0] for found in one)
    assert all(f.words == draft[f.start : f.end] for f in one[0])
    assert {f.code for f in one[0]} <= {"A1", "A3"}


@pytest.mark.parametrize(
    "hostile",
    ["", "\0" * 50_000, "\ud800" * 20_000, "一" * 50_000, "第" * 50_000, "1" * 50_000, "不得" * 20_000, "9年" * 20_000,
     "百分之" * 20_000, "第一条\n" * 20_000, "，" * 50_000, "〔2023〕" * 10_000, "1,111" * 10_000, "甲乙丙丁戊己庚辛壬癸。" * 5_000],
)  # fmt: skip
def test_hostile_texts_are_read_like_others(hostile: str):
    examine(hostile, [Other("", hostile), IN_FORCE, IN_FORCE])


def test_thousands_of_variants_of_one_clause_stay_quick():
    variants = "\n".join(REPLY.format(f"{n}日") for n in range(3_000))
    assert len(examine(variants, [Other("某", variants)])) >= 3_000


@pytest.mark.skipif("YIFA_STATUTES" not in os.environ, reason="the statute texts are not on this machine")
def test_between_laws_what_one_allows_and_the_other_demands_is_found():
    def law(name: str) -> str:
        return Path(os.environ["YIFA_STATUTES"], name + ".md").read_text("utf-8").replace("**", "")

    name = "中华人民共和国行政复议法"
    found = examine(law("中华人民共和国审计法实施条例"), [Other(name, law(name))])
    assert [(f.code, f.beside_of, f.beside) for f in found if "停止执行" in f.words and f.code == "A3"] == [
        ("A3", f"《{name}》第四十二条", "但是有下列情形之一的，应当停止执行：")
    ]


# ——— many texts ———


def shuffled(seed: int) -> list[str]:
    chance = random.Random(seed)
    texts = ["", "一", "二", "ab", "𠀀\ud800x", "\0"]
    texts += [
        "".join(chance.choices("依法申请应当提交材料期限为三十日", k=chance.randint(3, 60)))
        for _ in range(150)
    ]
    for _ in range(100):
        text = list(chance.choice(texts))
        if text:
            text[chance.randrange(len(text))] = chance.choice("甲乙丙丁")
        texts.append("".join(text))
    chance.shuffle(texts)
    return texts


@pytest.mark.parametrize("seed", range(5))
def test_signatures_and_pairs_are_the_same_by_any_road(seed: int, road: str):
    texts = shuffled(seed)
    assert signatures(texts, road) == signatures(texts, "python")
    assert pairs(texts, 0.6, road) == pairs(texts, 0.6, "python")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=80), max_size=30))
@example(["", "", "\0", "\0\0\0", "\ud800", "𠀀𠀁𠀂𠀃"])
def test_any_characters_are_signed_the_same(texts: list[str]):
    signed = [signatures(texts, road) for road in installed()]
    assert all(each == signed[0] for each in signed)
    assert len(signed[0]) == WIDTH * len(texts)
    found = [pairs(texts, 0.5, road) for road in installed()]
    assert all(each == found[0] for each in found)


@given(st.lists(st.text(max_size=20), max_size=20))
def test_identical_texts_are_always_found(texts: list[str]):
    found = {(p.first, p.second) for p in pairs(texts) if p.similarity == 1}
    firsts: dict[str, int] = {}
    for i, text in enumerate(texts):
        if firsts.setdefault(text, i) != i:
            assert (firsts[text], i) in found


def test_what_is_reported_is_exact_and_nearly_nothing_is_missed():
    texts = shuffled(7)
    found = {(p.first, p.second): p.similarity for p in pairs(texts, 0.7)}
    assert all(similarity(texts[a], texts[b]) == s >= 0.7 for (a, b), s in found.items())
    repeated = {b for b in range(len(texts)) for a in range(b) if similarity(texts[a], texts[b]) >= 0.7}
    assert len({b for _, b in found}) >= 0.95 * len(repeated)


def test_representatives_are_reported_and_not_every_pair():
    texts = [f"{REPLY.format('30日')}第{chr(0x4E00 + n)}次" for n in range(200)]
    assert len(pairs(texts)) < 10 * len(texts)
    assert {p.second for p in pairs(texts)} == set(range(1, 200))


def test_a_wrong_limit_or_road_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(AlikeError, match="相似度的界限应当大于0、不超过1") as limit:
        pairs([], 0)
    with pytest.raises(AlikeError, match="没有“gpu”这种算法") as unknown:
        signatures([], "gpu")
    monkeypatch.setattr(sketch, "_installed", lambda road: road == "python")
    with pytest.raises(AlikeError, match="没有安装numba") as missing:
        signatures([], "numba")
    assert [e.value.id for e in (limit, unknown, missing)] == ["E874", "E875", "E875"]


def test_without_packages_the_plain_road_is_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sketch, "_installed", lambda road: road == "python")
    assert sketch.road_for(1_000_000) == "python"
