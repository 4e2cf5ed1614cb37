"""OFD (GB/T 33190-2016): pages of text objects in XML, joined into paragraphs as those of a PDF are."""

from __future__ import annotations

import posixpath
from typing import Any
from xml.etree.ElementTree import Element

from . import pdf
from .lines import Char, lines_of
from .parts import Parts
from .pieces import MOST_CHARACTERS, Piece, damaged, too_much

MILLIMETRES = 72 / 25.4
MOST_PAGES = 2000


def read(data: bytes) -> tuple[list[Piece], list[str]]:
    parts = Parts(data)
    entry = parts.tree("OFD.xml")
    root = None if entry is None else entry.find("DocBody/DocRoot")
    if root is None or not root.text:
        raise damaged()
    place = root.text.strip().lstrip("/")
    document = parts.tree(place)
    if document is None:
        raise damaged()
    base = posixpath.dirname(place)
    pages: list[dict[str, Any]] = []
    size = 0
    for told in document.findall("Pages/Page"):
        page = parts.tree(_beside(base, told.get("BaseLoc", "")))
        pages.append(_page(page) if page is not None else {"lines": [], "broken": True})
        size += sum(len(line[0]) for line in pages[-1]["lines"])
        if size > MOST_CHARACTERS or len(pages) > MOST_PAGES:
            raise too_much()
    return pdf.told(pages)


def _beside(base: str, place: str) -> str:
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(base, place))


def _page(page: Element) -> dict[str, Any]:
    box = _numbers((page.findtext("Area/PhysicalBox") or "0 0 210 297"), 4)
    chars: list[Char] = []
    for told in page.iter("TextObject"):
        x, y = _numbers(told.get("Boundary", ""), 4)[:2]
        size = _numbers(told.get("Size", ""), 1)[0] or 3.0
        for code in told.iter("TextCode"):
            if len(chars) + len(code.text or "") > MOST_CHARACTERS:
                raise too_much()
            chars += _placed(code, x, box[3] - y, size)
    images = sum(1 for _ in page.iter("ImageObject"))
    return {
        "width": box[2] * MILLIMETRES,
        "height": box[3] * MILLIMETRES,
        "lines": lines_of(chars),
        "images": images,
        "curves": sum(1 for _ in page.iter("PathObject")),
    }


def _placed(code: Element, x: float, y: float, size: float) -> list[Char]:
    """Each character where it stands; `y` is the upper edge of its object, counted from below."""
    text = code.text or ""
    left = x + _numbers(code.get("X", ""), 1)[0]
    base = y - _numbers(code.get("Y", ""), 1)[0]
    steps = _steps(code.get("DeltaX", ""), len(text), size)
    found = []
    for sign, step in zip(text, steps, strict=False):
        wide = size if ord(sign) > 0x2E7F else size / 2
        mm = MILLIMETRES
        found.append((base * mm, left * mm, (left + wide) * mm, size * mm, sign))
        left += step
    return found


def _steps(told: str, wanted: int, size: float) -> list[float]:
    """DeltaX: the way from each character to the next; `g 12 4.5` means twelve times 4.5."""
    found: list[float] = []
    words = told.split()
    while words and len(found) < wanted:
        word = words.pop(0)
        if word == "g" and len(words) >= 2:
            times, step = _numbers(words.pop(0), 1)[0], _numbers(words.pop(0), 1)[0]
            found += [step] * min(int(times), wanted) if times > 0 else []
        else:
            found.append(_numbers(word, 1)[0])
    return found + [size] * (wanted - len(found))


def _numbers(text: str, wanted: int) -> list[float]:
    found = []
    for word in text.split()[:wanted]:
        try:
            found.append(min(max(float(word), -1e5), 1e5))
        except ValueError:
            found.append(0.0)
    return found + [0.0] * (wanted - len(found))
