"""The random draws: all of them, one of them, and everything a firm needs to check at home whether it was drawn as it was told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yifa.draws import METHODS, DrawFile
from yifa.draws.files import VERIFIER
from yifa.draws.place import Found, Place, find, place
from yifa.draws.seed import KINDS
from yifa.papers.files import FileRefused

from . import drawn
from .limits import LOOKUPS
from .views import page

A_PAGE, MOST_NAMES, LONGEST_NAME = 100, 12, 200
MODULE = VERIFIER.with_suffix(".mjs")
FEW = 8  # so many complete series are shown without being folded
RULE = {
    "items": "抽查事项",
    "kind": "检查对象",
    "sort": "检查类别",
    "trade": "行业",
    "wanted": "抽取户数",
    "percent": "抽取比例（%）",
    "least": "每层至少",
    "weights": "权重",
}


# ——— all of them ———


@login_not_required
@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """Every draw that was ever committed, and whether a number is missing."""
    every = drawn.series()
    offices = {s.code: s.office for s in reversed(every)}  # by the name it has now
    year = _number(request.GET.get("year", ""))
    office = _one_of(offices, request.GET.get("office", ""))
    state = _one_of(drawn.STATES, request.GET.get("state", ""))
    plan = year or drawn.plan_year()
    shown = [s for s in every if year in (0, s.year) and office in ("", s.code)]
    return page(
        request,
        "portal/draws.html",
        "portal:draws",
        found=drawn.rows(year=year, office=office, state=state, after=request.GET.get("after", "")),
        first="after" not in request.GET,
        year=year,
        office=office,
        state=state,
        filtered=bool(year or office or state),
        query=_query(request),
        years=sorted({s.year for s in every}, reverse=True),
        offices=offices,
        states={key: label for key, (label, _) in drawn.STATES.items()},
        gaps=[s for s in shown if s.missing],
        whole=[s for s in shown if not s.missing],
        few=FEW,
        plan_year=plan,
        planned=drawn.planned(plan, office) if plan and not state else [],
    )


def _number(text: str) -> int:
    """A year that was asked for; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and 1900 < int(text[:5]) < 2200 else 0


def _one_of(known: Collection[str], text: str) -> str:
    return text if text in known else ""


def _query(request: HttpRequest) -> str:
    """The filters of this address, to go on with."""
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()


# ——— one of them ———


@login_not_required
@require_safe
def draw(request: HttpRequest, id: int) -> HttpResponse:
    """One draw: before it is closed the promise, afterwards everything."""
    it = _known(id)
    told: dict[str, Any] = {"open": None, "lost": "", "q": "", "look": None}
    status = 200
    if it.file:
        try:
            file, read = drawn.file_of(it.file)
            told["open"] = _opened(request, id, file, read)
            told |= (looked := _looked_up(request, file))
            status = 429 if looked["busy"] else 200
        except FileRefused as refused:
            told["lost"] = refused.sentence
    return page(
        request,
        "portal/draw.html",
        "portal:draws",
        status,
        draw=it,
        kinds=KINDS,
        method=METHODS[it.commitment.method],
        rule=[(RULE.get(key, key), _plainly(value)) for key, value in it.commitment.rule.items()],
        out=timezone.now() >= max(n.due for n in it.numbers),
        **told,
    )


def _known(id: int) -> drawn.One:
    found = drawn.one(id) if id < 2**63 else None
    if found is None:
        raise Http404("没有这次抽取，或者还没有公布抽取办法。")
    return found


def _plainly(value: Any) -> str:
    """A value of the office's own account, in one line."""
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, dict):
        return "，".join(f"{key} {part}" for key, part in value.items())
    return str(value)


def _opened(request: HttpRequest, id: int, file: DrawFile, read: dict[str, Any]) -> dict[str, Any]:
    """What is shown when the draw is closed: who was inspected, with what result, who fell out."""
    told = request.GET.get("from", "")
    start = int(told) if told.isascii() and told.isdigit() and len(told) < 8 else 0
    total = len(read["now"])
    start = start if start < total else 0
    return {
        "visited": drawn.visited(id, read, start, A_PAGE),
        "start": start,
        "next": start + A_PAGE if start + A_PAGE < total else 0,
        "total": total,
        "names": sum(len(names) for names in file.lists.strata.values()),
        "outs": file.outs,
    }


def _looked_up(request: HttpRequest, file: DrawFile) -> dict[str, Any]:
    """A firm looks itself up, without a script."""
    q = request.GET.get("q", "")[:LONGEST_NAME].strip()
    if not q:
        return {"q": "", "look": None, "busy": False}
    if not LOOKUPS.spend(request):
        return {"q": q, "look": None, "busy": True}
    found = find(file, q)
    return {"q": q, "look": Look(found, place(file, found.one) if found.one else None), "busy": False}


class Look:
    """What a search came to."""

    def __init__(self, found: Found, at: Place | None) -> None:
        self.at = at
        self.names = () if at else found.names[:MOST_NAMES]
        self.more = max(0, len(found.names) - MOST_NAMES)
        self.left_out = found.left_out[:MOST_NAMES]


# ——— what can be taken home ———


@login_not_required
@require_safe
def draw_file(request: HttpRequest, id: int) -> HttpResponse:
    """The whole draw; there is none before it is closed."""
    it = _known(id)
    if not it.file:
        raise Http404("抽取文件在检查结果全部公示之后公开。")
    try:
        return _download(drawn.file_text(it.file), "application/json", "draw.json")
    except FileRefused as refused:
        raise Http404(refused.sentence) from refused


@login_not_required
@require_safe
def commitment(request: HttpRequest, id: int) -> HttpResponse:
    """The exact text whose digest was published."""
    return _download(_known(id).commitment.text, "application/json", "commitment.json")


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The verifier that needs nothing but Python."""
    return _download(VERIFIER.read_text("utf-8"), "text/x-python", VERIFIER.name)


@login_not_required
@require_safe
def module(request: HttpRequest) -> HttpResponse:
    """The verifier for the browser."""
    return HttpResponse(MODULE.read_text("utf-8"), content_type="text/javascript; charset=utf-8")


def _download(text: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
