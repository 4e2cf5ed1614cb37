"""What a figure means, in words, written from its declaration and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.procedure.facts import Ask, asks_of
from yifa.procedure.kinds import Procedure
from yifa.procedure.registry import registry
from yifa.procedure.words import Count, Distinct, Figure, Growth, Share, Step, Stock, Sum, Zero, values_of

from .span import Span

EVERYWHERE = "全县各单位"
KINDS = {"department": "县直部门", "township": "乡镇（区、街道）"}


@dataclass(frozen=True)
class Definition:
    """One sentence to be read aloud, and the same laid out point by point."""

    sentence: str
    points: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.sentence


Owner = type[Procedure]


def define(owner: Owner, figure: Figure, span: Span, level: str = EVERYWHERE) -> Definition:
    """The definition of a figure for a period and the offices it covers."""
    what = _what(owner, figure)
    when = f"截至{_last_day(span)}" if isinstance(figure, Stock) else f"{span}内"
    points = [
        ("统计什么", what),
        *_sides(owner, figure, span),
        ("期间", _period(figure, span)),
        ("范围", level),
    ]
    points.append(("单位和写法", _manner(figure)))
    cite = getattr(figure, "cite", None)
    if cite is not None:
        points.append(("依据", str(cite)))
    basis = f"（{cite}）" if cite is not None else ""
    return Definition(f"{when}，{level}{what}{basis}。", tuple(points))


def _what(owner: Owner, figure: Figure) -> str:
    if isinstance(figure, Share):
        part, whole = sides(owner, figure)
        return f"{part}，占{whole}的百分比"
    if isinstance(figure, Growth):
        return f"{counted(owner, figure.of)}，比同期增长的百分比"
    if isinstance(figure, Stock):
        return _standing(owner, figure)
    if isinstance(figure, Zero):
        happened, _ = zero_sides(owner, figure)
        return f"{happened}；应当报告的单位每月都报告了才写得出来"
    if isinstance(figure, Sum):
        return f"{_acts(owner, figure)}的“{fact_label(owner, figure.steps, figure.field)}”合计"
    if isinstance(figure, Distinct):
        return f"{_acts(owner, figure)}中不同的“{fact_label(owner, figure.steps, figure.field)}”个数，同一个只计一次"
    assert isinstance(figure, Count)
    return f"{_acts(owner, figure)}的次数"


def sides(owner: Owner, share: Share) -> tuple[str, str]:
    """Numerator and denominator in words."""
    if share.part and share.whole:
        return counted(owner, share.part), counted(owner, share.whole)
    assert share.of
    assert share.within
    whole = f"{_quoted([share.of.label])}的次数"
    return f"在“{share.within.label}”（{share.within.length}）内完成{_quoted([share.of.label])}的次数", whole


def side_names(owner: Owner, share: Share) -> tuple[str, str]:
    """What numerator and denominator are called: by their own names where they are figures, else in words."""
    return (share.part.label, share.whole.label) if share.part and share.whole else sides(owner, share)


def grown_sides(owner: Owner, growth: Growth, span: Span) -> tuple[str, str]:
    """What was added, and what it was added to, in words."""
    what, then = counted(owner, growth.of), span.earlier()
    return f"{span}比{then}增加的{what}", f"{then}的{what}"


def zero_sides(owner: Owner, zero: Zero) -> tuple[str, str]:
    """What happened, and who had to report, in words."""
    of = zero.of
    procedure = owner if of.family == owner.key else registry().family(of.family)
    happened = _what(procedure, of)
    return (
        happened,
        f"{_quoted(KINDS.get(kind, kind) for kind in zero.among)}每月一份的{_quoted(s.label for s in zero.reports.steps)}",
    )


def counted(owner: Owner, figure: Count | Stock) -> str:
    """A count or a stock in words; `owner` is asked where the figure is its own, else the procedure it belongs to."""
    procedure = owner if figure.family == owner.key else registry().family(figure.family)
    if isinstance(figure, Stock):
        return _standing(procedure, figure)
    return f"{_acts(procedure, figure)}的次数"


def _standing(owner: Owner, stock: Stock) -> str:
    conditions = where_words(owner, stock)
    states = f"处于{_quoted(state.label for state in stock.within)}的案卷数"
    return f"{conditions}、{states}" if conditions else states


def _sides(owner: Owner, figure: Figure, span: Span) -> list[tuple[str, str]]:
    if isinstance(figure, Growth):
        more, then = grown_sides(owner, figure, span)
        return [("分子", more), ("分母", f"{then}；分母为0时写“不适用”")]
    if isinstance(figure, Zero):
        happened, due = zero_sides(owner, figure)
        return [("发生的", happened), ("报告", due)]
    if not isinstance(figure, Share):
        return []
    part, whole = sides(owner, figure)
    return [("分子", part), ("分母", f"{whole}；分母为0时写“不适用”")]


def _acts(owner: Owner, count: Count) -> str:
    conditions = where_words(owner, count)
    steps = _quoted(step.label for step in count.steps)
    return f"{conditions}的{steps}" if conditions else steps


def where_words(owner: Owner, figure: Count | Stock) -> str:
    """“主体”为“县委常委会”、“形式”为“会前学法”."""
    steps = figure.steps if isinstance(figure, Count) else ()
    return "、".join(
        f"“{fact_label(owner, steps, name)}”为{_either(value_label(owner, steps, name, v) for v in values_of(value))}"
        for name, value in figure.where.items()
    )


def _period(figure: Figure, span: Span) -> str:
    if isinstance(figure, Stock):
        return f"时点数，截至{_last_day(span)}当日终了"
    return f"{span}（自{span.first}至{span.last}，按办理日期，首尾两日都计）"


def _last_day(span: Span) -> str:
    return f"{span.last.year}年{span.last.month}月{span.last.day}日"


def _manner(figure: Figure) -> str:
    unit = getattr(figure, "unit", "")
    if isinstance(figure, Growth):
        return f"{unit}，保留{figure.digits}位小数，四舍五入；下降的写负数"
    if isinstance(figure, Share):
        return f"{unit}，保留{figure.digits}位小数，四舍五入；未达全部的不写成100%"
    down = getattr(figure, "rounds_down_to", 0)
    return f"{unit}，向下取整到{down}，有零头的写“余”" if down else f"{unit}，写准确数"


def fact_label(owner: Owner, steps: Sequence[Step[Any]], name: str) -> str:
    """What the form calls a fact."""
    found = asked(owner, steps, name)
    return found.label if found else name


def value_label(owner: Owner, steps: Sequence[Step[Any]], name: str, value: str) -> str:
    """What people call a value that the cube writes by name."""
    found = asked(owner, steps, name)
    if not value:
        return "未填"
    if found and found.kind is bool:
        return "是" if value == "1" else "否"
    return next((c.label for c in found.choices if c.name == value), value) if found else value


def asked(owner: Owner, steps: Sequence[Step[Any]], name: str) -> Ask | None:
    """The question behind a fact: of the steps themselves, or of how such a case is opened."""
    return next(
        (a for step in (*steps, *owner.opening()) for a in asks_of(step.asks) if a.name == name), None
    )


def _quoted(labels: Iterable[str]) -> str:
    return "、".join(f"“{label}”" for label in labels)


def _either(labels: Iterable[str]) -> str:
    quoted = [f"“{label}”" for label in labels]
    return "或者".join(quoted) if len(quoted) < 3 else f"{'、'.join(quoted)}之一"
