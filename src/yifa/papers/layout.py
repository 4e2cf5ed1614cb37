"""The numbers of GB/T 9704-2012 党政机关公文格式, in one place for both writers.

The standard's own text was not at hand: what several independent implementations agree on is taken as given; the
rest, marked *convention*, is how county offices set it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from .document import Runs, Table

# ── The page, in millimetres ─────────────────────────────────────────────────

PAPER: Final = (210, 297)  # A4
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 26, 35  # 天头 37, 订口 28; the rest leaves 版心 156 × 225
WIDTH, HEIGHT = 156, 225

MM: Final = 72 / 25.4  # points in a millimetre

# ── Lines, in points ─────────────────────────────────────────────────────────

BODY: Final = 16.0  # 3号
LINES, CHARACTERS = 22, 28  # 每面排22行，每行排28个字
PITCH: Final = 28.99  # 225 mm ÷ 22
TRACKING: Final = -0.21  # 28 characters of 16 pt are 5.8 pt wider than 156 mm
CELL, CELL_PITCH = 12.0, 20.0  # 小4号, convention
SMALL: Final = 14.0  # 4号: 版记, page number
TITLE, TITLE_PITCH = 22.0, 35.0  # 2号; the pitch is a convention
TITLE_CHARACTERS: Final = 19
PAGE_NUMBER_BELOW: Final = 7  # mm below 版心
RED: Final = "e60012"
UNDATED: Final = date(2000, 1, 1)  # when a file without a date says it was made: never the clock's time

# ── Heads, in millimetres ────────────────────────────────────────────────────

DOCUMENT_MARK: Final = 35  # upper edge of 发文机关标志 below the upper edge of 版心
DOCUMENT_RULE: Final = 4  # the red line below 发文字号
LETTER_MARK: Final = 30  # 信函格式: upper edge of 发文机关标志 below the paper's edge
LETTER_RULE: Final = 4  # the upper double line below the mark
LETTER_FOOT: Final = 20  # the lower double line above the paper's lower edge
LETTER_WIDTH: Final = 170
MARK_LARGEST = {"document": 42.0, "letter": 34.0}  # points, convention: 醒目、美观、庄重
MARK_SPACING: Final = 0.12  # of a character, between the characters of the mark

# ── Typefaces: what the office has, what is free, what is always there ───────


@dataclass(frozen=True)
class Face:
    """One part a typeface plays: families in the order of preference; the last comes with the program."""

    word: str  # what a Word file names: the office's own machine has it
    families: tuple[str, ...]
    heavy: tuple[str, ...] = ()  # families that play the part only in bold


SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
FACES = {
    "fang": Face(
        "仿宋_GB2312",
        ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FZFangSong-Z02S", "STFangsong", "FandolFang R", "FandolFang", SERIF),
    ),
    "kai": Face(
        "楷体_GB2312",
        ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "FZKai-Z03S", "STKaiti", "FandolKai", "LXGW WenKai", SERIF),
    ),
    "hei": Face("黑体", ("SimHei", "黑体", "FZHei-B01S", "STHeiti", "FandolHei", SANS)),
    "song": Face("宋体", ("SimSun", "宋体", "NSimSun", "FZShuSong-Z01S", "STSong", "FandolSong", SERIF)),
    "biao": Face(
        "方正小标宋简体",
        ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "STZhongsong", "Noto Serif CJK SC", "Source Han Serif SC", SERIF),
        heavy=("Noto Serif CJK SC", "Source Han Serif SC"),
    ),
}  # fmt: skip

# ── What both writers must decide alike ──────────────────────────────────────

_NEVER_FIRST = set("，。、；：？！）》〉」』】〕”’·…—-%％")
_NEVER_LAST = set("（《〈「『【〔“‘")


def ems(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def title_lines(title: str) -> tuple[str, ...]:
    """词意完整，排列对称: where the author broke it, else into lines of nearly equal length that keep words whole
    as far as punctuation and the words of titles show them."""
    return tuple(part for line in title.split("\n") if line.strip() for part in _balanced(line.strip()))


def _balanced(text: str) -> list[str]:
    wanted = -(-ems(text) // TITLE_CHARACTERS)
    out = []
    while wanted > 1 and text:
        ideal = ems(text) / wanted
        room = TITLE_CHARACTERS * (wanted - 1)
        cut = min(range(1, len(text)), key=lambda n: _cost(text, n, ideal, room), default=len(text))
        out.append(text[:cut].strip())
        text, wanted = text[cut:], wanted - 1
    return [*out, text.strip()]


def _cost(text: str, n: int, ideal: float, room: float) -> float:
    before, after = text[n - 1], text[n]
    cost = abs(ems(text[:n]) - ideal)
    if ems(text[:n]) > TITLE_CHARACTERS or ems(text[n:]) > room:
        cost += 50
    if after in _NEVER_FIRST or before in _NEVER_LAST or (before + after).isascii():
        cost += 100
    if text.startswith("关于", n):
        cost -= 6  # 新县人民政府 / 关于……的通知
    if after in "《（" or before in "》、）":
        cost -= 3
    if text.startswith(("的", "和", "等"), n) or text[max(0, n - 2) : n] == "关于":
        cost += 3
    return cost


def mark_size(text: str, form: str) -> float:
    """As large as the mark may be on one line."""
    room = (WIDTH if form == "document" else LETTER_WIDTH) * MM
    across = max(ems(text) + max(len(text) - 1, 0) * MARK_SPACING, 1)
    return round(min(MARK_LARGEST[form], room / across), 1)


def plain(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def column_shares(table: Table) -> tuple[float, ...]:
    """What part of the width each column gets: by its longest words, no column starved, none flooding."""
    columns = zip(*([table.head, *table.rows]), strict=True)
    wants = [min(max(max(ems(plain(cell)) for cell in column), 3.0), 24.0) + 1 for column in columns]
    return tuple(round(want / sum(wants), 4) for want in wants)


def note(text: str) -> str:
    """附注 stands in round brackets, whether its author typed them or not."""
    return f"（{text.strip().removeprefix('（').removesuffix('）')}）"


def breakable(text: str) -> str:
    """Let a long word without a blank (an address on the web) break, as a line of 28 characters needs."""
    return _LONG_WORD.sub(lambda m: "\u200b".join(_pieces(m.group())), text)


_LONG_WORD = re.compile(r"[!-~]{33,}")
_BREAK = re.compile(r"(?<=[/?&=._,;:-])")


def _pieces(word: str) -> list[str]:
    pieces = [piece for piece in _BREAK.split(word) if piece]
    cuts = [[piece[a:b] for a, b in pairwise([*range(0, len(piece), 12), len(piece)])] for piece in pieces]
    return [part for cut in cuts for part in cut]
