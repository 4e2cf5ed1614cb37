"""The person's own page: in whose capacity, password, second factor."""

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from yifa.look.words import language
from yifa.people.offices import office_name

from .names import post_label
from .who import CHOSEN, Desk, official


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page the form came from, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise


@require_POST
@official
def choose_post(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Act in another of one's own posts from now on; a post one does not hold is not taken."""
    wanted = request.POST.get("post", "")
    if any(a.post == wanted for a in desk.actors):
        request.session[CHOSEN] = wanted
    return redirect(back_to(request, "desk:inbox"))


@require_GET
@official
def account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What this account is and how it is protected."""
    posts = [
        (
            office_name(a.office, desk.today, language()),
            post_label(a.post),
            a.deputy,
            a.post == desk.actor.post,
        )
        for a in desk.actors
    ]
    about = f"{desk.user}（{desk.user.username}）"
    context = {"about": about, "posts": posts, "two_factor": is_mfa_enabled(desk.user)}
    return desk.page(request, "desk/account.html", context)
