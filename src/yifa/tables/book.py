"""A workbook or CSV file somebody sent: what kind it is, whether it can be trusted, and its rows.

Nothing is believed before it is looked at: the kind is taken from the bytes, not the name; an archive is unpacked
piece by piece against a limit; a cell far out, which would make a reader fill the space between, is found first.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from .errors import SheetError

LARGEST_FILE = 100 * 2**20
LARGEST_UNPACKED = 1024 * 2**20  # 300,000 rows of 20 columns take about a quarter of it
MOST_PARTS = 5_000
MOST_CELLS = 24_000_000
MOST_COLUMNS = 500

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Grid:
    """One sheet: rows of cells from its very first row, merged ranges, and cells whose content is no value."""

    name: str
    visible: bool
    width: int
    rows: Iterator[list[Any]]
    merged: Sequence[Range] = ()
    faults: dict[tuple[int, int], str] = field(default_factory=dict)


class Book:
    """An opened file. `grid(name)` may be asked again and again; each time it starts at the first row."""

    kind = ""
    epoch_1904 = False

    def names(self) -> list[tuple[str, bool]]:
        """Name and visibility of each sheet, in order."""
        raise NotImplementedError

    def grid(self, name: str) -> Grid:
        raise NotImplementedError


def open_book(data: bytes, filename: str = "") -> Book:
    """The book in these bytes, or a `SheetError` that says what they are instead."""
    if not data.strip(b"\0 \t\r\n"):
        raise SheetError("E600", "文件是空的，里面没有任何内容。")
    if len(data) > LARGEST_FILE:
        raise SheetError("E603", f"文件超过{LARGEST_FILE // 2**20}MB，请拆成几个文件再导入。")
    if data.startswith(b"PK\x03\x04"):
        return _Excel(data, _look_inside(data))
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SheetError("E602", "工作簿设有打开密码，请去掉密码另存后再导入。")
        return _Excel(data, None)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<head", b"mime-version")):
        raise SheetError(
            "E605", "这个文件其实是网页或者 XML，不是工作簿；请用 Excel 或 WPS 打开它，另存为 .xlsx 再导入。"
        )
    if data.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
    ):
        raise SheetError("E601", "这不是 Excel 工作簿，也不是 CSV 文件，请导入 .xlsx、.xls 或者 .csv。")
    return _Csv(data, filename)


# ── Archives ─────────────────────────────────────────────────────────────────

_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E|<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y", re.IGNORECASE)
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FAR = tuple(
    (re.compile(rb'\br="[A-Z]{1,3}\d{%d}"' % digits), rows)
    for digits, rows in ((7, 1_048_576), (6, 999_999), (5, 99_999))
)
_WIDE = tuple((re.compile(rb'\br="[A-Z]{%d}\d' % letters), cols) for letters, cols in ((3, 16_384), (2, 702)))
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>(?!\s*</)')


def _look_inside(data: bytes) -> zipfile.ZipFile:
    """Unpack every part once against the limits, and refuse what a reader could choke on."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        names = {p.filename for p in parts}
        if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
            raise SheetError(
                "E601", "这是一个压缩包或者别的文档，不是 Excel 工作簿，请导入 .xlsx、.xls 或者 .csv。"
            )
        if "xl/workbook.bin" in names:
            raise SheetError("E601", "暂不读二进制工作簿（.xlsb），请另存为 .xlsx 再导入。")
        if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > LARGEST_UNPACKED:
            raise _too_much()
        left = LARGEST_UNPACKED
        for part in parts:
            left -= _look_at(archive, part, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as broken:
        if "encrypted" in str(broken) or "password" in str(broken):
            raise SheetError("E602", "工作簿设有打开密码，请去掉密码另存后再导入。") from None
        raise _damaged() from None
    return archive


def _too_much() -> SheetError:
    return SheetError("E603", f"工作簿解开后超过{LARGEST_UNPACKED // 2**20}MB，不像一张登记表，未予读取。")


def _damaged() -> SheetError:
    return SheetError("E604", "工作簿已经损坏，读不出来；请用 Excel 或 WPS 打开，另存一份再导入。")


def _look_at(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """The unpacked size of one part; its XML must declare no entities, its cells must lie near each other."""
    sheet = bool(_SHEET_PART.fullmatch(part.filename))
    size, kept = 0, []
    with archive.open(part) as stream:
        while piece := stream.read(2**20):
            if size == 0 and part.filename.endswith((".xml", ".rels")) and _DOCTYPE.search(piece[:8192]):
                raise SheetError("E609", "工作簿里声明了 XML 实体，正常的 Excel 文件没有这种内容，未予读取。")
            size += len(piece)
            if size > left:
                raise _too_much()
            if sheet:
                kept.append(piece)
    if sheet:
        _check_extent(b"".join(kept))
    return size


def _check_extent(xml: bytes) -> None:
    rows = next((n for pattern, n in _FAR if pattern.search(xml)), 9_999)
    columns = next((n for pattern, n in _WIDE if pattern.search(xml)), 26)
    if rows * columns <= MOST_CELLS:
        return
    rows = columns = 1
    for letters, row in (found.groups() for found in _FILLED.finditer(xml)):
        if len(letters) > 1 or len(row) > 4:
            rows, columns = max(rows, int(row)), max(columns, column_number(letters.decode()))
    if rows * columns > MOST_CELLS:
        raise SheetError(
            "E603",
            f"工作表一直填到第{rows}行、第{letter(columns - 1)}列，不像一张登记表，未予读取；"
            "请删去表格以外零散的内容再导入。",
        )


def letter(column: int) -> str:
    """The letters over a column, counted from 0.

    >>> [letter(n) for n in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    text, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(letters: str) -> int:
    """
    >>> [column_number(t) for t in ("A", "Z", "AA", "XFD")]
    [1, 26, 27, 16384]
    """
    n = 0
    for c in letters:
        n = n * 26 + ord(c) - 64
    return n


# ── Excel ────────────────────────────────────────────────────────────────────


class _Excel(Book):
    def __init__(self, data: bytes, archive: zipfile.ZipFile | None) -> None:
        self.kind = "xlsx" if archive else "xls"
        self.archive = archive
        self.epoch_1904 = bool(archive) and self._epoch()
        try:
            self.book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        except PasswordError:
            raise SheetError("E602", "工作簿设有打开密码，请去掉密码另存后再导入。") from None
        except (CalamineError, OSError, ValueError) as wrong:
            if "password" in str(wrong).lower() or "encrypt" in str(wrong).lower():
                raise SheetError("E602", "工作簿设有打开密码，请去掉密码另存后再导入。") from None
            if archive is None and "Workbook" in str(wrong):
                raise SheetError("E601", "这是 Word 等其他 Office 文档，不是 Excel 工作簿。") from None
            raise _damaged() from None
        except BaseException as panic:  # a panic of the reader's own language is no Exception
            if type(panic).__name__ != "PanicException":
                raise
            raise _damaged() from None

    def _epoch(self) -> bool:
        assert self.archive is not None
        head = self.archive.read("xl/workbook.xml")
        return bool(re.search(rb'\bdate1904="(?:1|true)"', head))

    def names(self) -> list[tuple[str, bool]]:
        return [(s.name, s.visible == SheetVisibleEnum.Visible) for s in self.book.sheets_metadata]

    def grid(self, name: str) -> Grid:
        try:
            sheet = self.book.get_sheet_by_name(name)
        except CalamineError:
            return Grid(name, False, 0, iter(()))  # a chart, or a sheet that cannot be read
        visible = dict(self.names())[name]
        width = sheet.end[1] + 1 if sheet.end else 0
        return Grid(name, visible, width, _rows(sheet), sheet.merged_cell_ranges or (), self._faults(name))

    def _faults(self, name: str) -> dict[tuple[int, int], str]:
        """Cells that show an error, and formulas nobody has calculated: a reader gives them as empty."""
        if self.archive is None or (part := self._part(name)) is None:
            return {}
        xml = self.archive.read(part)
        faults = {}
        if b't="e"' in xml:
            for found in _ERROR.finditer(xml):
                faults[_place(found)] = found[3].decode("utf-8", "replace") or "#错误"
        if b"<f" in xml:
            for found in _UNCALCULATED.finditer(xml):
                faults[_place(found)] = "公式"
        return faults

    def _part(self, name: str) -> str | None:
        """Where in the archive a sheet lies (ECMA-376 part 2, relationships)."""
        assert self.archive is not None
        try:
            book = ElementTree.fromstring(self.archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(self.archive.read("xl/_rels/workbook.xml.rels"))
        except (KeyError, ElementTree.ParseError):
            return None
        targets = {r.get("Id"): r.get("Target", "") for r in links}
        for sheet in book.iter():
            if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
                ids = [v for k, v in sheet.attrib.items() if k.endswith("}id")]
                target = targets.get(ids[0] if ids else "", "").lstrip("/")
                path = target if target.startswith("xl/") else f"xl/{target}"
                return path if path in self.archive.namelist() else None
        return None


_ERROR = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>(?:<(?:\w+:)?f[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?'
    rb"<(?:\w+:)?v>([^<]*)<"
)
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def _place(found: re.Match[bytes]) -> tuple[int, int]:
    return int(found[2]) - 1, column_number(found[1].decode()) - 1


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """Rows from row 1 and column A, wherever the sheet's content begins."""
    if sheet.start is None:
        return
    lead: list[Any] = [None] * sheet.start[1]
    for row in sheet.iter_rows():
        yield (
            [*lead, *(None if c == "" else c for c in row)] if lead else [None if c == "" else c for c in row]
        )


# ── CSV ──────────────────────────────────────────────────────────────────────

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class _Csv(Book):
    kind = "csv"

    def __init__(self, data: bytes, filename: str) -> None:
        self.text = decoded(data)
        self.name = re.sub(r"\.\w+$", "", filename) or "CSV"
        self.delimiter = _delimiter(self.text)

    def names(self) -> list[tuple[str, bool]]:
        return [(self.name, True)]

    def grid(self, name: str) -> Grid:
        width = max((len(r) for _, r in zip(range(200), self._rows(), strict=False)), default=0)
        return Grid(self.name, True, width, self._rows())

    def _rows(self) -> Iterator[list[Any]]:
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        try:
            for row in reader:
                yield [c if c else None for c in row]
        except csv.Error:
            raise SheetError(
                "E604",
                f"CSV 文件第{reader.line_num}行的引号或者长度不对，请用 Excel 或 WPS 打开，另存一份再导入。",
            ) from None


def decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-8, or GB18030 as Chinese Excel and WPS save it."""
    for mark, name in BOMS:
        if data.startswith(mark):
            return _strictly(data, name)
    if b"\0" in data[:4096]:
        raise SheetError("E601", "这不是 Excel 工作簿，也不是 CSV 文件，请导入 .xlsx、.xls 或者 .csv。")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        raise SheetError(
            "E606",
            f"CSV 文件第{line}行有读不出的字，文件既不是 UTF-8 也不是 GB18030 编码；请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。",
        ) from None


def _delimiter(text: str) -> str:
    """Comma, tab or semicolon: the one that parts the first lines most."""
    head = "\n".join(text.splitlines()[:30])
    return max(",\t;", key=lambda d: (head.count(d), d == ","))
