"""The ledger's public side: the roots of every day, a proof for one entry, and the program that checks them offline."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from yifa.ledger import checkpoints
from yifa.ledger.errors import LedgerError
from yifa.ledger.models import Checkpoint
from yifa.ledger.tree import verify_inclusion
from yifa.ledger.verifier import verifier_script

from . import tallies
from .limits import PROOFS
from .views import page

SHOWN = 30
HASH = re.compile(r"[0-9a-f]{16,64}")
NUMBER = re.compile(r"[0-9]{1,18}")


@login_not_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The last root and those before it, and how anyone can check them."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **told: Any) -> HttpResponse:
    made = checkpoints.every()
    empty = {"proof": None, "proof_json": "", "problem": "", "number": "", "hash": ""}
    return page(
        request,
        "portal/ledger.html",
        "portal:ledger",
        status,
        last=made[-1] if made else None,
        points=made[::-1][:SHOWN],
        total=len(made),
        rated=any(tallies.declared()),
        **(empty | told),
    )


@login_not_required
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """Every checkpoint, for whoever keeps a copy of their own."""
    told = {"checkpoints": [_plain(point) for point in checkpoints.every()]}
    answer = HttpResponse(json.dumps(told, indent=1) + "\n", content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="checkpoints.json"'
    return answer


def _plain(point: Checkpoint) -> dict[str, Any]:
    return {
        "day": point.day.isoformat(),
        "size": point.size,
        "last_entry": point.last_entry,
        "root": point.root,
        "algo": point.algo,
        "made_at": point.made_at.isoformat(),
    }


@login_not_required
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The offline verifier: one file of Python that needs nothing but Python."""
    answer = HttpResponse(verifier_script(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


def _of(shape: re.Pattern[str], request: HttpRequest, name: str) -> str:
    """What a link has filled in, if it has the shape."""
    told = request.GET.get(name, "")
    return told if shape.fullmatch(told) else ""


@login_not_required
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """That one entry is under a published root; it shows nothing else of the ledger, nor of the entry.

    Another page may lead here with the form filled in.
    """
    if request.method == "GET":
        return _page(request, number=_of(NUMBER, request, "number"), hash=_of(HASH, request, "hash"))
    number = request.POST.get("number", "").strip().lstrip("#")[:20]
    hash = request.POST.get("hash", "").strip().lower().rstrip("…")[:64]
    told: dict[str, Any] = {"number": number, "hash": hash}
    if not PROOFS.spend(request):
        return _page(request, 429, problem="查询过于频繁，请十分钟后再试。", **told)
    if not number.isdecimal() or len(number) > 18:
        return _page(request, 422, problem="请填写台账条目的编号，例如回执上的“第12条”填 12。", **told)
    if hash and not HASH.fullmatch(hash):
        return _page(request, 422, problem="指纹是十六进制的字母和数字，至少填前十六位。", **told)
    try:
        found = checkpoints.inclusion(int(number))
    except LedgerError as wrong:
        return _page(request, 404, problem=str(wrong).partition(" [yifa.")[0], **told)
    if hash and not found.hash.startswith(hash):
        return _page(
            request,
            422,
            problem="台账中这一条的指纹与您填写的不同。请核对编号；编号无误的，请保存您的回执并向机关提出。",
            **told,
        )
    path = [bytes.fromhex(node) for node in found.path]
    holds = verify_inclusion(
        bytes.fromhex(found.hash), found.index, found.size, path, bytes.fromhex(found.root), found.algo
    )
    shown = asdict(found) | {"day": found.day.isoformat(), "path": list(found.path)}
    return _page(request, proof=found, holds=holds, proof_json=json.dumps(shown, indent=1), **told)
