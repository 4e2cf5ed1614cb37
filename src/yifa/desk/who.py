"""Who is at the desk: the person who logged in, and the post in which they act now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from yifa.cases import read
from yifa.cases.read import CasePage
from yifa.look.environment import today
from yifa.look.words import word
from yifa.people.actor import Actor
from yifa.people.models import User
from yifa.people.posts import actors_of

from .frame import frame

CHOSEN = "post"  # where the session keeps the post


@dataclass(frozen=True)
class Desk:
    """One person at work: in which post, which others they could take, and what day it is."""

    user: User
    actor: Actor
    actors: tuple[Actor, ...]
    today: date

    @property
    def who(self) -> str:
        """Whose are the things a browser keeps for this desk: the person's, in this post."""
        return f"{self.user.pk}.{self.actor.post}"

    def case(self, id: int) -> CasePage:
        """A case that this post may see; 404 for any other, whether it exists or not."""
        try:
            return read.case(id, self.actor, self.today)
        except read.Unseen:
            raise Http404(word("没有这个案件，或者它不在您的职权范围内。")) from None

    def page(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        *,
        section: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """A page of the desk in its frame."""
        around = frame(self.user, self.actor, self.actors, section, request.get_full_path())
        return render(request, template, {"frame": around, "who": self.who, **context}, status=status)


View = Callable[..., HttpResponse]


def _chosen(request: HttpRequest, actors: tuple[Actor, ...], now: date) -> Actor:
    """The post taken at the switcher; before anything was chosen, the one in which most is pressing."""
    wanted = request.session.get(CHOSEN)
    if found := next((a for a in actors if a.post == wanted), None):
        return found
    if len(actors) == 1:
        return actors[0]
    busiest = max(actors, key=lambda a: pressing(read.waiting(a, now)))
    request.session[CHOSEN] = busiest.post
    return busiest


def pressing(counts: dict[str, int]) -> tuple[int, int, int]:
    """How urgent an inbox is: overdue, due soon, all."""
    return counts[read.RED], counts[read.YELLOW], sum(counts.values())


def official(view: View) -> View:
    """For people who hold a post today; the view gets the desk they sit at."""

    @wraps(view)
    @login_required
    @cache_control(private=True, no_cache=True)
    def seated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        now = today()
        actors = tuple(actors_of(request.user, now))
        if not actors:
            return nobody(request)
        desk = Desk(request.user, _chosen(request, actors, now), actors, now)
        return view(request, desk, *args, **kwargs)

    return seated


def administrator(view: View) -> View:
    """For those who keep the county's posts; they need not hold one themselves."""

    @wraps(view)
    @login_required
    @cache_control(private=True, no_cache=True)
    def seated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        if not request.user.is_staff:
            raise PermissionDenied(word("只有系统管理员可以管理职务。"))
        now = today()
        actors = tuple(actors_of(request.user, now))
        actor = _chosen(request, actors, now) if actors else Actor.system(str(request.user))
        return view(request, Desk(request.user, actor, actors, now), *args, **kwargs)

    return seated


def nobody(request: HttpRequest) -> HttpResponse:
    """Someone who logged in and holds no post today."""
    return render(request, "desk/nobody.html", {"may_give": request.user.is_staff}, status=403)
