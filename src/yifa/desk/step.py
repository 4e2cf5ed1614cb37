"""A form for every step: what it must be told, with the article; refused in the law's words, or done."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from yifa.cases import kernel, read
from yifa.cases.decide import who_may
from yifa.cases.documents import settle
from yifa.cases.kernel import Done
from yifa.cases.read import CasePage, FactView
from yifa.cases.scene import Stage
from yifa.cases.store import Store
from yifa.law import Citation
from yifa.look.fields import DOCUMENT, Field, answers, fields_for
from yifa.look.words import language, word
from yifa.papers.document import Document
from yifa.procedure import (
    Facts,
    Lost,
    Procedure,
    Reason,
    Refused,
    Step,
    Unreadable,
    asks_of,
    registry,
    typed_of,
)
from yifa.procedure import read as read_facts

from .case import crumbs, heading
from .documents import Handed, attached, received
from .links import RELATION, origin, relation, relation_field
from .models import Sent
from .papers import drawn
from .picks import picks
from .who import Desk, official

TOKEN, SEQ, DO, PREVIEW, READ = "_token", "_seq", "_do", "preview", "read"
NOT_TOLD_AGAIN = ("on", "why", "dated")
ARTICLES = 5  # whole articles shown beside the form


@dataclass(frozen=True)
class Asked:
    """One step, of one case or of a case to come, at one desk."""

    desk: Desk
    procedure: type[Procedure]
    step: Step[Any]
    case: CasePage | None = None
    origin: CasePage | None = None  # the case a new one grows out of

    @property
    def id(self) -> int | None:
        return self.case.id if self.case else None

    @property
    def back(self) -> str:
        if here := self.case or self.origin:
            return reverse("desk:case", args=[here.id])
        return reverse("desk:listing", args=[self.procedure.key])

    @property
    def office(self) -> str:
        return self.case.office_code if self.case else self.desk.actor.office

    def fields(
        self,
        told: Mapping[str, Any],
        problems: Mapping[str, str] | None = None,
        handed: Handed | None = None,
    ) -> list[Field]:
        """The step's questions, with what they may be picked from and what was handed in."""
        fields = fields_for(
            self.step, told, problems, picks(self.step, self.office, self.id, self.desk.today)
        )
        return attached(fields, told, self.desk.user, handed)

    def closed(self) -> tuple[Reason, ...]:
        """Why this step is not this post's to take, or not now, whatever is typed."""
        reasons = who_may(self.step, self.desk.actor, self.office, own=False)
        if reasons or self.case is None:
            return reasons
        return next((s.reasons for s in self.case.cannot if s.key == self.step.key), ())


@dataclass(frozen=True)
class Reply:
    """What came of a form: fields to show again, reasons, a paper to look at."""

    fields: list[Field]
    reasons: tuple[Reason, ...] = ()
    document: Markup | None = None
    status: int = 200
    advice: str = ""
    found: tuple[FactView, ...] = ()
    action: str = ""  # where the form goes, if not where it stands
    note: str = ""


@dataclass(frozen=True)
class Article:
    cite: Citation
    text: str


@dataclass
class Told:
    """What a case already knows, to be put right or changed."""

    dated: date
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, facts: Facts) -> None:
        self.dated = getattr(facts, "dated", self.dated)
        self.facts |= {k: v for k, v in vars(facts).items() if k not in NOT_TOLD_AGAIN}


def known(asked: Asked) -> dict[str, Any]:
    """The legal date is today until said otherwise; a correction starts from what was told."""
    initial: dict[str, Any] = {"on": asked.desk.today}
    if asked.origin and (draft := asked.step.drafters.get(asked.origin.family)):
        stage = Stage(Store().cursor(), 0, asked.office, asked.step, asked.desk.today, tried=True)
        return initial | dict(draft(read.live(asked.origin.id), stage))
    if asked.case is None or asked.step.restates is None:
        return initial
    live = read.live(asked.case.id)
    told = Told(live.opening.on)
    for act in live.acts:
        own = live.procedure.steps[act.step]
        if own.opens or own.restates is not None or own is asked.step.restates:
            told.add(act.facts)
    asks = {a.name for a in asks_of(asked.step.asks)}
    return initial | {"dated": told.dated} | {k: v for k, v in told.facts.items() if k in asks}


def articles(step: Step[Any]) -> list[Article]:
    """The places the step and its conditions rest on, in their own words where a text is at hand."""
    cites = dict.fromkeys([step.cite, *(c.cite for c in step.conditions)])
    found = [Article(c, c.text or "") for c in cites]
    return [a for a in found if a.text][:ARTICLES] or found[:1]


def finish(step: Step[Any]) -> str:
    """What the button does, said in full."""
    if step.gives is None:
        return word(step.label)
    return word("{step}，发出{paper}", step=word(step.label), paper=word(step.gives.label))


def shown(request: HttpRequest, asked: Asked, reply: Reply) -> HttpResponse:
    """The form's page."""
    case, step = asked.case, asked.step
    ways = crumbs(asked.procedure.key, asked.procedure.title)
    if case:
        ways.append((case.number or heading(case), asked.back))
    context = {
        "crumbs": ways,
        "step": step,
        "about": heading(case) if case else "",
        "origin": asked.origin,
        "origin_heading": heading(asked.origin) if asked.origin else "",
        "relation": relation_field(request.POST.get(RELATION, "")) if asked.origin else None,
        "fields": reply.fields,
        "files": any(f.kind == DOCUMENT for f in reply.fields),
        "reasons": reply.reasons,
        "advice": reply.advice,
        "document": reply.document,
        "found": reply.found,
        "action": reply.action,
        "note": reply.note,
        "trial": step.trial,
        "afield": step.afield,
        "hidden": [(TOKEN, secrets.token_hex(16)), *([(SEQ, case.seq)] if case else [])],
        "finish": finish(step),
        "gives": step.gives.label if step.gives else "",
        "back": asked.back,
        "articles": articles(step),
        "conditions": step.conditions,
        "case_facts": case.facts if case else (),
        "case_id": asked.id or 0,
    }
    return asked.desk.page(
        request, "desk/step.html", context, section=asked.procedure.key, status=reply.status
    )


def carry_out(asked: Asked, facts: Facts, post: QueryDict) -> Done:
    """Take the step once: the form's token and the act are one transaction, so a second sending finds the first."""
    with transaction.atomic():
        sent = Sent.objects.create(
            token=post.get(TOKEN, "")[:32] or secrets.token_hex(16), case_id=asked.id or 0
        )
        if asked.case and post.get(SEQ) != str(read.version(asked.case.id, asked.desk.actor)):
            raise Lost
        link = (asked.origin.id, relation(post.get(RELATION, ""))) if asked.origin else None
        done = kernel.act(asked.step, facts, asked.desk.actor, case=asked.id, link=link)
        settle(facts)
        Sent.objects.filter(pk=sent.pk).update(case_id=done.case)
    return done


def again(post: Mapping[str, str]) -> HttpResponse | None:
    """Where the same form led the first time it was sent."""
    first = Sent.objects.filter(token=post.get(TOKEN, "")[:32]).exclude(token="").first()
    return redirect("desk:case", first.case_id) if first else None


def answered(request: HttpRequest, asked: Asked) -> HttpResponse:
    """A form that was sent: read it, try it, or say what is wrong with all that was typed still there."""
    post = request.POST
    if sent_before := again(post):
        return sent_before
    handed = received(request, asked.step, asked.desk.user)
    typed = answers(asked.step, post) | handed.told
    if post.get(DO) == READ:
        return shown(request, asked, looked_at(asked, typed, handed))
    try:
        facts = read_facts(asked.step.asks, dict(typed))
        problems: dict[str, str] = {}
    except Unreadable as unreadable:
        problems = dict(unreadable.problems)
    if problems := problems | handed.problems:
        return shown(request, asked, Reply(asked.fields(typed, problems, handed), status=422))
    if handed.doubtful:
        return shown(request, asked, looked_at(asked, typed, handed))
    fields = asked.fields(typed)
    if post.get(DO) == PREVIEW:
        return shown(request, asked, preview(asked, facts, fields))
    try:
        done = carry_out(asked, facts, post)
    except IntegrityError:
        return again(post) or shown(request, asked, Reply(fields, Lost().reasons, status=409))
    except Lost as lost:
        advice = word("请先看看案件现在的情况；填写的内容都还在，确认后可以再次提交。")
        return shown(request, asked, Reply(fields, lost.reasons, status=409, advice=advice))
    except Refused as refused:
        return shown(request, asked, Reply(fields, refused.reasons, status=409))
    messages.success(request, message(asked.step, done))
    return redirect("desk:case", done.case)


def looked_at(asked: Asked, typed: Mapping[str, Any], handed: Handed) -> Reply:
    """The form once more, with what was read of the files that came: doubts are seen before anything is entered."""
    fields = asked.fields(typed, handed.problems, handed)
    if handed.problems:
        return Reply(fields, status=422)
    note = word("文件已经读入，还没有办理。") + (
        word("读取时有疑问，请看文件下面的说明，核对后再次提交。") if handed.doubtful else ""
    )
    return Reply(fields, note=note if any(f.attached for f in fields) else "")


def message(step: Step[Any], done: Done) -> str:
    """Said once, on the page that follows."""
    said = [word("已办理：{step}。", step=word(step.label))]
    if done.paper and step.gives:
        said.append(word("文书已经生成：{paper}。", paper=word(step.gives.label)))
    if done.receipt:
        said.append(word("查询码：{code}，请告知申请人，只显示这一次。", code=done.receipt))
    return (" " if language() == "en" else "").join(said)


def preview(asked: Asked, facts: Facts, fields: list[Field]) -> Reply:
    """The paper as it would go out and what the machine would find, or why it could not be done."""
    try:
        whole = kernel.tried(asked.step, facts, asked.desk.actor, case=asked.id)
    except Refused as refused:
        return Reply(fields, refused.reasons, status=409)
    found = would_find(whole) if asked.step.trial else ()
    text = read.preview(asked.step, whole, asked.desk.actor, asked.desk.today, case=asked.id)
    return Reply(fields, document=drawn(Document.from_canonical(text)) if text else None, found=found)


def would_find(facts: Facts) -> tuple[FactView, ...]:
    """What the machine found, to be looked at before the step is taken."""
    found = [(a, getattr(facts, a.name)) for a in asks_of(type(facts)) if a.found and not a.sealed]
    return tuple(
        FactView(a.name, a.label, read.said(a, value), False, False, a.long)
        for a, value in found
        if value not in ("", (), None) and not a.document
    )


def respond(request: HttpRequest, asked: Asked) -> HttpResponse:
    if reasons := asked.closed():
        if request.method == "POST" and (sent_before := again(request.POST)):
            return sent_before
        return shown(request, asked, Reply([], reasons, status=403 if asked.case is None else 409))
    if request.method == "POST":
        return answered(request, asked)
    return shown(request, asked, Reply(asked.fields(known(asked) | given(asked.step, request.GET))))


def given(step: Step[Any], query: Mapping[str, str]) -> dict[str, str]:
    """What an address fills of the form, so that a row of a list can lead to its own step."""
    asked = (a for a in typed_of(step.asks) if not a.sealed and not a.document)
    return {a.name: query[a.name] for a in asked if a.name in query}


def procedure_of(family: str) -> type[Procedure]:
    try:
        return registry().family(family)
    except KeyError:
        raise Http404(word("没有这一事项。")) from None


def mine(family: str, desk: Desk) -> type[Procedure]:
    """The procedure, where this post deals with it."""
    procedure = procedure_of(family)
    if not desk.actor.handles(family):
        raise PermissionDenied(word("以您现在的职务不办理这一事项。如果您还担任其他职务，请先换一个身份。"))
    return procedure


@require_http_methods(["GET", "POST"])
@official
def begin(request: HttpRequest, desk: Desk, family: str, step: str) -> HttpResponse:
    """The step that begins a case."""
    procedure = mine(family, desk)
    own = procedure.steps.get(step)
    if own is None or not own.opens:
        raise Http404(word("没有这一步。"))
    return respond(request, Asked(desk, procedure, own, origin=origin(request, desk)))


@require_http_methods(["GET", "POST"])
@official
def take(request: HttpRequest, desk: Desk, id: int, step: str) -> HttpResponse:
    """The next step of a case."""
    page = desk.case(id)
    own = page.procedure.steps.get(step)
    if own is None or own.opens or own.after is not None:
        raise Http404(word("没有这一步。"))
    return respond(request, Asked(desk, page.procedure, own, page))
