"""A text cut into the clauses it is made of: by 条, 款, 项 and where sentences end, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Clause", "clauses"]

_NUMBER = "[0-9０-９〇零一二两三四五六七八九十百千]"
_CHAPTER = re.compile(rf"第{_NUMBER}{{1,8}}(?:编|分编|章|节)(?!\w{{0,80}}[。；，：])")
_ARTICLE = re.compile(
    rf"(第{_NUMBER}{{1,10}}条(?:之{_NUMBER}{{1,3}})?)(?![第款项的规至和、])[\s　:：]{{0,20}}"
)
_SECTION = re.compile(r"([一二三四五六七八九十]{1,4})、\s{0,20}")
_ITEM = re.compile(rf"[（(]({_NUMBER}{{1,4}})[)）]\s{{0,20}}")
_POINT = re.compile(r"([0-9０-９]{1,3})[.．、]\s{0,20}(?![0-9０-９])")
_SENTENCE = re.compile(
    r"(?:[^。；！？;!?：:]|[：:](?![（(]))+(?:[：:]|[。；！？;!?]*)[”’」』）)]?|[。；！？;!?：:]+"
)
_HEADING = 40  # characters; a longer line is no heading


@dataclass(frozen=True, slots=True)
class Clause:
    """`text[start:end]` of the text it was cut from. `place`: “第三条第二款第一项”, “一、第二项”, “第7段”."""

    start: int
    end: int
    text: str
    place: str


@dataclass(slots=True)
class _Line:
    start: int  # behind its label
    words: str
    article: str
    paragraph: int  # 款
    item: str


def clauses(text: str) -> list[Clause]:
    """In order, without titles and headings; the number of an article or an item is not part of its clause."""
    lines = list(_lines(text))
    paragraphs: dict[str, int] = {}
    for line in lines:
        paragraphs[line.article] = max(paragraphs.get(line.article, 0), line.paragraph)
    found = []
    for line in lines:
        several = line.article.startswith("第") and paragraphs[line.article] > 1
        place = line.article + (f"第{_spelt(line.paragraph)}款" if several else "")
        item = line.item
        for sentence in _SENTENCE.finditer(line.words):
            words = sentence.group()
            if inline := _ITEM.match(words):  # 包括：（一）…；（二）…。 on one line
                item = f"第{inline.group(1)}项"
                words = words[inline.end() :]
            kept = words.strip()
            if any(c.isalnum() for c in kept):
                end = line.start + sentence.end() - (len(words) - len(words.rstrip()))
                found.append(Clause(end - len(kept), end, kept, place + item))
    return found


def _lines(text: str) -> Iterator[_Line]:
    at, number = 0, 0
    article, paragraph = "", 0
    lettered = False  # by 第…条, which then says every place; otherwise by 一、二、 or by counting
    for raw in text.split("\n"):
        line = raw.strip()
        start = at + (raw.index(line) if line else 0)
        at += len(raw) + 1
        if not line:
            continue
        number += 1
        if label := _ARTICLE.match(line):
            article, paragraph, lettered = label.group(1), 1, True
        elif _CHAPTER.match(line) and len(line) <= _HEADING:
            continue
        elif (label := _SECTION.match(line)) and not lettered:
            article = label.group(1) + "、"
        if label:
            start, line = start + label.end(), line[label.end() :]
        item = ""
        if marked := _ITEM.match(line):
            item = f"第{marked.group(1)}项"
        elif marked := _POINT.match(line):
            item = f"第{marked.group(1)}目"
        if marked:
            start, line = start + marked.end(), line[marked.end() :]
        elif _is_heading(line):
            continue
        elif lettered and not label:
            paragraph += 1
        yield _Line(start, line, article or ("" if item else f"第{number}段"), paragraph, item)


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING and not any(c in "。；：，;:,！？" for c in line)


def _spelt(n: int) -> str:
    digits = "零一二三四五六七八九"
    if n < 10:
        return digits[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
    return str(n)
