"""Destroying the personal data of a case: the head's to do, with a reason, and told in the ledger."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yifa.ledger.erase import erase as destroy
from yifa.look.fields import LONG, TEXT, Field
from yifa.look.words import word
from yifa.texts.lookup.follow import catch_up

from .case import crumbs, heading, may_erase
from .who import Desk, official

SHORTEST = 5
WORD = "销毁"


def _fields(reason: str, typed: str, problems: dict[str, str]) -> list[Field]:
    sure = word("销毁后谁也不能恢复。请输入“销毁”二字")
    return [
        Field("reason", word("销毁理由"), LONG, reason, True, help="写明依据和批准情况，将记入台账", problem=problems.get("reason", "")),
        Field("sure", word("确认"), TEXT, typed, True, help=sure, problem=problems.get("sure", "")),
    ]  # fmt: skip


def _problems(reason: str, typed: str) -> dict[str, str]:
    found = {}
    if len(reason) < SHORTEST:
        found["reason"] = word("请写明销毁的理由")
    if typed != WORD:
        found["sure"] = word("没有输入“销毁”二字，未作任何改动")
    return found


@require_http_methods(["GET", "POST"])
@official
def erase(request: HttpRequest, desk: Desk, id: int) -> HttpResponse:
    """Ask why and whether it is meant; then destroy the key of the case."""
    page = desk.case(id)
    if not may_erase(page, desk.actor):
        raise PermissionDenied(word("销毁个人信息由机构负责人办理。"))
    reason, typed = request.POST.get("reason", "").strip(), request.POST.get("sure", "").strip()
    problems = _problems(reason, typed) if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        destroy(id, desk.actor, reason)
        catch_up()  # the texts of its files leave the index now, not at the next search
        messages.success(request, word("个人信息已经销毁，其余记录仍可核验。"))
        return redirect("desk:case", id)
    context = {
        "crumbs": [
            *crumbs(page.family, page.title),
            (page.number or heading(page), reverse("desk:case", args=[id])),
        ],
        "about": heading(page),
        "sealed": [f for f in page.facts if f.sealed],
        "papers": page.papers,
        "documents": list(dict.fromkeys(f.value for a in page.timeline for f in a.facts if f.document)),
        "fields": _fields(reason, typed, problems),
        "back": reverse("desk:case", args=[id]),
    }
    return desk.page(
        request, "desk/erase.html", context, section=page.family, status=422 if problems else 200
    )
