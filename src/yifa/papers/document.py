"""An official document as plain data: what it says and in which place of the form, never how it looks.

One model serves the PDF, the Word file and the reading page. Its canonical text is what is sealed and hashed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

Form = Literal["letter", "document"]
FORMS: tuple[Form, ...] = ("letter", "document")  # 信函格式 to somebody; 文件格式 under a red header
VERSION = 1

# What no printed page can show and some can hide behind: control characters, byte order and bidirectional
# marks, unpaired surrogates, non-characters, and the few code points `template` uses as its own marks.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f\U000f0000-\U000f000f]"
)


class PaperError(ValueError):
    """A paper that cannot be written; to its author: what is wrong, where, what to do, and an id."""

    def __init__(self, id: str, what: str) -> None:
        super().__init__(f"{what} [yifa.{id}]")
        self.id = id


def clean(text: str) -> str:
    """The text without what cannot be printed; line ends are \\n, a tab is a space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return UNPRINTABLE.sub("", text)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `strong` is set in 黑体, as official documents emphasise."""

    text: str
    strong: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """一、 （一） 1. （1）: four levels, numbered when the document was written."""

    level: int
    mark: str
    runs: Runs


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph that is one of a numbered series."""

    mark: str
    runs: Runs


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `align` is one of l, c, r for each column."""

    align: str
    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]


Block = Heading | Paragraph | Item | Table


@dataclass(frozen=True, slots=True)
class Document:
    """One issued paper, by the elements GB/T 9704-2012 names."""

    title: str  # 标题; \n where the author breaks the line
    issuer: str = ""  # 发文机关标志, without 文件
    form: Form = "letter"
    number: str = ""  # 发文字号
    addressee: str = ""  # 主送机关 or the person written to, without the colon
    blocks: tuple[Block, ...] = ()  # 正文
    attachments: tuple[str, ...] = ()  # 附件说明
    signature: str = ""  # 发文机关署名
    on: date | None = None  # 成文日期
    note: str = ""  # 附注, without the brackets
    copy_to: tuple[str, ...] = ()  # 抄送机关
    printed_by: str = ""  # 印发机关
    copy_number: str = ""  # 份号
    secrecy: str = ""  # 密级和保密期限
    urgency: str = ""  # 紧急程度
    signer: str = ""  # 签发人, upward documents only

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise PaperError("E401", "A document has no title. Give it one.")
        if self.form not in FORMS:
            raise PaperError(
                "E402", f"“{self.form}” is no form of a document. Use one of {', '.join(FORMS)}."
            )
        for where, text in texts(self):
            if found := UNPRINTABLE.search(text):
                point = f"U+{ord(found.group()):04X}"
                raise PaperError(
                    "E403", f"{where} holds {point}, which cannot be printed. Use clean() first."
                )

    def canonical(self) -> str:
        """The document as one line of JSON: keys sorted, what is empty left out. `from_canonical` reads it back."""
        told: dict[str, Any] = {"v": VERSION}
        for f in fields(self):
            value = getattr(self, f.name)
            if value:
                told[f.name] = _PLAIN.get(f.name, _same)(value)
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_canonical(cls, text: str) -> Document:
        told = json.loads(text)
        if told.pop("v", None) != VERSION:
            raise PaperError("E404", "This document was written by a later edition of Yifa. Update first.")
        return cls(**{name: _READ.get(name, _same)(value) for name, value in told.items()})


def sha(document: Document, algo: str = "sha256") -> str:
    """The fingerprint that the ledger keeps of an issued paper."""
    return hashlib.new(algo, document.canonical().encode()).hexdigest()


def texts(document: Document) -> Iterator[tuple[str, str]]:
    """Every stretch of text the document holds, with the name of its place."""
    for f in fields(document):
        value = getattr(document, f.name)
        if isinstance(value, str):
            yield f.name, value
        elif isinstance(value, tuple) and f.name != "blocks":
            yield from ((f.name, part) for part in value)
    for block in document.blocks:
        for runs in (block.runs,) if not isinstance(block, Table) else (*block.head, *sum(block.rows, ())):
            yield from (("blocks", run.text) for run in runs)


# ── As plain data, and back ──────────────────────────────────────────────────


def _same(value: Any) -> Any:
    return value


def _plain_runs(runs: Runs) -> list[Any]:
    return [{"strong": run.text} if run.strong else run.text for run in runs]


def _read_runs(told: list[Any]) -> Runs:
    return tuple(Run(part["strong"], strong=True) if isinstance(part, dict) else Run(part) for part in told)


def plain_block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, mark, runs):
            return {"kind": "heading", "level": level, "mark": mark, "runs": _plain_runs(runs)}
        case Paragraph(runs):
            return {"kind": "paragraph", "runs": _plain_runs(runs)}
        case Item(mark, runs):
            return {"kind": "item", "mark": mark, "runs": _plain_runs(runs)}
        case Table(align, head, rows):
            return {
                "kind": "table",
                "align": align,
                "head": [_plain_runs(cell) for cell in head],
                "rows": [[_plain_runs(cell) for cell in row] for row in rows],
            }


def _read_block(told: Mapping[str, Any]) -> Block:
    match told["kind"]:
        case "heading":
            return Heading(told["level"], told["mark"], _read_runs(told["runs"]))
        case "paragraph":
            return Paragraph(_read_runs(told["runs"]))
        case "item":
            return Item(told["mark"], _read_runs(told["runs"]))
        case "table":
            rows = tuple(tuple(map(_read_runs, row)) for row in told["rows"])
            return Table(told["align"], tuple(map(_read_runs, told["head"])), rows)
        case kind:
            raise PaperError(
                "E404", f"A document holds a block of the kind “{kind}”, unknown here. Update first."
            )


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "blocks": lambda blocks: [plain_block(b) for b in blocks],
    "on": date.isoformat,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "blocks": lambda told: tuple(_read_block(b) for b in told),
    "on": date.fromisoformat,
    "attachments": tuple,
    "copy_to": tuple,
}
