"""How a text is cut so that any two characters that stand together in it can be found: one analyser for every back end.

A text is *folded* first: full and half width, upper and lower case, the brackets 〔〕［］（）【】, kinds of quotation mark and
of dash are written alike; blanks, tabs and what is invisible do not count. The end of a line is a border: nothing is found across it.

Then each letter or digit gives one token at its place: itself with the letter or digit that follows it, or itself alone
where a punctuation mark, a border or the end follows. 〔2026〕15号。 gives 20 02 26 6 15 5号 号. What stands together in the
text stands together in the tokens, so what is looked for is a *phrase* of tokens, whole or from the middle of a number or a
word; its last character may have anything after it and is looked for as a beginning (`Phrase.open`). A phrase does not see
punctuation: where what is looked for has some, what was found is read again (`Phrase.exact`).

The promise: a text is found if and only if the folded words are a substring of the folded text.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

__all__ = [
    "LONGEST",
    "VERSION",
    "Asked",
    "BadQuery",
    "Folded",
    "Phrase",
    "ask",
    "excerpt",
    "fold",
    "marked",
    "tokens",
]

VERSION = (
    f"1/{unicodedata.unidata_version}"  # of folding and cutting: an index made by another one is made anew
)
LONGEST = 200  # characters of a query
MOST = 8  # words of it

_BRACKETS = dict.fromkeys("〔［【〖{｛[", "(") | dict.fromkeys("〕］】〗}｝]", ")")
_QUOTES = dict.fromkeys("“”„‟«»「」『』〝〞＂", '"') | dict.fromkeys("‘’‚‛＇", "'")
_ALIKE = {
    **_BRACKETS, **_QUOTES,
    **dict.fromkeys("‐‑‒–—―−－﹣─━", "-"), **dict.fromkeys("·‧・•∙⋅", "·"), **dict.fromkeys("～〜", "~"),
    "｡": "。", "､": "、",
}  # fmt: skip
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Cs")
_LINE = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_RUN = re.compile(r"[^\W_]+")


class _Fold(dict[int, str]):
    """What each character is folded to; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _folded(chr(code))
        return found


def _folded(character: str) -> str:
    if character in _LINE:
        return "\n"
    if character in _ALIKE:
        return _ALIKE[character]
    plain = unicodedata.normalize("NFKD", character).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    kept = (_ALIKE.get(c, c) for c in plain if unicodedata.category(c) not in _UNSEEN)
    return "".join(kept)


_TABLE = _Fold()


def fold(text: str) -> str:
    """The text as it is compared."""
    return text.translate(_TABLE)


def tokens(folded: str) -> list[str]:
    """One token for each letter or digit of a folded text, in order."""
    found: list[str] = []
    for run in _RUN.findall(folded):
        found += [run[at : at + 2] for at in range(len(run))]
    return found


_UNIT = next(code for code in "IL" if array(code).itemsize == 4)
_UTF32 = f"utf-32-{sys.byteorder[0]}e"
_BLANK = ord(" ")


def spaced(folded: str) -> str:
    """The same tokens with blanks between them: what FTS5 is handed.

    Put together from whole arrays, a letter and the next one side by side: four times as fast as one token at a time.
    """
    runs = _RUN.findall(folded)
    if not runs:
        return ""
    codes = array(_UNIT)
    codes.frombytes(" ".join(runs).encode(_UTF32))
    laid = array(_UNIT, [_BLANK]) * (3 * len(codes))
    laid[0::3] = codes
    del codes[0]
    codes.append(_BLANK)
    at = -1
    for run in runs[:-1]:  # beside the blank between two runs stands no letter
        at += len(run) + 1
        codes[at] = _BLANK
    laid[1::3] = codes
    return laid.tobytes().decode(_UTF32)


# ── What is looked for ───────────────────────────────────────────────────────


class BadQuery(ValueError):
    """A query that cannot be answered; the sentence is for whoever asked."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.id, self.sentence = id, sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters that stand together, folded. `tokens` in order, the last one only the beginning of one where `open`.

    `exact`: whatever holds these tokens one after another holds the words; else what is found is read again. Without any
    token (punctuation alone) every text must be read.
    """

    words: str
    tokens: tuple[str, ...]
    open: bool
    exact: bool


def phrase(folded: str) -> Phrase:
    """The tokens a folded text without blanks must have, wherever it stands."""
    runs = [(m.start(), m.end()) for m in _RUN.finditer(folded)]
    cut = tokens(folded)
    if not runs:
        return Phrase(folded, (), False, False)
    (first, last), ends = (runs[0][0], runs[-1]), len(folded) == runs[-1][1]
    exact = len(runs) == 1 and first == 0 and ends
    if not ends:
        return Phrase(folded, tuple(cut), False, False)
    if last[1] - last[0] > 1:  # the last character stands in the token before its own already
        return Phrase(folded, tuple(cut[:-1]), False, exact)
    return Phrase(folded, tuple(cut), True, exact)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was understood: all of `wanted`, none of `without`."""

    wanted: tuple[Phrase, ...]
    without: tuple[Phrase, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(p.words for p in self.wanted)


_PART = re.compile(r'(?:(?<=\s)|^)(-?)["“”＂]([^"“”＂]*)["“”＂](?=\s|$)|(\S+)')


def ask(query: str) -> Asked:
    """Words between blanks must all be there; “a phrase” may hold blanks; -word must not be there. Raises `BadQuery`."""
    query = query.strip()
    if len(query) > LONGEST:
        raise BadQuery(
            "E850", f"要找的文字有{len(query)}个字，太长了，请缩短到{LONGEST}字以内，取其中最要紧的一句。"
        )
    wanted, without = dict[str, None](), dict[str, None]()
    for minus, quoted, bare in _PART.findall(query):
        text, leave = (quoted, minus) if quoted or not bare else (bare, "")
        if not quoted and len(bare) > 1 and bare[0] in "-－−" and _RUN.search(fold(bare)):
            text, leave = bare[1:], "-"
        for line in fold(text).split("\n"):
            if line:
                (without if leave else wanted)[line] = None
    if len(wanted) + len(without) > MOST:
        raise BadQuery("E851", f"一次最多找{MOST}个词，请删去几个；一整句话可以连着写，中间不留空格。")
    if without and not wanted:
        raise BadQuery("E852", "只写了要排除的词。请再写一个要找的词，例如：公路 -预算")
    return Asked(tuple(map(phrase, wanted)), tuple(map(phrase, without)))


# ── Where it stands ──────────────────────────────────────────────────────────


BLOCK = 1_000  # characters folded together; only in those that hold a hit is each character looked for


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where in the original each of its characters stood."""

    original: str
    text: str
    starts: tuple[int, ...]  # where each block of the original begins in `text`, and its end
    within: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(original: str) -> Folded:
        blocks = [fold(original[at : at + BLOCK]) for at in range(0, len(original), BLOCK)]
        return Folded(original, "".join(blocks), tuple(accumulate(map(len, blocks), initial=0)))

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The original characters that a stretch of the folded text came from."""
        return self._origin(start), self._origin(end - 1) + 1

    def _origin(self, place: int) -> int:
        block = bisect_right(self.starts, place) - 1
        if block not in self.within:
            characters = self.original[block * BLOCK : (block + 1) * BLOCK]
            self.within[block] = tuple(accumulate((len(_TABLE[ord(c)]) for c in characters), initial=0))
        return block * BLOCK + bisect_right(self.within[block], place - self.starts[block]) - 1

    def places(self, words: tuple[str, ...], most: int = 200) -> list[tuple[int, int]]:
        """Where these (folded) words stand in the original, in order, what overlaps taken together."""
        found: list[tuple[int, int]] = []
        for one in words:
            at = self.text.find(one)
            while at >= 0 and len(found) < most * len(words):
                found.append(self.back(at, at + len(one)))
                at = self.text.find(one, at + len(one))
        joined: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return joined[:most]


Piece = tuple[str, bool]
_STOP = re.compile(r"[。；！？\n]")


def excerpt(text: str, words: tuple[str, ...], width: int = 120) -> tuple[tuple[Piece, ...], int]:
    """A stretch of the text around the words, in pieces of which those that were looked for are marked; where the first stands.

    The beginning of the text, unmarked, where none of the words stands in it; the place is then -1.
    """
    places = Folded.of(text).places(words)
    if not places:
        cut = text[:width]
        return (((cut + ("…" if len(text) > width else ""), False),) if cut else ()), -1
    start, end = _around(text, places, width)
    pieces: list[Piece] = [("…", False)] if start else []
    at = start
    for first, last in places:
        if last <= start or first >= end:
            continue
        if first > at:
            pieces.append((text[at:first], False))
        pieces.append((text[max(first, at) : last], True))
        at = last
    if at < end:
        pieces.append((text[at:end], False))
    if max(end, at) < len(text):
        pieces.append(("…", False))
    return tuple(pieces), places[0][0]


def _around(text: str, places: list[tuple[int, int]], width: int) -> tuple[int, int]:
    """The stretch that holds most of the places, begun at a sentence where one is near."""
    first = max(places, key=lambda p: (sum(p[0] <= q[0] < p[0] + width for q in places[:50]), -p[0]))
    start = max(0, first[0] - width // 4)
    if start:
        stops = [m.end() for m in _STOP.finditer(text, max(0, first[0] - width // 2), first[0])]
        start = stops[-1] if stops else start
    return start, min(len(text), max(start + width, first[1]))


def marked(text: str, words: tuple[str, ...]) -> tuple[Piece, ...]:
    """The whole text in pieces, of which those that were looked for are marked."""
    pieces: list[Piece] = []
    at = 0
    for start, end in Folded.of(text).places(words) if words else ():
        pieces += [(text[at:start], False)] if start > at else []
        pieces.append((text[start:end], True))
        at = end
    return (*pieces, (text[at:], False)) if at < len(text) else tuple(pieces)
