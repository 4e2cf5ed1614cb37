"""The page behind the address in a warning: what it says, and one button; and where gateways bring their news."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from yifa.calls import answers, queue
from yifa.calls.channel import ChannelError
from yifa.calls.lines import pushing
from yifa.calls.tokens import calling_of
from yifa.people.offices import office_name

from .limits import ANSWERS, WRONG_ANSWERS
from .views import page

LONGEST_NEWS = 1_000_000  # bytes a gateway may bring at once


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What was to reach them; looking is no answer, for previews look too: only the button is."""
    if WRONG_ANSWERS.spent(request) or not ANSWERS.spend(request):
        return page(request, "portal/answer.html", status=429, told=None, busy=True)
    calling = calling_of(settings.SECRET_KEY, token)
    told = answers.told(calling) if calling is not None and calling < 2**63 else None
    if told is None:
        WRONG_ANSWERS.spend(request)
        raise Http404("没有这个回应地址，请核对短信里的网址。")
    if request.method == "POST":
        answers.confirm(told.calling, timezone.now())
        return redirect("portal:answer", token)
    return page(request, "portal/answer.html", told=told, by=office_name(told.office), busy=False)


@csrf_exempt
@login_not_required
@require_POST
def pushed(request: HttpRequest, channel: str) -> HttpResponse:
    """News a gateway brings itself; believed only with its signature."""
    if int(request.headers.get("Content-Length") or 0) > LONGEST_NEWS:
        return HttpResponse(status=413)
    try:
        line = pushing(settings.YIFA_HOME, channel)
    except ChannelError:
        line = None
    if line is None:
        raise Http404("没有这条线路。")
    news = line.pushed(request.get_full_path(), request.headers, request.body)
    if news is None:
        return HttpResponse(status=403)
    queue.learn(news)
    return HttpResponse(status=204)
