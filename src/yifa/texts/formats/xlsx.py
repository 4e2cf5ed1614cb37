"""Workbooks: every cell that holds anything, with its place: “表名 B7”. Hidden sheets are not read.

`tables` opens them: a workbook to be reviewed deserves no less distrust than one to be imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from yifa.tables.book import Book, letter, open_book
from yifa.tables.errors import SheetError

from .pieces import Piece, Unread, bounded

IDS = {"E602": "E883", "E603": "E882", "E609": "E884"}  # password, size, entities


def read(data: bytes) -> tuple[list[Piece], list[str]]:
    try:
        book = open_book(data)
        hidden = [name for name, visible in book.names() if not visible]
        pieces = list(bounded(_cells(book, hidden)))
    except SheetError as wrong:
        raise Unread(IDS.get(wrong.id, "E881"), wrong.sentence.replace("导入", "提交").rstrip("。")) from None
    doubts = [f"工作表“{name}”是隐藏的，没有读入" for name in hidden]
    return pieces, doubts


def _cells(book: Book, hidden: list[str]) -> Iterator[Piece]:
    for name, _ in book.names():
        if name in hidden:
            continue
        for row, cells in enumerate(book.grid(name).rows, 1):
            for column, cell in enumerate(cells):
                if text := shown(cell).strip():
                    yield Piece(text, f"{name} {letter(column)}{row}")


def shown(cell: Any) -> str:
    """A cell's value as people read it."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            day = f"{cell.year}年{cell.month}月{cell.day}日"
            return day if cell.time() == time() else f"{day}{cell:%H:%M}"
        case date():
            return f"{cell.year}年{cell.month}月{cell.day}日"
        case time() | timedelta():
            return str(cell)
    return str(cell)
