"""Numbers as statutes write them: 第三十三条, 第一百零一条."""

from __future__ import annotations

import re

__all__ = ["NUMERAL", "LawError", "number", "numeral"]

DIGITS = "零一二三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[零〇一二两三四五六七八九十百千]+"


class LawError(ValueError):
    """A citation, a statute or a text that does not hold. The message ends with an id that never changes."""


def numeral(n: int) -> str:
    """Write a number the way statutes count articles.

    >>> [numeral(n) for n in (2, 10, 19, 33, 101, 110, 136, 1001, 1260)]
    ['二', '十', '十九', '三十三', '一百零一', '一百一十', '一百三十六', '一千零一', '一千二百六十']
    """
    if not 0 <= n <= 9999:
        raise LawError(f"中文数字只写到九千九百九十九，写不了{n} [yifa.E008]")
    if n == 0:
        return "零"
    text, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if not digit:
            gap = bool(text)
            continue
        ten_alone = sign == "十" and digit == 1 and not text
        text += ("零" if gap else "") + ("" if ten_alone else DIGITS[digit]) + sign
        gap = False
    return text


def number(text: str) -> int | None:
    """Read a Chinese or Arabic number; None when it is not one.

    >>> [number(t) for t in ("三十三", "一百零一", "十", "两", "20", "２０", "百无", "十十")]
    [33, 101, 10, 2, 20, 20, None, None]
    """
    if text.isdecimal():
        return int(text)
    if not re.fullmatch(NUMERAL, text):
        return None
    plain = text.replace("〇", "零").replace("两", "二")
    total, digit = 0, 0
    for sign in plain:
        if sign in UNITS:
            total += (digit or 1) * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS.index(sign)
    total += digit
    proper = plain in (numeral(total), "一" + numeral(total)) if total <= 9999 else False
    return total if proper else None
