"""What was found as a page shows it: where it leads, what it is, how it stands. Both faces ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from yifa.look.words import language, word
from yifa.look.write import day as written
from yifa.people.offices import office
from yifa.procedure import registry

from .analyser import Piece
from .search import ANSWER, CASE, FILE, KINDS, STATUTE, Filters, Found, Hit
from .shelf import IN_FORCE, REPEALED, standing
from .sources import article_label

LABELS = {STATUTE: "法规", FILE: "文件", CASE: "案件", ANSWER: "公开信息"}
ICONS = {STATUTE: "book-2", FILE: "file-text", CASE: "folder", ANSWER: "speakerphone"}
TONES = {REPEALED: "grey"}


@dataclass(frozen=True)
class Row:
    """A hit: `told` are the words below its title; `stamp` says how a statute stands, `tone` how it is coloured."""

    url: str
    kind: str
    label: str
    icon: str
    title: tuple[Piece, ...]
    above: str
    excerpt: tuple[Piece, ...]
    told: tuple[str, ...]
    stamp: str = ""
    tone: str = "grey"


@dataclass(frozen=True)
class Way:
    """A kind to narrow to, and how many there are."""

    key: str
    label: str
    count: int
    url: str
    current: bool


Ways = Mapping[str, Callable[[Hit], str]]


def statute_url(base: str, hit: Hit, query: str) -> str:
    """The statute's page, opened at the article, with the words marked."""
    n = hit.about["article"]
    return f"{base}?{urlencode({'q': query})}" + (f"#a{n}" if n else "")


def rows(found: Found, ways: Ways, today: date) -> list[Row]:
    """`ways` gives the address of each kind's hits."""
    return [_row(hit, ways[hit.kind](hit), today) for hit in found.hits]


def _row(hit: Hit, url: str, today: date) -> Row:
    above, told, stamp = "", [], ""
    if hit.kind == STATUTE:
        above = str(hit.about.get("chapter", ""))
        stands = standing(hit.day, hit.ends, today)
        stamp = "" if stands == IN_FORCE else stands
        told += [word(stands) if not stamp else "", *_in_force(hit)]
    else:
        procedure = registry().family(hit.family)
        told.append(word(procedure.title))
        if hit.kind == FILE:
            told += [str(hit.place)] if hit.place else []
        if hit.kind == CASE:
            own = registry().edition(hit.family, hit.about["edition"])
            told.append(word(own.state(hit.about["state"]).label))
        told.append(_office(hit.office, hit.day))
        told += [written(hit.day, language())] if hit.day else []
    return Row(
        url, hit.kind, word(LABELS[hit.kind]), ICONS[hit.kind], _title(hit), above, hit.excerpt,
        tuple(t for t in told if t), word(stamp) if stamp else "", TONES.get(stamp, "yellow"),
    )  # fmt: skip


def _title(hit: Hit) -> tuple[Piece, ...]:
    """A case is called as lists call it: the kind of matter stands below."""
    if hit.kind != CASE:
        return hit.title
    title = registry().edition(hit.family, hit.about["edition"]).title
    whole = "".join(piece for piece, _ in hit.title)
    skip = len(title) + 1 if whole.startswith(f"{title} ") else 0
    cut: list[Piece] = []
    for piece, marked in hit.title:
        kept = piece[skip:]
        skip = max(0, skip - len(piece))
        if kept:
            cut.append((kept, marked))
    return tuple(cut)


def _in_force(hit: Hit) -> list[str]:
    lang = language()
    since = word("自{day}起施行", day=written(hit.day, lang)) if hit.day else ""
    until = word("至{day}失效", day=written(hit.ends, lang)) if hit.ends else ""
    return [word("{edition}版", edition=hit.about["edition"]), since, until]


def _office(code: str, on: date | None) -> str:
    try:
        row = office(code, on)
    except KeyError:
        return code
    return row.name_en or row.name if language() == "en" else row.short or row.name


def ways_of(
    found: Found, chosen: str, address: Callable[[str], str], kinds: tuple[str, ...] = KINDS
) -> list[Way]:
    """All, and each kind of which something was found."""
    every = Way("", word("全部"), sum(found.counts.get(k, 0) for k in kinds), address(""), current=not chosen)
    each = [
        Way(k, word(LABELS[k]), found.counts.get(k, 0), address(k), current=chosen == k)
        for k in kinds
        if found.counts.get(k) or chosen == k
    ]
    return [every, *each]


def told_of(found: Found, filters: Filters) -> dict[str, Any]:
    """What a page says of how far the answer goes."""
    return {
        "total": found.counts.get(filters.kind, 0) if filters.kind else found.total,
        "more": found.more,
        "partial": found.partial,
        "behind": found.behind,
    }


__all__ = ["Row", "Way", "article_label", "rows", "statute_url", "told_of", "ways_of"]
