"""Documents: handed in with a form, read at once, carried along until the step is taken; and the page that shows one.

A form is refused for many reasons, and a browser never sends a file twice by itself. So the file is read and put aside
when it first comes, and the form carries a ticket for it: signed, so that nobody shows themselves another office's
document by writing its digest into their own form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yifa.cases import documents
from yifa.cases.read import CasePage
from yifa.cases.scene import handed, kept
from yifa.look.fields import DOCUMENT, DROP, FILE, TEXT_OF, Attached, Field
from yifa.look.words import word
from yifa.papers.document import clean
from yifa.papers.files import KINDS, LARGEST, FileRefused, shown_name
from yifa.people.models import User
from yifa.procedure import Step, typed_of
from yifa.texts.kept import reading_of
from yifa.texts.lookup.analyser import BadQuery, Piece, ask, marked
from yifa.texts.reader import ACCEPT, Unread, pasted, read
from yifa.texts.reading import Reading

from .case import crumbs, heading
from .who import Desk, official


@dataclass
class Handed:
    """What came with a form: the digest of each document, what is wrong with one, and whether a new one raises doubts."""

    told: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    pasted: dict[str, str] = field(default_factory=dict)
    doubtful: bool = False


def asked_in(step: Step[Any]) -> tuple[str, ...]:
    return tuple(a.name for a in typed_of(step.asks) if a.document)


def received(request: HttpRequest, step: Step[Any], user: User) -> Handed:
    """Read every document that came; whatever is wrong with one is its field's problem and loses no other."""
    found = Handed()
    for name in asked_in(step):
        try:
            _one(request, name, user, found)
        except Unread as unread:
            file = request.FILES.get(name + FILE)
            which = f"{clean(file.name)[:60]}：" if file is not None and file.name else ""
            found.problems[name] = which + unread.sentence
    return found


def _one(request: HttpRequest, name: str, user: User, found: Handed) -> None:
    file, words = request.FILES.get(name + FILE), request.POST.get(name + TEXT_OF, "")
    found.told[name] = _redeemed(request.POST.get(name, ""), user)
    if file is not None and words.strip():
        found.pasted[name] = words
        found.problems[name] = word("选了文件又粘贴了文字，请只交其中一样")
    elif file is not None:
        if (file.size or 0) > LARGEST:
            found.problems[name] = word("文件超过{n}兆，请压缩或者分开提交", n=LARGEST // 2**20)
            return
        _put_aside(file.read(), file.name or "", name, found)
    elif words.strip():
        found.pasted[name] = words
        _put_aside(*pasted(words), name, found)
        del found.pasted[name]
    elif request.POST.get(name + DROP):
        found.told[name] = ""
    elif request.POST.get(name) and not found.told[name]:
        found.problems[name] = word("先前交的文件已经不在，请重新选择")


def _put_aside(data: bytes, file_name: str, name: str, found: Handed) -> None:
    reading = read(data, file_name)
    store = handed()
    store.keep(data, file_name)
    found.told[name] = store.keep_text(reading.dump())
    found.doubtful = found.doubtful or bool(reading.doubts)


# ── Tickets ──────────────────────────────────────────────────────────────────


def _signer(user: User) -> Signer:
    return Signer(salt=f"yifa.desk.document.{user.pk}")


def _redeemed(ticket: str, user: User) -> str:
    """The digest a ticket stands for; nothing for one that was not given to this person, or whose file is gone."""
    try:
        sha = _signer(user).unsign(ticket)
    except BadSignature:
        return ""
    return sha if documents.told(sha) else ""


def attached(
    fields: list[Field], told: Mapping[str, Any], user: User, handed: Handed | None = None
) -> list[Field]:
    """The fields with the documents that were handed in before, or that the case holds."""
    return [_with(f, str(told.get(f.name) or ""), user, handed) if f.kind == DOCUMENT else f for f in fields]


def _with(f: Field, sha: str, user: User, handed: Handed | None) -> Field:
    about = documents.told(sha)
    words = handed.pasted.get(f.name, "") if handed else ""
    if about is None:
        return replace(f, value="", pasted=words, accept=ACCEPT)
    ticket = _signer(user).sign(sha)
    known = Attached(ticket, about.name, about.characters, about.pages, about.doubts, about.begins)
    return replace(f, value=about.name, attached=known, pasted=words, accept=ACCEPT)


# ── The page ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Part:
    """A paragraph and its place; `at` is where it begins in the text. Words that were looked for are marked in it."""

    at: int
    place: str
    pieces: tuple[Piece, ...]

    @property
    def marked(self) -> bool:
        return any(found for _, found in self.pieces)


def parts(reading: Reading, words: tuple[str, ...] = ()) -> list[Part]:
    """The paragraphs, each under the place where it begins; the same place is said once."""
    found: list[Part] = []
    starts = [p.start for p in reading.places]
    at = place = 0
    said = ""
    for text in reading.text.split("\n") if reading.text else ():
        while place < len(starts) and starts[place] <= at:
            place += 1
        label = reading.places[place - 1].label if place else ""
        found.append(Part(at, label if label != said else "", marked(text, words)))
        said, at = label, at + len(text) + 1
    return found


def held(page: CasePage, sha: str) -> documents.Told:
    """The document, where it is one of this case's; 404 otherwise, whatever it is."""
    for act in page.timeline:
        for f in act.facts:
            if f.document and f.document.sha == sha:
                return f.document
    raise Http404(word("这个案件没有这样的文件。"))


@require_GET
@official
def document(request: HttpRequest, desk: Desk, id: int, sha: str) -> HttpResponse:
    """The text as it was read, with its places in the margin; prints well. `q` is marked in it."""
    page = desk.case(id)
    try:
        words = ask(request.GET.get("q", "").strip()).words
    except BadQuery:
        words = ()
    about = held(page, sha)
    reading = reading_of(sha)
    shown = parts(reading, words)
    back = reverse("desk:case", args=[id])
    context = {
        "crumbs": [*crumbs(page.family, page.title), (page.number or heading(page), back)],
        "about": about,
        "kind": KINDS[about.kind].label,
        "parts": shown,
        "first": next((p.at for p in shown if p.marked), -1),
        "original": reverse("desk:document_file", args=[id, sha]),
        "back": back,
    }
    return desk.page(request, "desk/document.html", context, section=page.family)


@require_GET
@official
def original(request: HttpRequest, desk: Desk, id: int, sha: str) -> HttpResponse:
    """The file exactly as it was handed in."""
    about = held(desk.case(id), sha)
    try:
        data = kept(about.file)
    except FileRefused as refused:
        raise Http404(refused.sentence) from None
    answer = HttpResponse(data, content_type=KINDS[about.kind].media)
    name = quote(shown_name(about.name, about.kind))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
