"""A table somebody wrote, taken apart field by field; what is wrong is said with the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

TEXT = 500
PHRASES = 200


class Reader:
    """`wrong` makes the error out of a sentence."""

    def __init__(self, table: object, at: str, wrong: Callable[[str], Exception]) -> None:
        self._at, self._wrong = at, wrong
        if not isinstance(table, Mapping):
            raise wrong(f"{at}应是一张表")
        self._table = dict(table)

    def text(self, name: str, most: int = TEXT, *, empty: bool = False) -> str:
        """One line of text."""
        value = self._table.pop(name, "")
        right = isinstance(value, str) and len(value) <= most and (value.isprintable())
        if not right or not (empty or value.strip()):
            raise self._wrong(
                f"{self._at}的 {name} 应为{'' if empty else '不空、'}不超过 {most} 字的一行文字"
            )
        return str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of short texts; it may be left out."""
        value = self._table.pop(name, [])
        right = isinstance(value, list | tuple) and len(value) <= PHRASES
        if not right or not all(isinstance(one, str) and 0 < len(one) <= 40 for one in value):
            raise self._wrong(f"{self._at}的 {name} 应为不超过 {PHRASES} 条短语的列表")
        return tuple(value)

    def number(
        self, name: str, low: float, high: float, default: float | None = None, *, whole: bool = False
    ) -> Any:
        """A number; a whole one if asked."""
        value = self._table.pop(name, default)
        kinds = (int,) if whole else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool) or not low <= value <= high:
            raise self._wrong(f"{self._at}的 {name} 应为 {low} 至 {high} 的{'整数' if whole else '数'}")
        return value

    def table(self, name: str) -> Reader:
        """A table within."""
        return Reader(self._table.pop(name, None), f"{self._at}的 {name}", self._wrong)

    def tables(self, name: str, low: int, high: int) -> list[Reader]:
        """A list of tables."""
        value = self._table.pop(name, [])
        if not isinstance(value, list | tuple) or not low <= len(value) <= high:
            raise self._wrong(f"{self._at}的 {name} 应有 {low} 至 {high} 项")
        return [Reader(one, f"{self._at}的 {name} 第 {n} 项", self._wrong) for n, one in enumerate(value, 1)]

    def done(self) -> None:
        """Whatever was not asked for is a slip of the pen."""
        if self._table:
            names = "、".join(str(name)[:40] for name in sorted(self._table, key=str))
            raise self._wrong(f"{self._at}里有不认识的 {names}")


__all__ = ["Reader"]
