"""A file dropped on the desk: whichever step can be filled from it is filled, and stands there to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yifa.cases import read
from yifa.cases.decide import who_may
from yifa.cases.scene import Stage
from yifa.cases.store import Store
from yifa.look.words import word
from yifa.procedure import Procedure, Readout, Reason, Refused, Step, registry

from .step import Asked, Reply, known, shown
from .who import Desk, official

LARGEST = 2 * 1024 * 1024  # bytes


@require_http_methods(["GET", "POST"])
@official
def drop(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take the file, find its form, show it filled; nothing is entered before somebody has looked."""
    readable = [step for _, step in _readers(desk)]
    if request.method == "GET":
        return _page(request, desk, readable)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, desk, readable, [word("请选择一个文件。")])
    if (file.size or 0) > LARGEST:
        return _page(request, desk, readable, [word("文件超过2 MB，不像是预警报文。请检查是不是选错了。")])
    data = file.read()
    for procedure, step in _readers(desk):
        stage = Stage(Store().cursor(), 0, desk.actor.office, step, desk.today, tried=True)
        try:
            readout = step.reader(data, stage) if step.reader else None
        except Refused as refused:
            return _page(request, desk, readable, [r.sentence for r in refused.reasons], name=file.name or "")
        if readout is not None:
            return _filled(request, desk, procedure, step, readout, file.name or "")
    return _page(
        request, desk, readable, [word("这个文件不是您能办理的任何一步所用的报文。")], name=file.name or ""
    )


def _readers(desk: Desk) -> Iterator[tuple[type[Procedure], Step[Any]]]:
    """Every step this post may take that can be filled from a file."""
    for procedure in registry().families():
        if desk.actor.handles(procedure.key):
            for step in procedure.steps.values():
                if step.reader is not None and not who_may(step, desk.actor, desk.actor.office, own=False):
                    yield procedure, step


def _filled(
    request: HttpRequest, desk: Desk, procedure: type[Procedure], step: Step[Any], readout: Readout, name: str
) -> HttpResponse:
    case = None
    if readout.case is not None:
        try:
            case = read.case(readout.case, desk.actor, desk.today)
        except read.Unseen:
            return _page(request, desk, [step], [word("报文所指的案件不在您的职权范围内。")], name=name)
    asked = Asked(desk, procedure, step, case)
    if reasons := asked.closed():
        return shown(request, asked, Reply([], tuple(reasons), status=409))
    where = (
        reverse("desk:do", args=[case.id, step.key])
        if case
        else reverse("desk:new", args=[procedure.key, step.key])
    )
    note = word("已由“{file}”填好，请核对后办理。现在还没有登记。", file=name)
    fields = asked.fields(known(asked) | dict(readout.facts))
    return shown(request, asked, Reply(fields, action=where, note=note))


def _page(
    request: HttpRequest,
    desk: Desk,
    readable: list[Step[Any]],
    wrong: list[str] | None = None,
    name: str = "",
) -> HttpResponse:
    reasons = tuple(Reason(sentence, None, "yifa.R015") for sentence in wrong or ())
    context = {
        "readable": list(dict.fromkeys(step.label for step in readable)),
        "reasons": reasons,
        "name": name,
    }
    return desk.page(request, "desk/drop.html", context, section="room", status=422 if wrong else 200)
