"""Who is away and who stands in for whom, from when to when: recorded, ended, and said what it means today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yifa.look.fields import DATE, SELECT, TEXT, Field, Option
from yifa.look.words import language, word
from yifa.look.write import day as written
from yifa.people import posts as people_posts
from yifa.people.mistakes import PeopleError
from yifa.people.models import Absence, Holding, User
from yifa.people.offices import office_name

from .frame import POSTS
from .names import office_label, post_label
from .posts import held, read_day, said
from .who import Desk, administrator

LONGEST_REASON = 200


@dataclass(frozen=True)
class StandIn:
    """A deputy of a post; `acting`: may act today, because the holder is away or the post is vacant."""

    id: int
    title: str
    office: str
    url: str
    holders: str
    name: str
    since: date
    until: date | None
    acting: bool
    ends: str


@dataclass(frozen=True)
class Cover:
    """One post of somebody who is away, and who stands in for them; nobody: its work waits."""

    label: str
    url: str
    deputies: tuple[str, ...]


@dataclass(frozen=True)
class Away:
    """A person's absence; `now` while it lasts."""

    id: int
    name: str
    since: date
    until: date | None
    reason: str
    now: bool
    covers: tuple[Cover, ...]
    back: str


def _not_over(today: date) -> Q:
    return Q(until=None) | Q(until__gte=today)


def _label(code: str) -> str:
    post = people_posts.post(code)
    return f"{office_label(post.office)} {post_label(code)}"


def stand_ins(today: date) -> list[StandIn]:
    """Every deputy of today and of days to come."""
    rows = (
        Holding.objects.filter(_not_over(today), deputy=True).select_related("user").order_by("since", "id")
    )
    names = held(today, deputies=False)
    return [_stand_in(h, names, today) for h in rows]


def _stand_in(h: Holding, names: dict[str, list[str]], today: date) -> StandIn:
    post = people_posts.post(h.post, today)
    acting = any(a.post == h.post and a.deputy for a in people_posts.actors_of(h.user, today))
    return StandIn(
        h.pk, post.named(language()), office_name(post.office, today, language()),
        reverse("desk:holders", args=[h.post]), word("、").join(names.get(h.post, ())), str(h.user), h.since, h.until,
        acting, "" if h.until else max(today, h.since).isoformat(),
    )  # fmt: skip


def absences(today: date) -> list[Away]:
    """Who is away today or will be."""
    rows = Absence.objects.filter(_not_over(today)).select_related("user").order_by("since", "id")
    return [_away(a, today) for a in rows]


def _away(a: Absence, today: date) -> Away:
    on = max(a.since, today)
    own = [h for h in people_posts.held_by(a.user) if not h.deputy and h.since <= on <= (h.until or on)]
    covers = tuple(_cover(h.post, on) for h in own)
    return Away(
        a.pk,
        str(a.user),
        a.since,
        a.until,
        a.reason,
        a.since <= today,
        covers,
        max(today, a.since).isoformat(),
    )


def _cover(code: str, on: date) -> Cover:
    deputies = tuple(h.name for h in people_posts.holders(code, on) if h.deputy)
    return Cover(_label(code), reverse("desk:holders", args=[code]), deputies)


# ── The forms ────────────────────────────────────────────────────────────────


def _person(told: str) -> User | None:
    return User.objects.filter(pk=told, is_active=True).first() if told.isdecimal() else None


def _days(request: HttpRequest, names: tuple[str, str]) -> tuple[date | None, date | None, dict[str, str]]:
    """The first and the last day of a form; the last may be left open."""
    first, last = (read_day(request.POST.get(name, "")) for name in names)
    problems = {}
    if first is None:
        problems[names[0]] = word("请填写从哪一天起")
    if request.POST.get(names[1]) and last is None:
        problems[names[1]] = word("不是日期，例如 2023-03-05")
    return first, last, problems


def _absent(request: HttpRequest) -> dict[str, str]:
    """Record that somebody is away."""
    user = _person(request.POST.get("user", ""))
    since, until, problems = _days(request, ("since", "until"))
    reason = request.POST.get("reason", "").strip()
    if user is None:
        problems["user"] = word("请选择请假的人")
    if len(reason) > LONGEST_REASON:
        problems["reason"] = word("事由请控制在 200 字以内")
    if problems or user is None or since is None:
        return problems
    try:
        people_posts.absent(user, since, until, reason)
    except PeopleError as wrong:
        return {"until": said(wrong)}
    messages.success(
        request, word("已登记：{name}自{day}起请假。", name=user, day=written(since, language()))
    )
    return {}


def _deputy(request: HttpRequest) -> dict[str, str]:
    """Let somebody stand in for the holder of a post."""
    code, user = request.POST.get("post", ""), _person(request.POST.get("deputy", ""))
    since, until, problems = _days(request, ("from", "to"))
    known = {p.code for p in people_posts.posts(since)} if since else set()
    if since and code not in known:
        problems["post"] = word("请选择代理哪个职务")
    if user is None:
        problems["deputy"] = word("请选择代理人")
    elif since and any(h.person == user.pk and not h.deputy for h in people_posts.holders(code, since)):
        problems["deputy"] = word("这个人就担任这个职务，不需要代理")
    if problems or user is None or since is None:
        return problems
    try:
        people_posts.give(code, user, since, until, deputy=True)
    except PeopleError as wrong:
        return {"to": said(wrong)}
    messages.success(request, word("已登记：{name}代理{title}。", name=user, title=post_label(code)))
    return {}


def _back(request: HttpRequest) -> dict[str, str]:
    """Somebody is back at work on a day."""
    told, on = request.POST.get("absence", ""), read_day(request.POST.get("on", ""))
    row = Absence.objects.filter(pk=told).select_related("user").first() if told.isdecimal() else None
    if row is None or on is None or not row.since <= on <= (row.until or on):
        return {"list": word("请填写回来的日期，在请假的期间之内")}
    people_posts.back(row.user, on)
    messages.success(request, word("已登记：{name}{day}回来。", name=row.user, day=written(on, language())))
    return {}


def _end(request: HttpRequest) -> dict[str, str]:
    """Somebody stands in no longer."""
    told, last = request.POST.get("holding", ""), read_day(request.POST.get("last", ""))
    row = (
        Holding.objects.filter(pk=told, deputy=True).select_related("user").first()
        if told.isdecimal()
        else None
    )
    if row is None or last is None:
        return {"list": word("请填写代理的最后一天")}
    try:
        people_posts.end(row.pk, last)
    except PeopleError as wrong:
        return {"list": said(wrong)}
    messages.success(
        request, word("已登记：{name}代理到{day}为止。", name=row.user, day=written(last, language()))
    )
    return {}


ANSWERS: dict[str, Callable[[HttpRequest], dict[str, str]]] = {
    "absent": _absent, "deputy": _deputy, "back": _back, "end": _end,
}  # fmt: skip


def _people(chosen: str) -> tuple[Option, ...]:
    people = User.objects.filter(is_active=True).order_by("name", "username")
    return tuple(Option(str(u.pk), f"{u}（{u.username}）", None, str(u.pk) == chosen) for u in people)


def _posts(chosen: str, today: date) -> tuple[Option, ...]:
    return tuple(
        Option(p.code, f"{office_label(p.office)} {p.named(language())}", None, p.code == chosen)
        for p in people_posts.posts(today)
    )


def absence_fields(told: dict[str, Any], wrong: dict[str, str], today: date) -> list[Field]:
    user, since = told.get("user", ""), told.get("since", today.isoformat())
    return [
        Field("user", "请假的人", SELECT, user, True, options=_people(user), problem=wrong.get("user", "")),
        Field("since", "从哪一天起", DATE, since, True, problem=wrong.get("since", "")),
        Field("until", "到哪一天为止", DATE, told.get("until", ""), False, help="还不知道的，回来时再登记", problem=wrong.get("until", "")),
        Field("reason", "事由", TEXT, told.get("reason", ""), False, problem=wrong.get("reason", "")),
    ]  # fmt: skip


def deputy_fields(told: dict[str, Any], wrong: dict[str, str], today: date) -> list[Field]:
    code, user, since = told.get("post", ""), told.get("deputy", ""), told.get("from", today.isoformat())
    return [
        Field("post", "代理哪个职务", SELECT, code, True, options=_posts(code, today), problem=wrong.get("post", "")),
        Field("deputy", "代理人", SELECT, user, True, options=_people(user), problem=wrong.get("deputy", "")),
        Field("from", "从哪一天起", DATE, since, True, problem=wrong.get("from", "")),
        Field("to", "到哪一天为止", DATE, told.get("to", ""), False, help="不填的，一直到另行登记为止", problem=wrong.get("to", "")),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@administrator
def away(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Absences and deputies on one page: a deputy without an absence acts only where the post is vacant."""
    wish = request.POST.get("_do", "")
    problems: dict[str, str] = {}
    if request.method == "POST":
        answer = ANSWERS.get(wish)
        problems = answer(request) if answer else {"list": word("请重新填写后提交")}
        if not problems:
            return redirect("desk:absences")
    told = request.POST.dict()
    people = absences(desk.today)
    context = {
        "crumbs": [(word("职务"), reverse("desk:posts"))],
        "away": people,
        "uncovered": sum(1 for a in people if a.now for c in a.covers if not c.deputies),
        "stand_ins": stand_ins(desk.today),
        "absence_fields": absence_fields(told if wish == "absent" else {}, problems if wish == "absent" else {}, desk.today),
        "deputy_fields": deputy_fields(told if wish == "deputy" else {}, problems if wish == "deputy" else {}, desk.today),
        "problem": problems.get("list", ""),
    }  # fmt: skip
    status = 422 if problems else 200
    return desk.page(request, "desk/absences.html", context, section=POSTS, status=status)
