"""PDF: the text layer, its lines joined into paragraphs again, with the page of each.

A line is continued by the next one unless that one begins something: it is indented, or the line before ended early,
or it bears a number (第三条, （二）, 一、) and the line before it had come to an end. Columns beside each other are read
across.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from .lines import seam
from .pieces import Piece, Unread, damaged, too_much

SECONDS = 60  # by the clock; the program itself has 40 of the processor's
PROGRAM = "yifa.texts.formats.pdf_lines"
HOUSE = str(Path(__file__).parents[3])  # where the program is found
UNKNOWN = "\ufffd"
CURVES = 200  # so many strokes on a page without text are text made into drawings

_PAGE_NUMBER = re.compile(
    r"[\s—\-–―_·.]*(?:第\s*)?(?:[0-9０-９]{1,4}|[ivxlIVXL]{1,6})(?:\s*页)?"
    r"(?:[\s,，]*[/／共]\s*(?:共\s*)?[0-9０-９]{1,4}(?:\s*页)?)?[\s—\-–―_·.]*"
)
_BEGINS = re.compile(
    r"\s*(?:第[零〇○一二三四五六七八九十百千两\d]{1,9}[编章节条]|[（(][一二三四五六七八九十百\d]{1,4}[)）]"
    r"|[一二三四五六七八九十百]{1,4}、|\d{1,3}[.．、](?!\d)|[①-⑳]|附件?\s*[:：\d])"
)
_ENDED = re.compile(r"[。；;：:！!？?…】〕]”?\s*$")


@dataclass(frozen=True)
class Line:
    text: str
    left: float
    right: float
    base: float
    size: float
    page: int
    width: float  # of the page
    edge: bool = False  # where heads and feet stand
    parted: bool = False  # cells beside each other


def read(data: bytes) -> tuple[list[Piece], list[str]]:
    return told(_pages(data))


def told(pages: list[dict[str, Any]]) -> tuple[list[Piece], list[str]]:
    """The paragraphs of pages whose lines are known."""
    doubts = list(_doubts(pages))
    lines = [_body(n, page) for n, page in enumerate(pages, 1)]
    running = _running(lines)
    kept = [[line for line in page if line not in running] for page in lines]
    pieces = list(_paragraphs(kept))
    unknown = sum(piece.text.count(UNKNOWN) for piece in pieces)
    if unknown:
        doubts.append(f"有{unknown}个字在文件里没有对应的编码，读作“{UNKNOWN}”，请对照原件")
    return pieces, doubts


def _pages(data: bytes) -> list[dict[str, Any]]:
    """What the program beside this file makes of it."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", PROGRAM],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((HOUSE, os.environ.get("PYTHONPATH", "")))},
        )
    except subprocess.TimeoutExpired:
        raise _too_slow() from None
    if done.returncode < 0:
        raise _too_slow()
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise damaged() from None
    match found.get("wrong"):
        case None:
            pages: list[dict[str, Any]] = found["pages"]
            if not pages:
                raise damaged()
            return pages
        case "password":
            raise Unread("E883", "文件设有密码，请去除密码后提交")
        case "large":
            raise Unread("E882", "文件展开后过大，可能有害，不予接收")
        case "long":
            raise too_much()
    raise damaged()


def _too_slow() -> Unread:
    return Unread("E888", "文件太复杂，在规定的时间内读不完；请提交Word文档（.docx）")


def _doubts(pages: list[dict[str, Any]]) -> Iterator[str]:
    scans = [n for n, p in enumerate(pages, 1) if not p["lines"] and p.get("images")]
    drawn = [
        n
        for n, p in enumerate(pages, 1)
        if not p["lines"] and not p.get("images") and p.get("curves", 0) > CURVES
    ]
    broken = [n for n, p in enumerate(pages, 1) if p.get("broken")]
    recognised = [n for n, p in enumerate(pages, 1) if p["lines"] and p.get("recognised")]
    if scans:
        yield f"第{numbers(scans)}页是扫描图像，没有文字"
    if drawn:
        yield f"第{numbers(drawn)}页的文字已经转成图形，读不到"
    if broken:
        yield f"第{numbers(broken)}页损坏，读不到"
    if recognised:
        yield f"第{numbers(recognised)}页是扫描图像，文字由机器识别而来，可能有错字"


def numbers(pages: list[int]) -> str:
    """3, 5–8: pages as people name them."""
    runs: list[list[int]] = []
    for n in pages:
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return "、".join(str(a) if a == b else f"{a}至{b}" for a, b in runs)


# ── Characters ───────────────────────────────────────────────────────────────

# A glyph shared by a character and a radical is often named as the radical. The Kangxi radicals and the compatibility
# ideographs decompose by themselves, two of the former into a form the mainland does not write; of the radicals'
# supplement these are the simplified characters in common use.
_RADICALS = dict(
    zip(
        "⼾⾭⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "户青母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)


_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")


def _settled(text: str) -> str:
    """Radicals and ligatures as the characters they stand for."""
    return _COMPATIBLE.sub(lambda c: _RADICALS.get(c[0]) or unicodedata.normalize("NFKC", c[0]), text)


# ── Lines ────────────────────────────────────────────────────────────────────


def _body(n: int, page: dict[str, Any]) -> list[Line]:
    """A page's lines without its number, which stands first or last and alone."""
    lines = [
        Line(
            _settled(text), left, right, base, size, n, page["width"], _at_edge(base, page["height"]), parted
        )
        for text, left, right, base, size, parted in page["lines"]
    ]
    for end in (-1, 0):
        if lines and _PAGE_NUMBER.fullmatch(lines[end].text.strip()):
            del lines[end]
    return lines


def _at_edge(base: float, height: float) -> bool:
    return not 0.12 * height < base < 0.89 * height


def _running(pages: list[list[Line]]) -> set[Line]:
    """Heads and feet: the first or last lines that are the same on three pages or more (on both of two), but for their figures."""
    found: Counter[tuple[int, str, int]] = Counter()
    ends = [(at, line) for page in pages for at in (0, -1) if page for line in [page[at]] if line.edge]

    def same(at: int, line: Line) -> tuple[int, str, int]:
        return at, re.sub(r"[\d０-９]+", "0", line.text.strip()), round(line.base / 3)

    found.update(same(at, line) for at, line in ends)
    enough = 3 if len(pages) > 2 else 2
    return {line for at, line in ends if found[same(at, line)] >= enough}


def _paragraphs(pages: list[list[Line]]) -> Iterator[Piece]:
    lines = [line for page in pages for line in page]
    if not lines:
        return
    size = Counter(round(line.size, 1) for line in lines for _ in range(len(line.text))).most_common(1)[0][0]
    frame = _frame([line for line in lines if abs(line.size - size) < 0.15 * size] or lines)
    step = _step(lines, size)
    before: Line | None = None
    for page in pages:
        count = 0
        for line in page:
            new = before is None or _is_new(before, line, frame, step, size)
            if new:
                count += 1
                yield Piece(line.text.strip(), f"第{line.page}页第{count}段")
            else:
                assert before is not None
                goes = before.page != line.page
                label = f"第{line.page}页" if goes else ""
                yield Piece(seam(before.text, line.text) + line.text.strip(), label, goes_on=True)
            before = line


@dataclass(frozen=True)
class Frame:
    """Where the text's lines begin and end when they are full; `sure`: several of them do end there."""

    left: float
    right: float
    sure: bool


def _frame(lines: list[Line]) -> Frame:
    """Of a text too short to show its right margin, it is taken to be as wide as the left one."""
    lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
    left, right = lefts[len(lefts) // 20], rights[-1 - len(rights) // 20]
    full = sum(right - line.right < line.size for line in lines)
    if full >= 3:
        return Frame(left, right, True)
    return Frame(left, max(right, lines[0].width - left), False)


def _step(lines: list[Line], size: float) -> float:
    """The usual way from one line to the next."""
    gaps = Counter(
        round(a.base - b.base)
        for a, b in pairwise(lines)
        if a.page == b.page and 0 < a.base - b.base < 5 * size
    )
    return gaps.most_common(1)[0][0] if gaps else 2 * size


def _is_new(a: Line, b: Line, frame: Frame, step: float, size: float) -> bool:
    """Does line `b` begin a paragraph, after `a`?"""
    if a.parted or b.parted:
        return True
    if abs(a.size - b.size) > 0.12 * max(a.size, b.size):
        return True
    if a.page == b.page and a.base - b.base > 1.6 * max(step, 1.3 * b.size):
        return True
    if _centred(a) and _centred(b) and a.size > 1.1 * size:
        return bool(_ENDED.search(a.text))  # a title of several lines
    if b.left - frame.left > 1.2 * b.size:
        return True
    if frame.right - a.right > 2.2 * a.size and (
        frame.sure or _ENDED.search(a.text) or a.right < 0.6 * a.width
    ):
        return True
    return bool(_BEGINS.match(b.text) and _ENDED.search(a.text))


def _centred(line: Line) -> bool:
    return abs((line.left + line.right) / 2 - line.width / 2) < 1.5 * line.size
