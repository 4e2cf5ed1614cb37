"""The table in a workbook: which sheet, where its heading stands, which rows are its rows.

Blank rows, totals, section titles, repeated headings, examples and notes are recognised, left out, and reported
one by one; nothing under the heading disappears without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from .book import MOST_COLUMNS, Book, Grid, Range
from .errors import SheetError
from .headings import EXAMPLE, Column, Vocabulary, candidates, match, missing, score
from .parse import blank, key_of, shown, year_in

HEAD_ROWS = 30  # how far down a heading may stand
DEEPEST = 3  # rows a heading may have

BLANK, TOTAL, NOTE, SECTION, AGAIN, SAMPLE = "空行", "合计行", "表下说明", "分节标题", "重复的表头", "示例行"
_TOTAL = re.compile(r"(合计|小计|总计|累计|本页合计|共计|总数|合\s*计)")
_NOTE = re.compile(
    r"(备?注[:：\d]|说明[:：]|填表说明|填报说明|填报人|填表人|制表|审核人?[:：]|单位负责人|负责人[:：]|联系人[:：]|填报(日期|单位|时间)"
    r"|打印(日期|时间)|导出时间|第\d+页|共\d+页|以上|以下空白|本表|数据来源)"
)
_HAS_DAY = re.compile(r"\d\s*[日号./-]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table; `number` is what the sheet shows beside it."""

    number: int
    cells: list[Any]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not part of the table, what it is, and what it says."""

    number: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"第{self.number}行：{self.kind}" + (f"（{self.text}）" if self.text else "")


@dataclass
class Table:
    """The table that was found. `rows()` may be walked once."""

    sheet: str
    heading_rows: tuple[int, int]
    title: str
    columns: list[Column]
    problems: list[str]
    notes: list[str]
    year: int | None
    epoch_1904: bool
    faults: Mapping[tuple[int, int], str]
    _body: Iterator[list[Any]] = field(repr=False)
    _merged: Sequence[Range] = field(repr=False, default=())

    def column(self, key: str) -> Column | None:
        return next((c for c in self.columns if c.target and c.target.key == key), None)

    def rows(self) -> Iterator[Row | Skipped]:
        """Every row below the heading, or what it was left out as."""
        return _Body(self).walk(self._body)


def find_table(
    book: Book,
    vocabulary: Vocabulary,
    *,
    filename: str = "",
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Table:
    """The sheet that answers most, and the table in it. Raises `SheetError` when no sheet has one."""
    best: _Found | None = None
    wide: list[str] = []
    others: list[str] = []
    shown_sheets = [name for name, visible in book.names() if visible or name == sheet]
    hidden = [name for name, visible in book.names() if not visible]
    for name in shown_sheets if sheet is None else [s for s in shown_sheets if s == sheet]:
        grid = book.grid(name)
        if grid.width > MOST_COLUMNS:
            wide.append(f"“{name}”有{grid.width}列")
            continue
        found = _look(grid, vocabulary)
        if found and (best is None or found.score > best.score):
            best = found
        if found:
            others.append(name)
    if best is None:
        raise _nothing(vocabulary, shown_sheets, hidden, wide)
    notes = [f"没有读工作表{w}，超过{MOST_COLUMNS}列的上限。" for w in wide]
    rest = [n for n in others if n != best.grid.name]
    if rest:
        names = "、".join(f"“{n}”" for n in rest)
        notes.append(f"工作簿里还有工作表{names}也像登记表，本次只读“{best.grid.name}”；其余请另外导入。")
    if book.kind == "xls":
        notes.append("这是旧格式（.xls），出错的公式在里面和空格分不开；有公式的，请另存为 .xlsx 再导入。")
    if hidden:
        notes.append(f"隐藏的工作表{'、'.join(f'“{n}”' for n in hidden)}没有读。")
    return _table(book, best, vocabulary, notes, filename, mapping)


def _nothing(vocabulary: Vocabulary, names: list[str], hidden: list[str], wide: list[str]) -> SheetError:
    if wide:
        return SheetError("E608", f"工作表{'、'.join(wide)}，超过{MOST_COLUMNS}列的上限，不像一张登记表。")
    wanted = "、".join(t.label for t in vocabulary.required())
    where = "、".join(f"“{n}”" for n in names) or "（没有可见的工作表）"
    also = f"隐藏的工作表{'、'.join(f'“{n}”' for n in hidden)}没有读。" if hidden else ""
    return SheetError(
        "E607",
        f"在工作表{where}的前{HEAD_ROWS}行里没有找到“{vocabulary.procedure.title}”的表头；表头至少要有：{wanted}。{also}",
    )


# ── The heading ──────────────────────────────────────────────────────────────


@dataclass
class _Found:
    grid: Grid
    head: list[list[Any]]
    at: int
    depth: int
    score: int


def _look(grid: Grid, vocabulary: Vocabulary) -> _Found | None:
    head = [*islice(grid.rows, HEAD_ROWS + DEEPEST)]
    filled = _filled(head, grid)
    best: _Found | None = None
    wanted = len(vocabulary.required())
    for at in range(min(HEAD_ROWS, len(head))):
        for depth in range(1, DEEPEST + 1):
            if at + depth > len(head):
                break
            points = score(vocabulary, _paths(filled, at, depth))
            if points < 100 * min(2, wanted):
                continue
            if best is None or (points, -depth) > (best.score, -best.depth):
                best = _Found(grid, head, at, depth, points)
    if best:
        best.depth = max(best.depth, _merged_depth(grid, best))
    return best


def _merged_depth(grid: Grid, found: _Found) -> int:
    """A heading cell merged downwards says how many rows the heading has."""
    end = found.at + found.depth
    reach = [r1 for (r0, _), (r1, _) in grid.merged if found.at <= r0 < end <= r1 < found.at + DEEPEST]
    return max(reach, default=end - 1) - found.at + 1


def _filled(head: list[list[Any]], grid: Grid) -> list[list[str]]:
    """The first rows as text, a merged cell's text in every cell it covers."""
    width = max(map(len, head), default=0)
    texts = [
        [shown(c).replace("\n", "") if isinstance(c, str) else "" for c in row] + [""] * (width - len(row))
        for row in head
    ]
    for (r0, c0), (r1, c1) in grid.merged:
        if r0 >= len(texts) or c0 >= width:
            continue
        text = texts[r0][c0]
        for r in range(r0, min(r1, len(texts) - 1) + 1):
            for c in range(c0, min(c1, width - 1) + 1):
                texts[r][c] = text
    return texts


def _paths(filled: list[list[str]], at: int, depth: int) -> list[tuple[str, ...]]:
    """Each column's heading from its top row to its lowest. In a CSV file a group's name stands over its first
    column only, so it is carried to the right."""
    rows = [list(r) for r in filled[at : at + depth]]
    for n in range(depth - 1):
        for c in range(1, len(rows[n])):
            if not rows[n][c] and rows[n + 1][c] and rows[n][c - 1]:
                rows[n][c] = rows[n][c - 1]
    return list(zip(*rows, strict=True))


def _table(
    book: Book,
    found: _Found,
    vocabulary: Vocabulary,
    notes: list[str],
    filename: str,
    mapping: Mapping[str, str] | None,
) -> Table:
    grid, head = found.grid, found.head
    filled = _filled(head, grid)
    columns, problems = match(vocabulary, _paths(filled, found.at, found.depth), mapping)
    problems += missing(vocabulary, columns)
    above = [t for row in filled[: found.at] for t in dict.fromkeys(row) if t]
    title = " ".join(dict.fromkeys(above))[:200]
    first = found.at + found.depth
    return Table(
        sheet=grid.name,
        heading_rows=(found.at + 1, first),
        title=title,
        columns=columns,
        problems=problems,
        notes=notes,
        year=year_in(f"{title} {grid.name}") or year_in(filename),
        epoch_1904=book.epoch_1904,
        faults=grid.faults,
        _body=chain(head[first:], grid.rows),
        _merged=[m for m in grid.merged if m[1][0] >= first],
    )


# ── The rows ─────────────────────────────────────────────────────────────────


class _Body:
    """Walks the rows below the heading; a cell merged downwards speaks for each row it covers."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.used = [c.index for c in table.columns if c.target or c.use == "office"]
        self.asked = [c.index for c in table.columns if c.target]
        self.required = [c.index for c in table.columns if c.target and c.target.opens and c.target.required]
        self.words = {
            c.index: {key_of(w) for w in candidates(c.heading.split("／"))}
            for c in table.columns
            if c.heading
        }
        self.heading_words = {w for words in self.words.values() for w in words}
        self.serial = {c.index for c in table.columns if c.use == "serial"}
        self.width = len(table.columns)
        self.fills: dict[int, tuple[int, Any]] = {}
        self.starts: dict[int, list[tuple[int, int]]] = {}
        for (r0, c0), (r1, _) in table._merged:
            if r1 > r0:
                self.starts.setdefault(r0, []).append((c0, r1))

    def walk(self, body: Iterator[list[Any]]) -> Iterator[Row | Skipped]:
        empty: list[int] = []
        for index, cells in enumerate(body, self.table.heading_rows[1]):
            row = [None if blank(c) else c for c in cells]
            row += [None] * (self.width - len(row))
            self._fault(index, row)
            self.fills = {c: fill for c, fill in self.fills.items() if index <= fill[0]}
            said = [n for n, c in enumerate(row) if c is not None]
            if self._is_empty(row, said):
                empty.append(index + 1)
                self._remember(index, row)
                continue
            yield from (Skipped(n, BLANK, "") for n in empty)
            empty.clear()
            kind = self._kind(row, said)
            if kind:
                yield Skipped(index + 1, kind, "　".join(shown(row[n]) for n in said)[:120])
                continue
            self._fill(index, row)
            yield Row(index + 1, row)

    def _fault(self, index: int, row: list[Any]) -> None:
        if self.table.faults:
            for n in self.used:
                if fault := self.table.faults.get((index, n)):
                    row[n] = Fault(fault)

    def _is_empty(self, row: list[Any], said: list[int]) -> bool:
        """Nothing, or nothing but a serial number that was filled in beforehand."""
        return all(n in self.serial and shown(row[n]).isdecimal() for n in said)

    def _remember(self, index: int, row: list[Any]) -> None:
        for column, last in self.starts.get(index, ()):
            self.fills[column] = (last, row[column] if column < len(row) else None)

    def _fill(self, index: int, row: list[Any]) -> None:
        self._remember(index, row)
        for column, (_, value) in self.fills.items():
            if column < len(row) and row[column] is None:
                row[column] = value

    def _kind(self, row: list[Any], said: list[int]) -> str:
        """What a row is that is not a record; "" for a record."""
        texts = [shown(row[n]) for n in said[:6] if isinstance(row[n], str)][:3]
        first = texts[0] if texts else ""
        few = sum(1 for n in self.required if row[n] is not None) < max(2, len(self.required))
        if EXAMPLE in first[:4] and first.strip("（）()【】 ").startswith(EXAMPLE):
            return SAMPLE
        if few and _is_total(texts):
            return TOTAL
        if any(key_of(t) in self.heading_words for t in texts) and self._repeats_heading(row, said):
            return AGAIN
        if few and _NOTE.match(re.sub(r"\s", "", first)):
            return NOTE
        alone = len(said) == 1 and len(self.asked) > 1 and said[0] <= min(self.asked) and first != ""
        if alone and not self.fills and not _HAS_DAY.search(first):
            return NOTE if len(first) > 30 or first.endswith(("。", "；", ".")) else SECTION
        return ""

    def _repeats_heading(self, row: list[Any], said: list[int]) -> bool:
        same = sum(1 for n in said if n in self.words and key_of(shown(row[n])) in self.words[n])
        return same > max(1, len(self.asked) // 2)


def _is_total(texts: list[str]) -> bool:
    return any(_TOTAL.match(re.sub(r"\s", "", t)) and len(t) <= 20 for t in texts)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that shows an error, or a formula without a result."""

    shows: str

    def __str__(self) -> str:
        return "（公式没有结果）" if self.shows == "公式" else self.shows

    def why(self, label: str) -> str:
        if self.shows == "公式":
            return f"{label}是公式，没有算出的结果；请在 Excel 或 WPS 里打开保存一次，或者改填数值"
        return f"{label}显示为“{self.shows}”，是公式出错"
