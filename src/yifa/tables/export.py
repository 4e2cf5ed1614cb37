"""Lists written out: a workbook to print or send, or CSV for a program. Row by row, however many there are.

A text that a spreadsheet would run (it begins with =, +, -, @ or a tab) stays a text: as a string cell in a
workbook, behind an apostrophe in CSV (CWE-1236).
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter

HERE = ZoneInfo("Asia/Shanghai")
KINDS = ("text", "long", "date", "moment", "number", "money", "share", "yes_no", "any")
SHEET_ROWS = 1_048_576  # ECMA-376: rows of a sheet
CELL_CHARACTERS = 32_767  # and characters of a cell
LOOKED_AT = 1_000  # rows whose content decides how wide a column is
NARROWEST, WIDEST = 6, 48
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMATS = {
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "number": "#,##0",
    "money": "#,##0.00",
    "share": "0.0%",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list. `kind`: text, long, date, moment, number, money, share, yes_no, or any."""

    key: str
    label: str
    kind: str = "text"


def export(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    format: str = "xlsx",
    title: str = "",
    notes: Sequence[str] = (),
) -> bytes:
    """The list as the bytes of a file."""
    out = io.BytesIO()
    export_to(out, columns, rows, format=format, title=title, notes=notes)
    return out.getvalue()


def export_to(
    out: IO[bytes] | Path,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    format: str = "xlsx",
    title: str = "",
    notes: Sequence[str] = (),
) -> int:
    """Write the list into a file or stream, keeping no row in memory; how many rows there were."""
    if wrong := [c.key for c in columns if c.kind not in KINDS]:
        raise ValueError(
            f"Columns {wrong} have a kind that cannot be written. Use one of {KINDS}. [yifa.E620]"
        )
    if format == "xlsx":
        return _Workbook(out, columns, title, notes).write(rows)
    if format != "csv":
        raise ValueError(f"“{format}” is not a format of lists. Use xlsx or csv. [yifa.E621]")
    if isinstance(out, Path):
        with out.open("wb") as file:
            return sum(_write(file, piece) for piece in csv_lines(columns, rows)) - 1
    return sum(_write(out, piece) for piece in csv_lines(columns, rows)) - 1


def _write(out: IO[bytes], piece: bytes) -> int:
    out.write(piece)
    return 1


# ── CSV ──────────────────────────────────────────────────────────────────────


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The lines of a CSV file, for a streaming response: UTF-8 with the mark by which Excel knows it."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")

    def taken() -> bytes:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text.encode()

    writer.writerow([harmless(c.label) for c in columns])
    yield b"\xef\xbb\xbf" + taken()
    for row in rows:
        writer.writerow([_csv_cell(c.kind, v) for c, v in zip(columns, row, strict=True)])
        yield taken()


def harmless(text: str) -> str:
    """
    >>> harmless("=HYPERLINK(1)"), harmless("学法"), harmless("-5")
    ("'=HYPERLINK(1)", '学法', "'-5")
    """
    return f"'{text}" if text.startswith(RUNS) else text


def _csv_cell(kind: str, value: Any) -> str:
    value = told(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float, Decimal)) and kind != "text":
        return str(value)
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return harmless(str(value))


def told(value: Any) -> Any:
    """A fact as a cell's value: an outcome by its label, several texts joined."""
    if isinstance(value, Enum):
        return getattr(value, "label", value.name)
    if isinstance(value, (tuple, list, frozenset, set)):
        return "、".join(str(told(v)) for v in value)
    return value


def _local(value: datetime) -> datetime:
    return value.astimezone(HERE).replace(tzinfo=None) if value.tzinfo else value


# ── Excel ────────────────────────────────────────────────────────────────────


class _Workbook:
    """Written once from top to bottom; a sheet that is full is followed by the next."""

    def __init__(
        self, out: IO[bytes] | Path, columns: Sequence[Column], title: str, notes: Sequence[str]
    ) -> None:
        self.columns, self.title, self.notes = columns, title, notes
        self.folder = tempfile.TemporaryDirectory(prefix="yifa-export-")
        target = str(out) if isinstance(out, Path) else out
        self.book = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": self.folder.name})
        self.book.set_properties({"title": title, "created": datetime.now(UTC).replace(tzinfo=None)})
        self.head = self.book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
                "bg_color": "#EEF2F7",
            }
        )
        self.big = self.book.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.small = self.book.add_format({"font_color": "#555555", "text_wrap": False})
        base = {"border": 1, "border_color": "#C8CED6", "valign": "top"}
        self.wrapped = self.book.add_format({**base, "text_wrap": True})
        self.kept = self.book.add_format({**base, "text_wrap": True, "quote_prefix": True})
        self.formats = {
            k: self.book.add_format(
                {**base, "num_format": f, "align": "right" if k not in ("date", "moment") else "center"}
            )
            for k, f in FORMATS.items()
        }

    def write(self, rows: Iterable[Sequence[Any]]) -> int:
        total = 0
        source = iter(rows)
        row = next(source, None)
        sheets = 0
        while row is not None or sheets == 0:
            sheets += 1
            row, n = self._sheet(sheets, row, source)
            total += n
        self.book.close()
        self.folder.cleanup()
        return total

    def _sheet(
        self, number: int, row: Sequence[Any] | None, source: Iterator[Sequence[Any]]
    ) -> tuple[Sequence[Any] | None, int]:
        sheet = self.book.add_worksheet("数据" if number == 1 else f"数据{number}")
        at = self._top(sheet)
        widths = [_width(c.label) for c in self.columns]
        first = at
        while row is not None and at < SHEET_ROWS:
            for n, (column, value) in enumerate(zip(self.columns, row, strict=True)):
                text = self._cell(sheet, at, n, column.kind, value)
                if at - first < LOOKED_AT:
                    widths[n] = max(widths[n], text)
            at += 1
            row = next(source, None)
        for n, width in enumerate(widths):
            sheet.set_column(n, n, min(max(width + 2, NARROWEST), WIDEST))
        self._printing(sheet, first, max(at, first + 1))
        return row, at - first

    def _top(self, sheet: Any) -> int:
        """Title, notes, heading; the row the first record stands in."""
        at, last = 0, max(len(self.columns) - 1, 0)
        if self.title:
            sheet.set_row(0, 30)
            if last:
                sheet.merge_range(0, 0, 0, last, self.title, self.big)
            else:
                sheet.write_string(0, 0, self.title, self.big)
            at = 1
        for note in self.notes:
            sheet.write_string(at, 0, note, self.small)
            at += 1
        sheet.set_row(at, 24)
        for n, column in enumerate(self.columns):
            sheet.write_string(at, n, column.label, self.head)
        return at + 1

    def _printing(self, sheet: Any, first: int, end: int) -> None:
        """A4 landscape, as wide as the page, the heading on every page, page numbers (GB/T 9704 uses A4)."""
        last = max(len(self.columns) - 1, 0)
        sheet.freeze_panes(first, 0)
        sheet.autofilter(first - 1, 0, end - 1, last)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first - 1)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&L" + self.title.replace("&", "&&")[:80] + "&R第 &P 页，共 &N 页")

    def _cell(self, sheet: Any, at: int, n: int, kind: str, given: Any) -> int:
        """Write one cell; how wide its content is."""
        value: Any = told(given)
        if value is None or value == "":
            sheet.write_blank(at, n, None, self.wrapped)
            return 0
        if isinstance(value, bool):
            value = "是" if value else "否"
        if isinstance(value, datetime):
            sheet.write_datetime(at, n, _local(value), self.formats["moment"])
            return 16
        if isinstance(value, date):
            sheet.write_datetime(at, n, datetime(value.year, value.month, value.day), self.formats["date"])
            return 10
        if isinstance(value, int | float | Decimal) and kind != "text" and abs(float(value)) < 10**15:
            style = self.formats.get(kind, self.formats["number"] if kind == "number" else self.wrapped)
            sheet.write_number(at, n, float(value) if isinstance(value, Decimal) else value, style)
            return len(f"{value:,}") + 3
        text = str(value)
        if len(text) > CELL_CHARACTERS:
            text = text[: CELL_CHARACTERS - 12] + "…（全文见系统）"
        sheet.write_string(at, n, text, self.kept if text.startswith(RUNS) else self.wrapped)
        return max(map(_width, text.split("\n")))


def _width(text: str) -> int:
    """How wide a text is in a spreadsheet's units: a Chinese character takes two."""
    return sum(1 if c < "\u2e80" else 2 for c in text)
