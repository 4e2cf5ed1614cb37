"""A small joint inspection to draw: two strata of firms, two offices that send officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.draws import Commitment, DrawFile, Lists, Method, Out, Source, commit, listed
from yifa.draws.commitment import exclusion_lines, recusal_lines

AT = "2023-06-01T09:00:00+08:00"
VEIL = "7" * 64
LOTTERY = Source(
    "中国福利彩票双色球第2023063期红球", "set", "2023-06-04T21:15:00+08:00", "中国福彩网", count=6
)
INDEX = Source("2023年6月5日上证综合指数收盘", "figure", "2023-06-05T15:30:00+08:00", "上海证券交易所")
VALUES = ("09 03 21 30 12 17", "3,232.44")


@dataclass(frozen=True)
class Draw:
    """A commitment with all it was made from."""

    commitment: Commitment
    lists: Lists
    veil: str = VEIL
    values: tuple[str, ...] = VALUES

    def file(self, *outs: Out) -> DrawFile:
        return DrawFile(self.commitment, self.lists, self.veil, self.values, outs)


def firms(kind: str, n: int) -> list[str]:
    return [f"{kind}{i:04}" for i in range(n)]


def fixed(
    strata: Mapping[str, tuple[Sequence[str], int]] | None = None,
    groups: Mapping[str, tuple[Sequence[str], int]] | None = None,
    *,
    lots: Mapping[str, int] | None = None,
    busy: Mapping[str, int] | None = None,
    recusals: Sequence[tuple[str, str]] = (),
    exclusions: Sequence[tuple[str, str]] = (),
    algo: str = "sha256",
    method: Method = "tickets",
    sources: Sequence[Source] = (LOTTERY, INDEX),
    **told: Any,
) -> Draw:
    """Fix a draw; what is not said is the example's own."""
    strata = (
        {"企业": (firms("企", 120), 6), "个体工商户": (firms("个", 200), 4)} if strata is None else strata
    )
    groups = (
        {"市场监管局": (firms("市", 9), 2), "消防大队": (firms("消", 4), 1)} if groups is None else groups
    )
    told = {
        "number": "新双随机〔2023〕1号",
        "office": "市场监管局",
        "title": "餐饮联合抽查",
        "at": AT,
        "veil": VEIL,
    } | told
    known = {name for names, _ in strata.values() for name in names}
    urns = {
        s: (listed(names, {n: k for n, k in (lots or {}).items() if n in names}, algo=algo, where=s), quota)
        for s, (names, quota) in strata.items()
    }
    sent = {
        g: (listed(who, {n: k for n, k in (busy or {}).items() if n in who}, algo=algo, where=g), n)
        for g, (who, n) in groups.items()
    }
    assert set(lots or {}) <= known
    made = commit(
        strata=urns, groups=sent, recusals=recusals, exclusions=exclusions, algo=algo, method=method,
        sources=sources, **told,
    )  # fmt: skip
    lists = Lists(
        {s: names for s, (names, _) in urns.items()},
        {g: names for g, (names, _) in sent.items()},
        tuple(recusal_lines(recusals)),
        tuple(exclusion_lines(exclusions)),
    )
    return Draw(made, lists)
