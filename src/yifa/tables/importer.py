"""A workbook becomes acts: first a preview that writes nothing to the record, then all accepted rows or none.

    preview     read, match the headings, read every row, ask the procedure about each (a rehearsal without writing)
    carry_out   the accepted rows through the one door, `act_many`, in one transaction with the note of the import

What the law refuses is refused here with the sentence and the article the desk would show.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from yifa.cases.kernel import Do, RefusedAt, act_many, rehearse
from yifa.cases.store import Store
from yifa.people.actor import Actor
from yifa.people.offices import offices
from yifa.procedure import Procedure, Refused, Step, encode, registry, typed_of

from .book import open_book
from .errors import SheetError
from .export import Column as Out
from .export import export
from .headings import REASON, Column, Vocabulary, later_steps, vocabulary
from .models import Import
from .parse import key_of, shown
from .rows import Acts, Reader, Refusal
from .sheet import Skipped, Table, find_table
from .staging import Waiting, forget, keep, look_up, taken

SAMPLE = 50  # rows a preview shows in full
LISTED = 2_000  # refusals, left-out rows and doubles it lists one by one; the rest are counted

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Double:
    """A row that says what another row, an earlier import or a record already says."""

    row: int
    of: str

    def __str__(self) -> str:
        return f"第{self.row}行：与{self.of}相同"


@dataclass(frozen=True, slots=True)
class Sample:
    """One accepted row as the preview shows it: the office, and what each step is told."""

    row: int
    office: str
    told: tuple[tuple[str, str], ...]


@dataclass
class Preview:
    """What importing this file would do. Nothing has been written to the record."""

    token: str
    family: str
    title: str
    filename: str
    sheet: str
    heading_rows: tuple[int, int]
    above: str
    columns: list[Column]
    problems: list[str]
    notes: list[str]
    readings: list[str]
    accepted: int = 0
    sample: list[Sample] = field(default_factory=list)
    acts: dict[str, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    refused_rows: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skipped_rows: int = 0
    doubles: list[Double] = field(default_factory=list)
    double_rows: int = 0
    earlier: str = ""
    year: int | None = None

    @property
    def matched(self) -> list[Column]:
        return [c for c in self.columns if c.matched]

    @property
    def unmatched(self) -> list[Column]:
        return [c for c in self.columns if not c.matched and c.heading]

    @property
    def can_be_carried_out(self) -> bool:
        return self.accepted > 0 and not self.problems and not self.earlier

    @property
    def totals(self) -> dict[str, int]:
        counted = {
            "可以导入": self.accepted,
            "不予导入": self.refused_rows,
            "重复": self.double_rows,
            "不是登记内容": self.skipped_rows,
        }
        return {k: n for k, n in counted.items() if n or k == "可以导入"}

    def sentence(self) -> str:
        """The whole preview in one sentence."""
        parts = "，".join(f"{k}{n}行" for k, n in self.totals.items())
        return f"“{self.sheet}”第{self.heading_rows[1] + 1}行起：{parts}。"


@dataclass(frozen=True)
class Result:
    """What an import did. codes: of cases the person outside may follow, their number and code; told this once."""

    import_id: int
    family: str
    rows: int
    acts: int
    cases: int
    refused_rows: int
    double_rows: int
    codes: tuple[tuple[str, str], ...] = ()

    def sentence(self) -> str:
        more = f"，{self.refused_rows}行不予导入" if self.refused_rows else ""
        more += f"，{self.double_rows}行重复未导入" if self.double_rows else ""
        return f"已导入{self.rows}行（{self.acts}项登记）{more}。"


class RowRefused(Refused):
    """The door refused a row of the import; nothing of it was written."""

    def __init__(self, sheet: str, row: int, refused: Refused) -> None:
        super().__init__(*refused.reasons)
        self.sheet, self.row = sheet, row

    def __str__(self) -> str:
        return f"“{self.sheet}”第{self.row}行：{super().__str__()}；整个文件都没有导入"


# ── Before the rows ──────────────────────────────────────────────────────────


def opening_step(procedure: type[Procedure], actor: Actor) -> Step[Any]:
    """The step by which this actor begins such a case; the first one where none is theirs (the law will say so)."""
    opening = procedure.opening()
    return next((s for s in opening if any(actor.may(r) for r in s.roles)), opening[0])


def offices_by_name() -> Callable[[str, date], tuple[str, str, tuple[str, ...]]]:
    """Finds an office by name, short name or code as of a day, or by the end of its name where only one ends so."""

    @cache
    def names(on: date) -> tuple[dict[str, str], dict[str, str]]:
        known: dict[str, str] = {}
        full: dict[str, str] = {}
        for o in offices(on):
            full[o.code] = o.name
            known |= {key_of(word): o.code for word in (o.code, o.short, o.name) if word}
        return known, full

    @cache
    def find(text: str, on: date) -> tuple[str, str, tuple[str, ...]]:
        known, full = names(on)
        if code := known.get(key_of(text)):
            return code, "", ()
        ending = [c for c, name in full.items() if len(text) >= 3 and key_of(name).endswith(key_of(text))]
        if len(ending) == 1:
            return ending[0], full[ending[0]], ()
        alike = [full[c] for c in ending[:3]] or difflib.get_close_matches(
            text, full.values(), n=2, cutoff=0.6
        )
        return "", "", tuple(alike)

    return find


@dataclass
class _Opened:
    table: Table
    vocabulary: Vocabulary
    reader: Reader


def _open(waiting: Waiting) -> _Opened:
    procedure = registry().family(waiting.family)
    words = vocabulary(procedure, procedure.steps[waiting.step])
    book = open_book(waiting.data, waiting.filename)
    table = find_table(book, words, filename=waiting.filename, sheet=waiting.sheet, mapping=waiting.mapping)
    reader = Reader(table, words, registry(), offices_by_name(), waiting.year, ragged=book.kind == "csv")
    return _Opened(table, words, reader)


# ── Preview ──────────────────────────────────────────────────────────────────


def preview(
    family: str,
    data: bytes,
    filename: str,
    actor: Actor,
    *,
    office: str = "",
    sheet: str | None = None,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Read a file and say row by row what importing it would do; the token in the answer carries it out.

    `mapping` is the person's own word about a heading: heading → "step.fact" (`Target.key`), or "" to leave the
    column out. `year` completes dates written without one. Raises `SheetError` for a file that holds no table.
    """
    try:
        procedure = registry().family(family)
    except KeyError:
        raise SheetError("E615", f"没有“{family}”这个程序。") from None
    waiting = Waiting(
        family, opening_step(procedure, actor).key, filename, actor.person, actor.post, office or actor.office,
        sheet, year, dict(mapping or {}), data=data,
    )  # fmt: skip
    opened = _open(waiting)
    table = opened.table
    p = Preview(
        "", family, procedure.title, filename, table.sheet, table.heading_rows, table.title, table.columns,
        [*table.problems], [*table.notes], [], year=table.year,
    )  # fmt: skip
    if not p.problems:
        _read_through(p, opened, waiting, actor, progress)
        p.earlier = _imported_before(family, data)
        p.notes += opened.reader.notes
        p.readings = [
            f"{said}（{n}处）" if n > 1 else said for said, n in opened.reader.readings.most_common()
        ]
    waiting.problems, waiting.accepted = p.problems, p.accepted
    p.token = keep(waiting)
    return p


def _read_through(
    p: Preview, opened: _Opened, waiting: Waiting, actor: Actor, progress: Progress | None
) -> None:
    """Walk all rows: what can be read, what the law says to it, what was there before."""
    doubles = _Doubles(waiting, opened.vocabulary.step)
    counted: Counter[str] = Counter()
    for batch in _batches(opened.reader, progress):
        good: list[Acts] = []
        for said in batch:
            if isinstance(said, Skipped):
                p.skipped_rows += 1
                if len(p.skipped) < LISTED:
                    p.skipped.append(said)
            elif isinstance(said, list):
                _refuse(p, waiting, said)
            elif refused := _unlawful(said, waiting, actor):
                _refuse(p, waiting, [refused])
            else:
                good.append(said)
        for acts, of in doubles.among(good):
            if of:
                p.double_rows += 1
                waiting.doubled.append(acts.row)
                if len(p.doubles) < LISTED:
                    p.doubles.append(Double(acts.row, of))
                continue
            p.accepted += 1
            counted.update(step.label for step, _ in acts.steps)
            if len(p.sample) < SAMPLE:
                p.sample.append(_sample(acts, waiting))
    p.acts = dict(counted)


def _refuse(p: Preview, waiting: Waiting, refusals: list[Refusal]) -> None:
    p.refused_rows += 1
    if len(p.refused) < LISTED:
        p.refused += refusals
    why = "；".join(f"{r.column}：{r.why}" if r.column and not r.reasons else r.why for r in refusals)
    waiting.refused.append((refusals[0].row, why))


def _batches(
    reader: Reader, progress: Progress | None, size: int = 500
) -> Iterator[list[Acts | list[Refusal] | Skipped]]:
    batch: list[Acts | list[Refusal] | Skipped] = []
    read = 0
    for said in reader:
        batch.append(said)
        if len(batch) >= size:
            yield batch
            read += len(batch)
            batch = []
            if progress:
                progress(read)
    yield batch
    if progress:
        progress(read + len(batch))


def _dos(acts: Acts, waiting: Waiting, actor: Actor) -> list[Do]:
    ref = f"row {acts.row}" if len(acts.steps) > 1 else ""
    return [
        Do(step, facts, actor, office=acts.office or waiting.office, ref=ref) for step, facts in acts.steps
    ]


def _unlawful(acts: Acts, waiting: Waiting, actor: Actor) -> Refusal | None:
    found = rehearse(_dos(acts, waiting, actor))
    if found is None:
        return None
    n, reasons = found
    step, facts = acts.steps[n]
    return Refusal(acts.row, step.label, facts.on.isoformat(), str(Refused(*reasons)), reasons)


def _sample(acts: Acts, waiting: Waiting) -> Sample:
    told = []
    for n, (step, facts) in enumerate(acts.steps):
        lead = "" if n == 0 else f"{step.label}："
        told.append((f"{lead}{step.asks.on_label}", facts.on.isoformat()))
        for ask in typed_of(step.asks):
            value = getattr(facts, ask.name)
            if value not in (None, "", ()):
                text = value.label if ask.choices else "、".join(value) if ask.many else shown(value)
                told.append((f"{lead}{ask.label}", text))
    return Sample(acts.row, acts.office or waiting.office, tuple(told))


# ── What was there before ────────────────────────────────────────────────────


def _imported_before(family: str, data: bytes) -> str:
    """When this very file was imported already; "" when it was not."""
    before = (
        Import.objects.filter(family=family, sha256=hashlib.sha256(data).hexdigest()).order_by("-id").first()
    )
    if before is None:
        return ""
    at = before.at.astimezone()
    return f"这个文件已于{at.year}年{at.month}月{at.day}日导入过（{before.filename}，{before.rows}行），再导入一次会重复登记。"


class _Doubles:
    """Notices a row that repeats another row of the file, of an earlier import, or of the record."""

    def __init__(self, waiting: Waiting, step: Step[Any]) -> None:
        self.waiting, self.step = waiting, step
        self.seen: dict[str, int] = {}
        self.on_record = _on_record(waiting.family, step)

    def among(self, rows: list[Acts]) -> Iterator[tuple[Acts, str]]:
        names = [identity(a, self.waiting) for a in rows]
        before = _rows_before(self.waiting.family, names)
        for acts, name in zip(rows, names, strict=True):
            of = ""
            if name in self.seen:
                of = f"本表第{self.seen[name]}行"
            elif name in before:
                of = before[name]
            elif self.on_record and (case := self.on_record.get(_plain_identity(acts, self.waiting))):
                of = f"已登记的第{case}号案件"
            self.seen.setdefault(name, acts.row)
            yield acts, of


def identity(acts: Acts, waiting: Waiting) -> str:
    """A keyed digest of what a row's first step says: without the county's secret it tells nobody anything."""
    step, facts = acts.steps[0]
    said = [waiting.family, step.key, facts.on.isoformat(), acts.office or waiting.office, encode(facts)]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16, key=_secret()).hexdigest()


@cache
def _secret() -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"yifa.tables.row").digest()


def _rows_before(family: str, names: list[str]) -> dict[str, str]:
    if not names:
        return {}
    marks = ", ".join("?" * len(names))
    sql = (
        "SELECT r.identity, i.filename, r.row, i.at FROM tables_row r JOIN tables_import i ON i.id = r.import_id"
        f" WHERE r.family = ? AND r.identity IN ({marks})"
    )
    found = Store().cursor().all(sql, (family, *names))
    return {name: f"此前导入的“{file}”第{row}行" for name, file, row, _ in found}


def _on_record(family: str, step: Step[Any]) -> dict[str, int]:
    """Cases begun by hand with the very same open facts; not asked where what tells cases apart is sealed."""
    if any(a.sealed and a.required for a in typed_of(step.asks)):
        return {}
    names = [a.name for a in typed_of(step.asks) if not a.sealed]
    sql = "SELECT id, opened, office, facts FROM cases_case WHERE family = ? AND state <> 'withdrawn'"
    return {
        _spelt(str(opened), office, {n: v for n, v in json.loads(facts).items() if n in names}): id
        for id, opened, office, facts in Store().cursor().run(sql, (family,))
    }


def _plain_identity(acts: Acts, waiting: Waiting) -> str:
    step, facts = acts.steps[0]
    names = {a.name for a in typed_of(step.asks) if not a.sealed}
    told = {n: v for n, v in encode(facts).items() if n in names}
    return _spelt(facts.on.isoformat(), acts.office or waiting.office, told)


def _spelt(on: str, office: str, told: dict[str, Any]) -> str:
    return json.dumps([on, office, told], ensure_ascii=False, sort_keys=True)


# ── Carrying out ─────────────────────────────────────────────────────────────


def carry_out(token: str, actor: Actor, *, again: bool = False, progress: Progress | None = None) -> Result:
    """Import what the preview accepted: every row of it, or none.

    `again`: the person knows the file, or rows of it, were imported before and wants them once more. Raises
    `RowRefused` naming the row when the door refuses one, `SheetError` when there is nothing to carry out.
    """
    waiting = look_up(token, actor)
    if waiting.used:
        raise SheetError("E610", "这次导入已经办理，请重新上传文件。")
    if waiting.problems:
        raise SheetError("E612", "表头有问题，没有导入：" + "".join(waiting.problems))
    left_out = {n for n, _ in waiting.refused} | (set() if again else set(waiting.doubled))
    rows: list[int] = []
    names: list[tuple[str, int]] = []
    opened = _open(waiting)

    def stream() -> Iterable[Do]:
        for said in opened.reader:
            if isinstance(said, Acts) and said.row not in left_out:
                names.append((identity(said, waiting), said.row))
                for do in _dos(said, waiting, actor):
                    rows.append(said.row)
                    yield do

    try:
        with taken(token), transaction.atomic():
            record = _note(waiting, actor, opened.table.sheet, again=again)
            followed = registry().family(waiting.family).followed
            tally = act_many(stream(), atomic=True, keep_done=followed, progress=progress)
            if not tally.acts:
                raise SheetError("E613", "没有一行可以导入。")
            record.rows, record.acts, record.refused = len(names), tally.acts, len(waiting.refused)
            record.save(update_fields=["rows", "acts", "refused"])
            _note_rows(waiting.family, record.pk, names)
    except RefusedAt as refused:
        raise RowRefused(opened.table.sheet, rows[refused.n], refused) from refused
    result = Result(
        record.pk, waiting.family, len(names), tally.acts, tally.cases, len(waiting.refused),
        0 if again else len(waiting.doubled),
        tuple((done.number or f"#{done.case}", done.receipt) for done in tally.done if done.receipt),
    )  # fmt: skip
    _keep_the_refused(token, waiting)
    return result


def _note(waiting: Waiting, actor: Actor, sheet: str, *, again: bool) -> Import:
    """The note of this import, first of all: two at once meet here, and one of them waits or is refused."""
    sha = hashlib.sha256(waiting.data).hexdigest()
    before = Import.objects.filter(family=waiting.family, sha256=sha).count()
    if before and not again:
        raise SheetError(
            "E611", _imported_before(waiting.family, waiting.data) + "确实要再导入一次的，请勾选确认。"
        )
    try:
        return Import.objects.create(
            family=waiting.family, at=datetime.now(UTC), person=actor.person, post=actor.post, office=waiting.office,
            filename=waiting.filename[:200], sheet=sheet, sha256=sha, copy=before, rows=0, acts=0,
        )  # fmt: skip
    except IntegrityError:
        raise SheetError("E611", "这个文件正由另一处导入，请刷新后再看。") from None


def _note_rows(family: str, import_id: int, names: list[tuple[str, int]]) -> None:
    columns = ("family", "identity", "import_id", "row")
    Store().cursor().copy("tables_row", columns, [(family, name, import_id, row) for name, row in names])


def _keep_the_refused(token: str, waiting: Waiting) -> None:
    """After the import only the rows it left out are kept, for the sender to fetch; else nothing."""
    if not waiting.refused:
        forget(token)
        return
    data = _refused_workbook(waiting)
    waiting.used, waiting.data = True, data
    keep(waiting, token)


def give_up(token: str, actor: Actor) -> None:
    """Forget an upload that will not be imported."""
    look_up(token, actor)
    forget(token)


def refused_rows(token: str, actor: Actor) -> bytes:
    """The rows that were refused as a workbook with a column saying why: put them right and import it."""
    waiting = look_up(token, actor)
    return waiting.data if waiting.used else _refused_workbook(waiting)


def _refused_workbook(waiting: Waiting) -> bytes:
    why = dict(waiting.refused)
    opened = _open(waiting)
    columns = [c for c in opened.table.columns if c.heading and c.use != "reason"]
    dates = {c.index for c in columns if c.target and (c.target.ask is None or c.target.ask.kind is date)}
    out = [Out("row", "原行号", "number"), Out("why", REASON, "text")]
    out += [Out(str(c.index), _heading(c), "date" if c.index in dates else "any") for c in columns]

    def rows() -> Iterator[list[Any]]:
        for row in opened.table.rows():
            if not isinstance(row, Skipped) and row.number in why:
                yield [row.number, why[row.number], *(row.cells[c.index] for c in columns)]

    title = f"{registry().family(waiting.family).title}：不予导入的{len(why)}行"
    notes = [
        f"原文件：{waiting.filename}，工作表：{opened.table.sheet}",
        "改正后把本表重新导入即可；“原行号”“未导入的原因”两列可以留着。",
    ]
    return export(out, rows(), title=title, notes=notes)


def _heading(column: Column) -> str:
    """A heading of one row that means what the original's did."""
    target = column.target
    if target is None:
        return column.heading
    label = target.full_label.replace("：", "")
    return label + {10_000: "（万元）", 1_000_000: "（百万元）", 100_000_000: "（亿元）"}.get(
        column.scale, ""
    )


__all__ = [
    "Double", "Preview", "Refusal", "Result", "RowRefused", "Sample", "carry_out", "give_up", "later_steps", "preview", "refused_rows",
]  # fmt: skip
