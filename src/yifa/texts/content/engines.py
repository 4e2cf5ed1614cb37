"""Where in a text a rule may have been broken: Hyperscan, ahocorasick-rs or plain Python, whichever is installed.

An engine brings hits: the number of a pattern and an offset in the sentence where it may stand, never too few. `sense` decides,
so the findings are the same whichever engine brought them. Of each pattern an engine looks for one part only, the rarest
(its *anchor*); Hyperscan also takes small gap patterns whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from importlib.util import find_spec
from itertools import accumulate
from operator import or_
from typing import Any, Protocol

from ..finding import Finding, in_order
from .rarity import anchor
from .rules import Pack, Pattern, Rule, RuleError, Speech, beside, once, packs
from .sense import Sense

__all__ = ["ENGINES", "Engine", "Hit", "Scanner", "anchor", "available"]

Hit = tuple[int, int]
"""The number of a pattern, and the offset of a character of the sentence (or paragraph) where it may stand."""

BLOB = 1 << 19  # characters scanned at once where many documents are examined


class Engine(Protocol):
    """`hits` of a text: any order, repeats allowed, none left out."""

    name: str

    def hits(self, text: str) -> list[Hit]: ...

    def shares(self, bundle: list[str]) -> dict[int, list[Hit]]:
        """The hits of each of several texts, scanned together."""
        ...


class _Anchors:
    """The anchors of all patterns: each word once, with the patterns it may begin."""

    def __init__(self, numbered: Iterable[tuple[int, Pattern]]) -> None:
        of: dict[str, list[int]] = {}
        for nth, pattern in numbered:
            for word in anchor(pattern):
                of.setdefault(word, []).append(nth)
        self.words = list(of)
        self.of = [tuple(of[word]) for word in self.words]


def _together(hits: Callable[[str], list[Hit]], bundle: list[str]) -> dict[int, list[Hit]]:
    """Several texts as one, and whose hits are whose."""
    starts = [0, *accumulate(len(text) + 1 for text in bundle)]
    found: dict[int, list[Hit]] = {}
    for nth, offset in hits("\n".join(bundle)):
        which = bisect_right(starts, offset) - 1
        found.setdefault(which, []).append((nth, offset - starts[which]))
    return found


class Plain:
    """No package at all: pairs of characters say which words can be there, `str.find` finds them.

    A text is taken piece by piece: a short piece holds few of the pairs, so few words are looked for.
    """

    name = "plain"
    PIECE = 1500

    def __init__(self, patterns: list[Pattern]) -> None:
        anchors = _Anchors(enumerate(patterns))
        self.pairs: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
        for word, of in zip(anchors.words, anchors.of, strict=True):
            self.pairs.setdefault(word[:2], []).append((word, of))
        self.longest = max(map(len, anchors.words), default=1)

    def hits(self, text: str) -> list[Hit]:
        found: list[Hit] = []
        keys, overlap = self.pairs.keys(), self.longest - 1
        for start in range(0, len(text), self.PIECE):
            piece = text[start : start + self.PIECE + overlap]
            for pair in keys & set(map(str.__add__, piece, piece[1:])):
                for word, of in self.pairs[pair]:
                    place = piece.find(word)
                    while place >= 0:
                        found += [(nth, start + place) for nth in of]
                        place = piece.find(word, place + 1)
        return found

    def shares(self, bundle: list[str]) -> dict[int, list[Hit]]:
        return {which: found for which, text in enumerate(bundle) if (found := self.hits(text))}


class AhoCorasick:
    """All anchors in one pass."""

    name = "ahocorasick"

    def __init__(self, patterns: list[Pattern]) -> None:
        import ahocorasick_rs

        anchors = _Anchors(enumerate(patterns))
        self.of = anchors.of
        self.machine: Any = ahocorasick_rs.AhoCorasick(anchors.words) if anchors.words else None

    def hits(self, text: str) -> list[Hit]:
        if self.machine is None:
            return []
        try:
            found = self.machine.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # half a surrogate pair
            found = self.machine.find_matches_as_indexes(whole(text), overlapping=True)
        of = self.of
        return [(nth, start) for word, start, _ in found for nth in of[word]]

    def shares(self, bundle: list[str]) -> dict[int, list[Hit]]:
        return _together(self.hits, bundle)


class Hyperscan:
    """All anchors, and small gap patterns whole, in one pass over the UTF-8 bytes."""

    name = "hyperscan"

    def __init__(self, patterns: list[Pattern]) -> None:
        import hyperscan

        gaps = {nth: small for nth, p in enumerate(patterns) if (small := gap_expression(p))}
        anchors = _Anchors((nth, p) for nth, p in enumerate(patterns) if nth not in gaps)
        self.of = [*anchors.of, *((nth,) for nth in gaps)]
        literal = hyperscan.HS_FLAG_DOTALL
        gap = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_DOTALL
        expressions = [re.escape(word) for word in anchors.words] + list(gaps.values())
        flags = [literal] * len(anchors.words) + [gap] * len(gaps)
        self.database: Any = None
        if expressions:
            self.database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            self.database.compile(
                expressions=[text.encode() for text in expressions],
                ids=list(range(len(expressions))),
                elements=len(expressions),
                flags=flags,
            )

    def hits(self, text: str) -> list[Hit]:
        return self.shares([text]).get(0, [])

    def shares(self, bundle: list[str]) -> dict[int, list[Hit]]:
        """The hits of each text. Hyperscan reports ends in bytes: only in a text with hits are characters counted."""
        if self.database is None:
            return {}
        each = [text.encode("utf-8", "replace") for text in bundle]
        ends: list[tuple[int, int]] = []
        self.database.scan(b"\n".join(each), match_event_handler=_collect, context=ends)
        found: dict[int, list[Hit]] = {}
        if not ends:
            return found
        starts = [0, *accumulate(len(data) + 1 for data in each)]
        ends.sort()  # they come nearly in order; each is counted on from the one before
        which = -1
        for end, word in ends:
            if which < 0 or end > starts[which + 1]:
                which = bisect_right(starts, end - 1) - 1
                data, start, share = each[which], starts[which], found.setdefault(which, [])
                place = char = 0
            if end - start != place:
                char += len(data[place : end - start].decode())
                place = end - start
            share += [(nth, char - 1) for nth in self.of[word]]
        return found


def _collect(word: int, start: int, end: int, flags: int, ends: list[tuple[int, int]]) -> None:
    ends.append((end, word))


def whole(text: str) -> str:
    """Lone surrogates replaced by one character each, so that offsets stay."""
    return text.encode("utf-8", "replace").decode()


def gap_expression(pattern: Pattern) -> str:
    """A regular expression for Hyperscan, or "" where the pattern is one part, in any order, or too large for it."""
    if not pattern.gaps or pattern.across or len(pattern.parts) != 2 or pattern.gaps[0] > 16:
        return ""
    first, second = pattern.parts
    if len(first) * len(second) > 64:
        return ""
    listed = ["|".join(map(re.escape, part)) for part in pattern.parts]
    between = f"[^。；！？;!?\\n]{{0,{pattern.gaps[0]}}}" if pattern.gaps[0] else ""
    return f"(?:{listed[0]}){between}(?:{listed[1]})"


ENGINES: dict[str, tuple[str, Callable[[list[Pattern]], Engine]]] = {
    "hyperscan": ("hyperscan", Hyperscan),
    "ahocorasick": ("ahocorasick_rs", AhoCorasick),
    "plain": ("", Plain),
}


def available() -> tuple[str, ...]:
    """The engines this installation has, the fastest first."""
    return tuple(name for name, (module, _) in ENGINES.items() if not module or find_spec(module))


class Scanner:
    """Rule packs, ready to be held against texts."""

    def __init__(self, found: Iterable[Pack] | None = None, engine: str | None = None) -> None:
        chosen = tuple(packs() if found is None else found)
        once(chosen)
        have = available()
        if engine is not None and engine not in have:
            known = "已安装的有" if engine in ENGINES else "没有这个引擎，可用的有"
            raise RuleError(f"匹配引擎“{engine}”用不了：{known}{'、'.join(have)} [yifa.E873]")
        rules: list[Rule] = [rule for pack in chosen for rule in pack.rules]
        self.rules = tuple(rules)
        self.engine_name = engine or have[0]
        speech = reduce(or_, (pack.speech for pack in chosen), Speech())
        self._sense = Sense(rules, speech, _order(chosen))
        self._engine = ENGINES[self.engine_name][1]([pattern for _, pattern in self._sense.patterns])

    def examine(self, text: str) -> list[Finding]:
        """Everything the rules find in a text, in order of place."""
        hits = self._engine.hits(text)
        return in_order(self._sense.findings(text, hits)) if hits else []

    def examine_many(self, texts: Iterable[str]) -> Iterator[list[Finding]]:
        """The same for each of many texts, scanned together: small documents cost little more than their characters."""
        for bundle in bundles(texts):
            yield from self._bundle(bundle)

    def _bundle(self, bundle: list[str]) -> list[list[Finding]]:
        out: list[list[Finding]] = [[] for _ in bundle]
        for which, share in self._engine.shares(bundle).items():
            out[which] = in_order(self._sense.findings(bundle[which], share))
        return out


def _order(chosen: tuple[Pack, ...]) -> tuple[int, ...]:
    """A rule may be quiet beside one of a library pack that is not used here."""
    here = {rule.code for pack in chosen for rule in pack.rules}
    named = {code for pack in chosen for rule in pack.rules for code in rule.quiet_beside}
    elsewhere = [rule.code for pack in packs() for rule in pack.rules] if named - here else []
    return beside(chosen, elsewhere)


def bundles(texts: Iterable[str]) -> Iterator[list[str]]:
    bundle: list[str] = []
    size = 0
    for text in texts:
        bundle.append(text)
        size += len(text) + 1
        if size >= BLOB:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle
