"""Telephone numbers as people write them, and as an exchange in the mainland dials them."""

from __future__ import annotations

import re
import unicodedata

MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
FIXED = re.compile(r"(?:\+?86|0086)?0?([1-9][0-9]{1,2}[2-9][0-9]{6,7})")
ABROAD = re.compile(r"(?:\+?86|0086)")
HERE = re.compile(r"[0-9]{3,8}")
EXTENSION = re.compile(r"(.+?)(?:转|转分机|分机|ext\.?|x|,|;)+([0-9]{1,6})", re.IGNORECASE)
URGENT = frozenset({"110", "112", "119", "120", "122", "911", "999", "12110", "12119", "12395"})


def dialled(written: str) -> tuple[str, str] | None:
    """The number to dial and the extension to press then, "" for none; None if it is no number."""
    text = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", written)[:60])
    extension = ""
    if found := EXTENSION.fullmatch(text):
        text, extension = found[1], found[2]
    if not text.isascii():
        return None
    if found := MOBILE.fullmatch(text):
        return found[1], extension
    if HERE.fullmatch(text):
        return text, extension
    if (found := FIXED.fullmatch(text)) and (text.startswith("0") or ABROAD.match(text)):
        return f"0{found[1]}", extension
    return None


def urgent(number: str) -> bool:
    """Whether it reaches those who help in need, also with the 0 or 9 by which many exchanges give an outside line."""
    return number in URGENT or (number[:1] in ("0", "9") and number[1:] in URGENT)


__all__ = ["dialled", "urgent"]
