"""Word documents, straight from document.xml: what stands on the page when the changes in it are accepted.

Paragraphs in their order, tables cell by cell, automatic numbers written out, footnotes at the end. Insertions are
read and deletions are not; comments, headers, hidden words and tables of contents are not the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from .lines import seamed
from .numbering import Numbers, child, value, whole
from .parts import Parts, Tree, walk
from .pieces import MOST_CHARACTERS, MOST_PIECES, Piece, damaged, too_much

BODY = "word/document.xml"
ENDS = frozenset("、.．。:：)）】〕]")  # a number that ends so needs no blank before the text
STYLE_DEPTH = 20  # styles based on styles
LEFT_OUT = frozenset(
    ("del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "rt", "rPr", "pPr", "sectPr", "tblPr",
     "tcPr", "trPr", "sdtPr")
)  # fmt: skip


@dataclass
class Style:
    num: str | None = None
    level: int | None = None
    based_on: str = ""
    name: str = ""
    centred: bool | None = None


@dataclass
class Seen:
    """What was met on the way and is worth saying."""

    changes: bool = False
    hidden: int = 0
    pictures: int = 0
    objects: int = 0
    foreign: int = 0  # parts of other documents, put in unread
    notes: list[tuple[str, str]] = field(default_factory=list)  # (footnote or endnote, its id), in order


@dataclass
class Written:
    """A paragraph as lines (a break within it parts them), and the text boxes anchored in it."""

    lines: list[str] = field(default_factory=lambda: [""])
    boxes: list[Element] = field(default_factory=list)
    runs_on: bool = False  # its mark was deleted: the next paragraph continues it

    def add(self, text: str) -> None:
        self.lines[-1] += text


class Docx:
    """One document being read."""

    def __init__(self, data: bytes) -> None:
        self.parts = Parts(data)
        self.styles = self._styles()
        self.numbers = Numbers.read(self.parts.tree("word/numbering.xml"))
        self.seen = Seen()
        self.held = ""  # of a paragraph whose mark was deleted
        self.paragraphs = self.tables = 0

    def _styles(self) -> dict[str, Style]:
        tree = self.parts.tree("word/styles.xml")
        found: dict[str, Style] = {}
        for told in tree.findall("style") if tree is not None else ():
            numbered = told.find("pPr/numPr")
            level = value(numbered, "ilvl")
            found[told.get("styleId", "")] = Style(
                num=value(numbered, "numId"),
                level=whole(level) if level is not None else None,
                based_on=value(told, "basedOn") or "",
                name=(value(told, "name") or "").lower(),
                centred=_centred(told.find("pPr")),
            )
        return found

    # ── The body ─────────────────────────────────────────────────────────────

    def pieces(self) -> list[Piece]:
        body = self.parts.bytes_of(BODY)
        if not body:
            raise damaged()
        found: list[Piece] = []
        stream = _Stream(self.seen, lambda element, cell: found.extend(self._placed(element, cell)))
        walk(body, stream.start, stream.text, stream.end)
        if self.held:
            found.append(Piece(self.held, f"第{self.paragraphs + 1}段"))
        return [*found, *self._notes()]

    def _placed(self, element: Element, cell: str) -> Iterator[Piece]:
        written = self._paragraph(element)
        if written is None:
            return
        text = self.held + "\n".join(written.lines)
        self.held = ""
        if written.runs_on:
            self.held = text
        elif text.strip():
            label = cell
            if not cell:
                self.paragraphs += 1
                label = f"第{self.paragraphs}段"
            yield from (Piece(line, label) for line in text.split("\n"))
        for box in written.boxes:
            for inner in box.iter("p"):
                if (more := self._paragraph(inner)) is not None:
                    yield from (Piece(line, "文本框") for line in more.lines)

    def _paragraph(self, element: Element) -> Written | None:
        about = element.find("pPr")
        style = value(about, "pStyle") or ""
        if self.styles.get(style, Style()).name.startswith("toc "):
            return None
        written = Written()
        mark = child(about, "rPr")
        if mark is not None:
            if mark.find("del") is not None or mark.find("moveFrom") is not None:
                self.seen.changes = written.runs_on = True
            elif mark.find("ins") is not None:
                self.seen.changes = True
        number = "" if written.runs_on else self._number(about, style)
        self._read(element, written)
        if self._is_centred(about, style):
            written.lines = [seamed(written.lines)]  # a title broken by hand is one title
        if number and any(line.strip() for line in written.lines):
            written.lines[0] = number + written.lines[0].lstrip()
        return written

    def _is_centred(self, about: Element | None, style: str) -> bool:
        found = _centred(about)
        for _ in range(STYLE_DEPTH):
            told = self.styles.get(style)
            if found is not None or told is None:
                break
            found, style = told.centred, told.based_on
        return bool(found)

    def _number(self, about: Element | None, style: str) -> str:
        """The automatic number of a paragraph, by itself or by its style."""
        own = child(about, "numPr")
        num, level = value(own, "numId"), value(own, "ilvl")
        at = whole(level) if level is not None else None
        if num is None:
            num, at = self._number_of_style(style, at)
        if num is None or num == "0":
            return ""
        written = self.numbers.next(num, at or 0)
        return written + ("　" if written and written[-1] not in ENDS else "")

    def _number_of_style(self, style: str, at: int | None) -> tuple[str | None, int | None]:
        name = style
        for _ in range(STYLE_DEPTH):
            found = self.styles.get(name)
            if found is None:
                break
            if found.num is not None:
                level = found.level if at is None else at
                return found.num, level if level is not None else self.numbers.level_of_style(found.num, name)
            name = found.based_on
        return None, at

    def _read(self, element: Element, written: Written) -> None:
        """Everything that is text within a paragraph, in its order."""
        for part in element:
            self._one(part, written)

    def _one(self, part: Element, written: Written) -> None:
        match part.tag:
            case "t":
                written.add(part.text or "")
            case "tab" | "ptab":
                written.add(" ")
            case "br" | "cr":
                written.lines.append("")
            case "noBreakHyphen":
                written.add("-")
            case "sym":
                written.add(_sign(part.get("char", "")))
            case "r":
                self._run(part, written)
            case "footnoteReference" | "endnoteReference":
                self.seen.notes.append((part.tag.removesuffix("Reference"), part.get("id", "")))
            case "del" | "moveFrom":
                self.seen.changes = True
            case "ins" | "moveTo":
                self.seen.changes = True
                self._read(part, written)
            case "txbxContent":
                written.boxes.append(part)
            case "pic" | "imagedata":
                self.seen.pictures += 1
                self._read(part, written)
            case "OLEObject":
                self.seen.objects += 1
            case tag if tag not in LEFT_OUT:
                self._read(part, written)

    def _run(self, run: Element, written: Written) -> None:
        about = run.find("rPr")
        vanish = child(about, "vanish")
        if vanish is not None and vanish.get("val", "1") not in ("0", "false", "off"):
            self.seen.hidden += any((t.text or "").strip() for t in run.iter("t"))
            return
        self._read(run, written)

    # ── Notes and doubts ─────────────────────────────────────────────────────

    def _notes(self) -> Iterator[Piece]:
        """The notes in the order in which the text calls them."""
        for kind, label in (("footnote", "脚注"), ("endnote", "尾注")):
            called = [id for told, id in self.seen.notes if told == kind]
            if not called:
                continue
            tree = self.parts.tree(f"word/{kind}s.xml")
            notes = {n.get("id", ""): n for n in tree.findall(kind)} if tree is not None else {}
            for n, id in enumerate(dict.fromkeys(called), 1):
                for element in notes[id].iter("p") if id in notes else ():
                    if (written := self._paragraph(element)) is not None:
                        yield from (Piece(line, f"{label}{n}") for line in written.lines)

    def doubts(self) -> list[str]:
        """What whoever handed it in should know of how it was read."""
        seen, found = self.seen, []
        if seen.changes:
            found.append("文件带有修订痕迹：插入的文字已读入，删除的文字未读入，请确认以修订后的文字为准")
        if comments := self._comments():
            found.append(f"文件有{comments}条批注，批注没有读入")
        if seen.hidden:
            found.append(f"文件有{seen.hidden}处隐藏文字，没有读入")
        if seen.pictures:
            found.append(f"文件有{seen.pictures}幅图片，图片里的文字读不到")
        if seen.objects:
            found.append(f"文件有{seen.objects}个嵌入的对象，其中的文字读不到")
        if seen.foreign:
            found.append("文件引入了另外的文档，引入的部分没有读入")
        return found

    def _comments(self) -> int:
        tree = self.parts.tree("word/comments.xml")
        return len(tree.findall("comment")) if tree is not None else 0


def _centred(about: Element | None) -> bool | None:
    """Is a paragraph set in the middle? None where it does not say."""
    told = value(about, "jc")
    return None if told is None else told == "center"


def _sign(code: str) -> str:
    """A sign by its code; one of a symbol font has no meaning outside it."""
    if not re.fullmatch("[0-9A-Fa-f]{4}", code):
        return ""
    return "" if "e000" <= code.lower() <= "f8ff" or "d800" <= code.lower() <= "dfff" else chr(int(code, 16))


class _Stream:
    """Hands over each outermost paragraph as a tree, with the cell it stands in: a long file needs little memory."""

    def __init__(self, seen: Seen, take: Callable[[Element, str], object]) -> None:
        self.seen, self.take = seen, take
        self.paragraphs = 0
        self.builder: Tree | None = None
        self.within = 0  # depth inside the paragraph being built
        self.tables: list[list[int]] = []  # [number, row, cell] of each table we are in
        self.count = 0
        self.skipping = 0  # depth inside what is not read: a table of contents, the fallback of a drawing
        self.size = 0

    def start(self, tag: str, about: dict[str, str], depth: int) -> None:
        if self.builder is not None:
            self.within += 1
            self.builder.start(tag, about)
            return
        if self.skipping or tag in ("Fallback", "sdtPr"):
            self.skipping += 1
            return
        match tag:
            case "p":
                self.builder, self.within = Tree(), 1
                self.builder.start(tag, about)
            case "tbl":
                if not self.tables:
                    self.count += 1
                self.tables.append([self.count, 0, 0])
            case "tr" if self.tables:
                self.tables[-1][1] += 1
                self.tables[-1][2] = 0
            case "tc" if self.tables:
                self.tables[-1][2] += 1
            case "altChunk":
                self.seen.foreign += 1

    def text(self, text: str) -> None:
        if self.builder is not None:
            self.size += len(text)
            if self.size > 5 * MOST_CHARACTERS:  # what was deleted too
                raise too_much()
            self.builder.data(text)

    def end(self, tag: str) -> None:
        if self.builder is not None:
            self.builder.end(tag)
            self.within -= 1
            if not self.within:
                self._done()
        elif self.skipping:
            self.skipping -= 1
        elif tag == "tbl" and self.tables:
            self.tables.pop()

    def _done(self) -> None:
        assert self.builder is not None
        element, self.builder = self.builder.close(), None
        self.paragraphs += 1
        if self.paragraphs > 3 * MOST_PIECES:  # empty ones too
            raise too_much()
        self.take(element, self._cell())

    def _cell(self) -> str:
        if not self.tables:
            return ""
        number, row, cell = self.tables[0]
        return f"表{number}第{row}行第{cell}列"


def read(data: bytes) -> tuple[list[Piece], list[str]]:
    document = Docx(data)
    return document.pieces(), document.doubts()
