"""What people said, published under their receipts: the months, one month's list, finding one's own in it."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from yifa.look.words import word
from yifa.procedure import Procedure, Receipts, asks_of

from . import tallies
from .limits import PROOFS
from .views import page

LONGEST_CODE = 40


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every list there is."""
    found = [(p, r, tallies.months(p, r)) for p, r in tallies.declared()]
    return page(request, "portal/receipts.html", "portal:ledger", found=found)


def _asked(family: str, key: str, month: int) -> tuple[type[Procedure], Receipts, tallies.List]:
    found = tallies.named(family, key)
    if found is None or not (190001 <= month <= 219912 and 1 <= month % 100 <= 12):
        raise Http404("没有这份公示。")
    return *found, tallies.month_list(*found, month)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def of_month(request: HttpRequest, family: str, key: str, month: int) -> HttpResponse:
    """One month: how many, the root, and where a receipt stands. A receipt is never written into an address."""
    procedure, receipts, found = _asked(family, key, month)
    code, problem, proof, status = "", "", None, 200
    if request.method == "POST":
        code = request.POST.get("code", "").strip()[:LONGEST_CODE]
        proof = found.find(code) if PROOFS.spend(request) else None
        if proof is None:
            problem, status = _not_found(procedure, receipts, month, code), 404
    return page(
        request,
        "portal/receipt_list.html",
        "portal:ledger",
        status,
        procedure=procedure,
        receipts=receipts,
        list=found,
        month=month,
        facts=_facts(receipts, found),
        days=found.days[::-1][:31],
        code=code,
        problem=problem,
        proof=proof,
        proof_json=json.dumps(proof.as_dict(), ensure_ascii=False, indent=1) if proof else "",
        others=tallies.months(procedure, receipts),
    )


def _facts(receipts: Receipts, found: tallies.List) -> list[tuple[str, list[tuple[str, int]]]]:
    """What each published fact came to: every answer the form offers, also those nobody gave."""
    asked = {a.name: a for a in asks_of(receipts.steps[0].asks)}
    told = []
    for place, name in enumerate(receipts.shows):
        counted = dict(found.counted(place))
        offered = {choice.label: counted.pop(choice.label, 0) for choice in asked[name].choices}
        told.append((asked[name].label, [*offered.items(), *counted.items()]))
    return told


def _not_found(procedure: type[Procedure], receipts: Receipts, month: int, code: str) -> str:
    """Another month may hold it; if none does, that is what the list is for."""
    for other, _ in tallies.months(procedure, receipts):
        if other != month and tallies.month_list(procedure, receipts, other).find(code):
            return word("这个回执在{y}年{m}月的公示里。", y=other // 100, m=other % 100)
    return "没有找到这个回执。请核对十位字母和数字；核对无误仍找不到的，请保存回执，向机关或者监察机关提出。"


@login_not_required
@require_safe
def as_json(request: HttpRequest, family: str, key: str, month: int) -> HttpResponse:
    """The whole list, for whoever keeps a copy or counts it anew."""
    _, _, found = _asked(family, key, month)
    text = json.dumps(found.as_dict(), ensure_ascii=False, indent=1) + "\n"
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{family}-{key}-{month}.json"'
    return answer


__all__ = ["as_json", "index", "of_month"]
