"""Which answer somebody gave in their own words, or None: an official record never rests on a guess.

Negation decides first. What is turned, doubted, asked, said of another time or contradicted is not understood, and is
asked again. Loose words, and words that merely sound like an answer, count only where their clause says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from . import lexicon
from .script import Choice
from .sounds import HAN, folded, readings, sounds

LONGEST = 300  # characters; who says more has not answered a question of five choices
GAP = "·"  # stands where a harmless word stood, so that its neighbours do not become one


class Phrase(NamedTuple):
    """One way of saying an answer. name: the answer's own name, which outweighs loose words."""

    text: str
    choice: Choice
    name: bool


class Book:
    """All that can be said for some choices, by character and by sound."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        by_code = {choice.code: choice for choice in choices}
        self.exact: dict[str, Phrase] = {}
        for choice in choices:
            for text in (*choice.phrases, *choice.loose):
                self._add(lexicon.FILLERS.sub("", folded(text)), choice, name=text in choice.phrases)
        for choice in choices:
            for text in choice.phrases if choice.negated in by_code else ():
                for turn in lexicon.TURNING:
                    self._add(
                        turn + lexicon.FILLERS.sub("", folded(text)), by_code[choice.negated], name=True
                    )
        self.heard: dict[int, list[tuple[tuple[str, ...], Phrase]]] = {}
        for phrase in self.exact.values():
            if len(phrase.text) >= (2 if phrase.name else 3):
                said = sounds(phrase.text)
                self.heard.setdefault(len(said), []).append((said, phrase))
        texts = sorted((text for text, phrase in self.exact.items() if phrase.name), key=len, reverse=True)
        self.any = re.compile("|".join(map(re.escape, texts)) or "(?!)")

    def _add(self, text: str, choice: Choice, *, name: bool) -> None:
        if text:
            self.exact.setdefault(text, Phrase(text, choice, name))

    def written(self, clause: str) -> set[Phrase]:
        """What the clause is, if it is nothing but an answer."""
        return next(({self.exact[form]} for form in _forms(clause) if form in self.exact), set())

    def sounding(self, clause: str) -> set[Phrase]:
        """What the clause sounds like, if it sounds like nothing but an answer."""
        forms = (form for form in _forms(clause) if form and all(map(HAN.match, form)))
        return next(filter(None, map(self._sounding, forms)), set())

    def _sounding(self, form: str) -> set[Phrase]:
        """What it sounds like, in any of the ways its characters are read."""
        read = readings(form)
        return {
            phrase
            for said, phrase in self.heard.get(len(read), ())
            if all(one in ways for one, ways in zip(said, read, strict=True))
        }


def _forms(clause: str) -> tuple[str, str]:
    """The clause without harmless words at its ends, and without what only leads up to an answer or away from it."""
    said = clause.strip(GAP)
    return said, lexicon.TAILS.sub("", lexicon.LEADS.sub("", said))


class Unclear(Exception):
    """Something was said that could be an answer and must not be taken for one."""


def understand(words: str, choices: Iterable[Choice]) -> Choice | None:
    """The one answer in these words; None if there is none, or more than one, or a doubt."""
    text = lexicon.FILLERS.sub("", folded(words))
    if not text or len(text) > LONGEST:
        return None
    book = _book(tuple(choices))
    try:
        found, open_negation = _all(text, book)
        if not found and len(parts := words.split()) > 1:
            found, open_negation = _all(lexicon.FILLERS.sub("", folded("，".join(parts))), book)
    except Unclear:
        return None
    one = _one(found)
    if one and one.side > 0 and (open_negation or lexicon.COMPLAINTS.search(text)):
        return None
    return one


@lru_cache(maxsize=64)
def _book(choices: tuple[Choice, ...]) -> Book:
    return Book(choices)


def _all(text: str, book: Book) -> tuple[list[Phrase], bool]:
    """The answers in all clauses, and whether a negation is left that belongs to none."""
    found: list[Phrase] = []
    negation = False
    for clause, stop in lexicon.CLAUSE.findall(text):
        asked = "?" in stop or "？" in stop
        if found and lexicon.DENIAL.fullmatch(clause):
            raise Unclear
        if asked and not lexicon.POLITE.search(clause):
            negation = negation or bool(lexicon.NEGATORS.search(clause))
            continue
        some, left = _clause(clause, book)
        found += [phrase for phrase in some if phrase.choice.ends or not asked]
        negation = negation or bool(lexicon.NEGATORS.search(left))
    return found, negation


def _clause(clause: str, book: Book) -> tuple[list[Phrase], str]:
    """The answers in one clause, and the rest of it."""
    marked = _spared(clause, book)
    if whole := book.written(clause) or book.written(marked) or book.sounding(marked):
        if len({phrase.choice for phrase in whole}) > 1:
            raise Unclear
        return [next(iter(whole))], ""
    places = list(book.any.finditer(marked))
    parts = [marked[a:b] for a, b in _between(places, len(marked))]
    for n, place in enumerate(places):
        _trusted(book.exact[place[0]], marked, place, (GAP.join(parts[: n + 1]), GAP.join(parts[n + 1 :])))
    return [book.exact[place[0]] for place in places], "".join(parts)


def _spared(clause: str, book: Book) -> str:
    """The clause without its harmless words, where they are no part of an answer."""
    spans = [place.span() for place in book.any.finditer(clause)]

    def gap(found: re.Match[str]) -> str:
        start, end = found.span()
        near = [(a, b) for a, b in spans if a < end and start < b]
        return GAP if all(start <= a and b <= end and b - a < end - start for a, b in near) else found[0]

    return lexicon.HARMLESS.sub(gap, clause)


def _between(places: Sequence[re.Match[str]], end: int) -> list[tuple[int, int]]:
    starts = [0, *(place.end() for place in places)]
    return list(zip(starts, [*(place.start() for place in places), end], strict=True))


def _trusted(phrase: Phrase, clause: str, place: re.Match[str], beside: tuple[str, str]) -> None:
    """`Unclear` if anything beside the answer turns it or casts doubt on it."""
    before, after = beside
    doubts = (lexicon.QUESTIONS,) if phrase.choice.ends else (lexicon.QUESTIONS, lexicon.ELSEWHERE)
    if phrase.choice.ends:
        before, after = (lexicon.POLITE.sub(GAP, part) for part in beside)
    rest = lexicon.DOUBTLESS.sub(GAP, before + GAP + after)
    if any(doubt.search(rest) or _astride(doubt, place, clause) for doubt in doubts):
        raise Unclear
    if re.search("[A-Za-z]", before[-1:] + after[:1]):
        raise Unclear
    if lexicon.NEGATORS.search(before) or lexicon.DENIED.search(after):
        raise Unclear
    if phrase.choice.side > 0 and not phrase.choice.ends:
        strange = HAN.search(lexicon.BESIDES.sub("", before))
        if strange or lexicon.NEGATORS.search(after) or "bu" in sounds(before[-3:]):
            raise Unclear


def _astride(doubt: re.Pattern[str], place: re.Match[str], clause: str) -> bool:
    """Whether a doubt reaches into the answer from outside: 满不满意, 满意度."""
    spans = (found.span() for found in doubt.finditer(clause))
    return any(
        a < place.end() and place.start() < b and not (place.start() <= a and b <= place.end())
        for a, b in spans
    )


def _one(found: Sequence[Phrase]) -> Choice | None:
    """The one answer that all of them come to."""
    if len({phrase.choice.side for phrase in found}) != 1:
        return None
    named = [phrase for phrase in found if phrase.name] or list(found)
    longest = max(named, key=lambda phrase: len(phrase.text))
    if all(phrase.choice == longest.choice or phrase.text in longest.text for phrase in named):
        return longest.choice
    return None


__all__ = ["understand"]
