"""Which column of a sheet answers which question: headings in officials' own words, matched and never guessed.

A heading is matched when, apart from spaces, width and remarks in brackets, it is the question's label or one of
its aliases. Anything merely similar is suggested to the person and stays unmatched.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from yifa.procedure import Ask, Procedure, Step, typed_of

from .book import letter
from .parse import key_of

REASON = "未导入的原因"
EXAMPLE = "示例"
OFFICE_HEADINGS = frozenset(
    f"{what}{who}"
    for what in ("承办", "办理", "受理", "主办", "责任", "登记", "填报", "所属", "发证", "")
    for who in ("单位", "机关", "部门")
) | {"单位名称", "机关名称", "主体"}
SERIAL_HEADINGS = frozenset(("序号", "行号", "no", "№", "顺序号", "原行号"))
REASON_HEADINGS = frozenset((REASON, "不予导入的原因"))
LABEL, ALIAS, GENERIC = 0, 1, 2  # how surely a heading names a question; the surer column wins

_BRACKETS = re.compile(r"[(\[{【〔〈<][^)\]}】〕〉>]*[)\]}】〕〉>]")
_SCALE = re.compile(r"[(\[【〔]?\s*(?:单位[:：]?)?\s*(百万|万|亿)(?:元|人|人次|件|个|份|次)?\s*[)\]】〕]")


@lru_cache(maxsize=4096)
def bare(heading: str) -> str:
    """A heading without remarks: 学习日期（必填） is 学习日期.

    >>> bare("学 习 日 期（必填）"), bare("＊主持人："), bare("金额（万元）")
    ('学习日期', '主持人', '金额')
    """
    whole = key_of(heading)
    return _BRACKETS.sub("", whole).rstrip(":") or whole


@lru_cache(maxsize=4096)
def scale_of(heading: str) -> int:
    """What the numbers under a heading must be multiplied by.

    >>> scale_of("金额（万元）"), scale_of("金额（元）")
    (10000, 1)
    """
    found = _SCALE.search(key_of(heading))
    return {"百万": 1_000_000, "万": 10_000, "亿": 100_000_000}[found[1]] if found else 1


@dataclass(frozen=True)
class Target:
    """A question a column can answer: the legal date of a step (`ask` is None) or one of its facts."""

    step: Step[Any]
    ask: Ask | None
    label: str
    opens: bool

    @property
    def name(self) -> str:
        return self.ask.name if self.ask else "on"

    @property
    def key(self) -> str:
        """`receive.kind`: how a mapping confirmed by the person names it."""
        return f"{self.step.key}.{self.name}"

    @property
    def required(self) -> bool:
        return self.ask.required if self.ask else True

    @property
    def full_label(self) -> str:
        named = self.opens or self.label.startswith(self.step.label)
        return self.label if named else f"{self.step.label}：{self.label}"


@dataclass(frozen=True)
class Column:
    """One column as the sheet has it, and what it was taken for."""

    index: int
    heading: str
    target: Target | None = None
    use: str = ""  # "office", "serial", "reason" for columns that answer no question
    scale: int = 1
    note: str = ""

    @property
    def letter(self) -> str:
        return letter(self.index)

    @property
    def matched(self) -> bool:
        return self.target is not None or bool(self.use)

    def __str__(self) -> str:
        return f"{self.letter}列“{self.heading}”"


Names = Mapping[str, tuple[tuple[Target, int], ...]]


@dataclass(frozen=True)
class Vocabulary:
    """Every name a heading may have: of the step a row begins with, and of the steps that may follow it."""

    procedure: type[Procedure]
    step: Step[Any]
    first: Names
    later: Names
    all_names: tuple[str, ...] = field(repr=False)

    def required(self) -> tuple[Target, ...]:
        found = {t.key: t for hits in self.first.values() for t, _ in hits if t.required}
        return tuple(found.values())

    def target(self, key: str) -> Target | None:
        hits = (t for names in (self.first, self.later) for found in names.values() for t, _ in found)
        return next((t for t in hits if t.key == key), None)


def vocabulary(procedure: type[Procedure], step: Step[Any]) -> Vocabulary:
    """What headings mean for rows that begin with `step`."""
    first: dict[str, tuple[tuple[Target, int], ...]] = {}
    later: dict[str, tuple[tuple[Target, int], ...]] = {}
    for target, name, rank in _names(step, opens=True):
        _add(first, name, target, rank)
    for other in later_steps(procedure):
        for target, name, rank in _names(other, opens=False):
            _add(later, name, target, rank)
    return Vocabulary(procedure, step, first, later, tuple({*first, *later}))


def later_steps(procedure: type[Procedure]) -> tuple[Step[Any], ...]:
    """Steps a row may carry after its first: what persons do, but no corrections and withdrawals of entries."""
    return tuple(
        s
        for s in procedure.steps.values()
        if not s.opens and s.after is None and s.restates is None and not s.withdraws
    )


def _add(names: dict[str, tuple[tuple[Target, int], ...]], name: str, target: Target, rank: int) -> None:
    known = {t.key: (t, r) for t, r in names.get(name, ())}
    if target.key not in known or known[target.key][1] > rank:
        known[target.key] = (target, rank)
    names[name] = tuple(known.values())


def _names(step: Step[Any], *, opens: bool) -> Iterable[tuple[Target, str, int]]:
    on = Target(step, None, step.asks.on_label, opens)
    yield from _spelt(on, step.asks.on_label, LABEL)
    yield from _spelt(on, on.full_label, LABEL)
    for alias in step.asks.on_aliases:
        yield from _spelt(on, alias, ALIAS)
    for word in ("日期", "时间"):
        yield from _spelt(on, step.label + word, ALIAS)
        if opens:
            yield on, word, GENERIC
    for ask in typed_of(step.asks):
        target = Target(step, ask, ask.label, opens)
        yield from _spelt(target, ask.label, LABEL)
        yield from _spelt(target, target.full_label, LABEL)
        yield target, key_of(ask.name), GENERIC
        for alias in ask.aliases:
            yield from _spelt(target, alias, ALIAS)
        if not opens:
            for word in (ask.label, *ask.aliases):
                yield from _spelt(target, step.label + word, ALIAS)


def _spelt(target: Target, text: str, rank: int) -> Iterable[tuple[Target, str, int]]:
    yield target, key_of(text), rank
    yield target, bare(text), rank


# ── Matching ─────────────────────────────────────────────────────────────────


def candidates(path: Sequence[str]) -> list[str]:
    """The names a column under a two-row heading may go by, the fullest first: 答复类型, 类型."""
    words = [w for n, w in enumerate(path) if w and (n == 0 or w != path[n - 1])]
    if len(words) < 2:
        return words
    return ["".join(words), *("".join(words[n:]) for n in range(1, len(words)))]


def meanings(vocabulary: Vocabulary, path: Sequence[str]) -> tuple[tuple[Target, int], ...]:
    """What a heading can mean. The fullest name decides: 答复／类型 is the answer's kind before it is the
    applicant's; and the step a row begins with comes before those that follow."""
    for text in candidates(path):
        for names in (vocabulary.first, vocabulary.later):
            if found := names.get(key_of(text)) or names.get(bare(text)):
                return found
    return ()


def score(vocabulary: Vocabulary, paths: Sequence[Sequence[str]]) -> int:
    """How many different questions these headings answer; the first step's count most."""
    seen: set[str] = set()
    total = 0
    for path in paths:
        new = {t.key: t for t, _ in meanings(vocabulary, path) if t.key not in seen}
        if new:
            total += 100 if any(t.opens for t in new.values()) else 1
            seen |= new.keys()
    return total


def match(
    vocabulary: Vocabulary, paths: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None
) -> tuple[list[Column], list[str]]:
    """Each column with what it answers, and what prevents the sheet from being read at all."""
    mapping = {key_of(k): v for k, v in (mapping or {}).items()}
    columns: list[Column] = []
    ranks: dict[int, int] = {}
    problems: list[str] = []
    for n, path in enumerate(paths):
        column, rank = _one(vocabulary, n, path, mapping)
        columns.append(column)
        ranks[n] = rank
    for heading, chosen in mapping.items():
        if chosen and vocabulary.target(chosen) is None:
            problems.append(f"为“{heading}”一列选的“{chosen}”不是“{vocabulary.procedure.title}”的内容。")
    columns = _settle(vocabulary, columns, paths)
    columns = _surest(columns, ranks, problems)
    return [_suggest(vocabulary, c, columns) for c in columns], problems


def _heading(path: Sequence[str]) -> str:
    words = [w for n, w in enumerate(path) if w and (n == 0 or w != path[n - 1])]
    return "／".join(" ".join(w.split()) for w in words)


def _one(
    vocabulary: Vocabulary, n: int, path: Sequence[str], mapping: Mapping[str, str]
) -> tuple[Column, int]:
    heading = _heading(path)
    column = Column(n, heading, scale=next((s for w in path if (s := scale_of(w)) != 1), 1) if heading else 1)
    if not heading:
        return column, GENERIC
    if (chosen := mapping.get(key_of(heading))) is not None:
        return replace(column, target=vocabulary.target(chosen), note="" if chosen else "已选择不导入"), LABEL
    leaf = bare([w for w in path if w][-1])
    if leaf in SERIAL_HEADINGS or leaf in REASON_HEADINGS:
        return replace(column, use="serial" if leaf in SERIAL_HEADINGS else "reason"), GENERIC
    found = meanings(vocabulary, path)
    if len(found) == 1:
        return replace(column, target=found[0][0]), found[0][1]
    if not found and leaf in OFFICE_HEADINGS:
        return replace(column, use="office"), GENERIC
    return column, GENERIC


def _settle(vocabulary: Vocabulary, columns: list[Column], paths: Sequence[Sequence[str]]) -> list[Column]:
    """A heading several later steps share (理由) belongs to the one of them the sheet has a date for."""
    dated = {c.target.step.key for c in columns if c.target and c.target.ask is None and not c.target.opens}
    settled = []
    for column in columns:
        if not column.matched and not column.note and column.heading:
            among = [t for t, _ in meanings(vocabulary, paths[column.index]) if t.step.key in dated]
            taken = {c.target.key for c in columns if c.target}
            among = [t for t in among if t.key not in taken]
            if len(among) == 1:
                column = replace(column, target=among[0])
        if column.target and not column.target.opens and column.target.step.key not in dated:
            step = column.target.step
            column = replace(
                column,
                target=None,
                note=f"像是“{step.label}”的内容，但表中没有“{step.asks.on_label}”一列",
            )
        settled.append(column)
    return settled


def _surest(columns: list[Column], ranks: Mapping[int, int], problems: list[str]) -> list[Column]:
    """One column for each question: the surest; two equally sure ones are a question back to the person."""
    by_target: dict[str, list[Column]] = {}
    for c in columns:
        if c.target or c.use == "office":
            by_target.setdefault(c.target.key if c.target else "office", []).append(c)
    dropped: dict[int, str] = {}
    for found in by_target.values():
        best = min(ranks[c.index] for c in found)
        sure = [c for c in found if ranks[c.index] == best]
        if len(sure) > 1 and sure[0].target:
            which = "、".join(map(str, sure))
            problems.append(
                f"{which}都是“{sure[0].target.full_label}”，不知道用哪一列；请改名或者删去多余的列。"
            )
        for c in found:
            if c is not sure[0]:
                dropped[c.index] = f"已用{sure[0]}"
    return [
        replace(c, target=None, use="", note=dropped[c.index]) if c.index in dropped else c for c in columns
    ]


def _suggest(vocabulary: Vocabulary, column: Column, columns: list[Column]) -> Column:
    if column.matched or column.note or not column.heading:
        return column
    taken = {c.target.key for c in columns if c.target}
    dated = {c.target.step.key for c in columns if c.target}
    alike = difflib.get_close_matches(
        bare(column.heading.split("／")[-1]), vocabulary.all_names, n=3, cutoff=0.7
    )
    for name in alike:
        for target, _ in (*vocabulary.first.get(name, ()), *vocabulary.later.get(name, ())):
            if target.key not in taken and (target.opens or target.step.key in dated):
                return replace(column, note=f"没有认出，是不是“{target.full_label}”？")
    return replace(column, note="没有认出，这一列不导入")


def missing(vocabulary: Vocabulary, columns: Sequence[Column]) -> list[str]:
    """The required questions no column answers, in a sentence each."""
    answered = {c.target.key for c in columns if c.target}
    steps = {c.target.step.key: c.target.step for c in columns if c.target and not c.target.opens}
    wanted = [*vocabulary.required()]
    for step in steps.values():
        wanted += [Target(step, a, a.label, False) for a in typed_of(step.asks) if a.required]
    said = []
    for target in wanted:
        if target.key not in answered and target.ask and target.ask.document:
            said.append(f"“{target.full_label}”是一份文件，表格带不来；这一事项请在办理页面逐件提交。")
        elif target.key not in answered:
            words = (target.ask.aliases if target.ask else target.step.asks.on_aliases)[:4]
            also = f"（也可以叫{'、'.join(words)}）" if words else ""
            said.append(f"缺少“{target.full_label}”一列{also}，这一项必须填写。")
    return said
