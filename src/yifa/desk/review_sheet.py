"""The review sheet as a page draws it: the draft paragraph by paragraph, and beside each the places pointed at in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse

from yifa.cases import read
from yifa.cases.read import CasePage
from yifa.cases.scene import files
from yifa.texts.difference import Run as Difference
from yifa.texts.difference import difference
from yifa.texts.finding import Severity, Source
from yifa.texts.machine import Row, Sheet, sheet
from yifa.texts.procedure import Review
from yifa.texts.told import Verdict

from .cited import Cited, Run, places, runs

QUOTED = "C8"  # a quotation that is not what the article says
TONES = {Severity.MUST: "red", Severity.CHECK: "yellow", Severity.NOTE: "blue"}
ALL, LEFT = "all", "left"
SETTLE = "settle"
SHOWS = {
    LEFT: "待处理",
    ALL: "全部",
    Verdict.ACCEPTED.name: Verdict.ACCEPTED.label,
    Verdict.DISMISSED.name: Verdict.DISMISSED.label,
}
MANY = 1500  # paragraphs a page draws without being asked to


@dataclass(frozen=True)
class Piece:
    """A run of characters; `rows`: the places it belongs to; `ends`: those whose number stands behind it; `cited`: the law it names."""

    text: str
    rows: tuple[Row, ...] = ()
    ends: tuple[Row, ...] = ()
    cited: Cited | None = None

    @property
    def tone(self) -> str:
        if not self.rows:
            return ""
        if all(row.verdict is Verdict.DISMISSED for row in self.rows):
            return "grey"
        worst = min(self.rows, key=lambda row: list(Severity).index(row.finding.severity))
        return TONES[worst.finding.severity]


@dataclass(frozen=True)
class Card:
    """One place, as it stands beside the text."""

    row: Row
    place: str
    tone: str
    alike: int  # other unanswered places under the same rule
    typed: str = ""  # what was typed when it was refused
    basis: tuple[tuple[Run, ...], ...] = ()
    compare: tuple[Difference, ...] = ()  # how the words differ from those beside them


@dataclass(frozen=True)
class Line:
    """A paragraph of the draft and the cards beside it; `place` only where it differs from the one above."""

    place: str
    pieces: tuple[Piece, ...]
    cards: tuple[Card, ...]


@dataclass
class Group:
    """A paragraph with cards and those after it that have none: the cards may stand beside all of them."""

    lines: list[Line]
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class Panel:
    """How far the review is, for the page of the case."""

    url: str
    name: str
    draft: int
    pointed: int
    left: int
    accepted: int
    dismissed: int
    own: int

    @property
    def done(self) -> int:
        """Percent of what was pointed at that is answered."""
        return 100 * (self.pointed - self.left) // self.pointed if self.pointed else 100


def sheet_of(page: CasePage) -> Sheet | None:
    if not issubclass(page.procedure, Review):
        return None
    return sheet(read.live(page.id).acts, lambda sha: files().open(sha).decode())


def review_panel(page: CasePage) -> Panel | None:
    """Of a case that reviews a text."""
    now = sheet_of(page)
    if now is None:
        return None
    return Panel(
        reverse("desk:review", args=[page.id]),
        now.reading.name,
        now.draft,
        sum(not row.own for row in now.rows),
        now.left,
        len(now.made(Verdict.ACCEPTED)),
        len(now.made(Verdict.DISMISSED)),
        sum(row.own for row in now.rows),
    )


def shown(row: Row, show: str) -> bool:
    if show == LEFT:
        return row.verdict is None
    return show == ALL or (row.verdict is not None and row.verdict.name == show)


def lines(now: Sheet, show: str, typed: Mapping[str, str]) -> Iterator[Line]:
    """The paragraphs with the cards asked for; in a very long draft only those that have one."""
    text, rows = now.reading.text, [row for row in now.rows if shown(row, show)]
    paragraphs = text.split("\n")
    few = show != ALL or len(paragraphs) > MANY
    laws, first = places(text, now.on), 0
    start, above, at = 0, "", 0
    for paragraph in paragraphs:
        end = start + len(paragraph)
        here = [row for row in rows if row.finding.start < end and row.finding.end > start]
        cards = []
        while at < len(rows) and rows[at].finding.start <= end and rows[at].finding.words:
            cards.append(card(rows[at], now, typed))
            at += 1
        cites = []
        while first < len(laws) and laws[first].start < end:
            cites.append(laws[first])
            first += 1
        if (cards or here or not few) and paragraph.strip():
            place = now.reading.place(start)
            yield Line(
                "" if place == above else place, tuple(_pieces(text, start, end, here, cites)), tuple(cards)
            )
            above = place
        start = end + 1


def groups(found: Iterable[Line]) -> list[Group]:
    made: list[Group] = []
    for line in found:
        if line.cards or not made:
            made.append(Group([], line.cards))
        made[-1].lines.append(line)
    return made


def card(row: Row, now: Sheet, typed: Mapping[str, str]) -> Card:
    alike = sum(
        other.verdict is None and other.finding.code == row.finding.code and other.id != row.id
        for other in now.rows
        if other.finding.source is row.finding.source
    )
    place = now.reading.place(row.finding.start)
    finding = row.finding
    basis = tuple(tuple(runs(cite, now.on)) for cite in finding.basis)
    compared = finding.beside and (finding.source is Source.ALIKE or finding.code == QUOTED)
    compare = tuple(difference(finding.words, finding.beside)) if compared else ()
    return Card(row, place, TONES[finding.severity], alike, typed.get(row.id, ""), basis, compare)


def _pieces(text: str, start: int, end: int, rows: list[Row], laws: list[Cited]) -> Iterator[Piece]:
    cuts = {start, end}
    spans = [(row.finding.start, row.finding.end) for row in rows] + [(law.start, law.end) for law in laws]
    for a, b in spans:
        cuts |= {max(start, a), min(end, b)}
    for a, b in pairwise(sorted(cuts)):
        over = tuple(row for row in rows if row.finding.start <= a and b <= row.finding.end)
        law = next((law for law in laws if law.start <= a and b <= law.end), None)
        yield Piece(text[a:b], over, tuple(row for row in over if row.finding.end == b), law)
