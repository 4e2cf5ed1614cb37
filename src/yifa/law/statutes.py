"""Statutes by edition, and citations of them that must exist.

Facts about every edition cited anywhere stand in `library/statutes.toml`; the full texts come from an installed
source (see `texts`) and only deepen the checks.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from . import shape as shapes_of
from . import texts
from .folders import library_folder
from .numerals import LawError, numeral
from .shape import Shape

__all__ = ["Citation", "LawError", "Statute", "statute", "statutes"]

MARKS = {"", "P", "S", "U"}


@dataclass(frozen=True, slots=True)
class Statute:
    """One edition of a statute. Two are the same when key and edition are.

    `articles` is 0 where the number is not known (or the document is not divided into articles).
    `mark` says how it was read: "" in full, P an official excerpt, S at second hand, U not at all;
    `since_mark` is U where the first day in force is general knowledge and was not read.
    `called`: other names people write for it, parted by spaces.
    """

    key: str
    title: str = field(compare=False)
    short: str = field(compare=False)
    edition: str
    since: date = field(compare=False)
    until: date | None = field(default=None, compare=False)
    articles: int = field(default=0, compare=False)
    mark: str = field(default="", compare=False)
    kind: str = field(default="", compare=False, repr=False)
    number: str = field(default="", compare=False, repr=False)
    source: str = field(default="", compare=False, repr=False)
    since_mark: str = field(default="", compare=False, repr=False)
    short_days: str = field(default="", compare=False, repr=False)
    short_days_in: int = field(default=0, compare=False, repr=False)
    note: str = field(default="", compare=False, repr=False)
    called: str = field(default="", compare=False, repr=False)
    shape: str = field(default="", compare=False, repr=False)
    read: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)

    def __str__(self) -> str:
        return f"《{self.short}》" + (f"（{self.number}）" if self.number and not self.articles else "")

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    def in_working_days(self, n: int) -> bool | None:
        """Whether “n日” in this statute means working days; None where it does not speak of it."""
        if not self.short_days:
            return None
        return self.short_days == "all" or str(n) in self.short_days.split()

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return _shapes(self.shape)

    @property
    def text(self) -> texts.Text | None:
        """The full text, where a source at hand has this edition."""
        return texts.find(self.title, self.edition)

    def __call__(
        self, article: int | None = None, *, para: int | None = None, item: int | None = None
    ) -> Citation:
        """Cite a place in this edition. A place that does not exist stops the program."""
        if article is None:
            if para is not None or item is not None:
                raise LawError(f"{self}：引用款、项时要写明第几条 [yifa.E004]")
            return Citation(self.key, self.edition, None, None, None)
        self._must_have(article, para, item)
        return Citation(self.key, self.edition, article, para, item)

    def _must_have(self, article: int, para: int | None, item: int | None) -> None:
        if article < 1 or (self.articles and article > self.articles):
            raise LawError(
                f"《{self.short}》共{self.articles}条，没有第{numeral(max(article, 0))}条 [yifa.E001]"
            )
        shape = self._shape(article)
        if shape is None:
            return  # nothing is known of this article but its number: the citation carries the mark U
        where = f"《{self.short}》第{numeral(article)}条"
        if para is not None and not 1 <= para <= len(shape):
            raise LawError(f"{where}共{len(shape)}款，没有第{numeral(max(para, 0))}款 [yifa.E002]")
        if item is None:
            return
        if para is None:
            listed = [n for n, items in enumerate(shape, 1) if items]
            if len(listed) > 1:
                named = "、".join(f"第{numeral(n)}款" for n in listed)
                raise LawError(
                    f"{where}的{named}都分项，引用第（{numeral(max(item, 0))}）项时要写明第几款 [yifa.E004]"
                )
            have = shape[listed[0] - 1] if listed else 0
        else:
            where, have = f"{where}第{numeral(para)}款", shape[para - 1]
        if not 1 <= item <= have:
            counted = f"共{have}项" if have else "不分项"
            raise LawError(f"{where}{counted}，没有第（{numeral(max(item, 0))}）项 [yifa.E003]")

    def _shape(self, article: int) -> Shape | None:
        shapes = self.shapes
        return shapes[article - 1] if article <= len(shapes) else None


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in one edition: the whole, a 条, and where needed 款 and 项."""

    key: str
    edition: str
    article: int | None = None
    para: int | None = None
    item: int | None = None

    @property
    def statute(self) -> Statute:
        return statute(self.key, self.edition)

    def __str__(self) -> str:
        law = self.statute
        if self.article is None:
            return str(law)
        place = f"第{numeral(self.article)}条"
        place += f"第{numeral(self.para)}款" if self.para else ""
        place += f"第（{numeral(self.item)}）项" if self.item else ""
        return f"《{law.short}》{place}"

    @property
    def text(self) -> str | None:
        """The words of this place; None when no text is at hand."""
        text = self.statute.text
        if text is None or self.article is None:
            return None
        found = text.articles.get(self.article)
        if found is None:
            return None
        para = self.para
        if (
            self.item and not para
        ):  # the only 款 that has items: the citation could not have been made otherwise
            para = next((n for n, items in enumerate(found.shape, 1) if items), 1)
        return found.text(para, self.item)

    def says(self, words: str) -> bool | None:
        """Whether this place contains these words; None when no text is at hand.

        Spaces and the width of punctuation do not matter, everything else does. A number is whole or it is not
        there: the words 五日 do not stand in 十五日.
        """
        text = self.text
        return None if text is None else quoted(words, text)

    @property
    def mark(self) -> str:
        """ "U" where this place was not read by whoever wrote the library down, else empty."""
        law = self.statute
        if law.mark == "":
            known = self.article is None or law._shape(self.article) is not None
            return "" if known else "U"
        first, last = law.read
        seen = law.mark == "P" and (self.article is None or first <= self.article <= last)
        return "" if seen else "U"


WIDTHS: dict[int, int | str] = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if not chr(code - 0xFEE0).isalnum()
}
WIDTHS |= {ord("“"): '"', ord("”"): '"', ord("‘"): "'", ord("’"): "'", ord("｡"): "。", ord("､"): "、"}
COUNTING = "0-9零〇一二两三四五六七八九十百千万"


def plain(text: str) -> str:
    """A text without spaces and with punctuation of one width."""
    return re.sub(r"\s+", "", text).translate(WIDTHS)


def quoted(words: str, text: str) -> bool:
    """Whether the words stand in the text, no number cut in two."""
    wanted = plain(words)
    if not wanted:
        return False
    before = f"(?<![{COUNTING}])" if re.match(f"[{COUNTING}]", wanted) else ""
    after = f"(?![{COUNTING}])" if re.search(f"[{COUNTING}]$", wanted) else ""
    return re.search(before + re.escape(wanted) + after, plain(text)) is not None


@lru_cache(maxsize=512)
def _shapes(text: str) -> tuple[Shape, ...]:
    return shapes_of.read(text)


def statute(key: str, edition: str | None = None) -> Statute:
    """A statute of the library. The edition may be left out only where there is just one."""
    editions = _library(library_folder()).get(key)
    if not editions:
        raise LawError(f"法规库 statutes.toml 中没有“{key}” [yifa.E005]")
    if edition is None:
        if len(editions) > 1:
            raise LawError(
                f"“{key}”有{len(editions)}个版本（{'、'.join(editions)}），引用时要写明版本 [yifa.E006]"
            )
        return next(iter(editions.values()))
    if edition not in editions:
        raise LawError(f"“{key}”没有{edition}版，只有{'、'.join(editions)}版 [yifa.E006]")
    return editions[edition]


def statutes() -> list[Statute]:
    """Every edition the library knows."""
    return [one for editions in _library(library_folder()).values() for one in editions.values()]


@cache
def _library(folder: Path) -> dict[str, dict[str, Statute]]:
    path = folder / "statutes.toml"
    try:
        entries = tomllib.loads(path.read_text("utf-8"))["statute"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as wrong:
        raise LawError(f"法规库 {path} 无法读取：{wrong} [yifa.E007]") from wrong
    found: dict[str, dict[str, Statute]] = {}
    for entry in entries:
        one = _entry(entry, path)
        if one.edition in found.setdefault(one.key, {}):
            raise LawError(f"法规库 {path}：“{one.key}”的{one.edition}版登记了两次 [yifa.E007]")
        found[one.key][one.edition] = one
    return found


def _entry(entry: dict[str, Any], path: Path) -> Statute:
    try:
        facts = dict(entry)
        facts.setdefault("short", facts["title"].removeprefix("中华人民共和国"))
        first, _, last = facts.pop("read", "").partition("-")
        facts["read"] = (int(first or 0), int(last or first or 0))
        one = Statute(**facts)
        counted = len(one.shapes)
    except (KeyError, TypeError, ValueError) as wrong:
        raise LawError(f"法规库 {path}：“{entry.get('key')}”一条写错：{wrong} [yifa.E007]") from wrong
    if (
        {one.mark, one.since_mark} - MARKS
        or not isinstance(one.since, date)
        or (one.articles and counted > one.articles)
    ):
        raise LawError(f"法规库 {path}：“{one.key}”的 mark、since 或 shape 不合规 [yifa.E007]")
    return one
