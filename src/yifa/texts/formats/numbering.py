"""Numbers that Word writes itself: 第一条, 一、, （一）, as they are shown on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from yifa.law import numeral

LEVELS = 9
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def han(n: int, zero: str = "零") -> str:
    """十一, 二十, 一百零五: as counted; beyond 9999 digit by digit."""
    return numeral(n).replace("零", zero) if 0 < n <= 9999 else digits(n)


def digits(n: int) -> str:
    return "".join("〇一二三四五六七八九"[int(d)] if d.isdigit() else "" for d in str(n))


def _capital(n: int) -> str:
    table = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
    return ("一" + han(n) if 10 <= n <= 19 else han(n)).translate(table)


def _roman(n: int) -> str:
    if not 0 < n < 4000:
        return str(n)
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += sign * (n // value)
        n %= value
    return text


def _letter(n: int) -> str:
    """A … Z, AA, BB: Word repeats the letter."""
    return chr(65 + (n - 1) % 26) * min((n - 1) // 26 + 1, 20) if n > 0 else str(n)


def _row(first: int, most: int) -> Callable[[int], str]:
    """Signs that stand in a row in Unicode: ①…⑳, ⑴…⒇."""
    return lambda n: chr(first + n - 1) if 0 < n <= most else str(n)


def _around(signs: str) -> Callable[[int], str]:
    return lambda n: signs[(n - 1) % len(signs)] if n > 0 else str(n)


_FULL = str.maketrans("0123456789", "０１２３４５６７８９")
FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: str(n).translate(_FULL),
    "decimalFullWidth2": lambda n: str(n).translate(_FULL),
    "decimalHalfWidth": str,
    "chineseCounting": lambda n: han(n, "〇"),
    "chineseCountingThousand": han,
    "japaneseCounting": han,
    "taiwaneseCounting": han,
    "taiwaneseCountingThousand": han,
    "ideographDigital": digits,
    "japaneseDigitalTenThousand": digits,
    "taiwaneseDigital": digits,
    "chineseLegalSimplified": _capital,
    "ideographLegalTraditional": _capital,
    "ideographTraditional": _around(_STEMS),
    "ideographZodiac": _around(_BRANCHES),
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda n: _letter(n).lower(),
    "decimalEnclosedCircle": _row(0x2460, 20),
    "decimalEnclosedCircleChinese": _row(0x2460, 20),
    "decimalEnclosedParen": _row(0x2474, 20),
    "decimalEnclosedFullstop": _row(0x2488, 20),
    "ideographEnclosedCircle": _row(0x3280, 10),
    "none": lambda n: "",
}


def child(element: Element | None, name: str) -> Element | None:
    return None if element is None else element.find(name)


def value(element: Element | None, name: str) -> str | None:
    """The `val` of a child."""
    found = child(element, name)
    return None if found is None else found.get("val")


def whole(text: str | None, otherwise: int = 0) -> int:
    """A number written in a file that need not be one; of seven digits at most."""
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,7}", text) else otherwise


@dataclass(frozen=True)
class Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int = -1  # the level after which it begins anew; -1: any above it
    legal: bool = False  # all parts in Arabic figures
    style: str = ""


@dataclass
class Numbers:
    """numbering.xml, and how far each list has come."""

    lists: dict[str, list[Level]] = field(default_factory=dict)  # abstract list → its levels
    uses: dict[str, tuple[str, dict[int, int], dict[int, Level]]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def read(cls, tree: Element | None) -> Numbers:
        numbers = cls()
        if tree is None:
            return numbers
        for abstract in tree.findall("abstractNum"):
            levels = [Level() for _ in range(LEVELS)]
            for told in abstract.findall("lvl"):
                at = whole(told.get("ilvl"))
                if 0 <= at < LEVELS:
                    levels[at] = _level(told)
            numbers.lists[abstract.get("abstractNumId", "")] = levels
        for num in tree.findall("num"):
            starts: dict[int, int] = {}
            own: dict[int, Level] = {}
            for override in num.findall("lvlOverride"):
                at = whole(override.get("ilvl"))
                if (start := value(override, "startOverride")) is not None:
                    starts[at] = whole(start, 1)
                if (level := override.find("lvl")) is not None:
                    own[at] = _level(level)
            numbers.uses[num.get("numId", "")] = (value(num, "abstractNumId") or "", starts, own)
        return numbers

    def level_of_style(self, num: str, style: str) -> int:
        """At which level of a list paragraphs of a style stand."""
        abstract = self.uses.get(num, ("", {}, {}))[0]
        return next((n for n, level in enumerate(self.lists.get(abstract, [])) if level.style == style), 0)

    def next(self, num: str, at: int) -> str:
        """The number the next paragraph of this list bears, with what stands between it and the text."""
        abstract, starts, own = self.uses.get(num, ("", {}, {}))
        if abstract not in self.lists or not 0 <= at < LEVELS:
            return ""
        levels = [own.get(n, level) for n, level in enumerate(self.lists[abstract])]
        counts = self.counts.setdefault(abstract, [None] * LEVELS)
        now = counts[at]
        if at in starts and (num, at) not in self.begun:
            now = starts[at]
        else:
            now = levels[at].start if now is None else now + 1
        self.begun.add((num, at))
        counts[at] = now
        for deeper in range(at + 1, LEVELS):
            if levels[deeper].restart == -1 or (levels[deeper].restart and at < levels[deeper].restart):
                counts[deeper] = None
        for above in range(at):
            if counts[above] is None:
                counts[above] = levels[above].start
        return self._written(levels, counts, at)

    @staticmethod
    def _written(levels: list[Level], counts: list[int | None], at: int) -> str:
        level = levels[at]
        if level.format == "bullet":
            return ""

        def part(found: re.Match[str]) -> str:
            n = int(found[1]) - 1
            if n > at:
                return ""
            format = "decimal" if level.legal else levels[n].format
            return FORMATS.get(format, str)(counts[n] or 0)

        return re.sub("%([1-9])", part, level.text)


def _level(told: Element) -> Level:
    format = value(told, "numFmt")
    if format is None and (custom := told.find("AlternateContent/Fallback/numFmt")) is not None:
        format = custom.get("val")
    level = Level(
        start=whole(value(told, "start"), 1),
        format=format or "decimal",
        text=(value(told, "lvlText") or "")[:100],
        legal=(legal := told.find("isLgl")) is not None and legal.get("val", "1") not in ("0", "false"),
        style=value(told, "pStyle") or "",
    )
    restart = value(told, "lvlRestart")
    return level if restart is None else replace(level, restart=whole(restart))
