"""The shape of an article: how many 款 it has, and how many 项 stand under each.

Written `3.0.2`: three 款, the first with three 项, the second with none, the third with two.
So a citation of a 款 or 项 must exist even where no text is installed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .numerals import NUMERAL, number

__all__ = ["Article", "Shape", "article", "written"]

Shape = tuple[int, ...]
ITEM = re.compile(rf"[（(]\s*({NUMERAL})\s*[）)]")


@dataclass(frozen=True, slots=True)
class Article:
    """One 条 as it reads: a lead and its items for each 款."""

    paras: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def shape(self) -> Shape:
        return tuple(len(items) for _, items in self.paras)

    def text(self, para: int | None = None, item: int | None = None) -> str | None:
        """The words of this article, of one 款 (with its items), or of one 项."""
        try:
            if para is None and item is None:
                return "\n".join("\n".join((lead, *items)) for lead, items in self.paras)
            lead, items = self.paras[(para or 1) - 1]
            return items[item - 1] if item else "\n".join((lead, *items))
        except IndexError:
            return None


def article(lines: list[str]) -> Article:
    """Read one article: a line that opens with （一） is an item of the 款 above it, any other line is a new 款."""
    paras: list[tuple[str, list[str]]] = []
    for line in lines:
        if ITEM.match(line) and paras:
            paras[-1][1].append(line)
        else:
            paras.append((line, []))
    return Article(tuple((lead, tuple(items)) for lead, items in paras))


def item_numbers(lines: list[str]) -> list[int]:
    """The numbers the items carry, in the order they stand."""
    found = (ITEM.match(line) for line in lines)
    return [number(match[1]) or 0 for match in found if match]


def written(shape: Shape) -> str:
    return ".".join(map(str, shape))


def read(text: str) -> tuple[Shape, ...]:
    """Read the shapes of a statute, one word an article."""
    return tuple(tuple(map(int, word.split("."))) for word in text.split())
