"""The worker that keeps a form open without a line; it must stand under the desk to watch over its pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

import yifa.look

WORKER = Path(yifa.look.__file__).parent / "static" / "look" / "worker.js"


@cache
def _worker() -> bytes:
    return WORKER.read_bytes()


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script; asked for anew whenever a page that needs it is opened."""
    answer = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
