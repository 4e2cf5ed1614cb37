"""Where chance comes from: public numbers named before they are known, as RFC 3797 does it.

A commitment names its sources in order. When their values are out, each is brought into one form and ended by `/`;
the texts one after another are the seed (RFC 3797, 4.1 and 4.2, whose parsing this follows where it can).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from .errors import DrawError

Kind = Literal["set", "sequence", "figure", "dice", "root", "text"]
KINDS: Mapping[Kind, str] = {
    "set": "几个整数，不论先后",
    "sequence": "几个整数，按公布的先后",
    "figure": "一个带小数的数",
    "dice": "当场掷出的骰子",
    "root": "另一个县的台账根",
    "text": "一段字母和数字",
}
OUTSIDE = frozenset({"set", "sequence", "figure", "root", "text"})  # not in the hands of those who draw
LEAST_DICE = 25  # 64 bits: 6 ** 25 > 2 ** 64
FULL_WIDTH = {ord("０") + n: ord("0") + n for n in range(10)} | {0xFF0E: ".", 0xFF0C: ",", 0x3000: " "}
_NUMBERS = re.compile(r"[0-9]+(?:[\s,、，;；+|/.-]+[0-9]+)*\.?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """One source, fixed at the commitment.

    name: what it is, exactly enough to look it up: “中国福利彩票双色球第2023138期红球号码”. due: the moment from which it can be
    known, ISO 8601 with offset. where: who publishes it. count: how many numbers it has (0: not said).
    decimals: of a figure. witnesses: who throw the dice, two at least.
    """

    name: str
    kind: Kind
    due: str
    where: str = ""
    count: int = 0
    decimals: int = 2
    witnesses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DrawError("E586", f"不认识随机来源的种类“{self.kind}”，可用的是{'、'.join(KINDS)}")
        if not self.name.strip():
            raise DrawError("E586", "随机来源没有写明是什么")
        if self.kind == "dice" and len(set(self.witnesses)) < 2:
            raise DrawError("E586", f"“{self.name}”要由两名不同的见证人掷骰子")
        if self.kind == "dice" and self.count < LEAST_DICE:
            raise DrawError("E586", f"“{self.name}”至少要掷{LEAST_DICE}次")

    @property
    def outside(self) -> bool:
        """Is it beyond the reach of those who draw?"""
        return self.kind in OUTSIDE

    def plain(self) -> dict[str, Any]:
        """As the commitment holds it; what does not apply is left out."""
        told: dict[str, Any] = {"name": self.name, "kind": self.kind, "due": self.due, "where": self.where}
        if self.count:
            told["count"] = self.count
        if self.kind == "figure":
            told["decimals"] = self.decimals
        if self.witnesses:
            told["witnesses"] = list(self.witnesses)
        return told

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Source:
        return cls(**{**told, "witnesses": tuple(told.get("witnesses", ()))})

    def normal(self, value: str) -> str:
        """The value in its one form, without the ending `/`. Refuses (E587) what the source cannot have said."""
        value = value.translate(FULL_WIDTH).strip()
        match self.kind:
            case "set" | "sequence" | "dice":
                return self._numbers(value)
            case "figure":
                return self._figure(value)
            case "root":
                if not re.fullmatch("[0-9a-f]{64}", value.lower()):
                    raise self._wrong(value, "一个台账根是64位十六进制数字")
                return value.lower()
            case "text":
                kept = "".join(c for c in value.upper() if c.isascii() and c.isalnum())
                if not kept:
                    raise self._wrong(value, "里面没有字母，也没有数字")
                return kept

    def _numbers(self, value: str) -> str:
        if self.kind == "dice" and value.isascii() and value.isdigit():
            value = " ".join(value)  # faces are often written without spaces
        if not _NUMBERS.fullmatch(value):
            raise self._wrong(value, "应当是用空格或逗号隔开的整数")
        numbers = [int(n) for n in re.findall("[0-9]+", value)]
        if self.count and len(numbers) != self.count:
            raise self._wrong(value, f"应当有{self.count}个数，这里有{len(numbers)}个")
        if self.kind == "dice" and not all(1 <= n <= 6 for n in numbers):
            raise self._wrong(value, "骰子只有1到6点")
        return "".join(f"{n}." for n in (sorted(numbers) if self.kind == "set" else numbers))

    def _figure(self, value: str) -> str:
        plain = value.replace(",", "").replace(" ", "")
        found = re.fullmatch(r"0*([0-9]+)(?:\.([0-9]*))?", plain, re.ASCII)
        if not found or len(found[2] or "") > self.decimals:
            raise self._wrong(value, f"应当是至多{self.decimals}位小数的数")
        return found[1] + ("." + (found[2] or "").ljust(self.decimals, "0") if self.decimals else "")

    def _wrong(self, value: str, why: str) -> DrawError:
        return DrawError("E587", f"“{self.name}”的值“{value[:60]}”不对：{why}")


def must_be_out_of_reach(sources: Sequence[Source], committed: str) -> None:
    """At least one source is outside the hands of those who draw, and none can be known before the commitment."""
    if not sources or not any(source.outside for source in sources):
        raise DrawError(
            "E588", "至少要有一个随机来源不在抽取人手中，如事先指明期号的彩票号码、指数或者外县的台账根"
        )
    if len({source.name for source in sources}) < len(sources):
        raise DrawError("E588", "同一个随机来源写了两次")
    for source in sources:
        if moment(source.due, source.name) <= moment(committed, "公布"):
            raise DrawError("E588", f"“{source.name}”在公布抽取办法之前就能知道，不能用")


def moment(text: str, name: str) -> datetime:
    """A moment as a source tells it; refuses (E586) what names none, or no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DrawError("E586", f"“{name}”的时刻“{text}”要写成 2023-12-01T21:15+08:00 的样子") from None
    if moment.tzinfo is None:
        raise DrawError("E586", f"“{name}”的时刻“{text}”没有写时区，如 +08:00")
    return moment


def normal(sources: Sequence[Source], values: Sequence[str]) -> list[str]:
    """Every value in its one form; a value already in it stays as it is."""
    if len(values) != len(sources):
        raise DrawError("E587", f"有{len(sources)}个随机来源，给出了{len(values)}个值")
    return [source.normal(value) for source, value in zip(sources, values, strict=True)]


def seed_text(sources: Sequence[Source], values: Sequence[str]) -> str:
    """The seed: every value in its form, each ended by `/`.

    >>> seed_text([Source("a", "set", ""), Source("b", "figure", "")], ["9 03 21", "3,167.4"])
    '3.9.21./3167.40/'
    """
    return "".join(value + "/" for value in normal(sources, values))
