"""The pages of the site's own: coming in with a one-time code, and what is said when too much was sent."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yifa.site.once import redeem


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def once(request: HttpRequest) -> HttpResponse:
    """Take the code, let its owner in (past the second factor, where there is one), ask for a password."""
    if request.method == "GET":
        return render(request, "site/once.html", {"problem": ""})
    if not consume(request, action="once"):
        return render(request, "site/once.html", {"problem": "尝试过于频繁，请一分钟后再试。"}, status=429)
    user = redeem(request.POST.get("code", ""))
    if user is None:
        problem = "一次性登录码不正确或者已经失效。请向管理员要一个新的（yifa once）。"
        return render(request, "site/once.html", {"problem": problem}, status=400)
    return perform_login(request, Login(user=user, redirect_url=reverse("account_set_password")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read; one that was too large says so, and what to do.

    One to a host that is not ours gets a page that asks nothing of the request: not even where it came from is to be believed.
    """
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    if isinstance(exception, DisallowedHost):
        return HttpResponse(render_to_string("400.html"), status=400)
    return render(request, "400.html", status=400)
