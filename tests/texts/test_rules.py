"""A pack a county's lawyer writes: what may stand in it, and what is said of each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from yifa.texts.content.engines import Scanner
from yifa.texts.content.rules import LARGEST, Pack, RuleError, load, packs, pattern
from yifa.texts.finding import Severity, Source

HEAD = 'title = "某县规则"\n'
RULE = """
[[rule]]
code = "X1"
title = "指定品牌"
basis = ["fair-competition-regulation 8.1.3"]
severity = "应当修改"
why = "不得限定品牌。"
find = ["指定 …10… 品牌|厂家"]
"""


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str, name: str = "county") -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_pack_of_one_rule_finds_and_cites(write) -> None:
    (found,) = Scanner([load(write(HEAD + RULE))]).examine("装修应当使用指定的瓷砖品牌。")
    assert (found.code, found.words, found.source) == ("X1", "指定的瓷砖品牌", Source.CONTENT)
    assert found.severity is Severity.MUST
    assert found.basis == ("《公平竞争审查条例》第八条第一款第（三）项",)


def test_the_packs_of_the_library_cover_what_the_fact_sheet_lists() -> None:
    codes = {rule.code for pack in packs() for rule in pack.rules}
    items = {8: 5, 9: 6, 10: 4, 11: 4}
    assert codes == {f"N{n}" for n in range(1, 20)} | {
        f"{a}-{n}" for a, m in items.items() for n in range(1, m + 1)
    }


def test_what_was_not_read_is_said_in_the_explanation() -> None:
    rules = {rule.code: rule for pack in packs() for rule in pack.rules}
    assert {code for code, rule in rules.items() if rule.mark == "U"} == {"N10", "N11"}
    assert rules["N10"].told.endswith("〔U：国办发〔2018〕37号中的这一句未能在文本中核对〕")


def test_words_may_name_words_and_stand_together(write) -> None:
    pack = load(
        write(
            HEAD
            + '[words]\n"外" = "外地|市外"\n"外企" = ["{外}企业", "外商"]\n'
            + RULE.replace("指定 …", "{外企} …")
        )
    )
    assert pack.rules[0].patterns[0].parts[0] == ("外地企业", "市外企业", "外商")


def test_words_of_another_file_are_used_by_name(write) -> None:
    write(HEAD + '[words]\n"定" = "指定 限定"\n[speech]\n"禁止" = "不得"\n', "ours")
    pack = load(write(HEAD + 'use = "ours"\n' + RULE.replace("指定 …", "{定} …")))
    assert pack.rules[0].patterns[0].parts[0] == ("指定", "限定")
    assert pack.speech.forbid == ("不得",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", r"county.toml：不是正确的TOML.*E866"),
        (HEAD + "rules = 1\n", r"不认识“rules”.*E867"),
        (RULE, r"county.toml：缺少title.*E867"),
        (HEAD + RULE.replace('why = "不得限定品牌。"', ""), r"规则X1：缺少why.*E867"),
        (HEAD + RULE + "sverity = 1", r"规则X1：规则里不认识“sverity”.*E867"),
        (HEAD + RULE.replace("应当修改", "严重"), r"规则X1：severity只能是应当修改、应当核实、请注意.*E867"),
        (HEAD + RULE.replace('"X1"', '"第一"'), r"编号只能用字母.*E867"),
        (HEAD + RULE + 'doubt = "未核对"', r"写了doubt.*E867"),
        (HEAD + RULE.replace('basis = ["fair-competition-regulation 8.1.3"]', "basis = []"), r"basis是空的.*E867"),
        (HEAD + RULE.replace("指定 …", "{定} …"), r"\{定\}没有写.*E868"),
        (HEAD + '[words]\n"空" = []\n' + RULE, r"词组“空”是空的.*E868"),
        (HEAD + '[words]\n"甲" = "{乙}"\n"乙" = "{甲}"\n', r"甲→乙→甲互相引用.*E868"),
        (HEAD + 'use = "nobody"\n', r"use引用的“nobody”不存在.*E868"),
        (HEAD + 'use = "county"\n', r"又引用回本文件.*E868"),
        (HEAD + RULE.replace('find = ["指定 …10… 品牌|厂家"]', "find = []"), r"find是空的.*E869"),
        (HEAD + RULE.replace("品牌|厂家", "品牌||厂家"), r"规则X1：句式“指定 …10… 品牌\|\|厂家”里有空的词.*E869"),
        (HEAD + RULE.replace("…10…", "…十…"), r"读不懂：间隔写成.*E869"),
        (HEAD + RULE.replace("厂家", "厂家〔有 甲"), r"〔〕要成对.*E869"),
        (HEAD + RULE.replace("厂家", "厂家〔或 甲〕"), r"〔或 甲〕读不懂.*E869"),
        (HEAD + RULE.replace("厂家", "厂；家"), r"词里不能有的符号.*E869"),
        (HEAD + RULE.replace("指定 …10… 品牌|厂家", "40字内：指定"), r"两个以上用\+连接.*E869"),
        (HEAD + RULE.replace("指定 …10… 品牌|厂家", "指定"), r"太宽：单独成句.*E870"),
        (HEAD + RULE.replace("指定 …10… 品牌|厂家", "指 …10… 牌"), r"太宽：至少要有一个部分.*E870"),
        (HEAD + RULE.replace("…10…", "…61…"), r"间隔61字太大，最多60字.*E871"),
        (HEAD + RULE.replace("指定 …10… 品牌|厂家", "200字内：指定 + 品牌"), r"跨200字，太大.*E871"),
        (HEAD + RULE.replace("8.1.3", "28"), r"规则X1：依据“fair-competition-regulation 28”不存在：.*共27条.*E872"),
        (HEAD + RULE.replace("8.1.3", "8.1.9"), r"第八条第一款共5项，没有第（九）项.*E872"),
        (HEAD + RULE.replace("fair-competition-regulation 8.1.3", "someone-law 1"), r"没有“someone-law”.*E872"),
        (HEAD + RULE.replace("fair-competition-regulation 8.1.3", "第八条"), r"要写成“法规代号.*E872"),
        (HEAD + RULE + RULE, r"规则X1：这个编号前面已经用过.*E873"),
        (HEAD + RULE.replace('find = ["', 'find = ["指定 …10… 品牌|厂家", "'), r"写了两次.*E873"),
        (HEAD + RULE + 'quiet_beside = ["第一"]', r"规则X1：quiet_beside里的“第一”不是编号.*E867"),
        (HEAD + RULE + 'quiet_beside = ["X1"]', r"规则X1：quiet_beside里有它自己的编号.*E873"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_rule(write, text: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        load(write(text))


def test_files_that_are_no_text_are_refused(tmp_path: Path, write) -> None:
    with pytest.raises(RuleError, match=r"打不开.*E866"):
        load(tmp_path / "nothing.toml")
    (tmp_path / "gbk.toml").write_bytes('title = "规则"'.encode("gbk"))
    with pytest.raises(RuleError, match=r"不是UTF-8.*E866"):
        load(tmp_path / "gbk.toml")
    with pytest.raises(RuleError, match=r"超过1兆字节.*E866"):
        load(write("#" * (LARGEST + 1)))
    with pytest.raises(RuleError, match="E866"):
        load(write("a = " + "[" * 5000))
    with pytest.raises(RuleError, match=r"没有规则文件.*E866"):
        packs(tmp_path / "nowhere")


def test_two_packs_may_not_use_one_code(write) -> None:
    both = [load(write(HEAD + RULE, name)) for name in ("county", "city")]
    with pytest.raises(RuleError, match=r"“city”和“county”都有编号X1.*E873"):
        Scanner(both)


def other(code: str, find: str, *quiet: str) -> str:
    """A second rule for the pack above."""
    more = RULE.replace('"X1"', f'"{code}"').replace("指定 …10… 品牌|厂家", find)
    return more + f"quiet_beside = {list(quiet)}\n".replace("'", '"')


def codes(pack: Pack, text: str) -> list[str]:
    return [found.code for found in Scanner([pack]).examine(text)]


def test_a_rule_is_quiet_in_a_sentence_where_a_more_exact_one_speaks(write) -> None:
    pack = load(write(HEAD + RULE + other("X2", "应当 …20… 使用", "X1")))
    assert codes(pack, "应当一律使用甲牌。") == ["X2"]
    assert codes(pack, "应当一律使用指定的品牌。") == ["X1"]
    assert codes(pack, "应当一律使用甲牌。不用的指定品牌。") == ["X2", "X1"]


def test_a_rule_that_is_silenced_silences_nobody(write) -> None:
    first, second = other("X2", "应当 …20… 使用", "X1"), other("X3", "统一 …9… 更换", "X2")
    pack = load(write(HEAD + second + first + RULE))
    assert codes(pack, "应当使用新表，统一予以更换。") == ["X2"]
    assert codes(pack, "应当使用指定的品牌，统一予以更换。") == ["X1", "X3"]


def test_rules_that_silence_each_other_are_refused(write) -> None:
    pack = load(write(HEAD + other("X2", "应当 …20… 使用", "X3") + other("X3", "统一 …9… 更换", "X2")))
    with pytest.raises(RuleError, match=r"绕成了圈（X\d→X\d→X\d）.*E873"):
        Scanner([pack])


def test_a_rule_may_be_quiet_beside_one_of_a_library_pack_that_is_not_used(write) -> None:
    assert codes(load(write(HEAD + other("X2", "应当 …20… 使用", "8-3"))), "应当使用甲牌。") == ["X2"]
    with pytest.raises(RuleError, match=r"“county”规则X2：.*“8-9”不是任何规则的编号.*E868"):
        Scanner([load(write(HEAD + other("X2", "应当 …20… 使用", "8-9")))])


def test_a_file_from_windows_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "dos.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + RULE).replace("\n", "\r\n").encode())
    assert load(path).rules[0].code == "X1"


def test_a_pattern_is_read_as_it_is_written() -> None:
    one = pattern("30字内：甲乙|丙丁 + 丁 〔有 戊〕〔无 己 庚〕〔跨句〕〔不论否定〕")
    assert (one.parts, one.within, one.gaps) == ((("甲乙", "丙丁"), ("丁",)), 30, ())
    assert (one.needs, one.unless, one.across, one.plain) == (("戊",), ("己", "庚"), True, True)
