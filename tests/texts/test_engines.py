"""G4: Hyperscan, ahocorasick-rs and plain Python find the same, and what they find is what the rules say."""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.texts.content.engines import ENGINES, Scanner, available, bundles
from yifa.texts.content.rarity import anchor
from yifa.texts.content.rules import Pack, Pattern, Rule, RuleError, Speech, packs, pattern
from yifa.texts.content.sense import LONGEST, branches, cut, matches, occurrences

OTHERS = [name for name in available() if name != "plain"]


@pytest.fixture(scope="module")
def scanners() -> dict[str, Scanner]:
    return {name: Scanner(engine=name) for name in available()}


def known_words() -> list[str]:
    """Words of the packs' patterns, every few of them, and of the negations."""
    listed: list[str] = []
    for pack in packs():
        for rule in pack.rules:
            for one in rule.patterns:
                listed += [part[len(rule.code) % len(part)] for part in one.parts]
        listed += pack.speech.forbid[::5] + pack.speech.after[::9] + pack.speech.double[::9]
    return sorted(set(listed))


FILLERS = [
    "的",
    "，",
    "。",
    "；",
    "：",
    "\n",
    "（一）",
    "《行政处罚法》第十六条规定",
    "“",
    "”",
    "所称",
    "是指",
    "😀",
    "𠮷",
    "a",
    " ",
]
FILLERS += ["\0", "\ud800", "本县", "企业", "第三条 ", "等行为", "𪚥𪚥"]
TEXTS = st.lists(st.sampled_from(known_words()) | st.sampled_from(FILLERS), max_size=60).map("".join)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_all_engines_find_the_same(scanners: dict[str, Scanner], text: str) -> None:
    wanted = scanners["plain"].examine(text)
    for name in OTHERS:
        assert scanners[name].examine(text) == wanted, name


@given(st.lists(TEXTS, max_size=5))
@settings(max_examples=40, deadline=None)
def test_many_texts_together_are_each_text_alone(scanners: dict[str, Scanner], texts: list[str]) -> None:
    for scanner in scanners.values():
        assert list(scanner.examine_many(texts)) == [scanner.examine(text) for text in texts]


def test_all_engines_are_quiet_in_the_same_sentences(scanners: dict[str, Scanner]) -> None:
    loud = one_rule(pattern("外地企业 …9… 投标"))
    quiet = replace(one_rule(pattern("应当 …20… 备案")), code="T2", quiet_beside=("T1",))
    text = "外地企业应当先备案，外地企业不参加投标；应当备案。\n应当备案"
    for name in available():
        scanner = Scanner([Pack("试", "试", (quiet, loud))], name)
        assert [found.code for found in scanner.examine(text)] == ["T1", "T2", "T2"], name
        assert next(iter(scanner.examine_many([text]))) == scanner.examine(text), name


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_finding_points_at_its_words(scanners: dict[str, Scanner], text: str) -> None:
    for found in scanners["plain"].examine(text):
        assert text[found.start : found.end] == found.words != ""


# A reference that knows nothing of anchors, tries or bisection.


def naive(one: Pattern, text: str) -> bool:
    """Whether the pattern stands in a text of one sentence: every choice of words is tried."""
    spans = []
    for part in one.parts:
        each = []
        for start in range(len(text)):
            here = [word for word in part if text.startswith(word, start)]
            if here:
                each.append((start, start + len(max(here, key=len))))
        spans.append(each)
    for chain in itertools.product(*spans):
        if one.gaps:
            if all(0 <= b[0] - a[1] <= gap for a, b, gap in zip(chain, chain[1:], one.gaps, strict=False)):
                return True
        else:
            first = min(chain)
            if all(
                span is first or (span[0] >= first[1] and span[1] <= first[0] + one.within) for span in chain
            ):
                return True
    return False


SHORT = st.text("甲乙丙丁戊，", min_size=1, max_size=3)
PART = st.lists(SHORT, min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def made_patterns(draw: st.DrawFn) -> Pattern:
    parts = tuple(draw(st.lists(PART, min_size=1, max_size=3)))
    parts = (tuple(word + "子" if len(word) < 2 else word for word in parts[0]), *parts[1:])
    if len(parts) > 1 and draw(st.booleans()):
        return Pattern("", parts, within=draw(st.integers(4, 12)))
    return Pattern("", parts, tuple(draw(st.integers(0, 5)) for _ in parts[1:]))


def one_rule(*found: Pattern) -> Rule:
    return Rule("T1", "试", "试", packs()[0].rules[0].severity, (), found, negation="无")


@given(made_patterns(), st.text("甲乙丙丁戊子，", max_size=24))
@settings(max_examples=300, deadline=None)
def test_engines_find_a_pattern_exactly_where_trying_everything_does(one: Pattern, text: str) -> None:
    wanted = naive(one, text)
    for name in available():
        found = Scanner([Pack("试", "试", (one_rule(one),))], name).examine(text)
        assert bool(found) == wanted, (name, one, text)


@given(
    st.sets(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=8),
    st.text("甲乙丙丁", max_size=20),
)
@settings(max_examples=200, deadline=None)
def test_words_are_found_at_every_place_and_the_longest_counts(words: set[str], text: str) -> None:
    wanted = []
    for start in range(len(text)):
        here = [word for word in words if text.startswith(word, start)]
        if here:
            wanted.append((start, start + len(max(here, key=len))))
    assert occurrences(tuple(words), text) == wanted
    assert branches(words)


def test_a_later_word_may_be_needed_though_a_nearer_one_stands_before_it() -> None:
    one = pattern("甲甲 …4… 乙乙 …1… 丙丙")
    text = "甲甲乙乙子乙乙丙丙"
    assert list(matches(one, [occurrences(part, text) for part in one.parts])) == [((0, 2), (5, 7), (7, 9))]


def test_a_pattern_does_not_cross_the_end_of_a_sentence_unless_it_says_so() -> None:
    inside = one_rule(pattern("违反规定 …20… 罚款"))
    across = one_rule(pattern("违反规定 …20… 罚款 〔跨句〕"))
    text = "不得违反规定；否则罚款。\n罚款"
    for name in available():
        assert not Scanner([Pack("试", "", (inside,))], name).examine(text)
        assert [f.words for f in Scanner([Pack("试", "", (across,))], name).examine(text)] == [
            "违反规定；否则罚款"
        ]


def test_the_rarest_part_is_looked_for_first() -> None:
    assert anchor(pattern("应当 …20… 特许经营权")) == ("特许经营权",)


def test_offsets_are_characters_after_astral_ones(scanners: dict[str, Scanner]) -> None:
    text = "😀𠮷" * 7 + "，违反本办法的，处五百元以上二千元以下罚款。"
    for scanner in scanners.values():
        (found, *_) = [f for f in scanner.examine(text) if f.code == "N1"]
        assert text[found.start : found.end] == found.words
        assert "罚款" in found.words


# Hostile texts


@pytest.mark.parametrize(
    "text", ["", "\0" * 1000, "\ud800罚款\udfff" * 50, "\n" * 5000, "。" * 5000, "“《" * 3000]
)
def test_hostile_texts_end_well(scanners: dict[str, Scanner], text: str) -> None:
    assert len({tuple(scanner.examine(text)) for scanner in scanners.values()}) == 1


@pytest.mark.parametrize(
    "bit",
    [
        "违反规定罚款",
        "不得不得不得不得以，",
        "外地企业不得投标",
        "（一）不得：",
        "处5元",
        "《行政处罚法》第一条“",
        "或者不得，",
    ],
)
def test_trigger_words_repeated_on_one_line_end_well(scanners: dict[str, Scanner], bit: str) -> None:
    """A method whose work grew with the square of the text would not come back from here."""
    scanner = scanners[available()[0]]
    found = scanner.examine(bit * (120_000 // len(bit)))
    assert all(one.end - one.start <= LONGEST for one in found)


@pytest.mark.slow
def test_five_megabytes_on_one_line(scanners: dict[str, Scanner]) -> None:
    text = "各乡镇人民政府要认真组织学习贯彻落实情况及时报告，" * 200_000
    assert {len(scanner.examine(text)) for scanner in scanners.values()} == {0}


def test_a_sentence_without_an_end_is_cut() -> None:
    spans = cut("字" * (2 * LONGEST + 1), re.compile("。"))
    assert spans == [(0, LONGEST), (LONGEST, 2 * LONGEST), (2 * LONGEST, 2 * LONGEST + 1)]


# The engines themselves


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(RuleError, match=r"没有这个引擎.*plain.*E873"):
        Scanner(engine="vectorscan")


def test_without_packages_plain_python_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.texts.content.engines.find_spec", lambda name: None)
    assert available() == ("plain",)
    assert Scanner().engine_name == "plain"
    with pytest.raises(RuleError, match="已安装的有plain"):
        Scanner(engine="hyperscan")


def test_an_empty_pack_finds_nothing() -> None:
    for name in ENGINES:
        if name in available():
            assert Scanner([], name).examine("违反规定的，处五百元罚款。") == []


def test_bundles_keep_every_text_in_order() -> None:
    texts = ["字" * n for n in (0, 300_000, 300_000, 5, 0)]
    assert [text for bundle in bundles(texts) for text in bundle] == texts


def test_negation_words_of_two_packs_are_joined() -> None:
    assert (Speech(forbid=("不得",)) | Speech(forbid=("严禁", "不得"))).forbid == ("不得", "严禁")


STATUTES = Path(os.environ.get("YIFA_STATUTES", ""))


@pytest.mark.skipif(not STATUTES.name, reason="YIFA_STATUTES names no folder of statute texts")
def test_all_engines_find_the_same_in_statutes(scanners: dict[str, Scanner]) -> None:
    for path in sorted(STATUTES.glob("*.md"))[::4]:
        text = path.read_text("utf-8")
        assert len({tuple(scanner.examine(text)) for scanner in scanners.values()}) == 1, path.name
