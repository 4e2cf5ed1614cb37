"""Citations as links: where a text names a place in the law, to the page on which that law can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from yifa.law import Citation
from yifa.texts.citing.citations import cited


@dataclass(frozen=True)
class Cited:
    """The words from `start` to `end` name a place in the law: its page, and what stands there."""

    start: int
    end: int
    url: str
    words: str


@dataclass(frozen=True)
class Run:
    """Some words, and the law they name, if they name one."""

    text: str
    cited: Cited | None = None


def places(text: str, on: date) -> list[Cited]:
    """Every place cited in a text that can be read here, as the law stands `on` that day; in order, none within another."""
    found, last = [], 0
    for one in cited(text, on):
        for link in one.links:
            if link.citation and link.words and link.start >= last:
                found.append(Cited(link.start, link.end, page_of(link.citation), link.words))
                last = link.end
    return found


def page_of(cite: Citation) -> str:
    """The page of a statute whose text is at hand, opened at the article."""
    law = cite.statute
    place = f"#a{cite.article}" if cite.article else ""
    return reverse("desk:law", args=[law.title, law.edition]) + place


def runs(text: str, on: date) -> Iterator[Run]:
    """A short text with its citations as links."""
    at = 0
    for one in places(text, on):
        if one.start > at:
            yield Run(text[at : one.start])
        yield Run(text[one.start : one.end], one)
        at = one.end
    if at < len(text):
        yield Run(text[at:])
