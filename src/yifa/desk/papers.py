"""The papers of a case: read on the page, taken away as PDF or Word."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from markupsafe import Markup

from yifa.cases import read as cases
from yifa.cases.read import CasePage
from yifa.cases.scene import Stage
from yifa.cases.store import Store
from yifa.look.words import word
from yifa.papers.document import Document
from yifa.papers.html import html
from yifa.papers.render import FORMATS, render

from .who import Desk, official

MACHINE = "application/octet-stream"  # a file for another system is taken away, never shown here


def document_of(desk: Desk, id: int, entry: int) -> Document:
    """The paper as it was issued; 404 when it is not this post's to see, or was destroyed."""
    try:
        return Document.from_canonical(cases.paper_text(id, entry, desk.actor))
    except cases.Unseen:
        raise Http404(word("没有这份文书，或者它不在您的职权范围内。")) from None


def drawn(document: Document, level: int = 3) -> Markup:
    """The paper for a page, its title a heading of this level; every text in it was escaped by its writer."""
    return Markup(html(document, level))


def file_name(document: Document) -> str:
    return f"{document.title}{document.number}".replace("\n", "").replace("/", "／")


@require_GET
@official
def read(request: HttpRequest, desk: Desk, id: int, entry: int) -> HttpResponse:
    """The paper on a page that prints well."""
    document = document_of(desk, id, entry)
    files = [(f, reverse("desk:paper_file", args=[id, entry, f])) for f in ("pdf", "docx")]
    context = {
        "document": drawn(document, 1),
        "title": document.title.replace("\n", ""),
        "case_url": reverse("desk:case", args=[id]),
        "files": dict(files),
    }
    return desk.page(request, "desk/paper.html", context)


@require_GET
@official
def download(request: HttpRequest, desk: Desk, id: int, entry: int, format: str) -> HttpResponse:
    """The same paper as a file, made on demand."""
    if format not in ("pdf", "docx"):
        raise Http404(word("只有 PDF 和 Word 两种格式。"))
    document = document_of(desk, id, entry)
    answer = HttpResponse(render(document, format), content_type=FORMATS[format])
    name = quote(f"{file_name(document)}.{format}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def files_of(page: CasePage, desk: Desk) -> list[tuple[str, str]]:
    """What the case gives other systems: its label and where it is."""
    taken = {act.step_label for act in page.timeline}
    return [
        (label, reverse("desk:file", args=[page.id, step.key, name]))
        for step in page.procedure.steps.values()
        if step.label in taken
        for name, (label, _) in step.writers.items()
        if _written(page, desk, step.key, name)
    ]


def _written(page: CasePage, desk: Desk, step: str, name: str) -> bytes:
    own = page.procedure.steps[step]
    stage = Stage(Store().cursor(), page.id, page.office_code, own, desk.today, tried=True)
    return own.writers[name][1](cases.live(page.id), stage)


@require_GET
@official
def fact(request: HttpRequest, desk: Desk, id: int, entry: int, name: str) -> HttpResponse:
    """One thing that was told, whole, where it is too long for a page."""
    page = desk.case(id)
    told = next((f for a in page.timeline if a.entry == entry for f in a.facts if f.name == name), None)
    if told is None or told.masked:
        raise Http404(word("这个案件没有这样的文件。"))
    answer = HttpResponse(told.value, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{told.label}-{id}.txt')}"
    return answer


@require_GET
@official
def machine_file(request: HttpRequest, desk: Desk, id: int, step: str, name: str) -> HttpResponse:
    """A file for another system, as the case has it."""
    page = desk.case(id)
    own = page.procedure.steps.get(step)
    data = _written(page, desk, step, name) if own is not None and name in own.writers else b""
    if not data:
        raise Http404(word("这个案件没有这样的文件。"))
    answer = HttpResponse(data, content_type=MACHINE)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{id}-{name}')}"
    return answer
