"""The statutes at hand, to be read: which there are, in which editions, in force or not, article by article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from yifa.law import Statute, statutes, texts
from yifa.law.texts import Text

from .analyser import Piece, marked
from .sources import article_label, known

__all__ = ["Edition", "Law", "law", "shelf"]

IN_FORCE, COMING, REPEALED = "现行有效", "尚未施行", "已失效"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a statute as a list shows it. `at_hand`: its text can be read here."""

    title: str
    edition: str
    since: date | None
    until: date | None
    kind: str
    number: str
    at_hand: bool
    doubt: str = ""

    def standing(self, today: date) -> str:
        return standing(self.since, self.until, today)


def standing(since: date | None, until: date | None, today: date) -> str:
    """In force, not yet, or no more; what is not known to have ended is in force."""
    if until is not None and until < today:
        return REPEALED
    return COMING if since is not None and since > today else IN_FORCE


def _edition(title: str, edition: str, law: Statute | None, *, there: bool) -> Edition:
    if law is None:
        return Edition(title, edition, None, None, "", "", there)
    doubt = "U" if law.since_mark else ""
    return Edition(title, edition, law.since, law.until, law.kind, law.number, there, doubt)


def shelf() -> list[tuple[str, list[Edition]]]:
    """All that can be read here, by kind, the newest edition of each first."""
    all = [_edition(title, edition, known(title, edition), there=True) for title, edition in texts.at_hand()]
    order = {kind: n for n, kind in enumerate(dict.fromkeys(s.kind for s in statutes()))}
    all.sort(key=lambda e: e.edition, reverse=True)
    all.sort(key=lambda e: (order.get(e.kind, len(order)), e.title))
    return [(kind, list(some)) for kind, some in groupby(all, key=lambda e: e.kind)]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A 款 and its items, in pieces of which those that were looked for are marked."""

    lead: tuple[Piece, ...]
    items: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One 条; `headings` stand before it, each with how deep it is and where a table of contents finds it."""

    n: int
    label: str
    headings: tuple[tuple[int, str, str], ...]
    paras: tuple[Paragraph, ...]
    hit: bool


@dataclass(frozen=True, slots=True)
class Law:
    """A statute as a page shows it."""

    edition: Edition
    articles: tuple[Article, ...]
    editions: tuple[Edition, ...]

    @property
    def contents(self) -> list[tuple[int, str, str, str]]:
        """Depth, words, place, and first article of each heading."""
        return [(*heading, a.label) for a in self.articles for heading in a.headings]


def law(title: str, edition: str, words: tuple[str, ...] = ()) -> Law | None:
    """One edition; None where its text is not at hand. `words`, folded, are marked in it."""
    text = texts.find(title, edition) if (title, edition) in texts.at_hand() else None
    if text is None:
        return None
    own = known(title, edition)
    return Law(
        _edition(title, edition, own, there=True), tuple(_articles(text, words)), _others(title, edition, own)
    )


def _others(title: str, edition: str, own: Statute | None) -> tuple[Edition, ...]:
    """The other editions of the same statute, known or at hand, the newest first."""
    hand = texts.at_hand()
    named = {(s.title, s.edition): s for s in statutes() if own is not None and s.key == own.key}
    names = {*named, *(name for name in hand if name[0] == title)} - {(title, edition)}
    found = [_edition(*name, named.get(name), there=name in hand) for name in names]
    return tuple(sorted(found, key=lambda e: e.edition, reverse=True))


def _articles(text: Text, words: tuple[str, ...]) -> list[Article]:
    found = []
    for n, article in text.articles.items():
        headings = tuple(
            (depth, said, f"h{place}")
            for place, (before, depth, said) in enumerate(text.headings)
            if before == n
        )
        paras = tuple(
            Paragraph(marked(lead, words), tuple(marked(item, words) for item in items))
            for lead, items in article.paras
        )
        hit = any(yes for p in paras for line in (p.lead, *p.items) for _, yes in line)
        found.append(Article(n, article_label(n), headings, paras, hit))
    return found
