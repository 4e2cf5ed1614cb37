"""Lists as workbooks: out with the filters as they stand; in by preview, row by row, then all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yifa.cases import read
from yifa.look.fields import Option
from yifa.look.words import word
from yifa.procedure import Ask, Lost, Procedure, asks_of
from yifa.tables import importer, staging
from yifa.tables.errors import SheetError
from yifa.tables.export import Column, export
from yifa.tables.headings import later_steps
from yifa.tables.importer import Preview, Result, RowRefused
from yifa.tables.template import template

from .case import crumbs
from .cells import export_row, on_label, opening_asks
from .inbox import beginnings
from .listing import Wanted, wanted
from .step import mine
from .who import Desk, official

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
PAGE, MOST = 500, 100_000  # rows read at a time; rows a file may have
LARGEST = 20 * 1024 * 1024
KINDS = {int: "number", Decimal: "money", date: "date", bool: "text"}
MAPPED, WAS = "map:", "was:"  # map:<heading> is what the person says it means, was:<heading> what we thought


def attachment(data: bytes, name: str, format: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=FORMATS[format])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{format}"
    return answer


# ── Out ──────────────────────────────────────────────────────────────────────


def _kind(ask: Ask) -> str:
    if ask.choices or ask.many:
        return "text"
    return "long" if ask.long else KINDS.get(ask.kind, "text")


def columns(procedure: type[Procedure]) -> list[Column]:
    """Everything open; sealed facts never leave by this door."""
    facts = [Column(a.name, a.label, _kind(a)) for a in opening_asks(procedure) if not a.sealed]
    return [
        Column("number", "编号"), Column("on", on_label(procedure), "date"), *facts, Column("office", "承办机关"),
        Column("state", "状态"), Column("due", "到期日", "date"),
    ]  # fmt: skip


def rows(procedure: type[Procedure], desk: Desk, w: Wanted) -> Iterator[list[Any]]:
    """The list's rows, page after page, by the list's own reading: what is not on the list is not in the file."""
    after, written = None, 0
    while written < MOST:
        page = read.listing(
            procedure.key, desk.actor, desk.today, w.told, order=w.order, after=after, limit=PAGE
        )
        yield from (export_row(procedure, row) for row in page.rows)
        written, after = written + len(page.rows), page.next
        if after is None:
            return


@require_GET
@official
def export_list(request: HttpRequest, desk: Desk, family: str, format: str) -> HttpResponse:
    """The list as a file."""
    procedure = mine(family, desk)
    if format not in FORMATS:
        raise Http404(word("只有 Excel 和 CSV 两种格式。"))
    w = wanted(request, procedure)
    title = f"{procedure.title} {desk.today.isoformat()}"
    data = export(columns(procedure), rows(procedure, desk, w), format=format, title=procedure.title)
    return attachment(data, title, format)


# ── In ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Heading:
    """One column of the file: what it was taken for, and what else it could be."""

    letter: str
    heading: str
    now: str
    note: str
    options: tuple[Option, ...]


def _targets(procedure: type[Procedure], desk: Desk) -> list[tuple[str, str]]:
    """Every question a column may answer, by its key."""
    opening = importer.opening_step(procedure, desk.actor)
    found = []
    for step in (opening, *later_steps(procedure)):
        lead = "" if step is opening else f"{word(step.label)}："
        asked = [
            (f"{step.key}.on", step.asks.on_label),
            *((f"{step.key}.{a.name}", a.label) for a in asks_of(step.asks)),
        ]
        found += [(key, lead + word(label)) for key, label in asked]
    return found


def _headings(p: Preview, targets: list[tuple[str, str]]) -> list[Heading]:
    found = []
    for c in p.columns:
        if not c.heading:
            continue
        now = c.target.key if c.target else ""
        nothing = Option("", word("作承办机关") if c.use == "office" else word("不导入"), None, now == "")
        options = (nothing, *(Option(key, label, None, key == now) for key, label in targets))
        found.append(Heading(c.letter, c.heading, now, c.note, options))
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 else None


def _mapping(request: HttpRequest) -> dict[str, str]:
    """What the person changed; a column left as it was understood is not spoken of."""
    told = {k.removeprefix(MAPPED): str(v) for k, v in request.POST.items() if k.startswith(MAPPED)}
    return {heading: key for heading, key in told.items() if request.POST.get(WAS + heading) != key}


def _changed(p: Preview, mapping: dict[str, str]) -> dict[str, str]:
    """Only what the person said differently from what was understood."""
    now = {c.heading: c.target.key if c.target else "" for c in p.columns}
    return {heading: key for heading, key in mapping.items() if now.get(heading, "") != key}


@dataclass(frozen=True)
class Importing:
    """One person importing into one procedure."""

    request: HttpRequest
    desk: Desk
    procedure: type[Procedure]

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        key, title = self.procedure.key, self.procedure.title
        around = {
            "crumbs": crumbs(key, title), "title": title, "back": reverse("desk:listing", args=[key]),
            "blank_url": reverse("desk:blank", args=[key]),
        }  # fmt: skip
        return self.desk.page(self.request, template, around | context, section=key, status=status)

    def start(self, problem: str = "") -> HttpResponse:
        """Choose a file."""
        asked = [a.label for a in opening_asks(self.procedure) if a.required]
        needed = [on_label(self.procedure), *asked]
        return self.page("desk/import.html", 422 if problem else 200, problem=problem, needed=needed)

    def uploaded(self) -> HttpResponse:
        file = self.request.FILES.get("file")
        if not isinstance(file, UploadedFile) or not file.size:
            return self.start(word("请选择一个文件"))
        if file.size > LARGEST:
            return self.start(word("文件超过 20 MB，请分成几个文件导入"))
        return self.looked(file.read(), file.name or "", _number(self.request.POST.get("year", "")), {})

    def looked(self, data: bytes, name: str, year: int | None, mapping: dict[str, str]) -> HttpResponse:
        """What importing it would do."""
        p = importer.preview(self.procedure.key, data, name, self.desk.actor, year=year, mapping=mapping)
        if mapping and (wrong := _changed(p, mapping)):
            messages.warning(self.request, word("这些列没有按所选导入：{names}", names="、".join(wrong)))
        headings = _headings(p, _targets(self.procedure, self.desk))
        return self.page("desk/import_preview.html", p=p, headings=headings)

    def again(self, token: str) -> HttpResponse:
        """The same file with the person's own word about its headings."""
        waiting = staging.look_up(token, self.desk.actor)
        mapping = waiting.mapping | _mapping(self.request)
        year = _number(self.request.POST.get("year", "")) or waiting.year
        answer = self.looked(waiting.data, waiting.filename, year, mapping)
        importer.give_up(token, self.desk.actor)
        return answer

    def carried_out(self, token: str) -> HttpResponse:
        insists = self.request.POST.get("again") == "1"
        try:
            result = importer.carry_out(token, self.desk.actor, again=insists)
        except RowRefused as refused:
            return self.page("desk/import_refused.html", 409, refused=refused, reasons=refused.reasons)
        return self.finished(token, result)

    def finished(self, token: str, result: Result) -> HttpResponse:
        if not (result.refused_rows or result.codes):
            messages.success(self.request, result.sentence())
            return redirect("desk:listing", self.procedure.key)
        return self.page("desk/import_done.html", result=result, token=token)

    def answered(self) -> HttpResponse:
        token, wish = self.request.POST.get("token", ""), self.request.POST.get("_do", "")
        if not token:
            return self.uploaded()
        if wish == "refused":
            name = f"{self.procedure.title} 未导入的行"
            return attachment(importer.refused_rows(token, self.desk.actor), name, "xlsx")
        if wish == "give_up":
            importer.give_up(token, self.desk.actor)
            return redirect("desk:listing", self.procedure.key)
        return self.again(token) if wish == "again" else self.carried_out(token)


def _may_import(procedure: type[Procedure], desk: Desk) -> None:
    if not beginnings(procedure, desk.actor):
        raise PermissionDenied(word("以您现在的职务不能登记这一事项，也不能导入。"))


@require_http_methods(["GET", "POST"])
@official
def bring(request: HttpRequest, desk: Desk, family: str) -> HttpResponse:
    """Import a workbook: choose it, look at what it would do, confirm."""
    procedure = mine(family, desk)
    _may_import(procedure, desk)
    importing = Importing(request, desk, procedure)
    if request.method == "GET":
        return importing.start()
    try:
        return importing.answered()
    except SheetError as wrong:
        return importing.start(wrong.sentence)
    except Lost as lost:
        return importing.start(str(lost))


@require_GET
@official
def blank(request: HttpRequest, desk: Desk, family: str) -> HttpResponse:
    """An empty sheet with the right headings, for those who have none yet."""
    procedure = mine(family, desk)
    _may_import(procedure, desk)
    return attachment(template(family), f"{procedure.title} 导入表", "xlsx")
