"""PDF of a document, and pictures of charts, by the typesetter typst.

Nothing is asked of the system: typst and one font package come as wheels. A machine that has the office's own
typefaces (方正小标宋, 仿宋_GB2312, 楷体_GB2312, 黑体) is found to have them and sets the document in them.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from . import layout
from .document import Document, PaperError, Paragraph, Table
from .layout import FACES, Face
from .template import day

SOURCE = Path(__file__).with_name("gongwen.typ")
KEPT_WITH_SIGNATURE = 200  # characters: a longer last paragraph may part from what is signed
ARCHIVE = "a-2a"  # PDF/A-2a: conformance b, and the text in reading order for screen readers


def pdf(document: Document) -> bytes:
    """The document as PDF/A-2a; the same bytes for the same document on machines with the same typefaces.

    A character that no typeface here can show makes an archive file impossible; the document is then an
    ordinary PDF that shows a box in its place and still holds the character.
    """
    inputs = {
        "document": _data(document),
        "layout": json.dumps(_layout(document), ensure_ascii=False),
    }
    try:
        return _compile(_source(), inputs, _moment(document), ARCHIVE)
    except typst.TypstError as wrong:
        if "PDF/A" not in str(wrong):
            raise PaperError("E420", f"The typesetter refused the document: {wrong}.") from wrong
        return _compile(_source(), inputs, _moment(document), None)


def png(svg: str, width: int = 1000) -> bytes:
    """A chart as a picture `width` pixels wide, with the typefaces of the documents (Word needs pictures)."""
    page = (
        b"#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#set text(font: json(bytes(sys.inputs.fonts)))\n"
        b'#image(bytes(sys.inputs.svg), format: "svg", width: 500pt)'
    )
    inputs = {"svg": svg, "fonts": json.dumps(fonts()["hei"]["families"])}
    try:
        return bytes(
            typst.compile(page, font_paths=_fonts(), sys_inputs=inputs, format="png", ppi=width / 500 * 72)
        )
    except typst.TypstError as wrong:
        raise PaperError("E421", f"The chart is no SVG that can be drawn: {wrong}.") from wrong


def fonts() -> dict[str, dict[str, Any]]:
    """For each part, the families this machine has (best first), the weight, and the stroke that makes a thin
    one do for a heavy one."""
    here = frozenset(_fonts().families())
    return {part: _cast(face, here) for part, face in FACES.items()}


def _cast(face: Face, here: frozenset[str]) -> dict[str, Any]:
    families = [family for family in face.families if family in here]
    first = families[0] if families else ""
    thin = bool(face.heavy) and first == layout.SERIF
    return {
        "families": families or sorted(here)[:1],
        "weight": 700 if first in face.heavy else 400,
        "stroke": 0.022 if thin else 0,
    }


@cache
def _source() -> bytes:
    return SOURCE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """The typefaces of the machine, of the folder YIFA_FONTS, and of the font package; looked for once."""
    folders = [Path(named)] if (named := os.environ.get("YIFA_FONTS")) else []
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent)
    return typst.Fonts(font_paths=folders, include_system_fonts=True, include_embedded_fonts=False)


def _compile(source: bytes, inputs: dict[str, str], moment: int, standard: Any) -> bytes:
    return bytes(
        typst.compile(
            source,
            font_paths=_fonts(),
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=standard or [],
            timestamp=moment,
        )
    )


def _moment(document: Document) -> int:
    """The date the file says it was made: the paper's own, never the clock's."""
    return int(datetime.combine(document.on or layout.UNDATED, time(), UTC).timestamp())


def _data(document: Document) -> str:
    told = _breakable(json.loads(document.canonical()))
    tables = (block for block in document.blocks if isinstance(block, Table))
    for block in told.get("blocks", ()):
        if block["kind"] == "table":
            block["shares"] = layout.column_shares(next(tables))
    return json.dumps(told, ensure_ascii=False)


def _breakable(told: Any) -> Any:
    if isinstance(told, str):
        return layout.breakable(told)
    if isinstance(told, list):
        return [_breakable(part) for part in told]
    return {key: _breakable(part) for key, part in told.items()} if isinstance(told, dict) else told


def _layout(document: Document) -> dict[str, Any]:
    last = document.blocks[-1] if document.blocks else None
    short = isinstance(last, Paragraph) and len(layout.plain(last.runs)) <= KEPT_WITH_SIGNATURE
    dated = document.on or layout.UNDATED
    return {
        "top": layout.TOP,
        "left": layout.LEFT,
        "right": layout.RIGHT,
        "bottom": layout.BOTTOM,
        "body": layout.BODY,
        "pitch": layout.PITCH,
        "tracking": layout.TRACKING,
        "small": layout.SMALL,
        "cell": layout.CELL,
        "cell_pitch": layout.CELL_PITCH,
        "title": layout.TITLE,
        "title_pitch": layout.TITLE_PITCH,
        "page_number_below": layout.PAGE_NUMBER_BELOW,
        "red": layout.RED,
        "document_mark": layout.DOCUMENT_MARK,
        "document_rule": layout.DOCUMENT_RULE,
        "letter_mark": layout.LETTER_MARK,
        "letter_rule": layout.LETTER_RULE,
        "letter_foot": layout.LETTER_FOOT,
        "letter_width": layout.LETTER_WIDTH,
        "mark_spacing": layout.MARK_SPACING,
        "mark": layout.mark_size(_mark(document), document.form),
        "fonts": fonts(),
        "title_lines": layout.title_lines(document.title),
        "day": day(document.on) if document.on else "",
        "date": [dated.year, dated.month, dated.day],
        "note": layout.note(document.note) if document.note else "",
        "kept": int(short),
    }


def _mark(document: Document) -> str:
    return document.issuer + ("文件" if document.form == "document" else "")
