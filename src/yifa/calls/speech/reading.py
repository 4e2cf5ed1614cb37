"""Chinese text as a voice reads it aloud: cut into breaths, numbers in words, each character as its sounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pypinyin import Style, pinyin

DIGITS = "零一二三四五六七八九"
BREATH = re.compile(r"[^、，。！？；：,.!?;:\n]*[、，。！？；：,.!?;:\n]?")
HAN = re.compile(r"[\u4e00-\u9fff]+")
NUMBER = re.compile(r"(\d+)(?:\.(\d+))?(%?)(年)?")
PIECE = 40  # characters in one breath; the model loses its way in much longer ones


def pieces(text: str) -> Iterator[str]:
    """The text in breaths, each with something to say."""
    for found in BREATH.finditer(in_words(text)):
        said = "".join(HAN.findall(found[0]))
        for at in range(0, len(said), PIECE):
            yield said[at : at + PIECE]


def in_words(text: str) -> str:
    """Numbers as they are read: 12345 and years digit by digit, 20 as a number."""
    return NUMBER.sub(_read, unicodedata.normalize("NFKC", text))


def _read(found: re.Match[str]) -> str:
    whole, part, percent, year = found.groups(default="")
    one_by_one = len(whole) > 4 or (whole.startswith("0") and len(whole) > 1) or (year and len(whole) == 4)
    said = "".join(DIGITS[int(d)] for d in whole) if one_by_one else _number(int(whole))
    said += "点" + "".join(DIGITS[int(d)] for d in part) if part else ""
    return f"{'百分之' if percent else ''}{said}{year}"


def _number(value: int) -> str:
    """0 to 9999."""
    said, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, size)
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + unit
        gap = not digit
    return said.removeprefix("一") if said.startswith("一十") else said or "零"


def phones(han: str) -> list[str]:
    """The sounds of Chinese characters in the names of the Baker corpus, silence at both ends."""
    starts = pinyin(han, style=Style.INITIALS, strict=True, errors="ignore")
    ends = pinyin(han, style=Style.FINALS_TONE3, strict=True, neutral_tone_with_five=True, errors="ignore")
    said = ["sil"]
    for (start,), (end,) in zip(starts, ends, strict=True):
        said += [start or "^", _end(start, end), "#0"]
    return [*said[:-1], "sil"]


def _end(start: str, end: str) -> str:
    """The corpus writes the vowels of zi and zhi apart from that of ji, and ü as v."""
    if end[:-1] == "i" and start in ("z", "c", "s"):
        return f"ii{end[-1]}"
    if end[:-1] == "i" and start in ("zh", "ch", "sh", "r"):
        return f"iii{end[-1]}"
    return end.replace("ü", "v")


__all__ = ["in_words", "phones", "pieces"]
