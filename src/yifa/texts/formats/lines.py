"""Characters and their places on a page, gathered into lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Char = tuple[float, float, float, float, str]  # baseline (upwards), left, right, size, the character


def lines_of(chars: Iterable[Char]) -> list[list[Any]]:
    """[text, left, right, baseline, size, parted] of each line, from the top; `parted`: cells stand beside each other in it."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: -c[0]):
        if rows and rows[-1][0][0] - char[0] < 0.35 * min(rows[-1][0][3], char[3]):
            rows[-1].append(char)
        else:
            rows.append([char])
    found = []
    for row in rows:
        row.sort(key=lambda c: c[1])
        text, left, right, size, parted = _joined(row)
        if text.strip():
            found.append([text, left, right, row[0][0], size, parted])
    return found


def _joined(row: list[Char]) -> tuple[str, float, float, float, bool]:
    """One line's text; a wide gap is a blank, what was printed twice to look bold is there once."""
    text, end, last = "", row[0][1], ""
    begin, parted = end, False
    sizes = []
    for _, x0, x1, size, sign in row:
        if sign == last and x0 < end - 0.6 * size:
            continue
        if text and not sign.isspace() and not text[-1].isspace():
            narrow = text[-1].isascii() and sign.isascii()
            if x0 - end > (0.18 if narrow else 0.9) * size:
                text += " "
                parted = parted or x0 - end > 1.8 * size
        text, end, last = text + sign, max(end, x1), sign
        if not sign.isspace():
            sizes.append(size)
    sizes.sort()
    return text, begin, end, sizes[len(sizes) // 2] if sizes else 1.0, parted


def seam(before: str, after: str) -> str:
    """Chinese needs no blank where a line was broken, two words do."""
    a, b = before.rstrip()[-1:], after.lstrip()[:1]
    return " " if a.isascii() and b.isascii() and a.isalnum() and b.isalnum() else ""


def seamed(lines: Iterable[str]) -> str:
    """Lines of one sentence as one line."""
    text = ""
    for line in lines:
        text = text.rstrip() + seam(text, line) + line.lstrip() if text else line
    return text
