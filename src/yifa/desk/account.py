"""The person's own page: in whose capacity, password, second factor."""

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from yifa.look.words import language, word
from yifa.people.actor import Actor
from yifa.people.offices import office_name
from yifa.people.posts import holders

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


@dataclass(frozen=True)
class Mine:
    """A post the person acts in: as its holder, or as a deputy. `others`: who stands in for them, or for whom they do."""

    office: str
    title: str
    deputy: bool
    current: bool
    others: str


def _mine(a: Actor, desk: Desk) -> Mine:
    others = [
        h.name for h in holders(a.post, desk.today) if h.deputy != a.deputy and h.person != desk.user.pk
    ]
    office = office_name(a.office, desk.today, language())
    return Mine(office, post_label(a.post), a.deputy, a.post == desk.actor.post, word("、").join(others))


@require_GET
@official
def account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What this account is, who stands in for whom in its posts, and how it is protected."""
    context = {
        "about": f"{desk.user}（{desk.user.username}）",
        "posts": [_mine(a, desk) for a in desk.actors],
        "two_factor": is_mfa_enabled(desk.user),
    }
    return desk.page(request, "desk/account.html", context)
