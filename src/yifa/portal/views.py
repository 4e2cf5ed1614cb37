"""The citizen's pages: what may be asked here, asking it, following it, and what the county publishes.

Nobody logs in. What is one's own is shown with the receipt code; the code is neither kept nor written into an
address, and the session holds no more than which case it opened, for half an hour.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from yifa.cases import read as cases
from yifa.cases.kernel import act
from yifa.counts import all_keys, figures, headlines, last_whole_year, months_of, records, year, years
from yifa.counts.drill import declared
from yifa.ledger import checkpoints
from yifa.look.fields import Field, answers, fields_for
from yifa.look.public import public_frame
from yifa.look.words import language
from yifa.papers.document import Document
from yifa.papers.html import html
from yifa.papers.render import FORMATS
from yifa.papers.render import render as draw
from yifa.people import APPLICANT, LAW, SYSTEM
from yifa.people.actor import Actor
from yifa.people.offices import county_name, office, office_name, offices
from yifa.people.posts import serving
from yifa.people.tree import Office
from yifa.procedure import Procedure, Refused, Step, Unreadable, read, registry

from . import drawn, once, published, tallies
from .guide import guide, public_opening
from .limits import ALL_CODES, APPLICATIONS, WRONG_CODES

OPEN_CASE, OPENED_AT = "follow", "follow_at"  # what the session holds of a case being followed
HALF_AN_HOUR = 1800
LONGEST_FORM = 200_000  # bytes of a form from outside
TRAP = "website"  # a field no person sees; programs fill it in


def page(
    request: HttpRequest, template: str, section: str = "", status: int = 200, **told: Any
) -> HttpResponse:
    """Everything every page of the portal wants."""
    frame = public_frame(county_name(language()), request.get_full_path(), section)
    return render(request, template, {"frame": frame, **told}, status=status)


def today() -> date:
    return timezone.localdate()


def family(key: str) -> type[Procedure]:
    """A procedure the public may know of, or 404."""
    found = next((p for p in registry().families() if p.key == key and p.kind == "procedure"), None)
    if found is None:
        raise Http404("没有这一办事事项。")
    return found


def open_families() -> list[type[Procedure]]:
    """What a person outside may ask for here."""
    return [p for p in registry().families() if p.public()]


# ── Home and guides ──────────────────────────────────────────────────────────


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    number = last_whole_year(today())
    keys = headlines()
    found = figures(keys, year(number)) if number else {}
    return page(
        request,
        "portal/home.html",
        "portal:home",
        open=[(p, public_opening(p)) for p in open_families()],
        answers=published.answers(limit=3).answers,
        draws=drawn.rows(limit=3).rows,
        told=[f for f in found.values() if f.records],
        titles={p.key: p.title for p in registry().families()},
        year=number,
        checkpoint=checkpoints.latest(),
        rated=any(tallies.declared()),
        ticket=once.ticket(),
    )


@login_not_required
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    others = [p for p in registry().families() if p.kind == "procedure" and not p.public()]
    return page(request, "portal/guides.html", "portal:guides", open=open_families(), others=others)


@login_not_required
@require_safe
def guide_page(request: HttpRequest, key: str) -> HttpResponse:
    procedure = family(key)
    return page(
        request,
        "portal/guide.html",
        "portal:guides",
        guide=guide(procedure, today()),
        contacts=[o for o in receiving(procedure, today()) if o.contact],
        day=today(),
    )


def receiving(procedure: type[Procedure], on: date) -> list[Office]:
    """The offices an application may be addressed to here: somebody in them holds a post that takes the next step."""
    step = public_opening(procedure)
    state = step.move.target if step else None
    waiting = next_steps(procedure, state.key) if state else []
    roles = {role for s in waiting for role in s.roles if role is not LAW}
    taken = {o.code for role in roles for o in serving(procedure.key, role, on, held=True)}
    return [o for o in offices(on) if o.code in taken]


# ── Applying ─────────────────────────────────────────────────────────────────


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, key: str) -> HttpResponse:
    """The form; then, once, the receipt."""
    procedure = family(key)
    step = public_opening(procedure)
    if step is None:
        raise Http404("这一事项不能在网上申请。")
    if request.method == "GET":
        return _form(request, procedure, step, {}, {}, status=200)
    return _received(request, procedure, step)


def _form(
    request: HttpRequest,
    procedure: type[Procedure],
    step: Step[Any],
    typed: dict[str, str],
    wrong: dict[str, str],
    *,
    status: int,
    refused: Refused | None = None,
    said: str = "",
) -> HttpResponse:
    chosen = typed.get("office", request.GET.get("office", ""))
    to = Field("office", "向哪个机关提出", "choice", chosen, True, problem=wrong.get("office", ""))
    return page(
        request,
        "portal/apply.html",
        "portal:guides",
        status,
        procedure=procedure,
        step=step,
        fields=without_date(fields_for(step, typed, wrong)),
        offices=receiving(procedure, today()),
        to=to,
        refused=refused,
        said=said,
        ticket=once.ticket(),
        trap=TRAP,
    )


def without_date(fields: list[Field]) -> list[Field]:
    """A person outside acts today; the day is not theirs to choose."""
    return [f for f in fields if f.name != "on"]


def _received(request: HttpRequest, procedure: type[Procedure], step: Step[Any]) -> HttpResponse:
    typed = {
        **answers(step, request.POST),
        "on": today().isoformat(),
        "office": request.POST.get("office", ""),
    }
    if said := _unwelcome(request):
        return _form(request, procedure, step, typed, {}, status=400, said=said)
    try:
        facts = read(step.asks, typed)
        problems: dict[str, str] = {}
    except Unreadable as unreadable:
        facts, problems = None, dict(unreadable.problems)
    if typed["office"] not in {o.code for o in receiving(procedure, today())}:
        problems["office"] = "请选择向哪个机关提出"
    if problems or facts is None:
        return _form(request, procedure, step, typed, problems, status=422)
    if not APPLICATIONS.spend(request):
        return _form(
            request,
            procedure,
            step,
            typed,
            {},
            status=429,
            said="提交过于频繁，请一小时后再试，或者到机关当面提交。",
        )
    ticket = request.POST.get("ticket", "")
    if not once.use(ticket):
        return _form(
            request,
            procedure,
            step,
            {},
            {},
            status=409,
            said="这份申请已经提交过了，请用收到的查询码查看进度，不必重复提交。",
        )
    try:
        done = act(step, facts, Actor.applicant(), office=typed["office"])
    except Refused as refused:
        once.give_back(ticket)
        return _form(request, procedure, step, typed, {}, status=422, refused=refused)
    return page(
        request,
        "portal/receipt.html",
        "portal:guides",
        procedure=procedure,
        step=step,
        code=grouped(done.receipt),
        office=office(typed["office"]),
        day=facts.on,
        entry=done,
        next=next_steps(procedure, done.state),
        waits=waiting_periods(procedure, done.state),
    )


def _unwelcome(request: HttpRequest) -> str:
    """Why a form is not taken before it is read; empty when it is."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_FORM:
        return "填写的内容过长。"
    if request.POST.get(TRAP):
        return "没有收到您的申请，请重新填写后提交。"
    if not once.valid(request.POST.get("ticket", "")):
        return "页面打开的时间过长，内容没有丢失，请核对后重新提交。"
    return ""


def grouped(code: str) -> str:
    """A receipt code as it can be read over the telephone.

    >>> grouped("ABCDEFGHJKMNPQRS")
    'ABCD-EFGH-JKMN-PQRS'
    """
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def next_steps(procedure: type[Procedure], state: str) -> list[Step[Any]]:
    """What the office does from here, in the order the procedure declares it."""
    return [
        s
        for s in procedure.steps.values()
        if state in s.sources and s.onward and APPLICANT not in s.roles and s.roles != (SYSTEM,)
    ]


def waiting_periods(procedure: type[Procedure], state: str) -> list[Any]:
    """The periods that the next step of the office sets running."""
    coming = {s.key for s in next_steps(procedure, state)}
    return [p for p in procedure.periods.values() if coming & set(p.starts)]


# ── Following ────────────────────────────────────────────────────────────────


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a wrong one is told apart from no other wrong one, and costs a try."""
    if request.method == "GET":
        if followed(request) is not None:
            return redirect("portal:case")
        return page(request, "portal/follow.html", "portal:follow", problem="")
    if WRONG_CODES.spent(request) or not ALL_CODES.spend(request):
        said = "查询过于频繁，请十分钟后再试。"
        return page(request, "portal/follow.html", "portal:follow", 429, problem=said)
    id = cases.by_receipt(request.POST.get("code", "")[:64])
    if id is None:
        WRONG_CODES.spend(request)
        said = "没有查到这个查询码。请对照回执核对十六位字母和数字；其中没有数字0、1和字母I、L、O。"
        return page(request, "portal/follow.html", "portal:follow", 404, problem=said)
    request.session.cycle_key()
    request.session[OPEN_CASE], request.session[OPENED_AT] = id, int(timezone.now().timestamp())
    return redirect("portal:case")


def followed(request: HttpRequest) -> int | None:
    """The case this visitor has shown the receipt of, within the last half hour."""
    id, at = request.session.get(OPEN_CASE), request.session.get(OPENED_AT, 0)
    if id is None or timezone.now().timestamp() - at > HALF_AN_HOUR:
        return None
    return int(id)


def own_case(request: HttpRequest) -> cases.CasePage | None:
    id = followed(request)
    return None if id is None else cases.case(id, Actor.applicant(), today(), own=True)


@login_not_required
@never_cache
@require_safe
def case(request: HttpRequest) -> HttpResponse:
    """Where one's own case stands."""
    found = own_case(request)
    if found is None:
        return redirect("portal:follow")
    return page(
        request,
        "portal/case.html",
        "portal:follow",
        case=found,
        papers=readable_papers(found),
        acts=[(a, a.facts if was_told(found, a.step_key) else ()) for a in found.timeline],
        next=next_steps(found.procedure, found.state_key),
        receipts=tallies.of_case(found),
        applied=found.procedure.public(),
    )


def was_told(found: cases.CasePage, step: str) -> bool:
    """Did the applicant say this themselves? Only that is shown back to them."""
    taken = found.procedure.steps.get(step)
    return taken is not None and (taken.public or taken.opens)


def readable_papers(found: cases.CasePage) -> list[cases.PaperView]:
    """The papers handed to the applicant, and no letter to anybody else."""
    return [p for p in found.papers if found.procedure.papers[p.key].to is APPLICANT and not p.erased]


@login_not_required
@never_cache
@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Close the case on a computer others use."""
    request.session.pop(OPEN_CASE, None)
    request.session.pop(OPENED_AT, None)
    return redirect("portal:follow")


@login_not_required
@never_cache
@require_safe
def paper(request: HttpRequest, entry: int) -> HttpResponse:
    found, document = _document(request, entry)
    return page(
        request,
        "portal/paper.html",
        "portal:follow",
        document=Markup(html(document)),
        title=document.title.replace("\n", ""),
        entry=entry,
        case=found,
    )


@login_not_required
@never_cache
@require_safe
def paper_file(request: HttpRequest, entry: int, format: str) -> HttpResponse:
    if format not in ("pdf", "docx"):
        raise Http404("只有 PDF 和 Word 两种格式。")
    _, document = _document(request, entry)
    answer = HttpResponse(draw(document, format), content_type=FORMATS[format])
    name = quote(f"{document.title}{document.number}.{format}".replace("\n", "").replace("/", "／"))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _document(request: HttpRequest, entry: int) -> tuple[cases.CasePage, Document]:
    """A paper of the case one has shown the receipt of; anything else is not there."""
    found = own_case(request)
    if found is None or entry not in {p.entry for p in readable_papers(found)}:
        raise Http404("没有这份文书；请先用查询码打开案件。")
    try:
        return found, Document.from_canonical(cases.paper_text(found.id, entry, Actor.applicant(), own=True))
    except cases.Unseen as unseen:
        raise Http404("没有这份文书。") from unseen


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, key: str) -> HttpResponse:
    """A step the applicant may take in their own case."""
    found = own_case(request)
    if found is None:
        return redirect("portal:follow")
    view = next((s for s in found.can if s.key == key and s.step.public), None)
    if view is None:
        return redirect("portal:case")
    if request.method == "GET":
        return _step_form(request, found, view.step, {}, {}, 200)
    typed = {**answers(view.step, request.POST), "on": today().isoformat()}
    if said := _unwelcome(request):
        return _step_form(request, found, view.step, typed, {}, 400, said=said)
    try:
        facts = read(view.step.asks, typed)
        act(view.step, facts, Actor.applicant(), case=found.id, own=True)
    except Unreadable as unreadable:
        return _step_form(request, found, view.step, typed, dict(unreadable.problems), 422)
    except Refused as refused:
        return _step_form(request, found, view.step, typed, {}, 422, refused=refused)
    return redirect(reverse("portal:case") + ("" if found.procedure.receipts else "#acts"))


def _step_form(
    request: HttpRequest,
    found: cases.CasePage,
    step: Step[Any],
    typed: dict[str, str],
    wrong: dict[str, str],
    status: int,
    *,
    refused: Refused | None = None,
    said: str = "",
) -> HttpResponse:
    return page(
        request,
        "portal/do.html",
        "portal:follow",
        status,
        case=found,
        step=step,
        fields=without_date(fields_for(step, typed, wrong)),
        refused=refused,
        said=said,
        ticket=once.ticket(),
        trap=TRAP,
    )


# ── What is published ────────────────────────────────────────────────────────


@login_not_required
@require_safe
def answers_page(request: HttpRequest) -> HttpResponse:
    """What the county has published for everyone: answers (政府信息公开条例第四十四条第二款), results of inspections, rules."""
    after = request.GET.get("after", "")
    matters = {p.key: p for p in published.publishing().values()}
    about = request.GET.get("about", "")
    about = about if about in matters else ""
    found = published.answers(after=int(after) if after.isdecimal() else None, limit=20, about=about)
    each = list(matters.values())
    return page(
        request,
        "portal/answers.html",
        "portal:answers",
        found=found,
        first=not after,
        matters=each,
        about=about,
    )


@login_not_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Every declared figure of a year, drawn, and as open data."""
    number = _asked_year(request)
    span = year(number)
    found = figures(all_keys(), span)
    groups = [
        (p, [(found[c.name], [n for _, n in months_of(c.name, span)]) for c in p.counts.values()])
        for p in registry().families()
        if p.counts
    ]
    return page(
        request,
        "portal/data.html",
        "portal:data",
        groups=groups,
        number=number,
        years=sorted({*years(), number}),
    )


def _asked_year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return (
        int(asked)
        if asked.isdecimal() and 1900 < int(asked) < 2200
        else last_whole_year(today()) or today().year
    )


@login_not_required
@require_safe
def rows(request: HttpRequest, key: str, number: int) -> StreamingHttpResponse:
    """The records behind a figure, one a line, without anything personal."""
    try:
        procedure, declaration = declared(key)
    except LookupError as wrong:
        raise Http404(str(wrong)) from wrong
    answer = StreamingHttpResponse(_lines(key, number), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{procedure.key}-{declaration.key}-{number}.csv"'
    return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(key: str, number: int) -> Iterator[str]:
    out = csv.writer(_Echo())
    yield "\ufeff" + out.writerow(["日期", "事项", "机关", "统计用的情况"])
    after: str | None = None
    while True:
        found = records(key, year(number), after=after, limit=500)
        for r in found.records:
            told = "；".join(f"{label}：{value}" for label, value in r.told)
            yield out.writerow([r.on.isoformat(), r.label, office_name(r.office, r.on), told])
        if (after := found.after) is None:
            return
