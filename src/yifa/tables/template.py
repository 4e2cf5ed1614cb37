"""An empty workbook for a procedure, to start from: headings, help and article as comments, choices to pick.

Whatever stands in it is read back by the importer: 必填 in brackets is a remark, the example row is left out.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from yifa.procedure import Ask, Procedure, Step, registry, typed_of

from .errors import SheetError
from .headings import EXAMPLE, later_steps
from .parse import key_of

ROWS = 2_000  # rows prepared for filling in
EXAMPLE_DAY = date(2024, 3, 5)
CHOICES_SHEET = "选项"
LONGEST_MESSAGE = 255  # what Excel lets an input message hold


def template(family: str, *, steps: Sequence[str] = (), office: bool = False) -> bytes:
    """The workbook an official can start from.

    `steps`: keys of later steps whose columns are wanted too (答复日期, 答复类型). `office`: with a column for the
    office, for a list of several offices.
    """
    try:
        procedure = registry().family(family)
    except KeyError:
        raise SheetError("E615", f"没有“{family}”这个程序。") from None
    opening = next((s for s in procedure.opening() if not s.public), procedure.opening()[0])
    later = [s for s in later_steps(procedure) if s.key in steps]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    _Template(book, procedure, [opening, *later], office=office).write()
    book.close()
    return out.getvalue()


class _Template:
    def __init__(
        self, book: xlsxwriter.Workbook, procedure: type[Procedure], steps: list[Step[Any]], *, office: bool
    ) -> None:
        self.book, self.procedure, self.steps, self.office = book, procedure, steps, office
        self.sheet = book.add_worksheet(procedure.title[:31])
        self.choices = book.add_worksheet(CHOICES_SHEET)
        self.choices.hide()
        self.lists = 0
        head = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        self.must = book.add_format({**head, "bg_color": "#DCE6F5"})
        self.may = book.add_format({**head, "bg_color": "#F1F3F6"})
        self.sample = book.add_format({"italic": True, "font_color": "#8A8F98", "num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.sample_day = book.add_format(
            {"italic": True, "font_color": "#8A8F98", "num_format": "yyyy-mm-dd"}
        )
        self.text = book.add_format({"num_format": "@"})
        self.plain = book.add_format()

    def write(self) -> None:
        big = self.book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        columns = self._columns()
        self.sheet.merge_range(0, 0, 0, len(columns) - 1, f"{self.procedure.title}（填报模板）", big)
        self.sheet.set_row(0, 30)
        self.sheet.set_row(1, 36)
        for n, (heading, required, comment, value, ask) in enumerate(columns):
            self.sheet.write_string(1, n, heading, self.must if required else self.may)
            if comment:
                self.sheet.write_comment(1, n, comment, {"x_scale": 2, "y_scale": 1.2})
            self._prepare(n, heading, value, ask)
        self.sheet.freeze_panes(2, 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(1)
        self.sheet.set_footer("&R第 &P 页，共 &N 页")

    def _columns(self) -> list[tuple[str, bool, str, Any, Ask | None]]:
        """Heading, required, comment, example, question of each column."""
        found: list[tuple[str, bool, str, Any, Ask | None]] = [("序号", False, "", EXAMPLE, None)]
        if self.office:
            found.append(("承办单位", False, "机关全称；不填的，记在导入人所在机关名下", "", None))
        for n, step in enumerate(self.steps):
            must = n == 0
            on = step.asks.on_label
            if not must and not key_of(on).startswith(key_of(step.label)):
                on = f"{step.label}日期"
            said = f"{step.label}（{step.cite}）"
            found.append((on + ("（必填）" if must else ""), must, said, EXAMPLE_DAY, None))
            for ask in (a for a in typed_of(step.asks) if not a.document):
                label = ask.label if must or ask.label.startswith(step.label) else step.label + ask.label
                required = must and ask.required
                heading = label + ("（必填）" if required else "")
                found.append((heading, required, _comment(ask), _example(ask), ask))
        return found

    def _prepare(self, n: int, heading: str, value: Any, ask: Ask | None) -> None:
        """The column's format, what may be picked in it, and the example."""
        kind = date if ask is None and isinstance(value, date) else ask.kind if ask else None
        style = self.day if kind is date else self.plain if kind in (int, Decimal) else self.text
        width = max(12, min(36, 2 * len(heading) + 2))
        self.sheet.set_column(n, n, 8 if n == 0 else width, style if n else None)
        if isinstance(value, date):
            self.sheet.write_datetime(2, n, _at(value), self.sample_day)
        elif isinstance(value, int) and not isinstance(value, bool):
            self.sheet.write_number(2, n, value, self.sample)
        elif value:
            self.sheet.write_string(2, n, str(value), self.sample)
        if rule := self._rule(kind, ask):
            self.sheet.data_validation(2, n, ROWS, n, rule)

    def _rule(self, kind: Any, ask: Ask | None) -> dict[str, Any] | None:
        if ask and ask.choices:
            return self._list([c.label for c in ask.choices], "请从列表里选一项")
        if kind is bool:
            return self._list(["是", "否"], "请填“是”或者“否”")
        if kind is date:
            return {
                "validate": "date", "criteria": "between", "minimum": date(1949, 10, 1), "maximum": date(2199, 12, 31),
                "error_title": "日期", "error_message": "请填日期，如 2024-03-05", "error_type": "warning",
            }  # fmt: skip
        return None

    def _list(self, labels: list[str], message: str) -> dict[str, Any]:
        """Choices stand in a sheet of their own: a list inside the rule may hold 255 characters at most."""
        n, self.lists = self.lists, self.lists + 1
        self.choices.write_column(0, n, labels)
        column = xlsxwriter.utility.xl_col_to_name(n, True)
        return {
            "validate": "list", "source": f"={CHOICES_SHEET}!{column}$1:{column}${len(labels)}",
            "error_title": "选项", "error_message": message,
        }  # fmt: skip


def _at(day: date) -> Any:

    return datetime(day.year, day.month, day.day)


def _comment(ask: Ask) -> str:
    lines = [ask.help] if ask.help else []
    if ask.unit:
        lines.append(f"单位：{ask.unit}")
    if ask.many:
        lines.append("几个之间用顿号隔开")
    if ask.sealed:
        lines.append("个人信息，加密保存")
    if ask.cite:
        lines.append(str(ask.cite))
    return "\n".join(lines)[:LONGEST_MESSAGE]


def _example(ask: Ask) -> Any:
    if ask.choices:
        return ask.choices[0].label
    if ask.many:
        return "张某、李某某"
    if ask.kind is date:
        return EXAMPLE_DAY
    if ask.kind is bool:
        return "是"
    if ask.kind in (int, Decimal):
        return 1
    return "……" if ask.required else ""
