"""Word file of a document, in the same layout as its PDF, for offices that edit, sign and file in Word or WPS.

python-docx carries the file; the grid of lines, the typefaces by script and the page numbers on odd and even
pages are what it has no words for, and are written as the format's own elements.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from docx import Document as new_file
from docx.document import Document as File
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run as Stretch

from . import layout
from .document import Block, Document, Heading, Runs, Table
from .layout import FACES
from .template import day

GRID_PITCH = 579  # twentieths of a point: 22 lines on 225 mm
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
SIDES = {"l": LEFT, "c": CENTRE, "r": RIGHT}
HEADING_FACES = ("hei", "kai", "fang", "fang")
CHARACTER = layout.BODY + layout.TRACKING
_AFTER_BORDERS = tuple(  # the order a paragraph's properties must have in the file
    f"w:{name}"
    for name in (
        "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
        "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
        "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId",
        "cnfStyle", "rPr", "sectPr", "pPrChange",
    )
)  # fmt: skip


def docx(document: Document) -> bytes:
    """The document as .docx; the same bytes for the same document."""
    file = new_file()
    _page(file, document)
    _properties(file, document)
    if document.form == "letter":
        _letter_head(file, document)
    else:
        _document_head(file, document)
    _title(file, document)
    if document.addressee:
        _say(file, f"{document.addressee}：")
    for block in document.blocks:
        _block(file, block)
    _signed(file, document)
    _imprint(file, document)
    raw = io.BytesIO()
    file.save(raw)
    return _timeless(raw.getvalue())


# ── The page ─────────────────────────────────────────────────────────────────


def _page(file: File, document: Document) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(layout.PAPER[0]), Mm(layout.PAPER[1])
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.LEFT), Mm(layout.RIGHT)
    section.header_distance = Mm(layout.LETTER_MARK)
    section.footer_distance = Mm(layout.LETTER_FOOT)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(GRID_PITCH))
    _body_style(file)
    file.settings.element.find(qn("w:characterSpacingControl")).set(qn("w:val"), "compressPunctuation")
    file.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _page_number(footer.paragraphs[0], side)
    if document.form == "letter":
        section.different_first_page_header_footer = True
        _letter_page(section)


def _body_style(file: File) -> None:
    style = file.styles["Normal"]
    style.font.size = Pt(layout.BODY)
    _fonts(style.element.get_or_add_rPr(), "fang")
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(GRID_PITCH / 20)
    form.widow_control = False
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gap between Chinese and 2023 or ABC
        _switch_off(style.element.get_or_add_pPr(), name)


def _page_number(line: Line, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, 7 mm below 版心: one character in from the outer edge."""
    _exactly(line, layout.SMALL)
    line.alignment = side
    below = layout.BOTTOM - layout.PAGE_NUMBER_BELOW - layout.LETTER_FOOT - layout.SMALL / layout.MM
    line.paragraph_format.space_after = Pt(max(0.0, below) * layout.MM)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(layout.SMALL)
    _put(line, "— ", "song", layout.SMALL, tracking=0)
    number = _put(line, "", "song", layout.SMALL, tracking=0)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        number._r.append(_field(kind, text))
    _put(line, " —", "song", layout.SMALL, tracking=0)


def _field(kind: str, text: str) -> Any:
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = text
    return code


def _letter_page(section: Any) -> None:
    """信函格式: the first page bears no number but the lower double line."""
    line = section.first_page_footer.paragraphs[0]
    _exactly(line, 2)
    _wide(line)
    _border(line, "bottom", "thinThickSmallGap", 24, layout.RED, 0)


def _properties(file: File, document: Document) -> None:
    about = file.core_properties
    about.title = document.title.replace("\n", "")[:255]
    about.author = about.last_modified_by = document.issuer[:255]
    about.subject, about.keywords, about.comments, about.revision = document.number[:255], "", "", 1
    about.created = about.modified = datetime.combine(document.on or layout.UNDATED, time())


# ── The head ─────────────────────────────────────────────────────────────────


def _letter_head(file: File, document: Document) -> None:
    """The mark stands in the first page's header, so that it may begin above 版心."""
    size = layout.mark_size(document.issuer, "letter")
    header = file.sections[0].first_page_header
    line = header.paragraphs[0]
    _exactly(line, size)
    _wide(line)
    line.alignment = CENTRE
    _mark(line, document.issuer, size)
    _border(line, "bottom", "thickThinSmallGap", 24, layout.RED, layout.LETTER_RULE * layout.MM)
    line.paragraph_format.space_after = Pt(7 / 8 * layout.BODY - (layout.PITCH - layout.BODY) / 2)
    left = [text for text in (document.copy_number, document.secrecy, document.urgency) if text]
    for n in range(max(1, len(left))):
        row = file.add_paragraph()
        _right_tab(row, Mm(layout.WIDTH))
        if n < len(left):
            _put(row, left[n], "hei" if left[n] != document.copy_number else "fang")
        if n == 0 and document.number:
            _put(row, f"\t{document.number}")
    _blank(file, 2)


def _document_head(file: File, document: Document) -> None:
    above = [t for t in (document.copy_number, document.secrecy, document.urgency) if t]
    for text in above:
        _say(file, text, face="fang" if text == document.copy_number else "hei")
    text = f"{document.issuer}文件"
    size = layout.mark_size(text, "document")
    mark = file.add_paragraph()
    _exactly(mark, size * 1.1)
    mark.alignment = CENTRE
    mark.paragraph_format.space_before = Pt(
        max(0.0, layout.DOCUMENT_MARK * layout.MM - len(above) * layout.PITCH)
    )
    _mark(mark, text, size)
    _blank(file, 2)
    number = file.add_paragraph()
    if document.signer:
        number.paragraph_format.left_indent = number.paragraph_format.right_indent = Pt(CHARACTER)
        stop = layout.WIDTH * layout.MM - CHARACTER
        _right_tab(number, Pt(stop))
        _put(number, f"{document.number}\t签发人：")
        _put(number, document.signer, "kai")
    else:
        number.alignment = CENTRE
        _put(number, document.number)
    spare = (layout.PITCH - layout.BODY) / 2
    _border(number, "bottom", "single", 18, layout.RED, layout.DOCUMENT_RULE * layout.MM - spare)
    _blank(file, 2)


def _title(file: File, document: Document) -> None:
    line = file.add_paragraph()
    _exactly(line, layout.TITLE_PITCH)
    line.alignment = CENTRE
    line.paragraph_format.keep_with_next = True
    for n, part in enumerate(layout.title_lines(document.title)):
        run = _put(line, part, "biao", layout.TITLE, tracking=0, before_break=n > 0)
        run.bold = False
    _outline(line, 0)
    _blank(file, 1)


# ── The body ─────────────────────────────────────────────────────────────────


def _block(file: File, block: Block) -> None:
    if isinstance(block, Table):
        _table(file, block)
        return
    line = file.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _indent(line)
    face = "fang"
    if isinstance(block, Heading):
        face = HEADING_FACES[block.level - 1]
        line.paragraph_format.keep_with_next = True
        _outline(line, block.level)
    if mark := getattr(block, "mark", ""):
        _put(line, mark, face)
    _put_runs(line, block.runs, face)


def _table(file: File, block: Table) -> None:
    table = file.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = [Mm(layout.WIDTH * share) for share in layout.column_shares(block)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _row(table, block.head, "c" * len(block.head), widths, face="hei")
    _repeated(table.rows[0])
    for row in block.rows:
        _row(table, row, block.align, widths)


def _row(table: Any, cells: Sequence[Runs], align: str, widths: list[Any], face: str = "fang") -> None:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    for cell, runs, side, width in zip(row._tr.tc_lst, cells, align, widths, strict=True):
        cell.width = width
        line = Line(cell.p_lst[0], table)
        _exactly(line, layout.CELL_PITCH)
        line.alignment = SIDES[side]
        _put_runs(line, runs, face, layout.CELL, tracking=0)


def _repeated(row: Any) -> None:
    """The head stands again on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


# ── What is signed ───────────────────────────────────────────────────────────


def _signed(file: File, document: Document) -> None:
    kept: list[Line] = file.paragraphs[-1:]
    if document.attachments:
        kept += _blank(file, 1)
    many = len(document.attachments) > 1
    for n, name in enumerate(document.attachments):
        line = file.add_paragraph()
        hang = (4 if many else 3) * CHARACTER
        line.paragraph_format.left_indent = Pt(2 * CHARACTER + hang)
        line.paragraph_format.first_line_indent = Pt(-hang if n == 0 else -hang + 3 * CHARACTER)
        kept.append(line)
        _put(line, ("附件：" if n == 0 else "") + (f"{n + 1}." if many else "") + name)
    if document.signature or document.on:
        for line in [*kept, *_blank(file, 2)]:  # no page carries a seal alone
            line.paragraph_format.keep_with_next = True
    written = day(document.on) if document.on else ""
    if document.signature:
        from_right = max(0.0, 4 + (layout.ems(written) - layout.ems(document.signature)) / 2)
        line = _say(file, document.signature, side=RIGHT, indent=False)
        line.paragraph_format.right_indent = Pt(from_right * CHARACTER)
        line.paragraph_format.keep_with_next = bool(written)
    if written:
        line = _say(file, written, side=RIGHT, indent=False)
        line.paragraph_format.right_indent = Pt(4 * CHARACTER)
    if document.note:
        _indent(_say(file, layout.note(document.note)))


def _imprint(file: File, document: Document) -> None:
    """版记, at the foot of the text: on which page it ends up, Word alone knows; the clerk moves it to the last."""
    printed_on = f"{day(document.on)}印发" if document.on else ""
    rows = [
        (f"抄送：{'，'.join(document.copy_to)}。" if document.copy_to else "", ""),
        (document.printed_by, printed_on if document.printed_by else ""),
    ]
    texts = [row for row in rows if any(row)]
    if not texts:
        return
    _blank(file, 1)
    table = file.add_table(rows=len(texts), cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for n, (row, (left, right)) in enumerate(zip(table.rows, texts, strict=True)):
        cells = row.cells if right else (row.cells[0].merge(row.cells[1]),)
        for cell, text, side in zip(cells, (left, right), (LEFT, RIGHT), strict=False):
            _imprinted(cell.paragraphs[0], text, side)
            if document.form == "document":
                _lines(cell, 8 if n == 0 else 6, 8 if n == len(texts) - 1 else 6)


def _imprinted(line: Line, text: str, side: WD_ALIGN_PARAGRAPH) -> None:
    _exactly(line, 24)
    line.alignment = side
    hang = 3 if text.startswith("抄送：") else 0
    form = line.paragraph_format
    form.left_indent, form.right_indent = Pt((hang + 0.6) * layout.SMALL), Pt(0.6 * layout.SMALL)
    form.first_line_indent = Pt(-hang * layout.SMALL)
    _put(line, text, size=layout.SMALL, tracking=0)


def _lines(cell: Any, top: int, bottom: int) -> None:
    """Lines over and under a row: the outer ones 0.35 mm, those between 0.25 mm; in eighths of a point."""
    borders = OxmlElement("w:tcBorders")
    for side, eighths in (("top", top), ("bottom", bottom)):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", eighths), ("space", 0), ("color", "000000")):
            edge.set(qn(f"w:{name}"), str(value))
        borders.append(edge)
    cell._tc.get_or_add_tcPr().append(borders)


# ── Lines and characters ─────────────────────────────────────────────────────


def _say(file: File, text: str, *, side: Any = None, face: str = "fang", indent: bool = False) -> Line:
    line = file.add_paragraph()
    if side is not None:
        line.alignment = side
    if indent:
        _indent(line)
    _put(line, text, face)
    return line


def _blank(file: File, n: int) -> list[Line]:
    return [file.add_paragraph() for _ in range(n)]


def _put_runs(
    line: Line, runs: Runs, face: str, size: float = layout.BODY, tracking: float = layout.TRACKING
) -> None:
    for run in runs:
        _put(line, run.text, "hei" if run.strong else face, size, tracking)


def _put(
    line: Line,
    text: str,
    face: str = "fang",
    size: float = layout.BODY,
    tracking: float = layout.TRACKING,
    before_break: bool = False,
) -> Stretch:
    run = line.add_run()
    if before_break:
        run.add_break()
    if text:
        run.add_text(text)
    properties = run._r.get_or_add_rPr()
    _fonts(properties, face)
    if tracking:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round(tracking * 20)))
        properties.append(spacing)
    run.font.size = Pt(size)
    return run


def _mark(line: Line, text: str, size: float) -> None:
    run = _put(line, text, "biao", size, size * layout.MARK_SPACING)
    run.font.color.rgb = RGBColor.from_string(layout.RED.upper())


def _fonts(properties: Any, face: str) -> None:
    """One typeface for Chinese and for everything else, as the theme of the empty file would choose otherwise."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FACES[face].word)
    fonts.set(qn("w:hint"), "eastAsia")


def _exactly(line: Line, points: float) -> None:
    form = line.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)
    _switch_off(line._p.get_or_add_pPr(), "w:snapToGrid")


def _switch_off(properties: Any, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "0")
    properties.insert_element_before(mark, *_AFTER_BORDERS[_AFTER_BORDERS.index(name) + 1 :])


def _right_tab(line: Line, position: Length) -> None:
    line.paragraph_format.tab_stops.add_tab_stop(position, WD_TAB_ALIGNMENT.RIGHT)


def _indent(line: Line) -> None:
    """Two characters, told as characters too: Word keeps them when a clerk changes the size."""
    line.paragraph_format.first_line_indent = Pt(2 * CHARACTER)
    line._p.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "200")


def _wide(line: Line) -> None:
    """The letter's double lines are 170 mm wide, 7 mm more than 版心 on either side of the page's middle."""
    edge = (layout.PAPER[0] - layout.LETTER_WIDTH) / 2
    line.paragraph_format.left_indent = Mm(edge - layout.LEFT)
    line.paragraph_format.right_indent = Mm(edge - layout.RIGHT)


def _outline(line: Line, level: int) -> None:
    """The level in Word's navigation, without Word's own headings."""
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level))
    line._p.get_or_add_pPr().append(mark)


def _border(line: Line, side: str, kind: str, eighths: int, colour: str, space: float) -> None:
    properties = line._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", eighths), ("space", round(space)), ("color", colour.upper())):
        edge.set(qn(f"w:{name}"), str(value))
    borders.append(edge)


def _timeless(raw: bytes) -> bytes:
    """The same parts in the same order, every one dated alike: equal documents make equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            after.writestr(entry, before.read(part))
    return out.getvalue()
