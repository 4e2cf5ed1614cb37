"""Rule packs: what a county document must not contain, written as data by people who know the law.

A pack is a TOML file of `library/rules`; `docs/guides/rules.md` says how to write one. Loading is strict: a citation that
does not exist, a misspelt key, a word set nobody wrote or a pattern that would match anything stops the file and is named.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import product
from pathlib import Path
from typing import Any

from yifa.law import Citation, LawError, library_folder, statute

from ..finding import Severity

__all__ = ["LARGEST", "Pack", "Pattern", "Rule", "RuleError", "Speech", "Words", "load", "packs", "pattern"]

LARGEST = 1_000_000  # bytes of one file
WIDEST = 60  # characters of one gap
REACH = 160  # characters all gaps of one pattern may bridge
ACROSS = 240  # the same where a pattern may go on into the next sentence
MOST_WORDS = 8000  # in one part of a pattern

Words = tuple[str, ...]


class RuleError(ValueError):
    """A rule pack that cannot be used: file, rule, what is wrong and what to do, with an id that never changes."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that must stand near each other. `parts` in this order with at most `gaps` characters between them,
    or (`gaps` empty, more than one part) in any order within `within` characters. One part: the word alone.

    `needs`: one of these must stand in the same sentence; `unless`: none of these. `across`: the parts may stand in
    different sentences of one paragraph. `plain`: a negation makes no difference.
    """

    source: str
    parts: tuple[Words, ...]
    gaps: tuple[int, ...] = ()
    within: int = 0
    needs: Words = ()
    unless: Words = ()
    across: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a document must not contain. `innocent`: longer words in which a word of a pattern means nothing.
    `quiet_beside`: codes of more exact rules; in a sentence where one of them speaks, this one says nothing.
    """

    code: str
    title: str
    why: str
    severity: Severity
    basis: tuple[Citation, ...]
    patterns: tuple[Pattern, ...]
    innocent: Words = ()
    unless: Words = ()
    negation: str = "全部"
    quiet_beside: tuple[str, ...] = ()
    mark: str = ""
    doubt: str = ""

    @property
    def told(self) -> str:
        """The explanation, with the mark where the source could not be read."""
        return f"{self.why}〔{self.mark}：{self.doubt}〕" if self.mark else self.why

    @property
    def cited(self) -> tuple[str, ...]:
        return tuple(str(one) for one in self.basis)


@dataclass(frozen=True, slots=True)
class Speech:
    """How the language forbids, undoes and reports: shared by all packs that use the file it stands in."""

    forbid: Words = ()  # what follows in the clause is forbidden
    undo: Words = ()  # what follows in the clause is taken back, searched for or punished
    double: Words = ()  # contains a word of `forbid` or `undo`, and forbids nothing
    carry: Words = ()  # a clause that begins so stands under the negation of the clause before
    opens: Words = ()  # after a word of `forbid`: its object comes in the next clause
    link: Words = ()  # a clause that ends so is what the next clause speaks of
    after: Words = ()  # takes back what stands before it
    kinds: Words = ()  # “等行为”: closes a list that one word has forbidden
    heads: Words = ()  # in the line over a list: its items are not commands
    spare: Words = ()  # forbids a restriction (“不得限制”): what follows is protected, not forbidden
    begin: Words = ()  # a sentence that begins so takes back everything in it

    def __or__(self, other: Speech) -> Speech:
        return Speech(*(_merge(getattr(self, k), getattr(other, k)) for k in SPEECH))


SPEECH = tuple(Speech.__dataclass_fields__)
NAMED_SPEECH = {
    "禁止": "forbid",
    "撤除": "undo",
    "双重否定": "double",
    "承接": "carry",
    "引出": "opens",
    "连接": "link",
    "事后撤除": "after",
    "类别": "kinds",
    "列项": "heads",
    "禁止限制": "spare",
    "句首撤除": "begin",
}


def _merge(a: Words, b: Words) -> Words:
    return tuple(dict.fromkeys((*a, *b)))


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of rules, ready to use."""

    name: str
    title: str
    rules: tuple[Rule, ...]
    words: Mapping[str, Words] = field(repr=False, compare=False, default_factory=dict)
    speech: Speech = field(repr=False, default_factory=Speech)


# Reading a file

DIGITS: Words = tuple("0123456789０１２３４５６７８９一二三四五六七八九十百千万两")
PACK_KEYS = {"title", "use", "words", "speech", "rule"}
RULE_KEYS = {
    "code", "title", "basis", "severity", "why", "find", "innocent", "unless", "negation", "quiet_beside",
    "mark", "doubt",
}  # fmt: skip
NEGATIONS = ("全部", "只禁止", "无")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,15}")
SET = re.compile(r"(\{[^{}]+\})")
BASIS = re.compile(r"([a-z0-9-]+)(?:@(\d{4}(?:-\d\d-\d\d)?))?(?:\s+(\d+)(?:\.(\d+)(?:\.(\d+))?)?)?")


def packs(folder: Path | None = None) -> tuple[Pack, ...]:
    """The packs of the library that have rules, in the order of their names."""
    return _packs(folder or library_folder() / "rules")


@cache
def _packs(folder: Path) -> tuple[Pack, ...]:
    found = tuple(pack for path in sorted(folder.glob("*.toml")) if (pack := load(path)).rules)
    if not found:
        raise RuleError(f"{folder}：没有规则文件 [yifa.E866]")
    once(found)
    beside(found)
    return found


def once(found: Iterable[Pack]) -> None:
    """A code names one rule: two packs may not both use it."""
    seen: dict[str, str] = {}
    for pack in found:
        for rule in pack.rules:
            if rule.code in seen:
                raise RuleError(
                    f"规则包“{pack.name}”和“{seen[rule.code]}”都有编号{rule.code}，请改掉一个 [yifa.E873]"
                )
            seen[rule.code] = pack.name


def beside(found: Iterable[Pack], known: Iterable[str] = ()) -> tuple[int, ...]:
    """The numbers of the rules, each after those it is quiet beside: a rule is only silenced by one that speaks.

    A code that no pack has (`known`: those of packs that are not used here) and rules that silence each other in a circle
    are refused.
    """
    rules = [(pack.name, rule) for pack in found for rule in pack.rules]
    number = {rule.code: nth for nth, (_, rule) in enumerate(rules)}
    elsewhere = set(known)
    louder: dict[int, list[int]] = {}
    for nth, (name, rule) in enumerate(rules):
        for code in rule.quiet_beside:
            if code not in number and code not in elsewhere:
                raise RuleError(
                    f"规则包“{name}”规则{rule.code}：quiet_beside里的“{code}”不是任何规则的编号 [yifa.E868]"
                )
        louder[nth] = [number[code] for code in rule.quiet_beside if code in number]
    try:
        return tuple(TopologicalSorter(louder).static_order())
    except CycleError as wrong:
        circle = "→".join(rules[nth][1].code for nth in reversed(wrong.args[1]))
        raise RuleError(f"quiet_beside绕成了圈（{circle}），谁也不会说话 [yifa.E873]") from wrong


def load(path: Path | str) -> Pack:
    """Read one pack; raises RuleError saying which file, which rule and what is wrong."""
    return _File(Path(path)).pack()


class _File:
    """One file while it is being read: knows where it is, to say so."""

    def __init__(self, path: Path, above: tuple[Path, ...] = ()) -> None:
        self.path, self.above, self.where = path, (*above, path), path.name

    def wrong(self, what: str, code: int) -> RuleError:
        return RuleError(f"{self.where}：{what} [yifa.E{code}]")

    def pack(self) -> Pack:
        told = self._read()
        self._known(told, PACK_KEYS, "文件")
        title = self._text(told, "title")
        words, speech = dict[str, Words](), Speech()
        for name in self._list(told, "use"):
            used = self._used(name)
            words |= used.words
            speech |= used.speech
        for name, listed in self._own_words(told).items():
            if name in words:
                raise self.wrong(f"词组“{name}”在引用的文件里已经有了，请换一个名称", 873)
            words[name] = listed
        words = self._resolved(words)
        speech |= self._speech(told, words)
        rules = told.get("rule", [])
        if not isinstance(rules, list) or not all(isinstance(one, dict) for one in rules):
            raise self.wrong("规则要写成[[rule]]", 867)
        return Pack(self.path.stem, title, self._rules(rules, words), words, speech)

    def _read(self) -> dict[str, Any]:
        try:
            if self.path.stat().st_size > LARGEST:
                raise self.wrong(f"文件超过{LARGEST // 1_000_000}兆字节，不像规则文件", 866)
            return tomllib.loads(self.path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
        except OSError as wrong:
            raise self.wrong(f"文件打不开：{wrong.strerror}", 866) from wrong
        except UnicodeDecodeError as wrong:
            raise self.wrong("不是UTF-8编码，请另存为UTF-8", 866) from wrong
        except (tomllib.TOMLDecodeError, RecursionError) as wrong:
            raise self.wrong(f"不是正确的TOML：{wrong}", 866) from wrong

    def _used(self, name: str) -> Pack:
        path = self.path.parent / f"{name}.toml"
        if not re.fullmatch(r"[\w-]+", name) or not path.is_file():
            raise self.wrong(f"use引用的“{name}”不存在（同一文件夹里没有{name}.toml）", 868)
        if path in self.above:
            raise self.wrong(f"use引用的“{name}”又引用回本文件", 868)
        return _File(path, self.above).pack()

    # Words

    def _own_words(self, told: dict[str, Any]) -> dict[str, Words]:
        table = told.get("words", {})
        if not isinstance(table, dict):
            raise self.wrong("[words]要写成“名称 = [词, 词]”", 867)
        for name in table:
            if name == "数" or re.search(r"[{}|…+〔〕\s]", name):
                raise self.wrong(f"词组不能叫“{name}”", 867)
        return {name: self._words(table, name, f"词组“{name}”") for name in table}

    def _words(self, table: dict[str, Any], key: str, what: str) -> Words:
        """A list of words; one string may hold several, parted by | or spaces."""
        listed = table[key]
        if isinstance(listed, str):
            listed = [listed]
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise self.wrong(f"{what}要写成词的列表", 867)
        found = tuple(dict.fromkeys(word for one in listed for word in re.split(r"[|\s]+", one) if word))
        if not found:
            raise self.wrong(f"{what}是空的", 868)
        return found

    def _resolved(self, words: dict[str, Words]) -> dict[str, Words]:
        """Sets may name sets."""
        done: dict[str, Words] = {}

        def resolve(name: str, above: tuple[str, ...]) -> Words:
            if name in done:
                return done[name]
            if name not in words:
                raise self.wrong(f"词组“{above[-1]}”引用的{{{name}}}没有写", 868)
            if name in above:
                raise self.wrong(f"词组{'→'.join((*above, name))}互相引用，没有尽头", 868)
            found: list[str] = []
            for word in words[name]:
                found += self._product(word, f"词组“{name}”", lambda inner: resolve(inner, (*above, name)))
            done[name] = tuple(dict.fromkeys(found))
            return done[name]

        for name in words:
            resolve(name, ())
        return done

    def _plain_word(self, word: str, what: str) -> None:
        if re.search(r"[{}…〔〕。；;！!？?\n]", word):
            raise self.wrong(f"{what}里的“{word}”含有词里不能有的符号", 869)

    def _expand(self, text: str, words: Mapping[str, Words], what: str) -> Words:
        def named(name: str) -> Words:
            if name not in words:
                raise self.wrong(f"{what}里的{{{name}}}没有写：[words]和引用的文件里都没有这个词组", 868)
            return words[name]

        found: list[str] = []
        for word in re.split(r"\s*\|\s*|\s+", text.strip()):
            found += self._product(word, what, named)
        return tuple(dict.fromkeys(found))

    def _product(self, word: str, what: str, named: Callable[[str], Words]) -> list[str]:
        """“{外地}{企业}” is every word of the one before every word of the other."""
        if not word:
            raise self.wrong(f"{what}里有空的词（|的一边没有字）", 869)
        choices: list[Words] = []
        for piece in SET.split(word):
            if name := SET.fullmatch(piece):
                choices.append(DIGITS if name[0] == "{数}" else named(piece[1:-1]))
            elif piece:
                self._plain_word(piece, what)
                choices.append((piece,))
        if math.prod(map(len, choices)) > MOST_WORDS:
            raise self.wrong(f"{what}的“{word}”展开后超过{MOST_WORDS}个词", 870)
        return ["".join(chosen) for chosen in product(*choices)]

    def _speech(self, told: dict[str, Any], words: Mapping[str, Words]) -> Speech:
        table = told.get("speech", {})
        if not isinstance(table, dict):
            raise self.wrong("[speech]要写成“名称 = [词, 词]”", 867)
        self._known(table, set(NAMED_SPEECH), "[speech]")
        return Speech(**{
            NAMED_SPEECH[key]: self._expand(" ".join(self._words(table, key, f"[speech]的“{key}”")), words, key)
            for key in table
        })  # fmt: skip

    # Rules

    def _rules(self, tables: list[dict[str, Any]], words: Mapping[str, Words]) -> tuple[Rule, ...]:
        found: dict[str, Rule] = {}
        for nth, table in enumerate(tables, 1):
            self.where = f"{self.path.name}第{nth}条规则"
            code = self._text(table, "code")
            self.where = f"{self.path.name}规则{code}"
            if not CODE.fullmatch(code):
                raise self.wrong("编号只能用字母、数字和短横，最多16个", 867)
            if code in found:
                raise self.wrong("这个编号前面已经用过", 873)
            found[code] = self._rule(code, table, words)
        self.where = self.path.name
        return tuple(found.values())

    def _rule(self, code: str, table: dict[str, Any], words: Mapping[str, Words]) -> Rule:
        self._known(table, RULE_KEYS, "规则")
        severity = self._choice(table, "severity", [s.value for s in Severity], None)
        mark = self._choice(table, "mark", ["", "U", "P", "S"], "")
        doubt = self._text(table, "doubt") if mark else ""
        if "doubt" in table and not mark:
            raise self.wrong("写了doubt（存疑之处）就要写mark", 867)
        sentences = self._list(table, "find")
        if not sentences:
            raise self.wrong("find是空的，这条规则什么也找不到", 869)
        if twice := [one for one in dict.fromkeys(sentences) if sentences.count(one) > 1]:
            raise self.wrong(f"句式“{twice[0]}”写了两次", 873)
        basis = self._list(table, "basis")
        if not basis:
            raise self.wrong("basis是空的：每条规则都要写明依据", 867)

        def listed(key: str) -> Words:
            text = " ".join(self._words(table, key, key)) if key in table else ""
            return self._expand(text, words, key) if text else ()

        return Rule(
            code=code,
            title=self._text(table, "title"),
            why=self._text(table, "why"),
            severity=Severity(severity),
            basis=tuple(self._citation(one) for one in basis),
            patterns=tuple(self._pattern(one, words) for one in sentences),
            innocent=listed("innocent"),
            unless=listed("unless"),
            negation=self._choice(table, "negation", list(NEGATIONS), NEGATIONS[0]),
            quiet_beside=self._quiet(code, table),
            mark=mark,
            doubt=doubt,
        )

    def _quiet(self, code: str, table: dict[str, Any]) -> tuple[str, ...]:
        """Whether the codes exist is seen when all packs are there."""
        codes = self._list(table, "quiet_beside")
        if strange := [one for one in codes if not CODE.fullmatch(one)]:
            raise self.wrong(f"quiet_beside里的“{strange[0]}”不是编号", 867)
        if code in codes:
            raise self.wrong("quiet_beside里有它自己的编号", 873)
        return tuple(dict.fromkeys(codes))

    def _citation(self, text: str) -> Citation:
        read = BASIS.fullmatch(text.strip())
        if not read:
            raise self.wrong(f"依据“{text}”要写成“法规代号 条.款.项”，如 licence-law 17", 872)
        key, edition, article, para, item = read.groups()
        try:
            law = statute(key, edition)
            return law(
                int(article) if article else None,
                para=int(para) if para and int(para) else None,
                item=int(item) if item else None,
            )
        except LawError as wrong:
            raise self.wrong(f"依据“{text}”不存在：{str(wrong).split(' [yifa')[0]}", 872) from wrong

    def _pattern(self, source: str, words: Mapping[str, Words]) -> Pattern:
        what = f"句式“{source}”"
        body, needs, unless, flags = self._conditions(source, words, what)
        order = re.match(r"\s*(\d{1,4})\s*字内\s*[:：](.*)", body, re.S)
        if order:
            pieces = re.split(r"\s*\+\s*", order[2].strip())
            gaps: tuple[int, ...] = ()
            within = int(order[1])
            if len(pieces) < 2:
                raise self.wrong(f"{what}：“…字内：”后面要有两个以上用+连接的部分", 869)
            if len(pieces) > 6:
                raise self.wrong(f"{what}有{len(pieces)}个部分，最多6个", 869)
        else:
            split = re.split(r"\s*…\s*(\d{1,4})\s*…\s*", body.strip())
            pieces, gaps, within = split[::2], tuple(int(n) for n in split[1::2]), 0
            if "…" in "".join(pieces) or "+" in body:
                raise self.wrong(f"{what}读不懂：间隔写成“…20…”，不分先后写成“40字内：甲 + 乙”", 869)
        parts = tuple(self._expand(piece, words, what) for piece in pieces)
        return self._sound(
            Pattern(source, parts, gaps, within, needs, unless, "跨句" in flags, "不论否定" in flags), what
        )

    def _conditions(
        self, source: str, words: Mapping[str, Words], what: str
    ) -> tuple[str, Words, Words, set[str]]:
        """The bracketed conditions at the end of a pattern: 〔有 …〕〔无 …〕〔跨句〕〔不论否定〕."""
        body, *brackets = re.split(r"〔", source)
        needs: Words = ()
        unless: Words = ()
        flags: set[str] = set()
        for bracket in brackets:
            inside, closed, rest = bracket.partition("〕")
            if not closed or rest.strip():
                raise self.wrong(f"{what}：〔〕要成对，写在句尾", 869)
            kind, _, listed = inside.strip().partition(" ")
            if kind == "有" and listed:
                needs = _merge(needs, self._expand(listed, words, what))
            elif kind == "无" and listed:
                unless = _merge(unless, self._expand(listed, words, what))
            elif kind in ("跨句", "不论否定") and not listed:
                flags.add(kind)
            else:
                raise self.wrong(
                    f"{what}：〔{inside}〕读不懂，可以写〔有 词〕〔无 词〕〔跨句〕〔不论否定〕", 869
                )
        return body, needs, unless, flags

    def _sound(self, one: Pattern, what: str) -> Pattern:
        """Too broad or too wide a pattern finds anything."""
        for part in one.parts:
            if len(part) > MOST_WORDS:
                raise self.wrong(f"{what}的一个部分有{len(part)}个词，最多{MOST_WORDS}个", 870)
        if not any(min(len(word) for word in part) >= 2 for part in one.parts):
            raise self.wrong(f"{what}太宽：至少要有一个部分，其中每个词都不少于两个字", 870)
        if len(one.parts) == 1 and min(len(word) for word in one.parts[0]) < 4 and not one.needs:
            raise self.wrong(f"{what}太宽：单独成句的词不少于四个字，或者加上〔有 …〕", 870)
        if any(gap > WIDEST for gap in one.gaps):
            raise self.wrong(f"{what}的间隔{max(one.gaps)}字太大，最多{WIDEST}字", 871)
        reach = one.within or sum(one.gaps)
        if reach > (ACROSS if one.across else REACH):
            raise self.wrong(f"{what}一共跨{reach}字，太大，最多{ACROSS if one.across else REACH}字", 871)
        if not one.gaps and len(one.parts) > 1 and reach < len(one.parts) * 2:
            raise self.wrong(f"{what}的范围{reach}字太小，放不下各个部分", 871)
        return one

    # Small things

    def _known(self, table: dict[str, Any], known: set[str], what: str) -> None:
        if strange := sorted(set(table) - known):
            raise self.wrong(f"{what}里不认识“{strange[0]}”，可以用{'、'.join(sorted(known))}", 867)

    def _text(self, table: dict[str, Any], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"缺少{key}（要写成一句话）", 867)
        return value.strip()

    def _list(self, table: dict[str, Any], key: str) -> list[str]:
        value = table.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.wrong(f"{key}要写成句子的列表", 867)
        return value

    def _choice(self, table: dict[str, Any], key: str, allowed: list[str], default: str | None) -> str:
        value = table.get(key, default)
        if value not in allowed:
            raise self.wrong(f"{key}只能是{'、'.join(one or '空' for one in allowed)}", 867)
        return str(value)


def pattern(source: str, words: Mapping[str, Words] | None = None) -> Pattern:
    """One pattern by itself, for tests and measurements."""
    return _File(Path("句式"))._pattern(source, words or {})
