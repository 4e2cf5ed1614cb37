"""Who holds which post, from when to when. Nothing is overwritten: a holding ends, another begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yifa.look.fields import DATE, SELECT, TEXT, YES_NO, Field, Option
from yifa.look.words import language, word
from yifa.look.write import day as written
from yifa.people import duties
from yifa.people import posts as people_posts
from yifa.people.mistakes import PeopleError
from yifa.people.models import Holding, User
from yifa.people.offices import office_name
from yifa.people.posts import Held

from .frame import POSTS
from .who import Desk, administrator

VACANT, HELD = "vacant", "held"


@dataclass(frozen=True)
class Line:
    """A post and who holds it today."""

    title: str
    roles: str
    scope: str
    url: str
    holders: tuple[str, ...]


def roles_of(post: duties.Post) -> str:
    return "、".join(map(word, post.role_labels))


def held(on: date, *, deputies: bool = True) -> dict[str, list[str]]:
    """The names of each post's holders that day, and of its deputies if wanted, in one query."""
    found: dict[str, list[str]] = {}
    now = Holding.objects.filter(since__lte=on).exclude(until__lt=on).select_related("user")
    now = now if deputies else now.filter(deputy=False)
    for h in now.order_by("deputy", "since"):
        found.setdefault(h.post, []).append(str(h.user) + (word("（代理）") if h.deputy else ""))
    return found


SHOWS = {"": "全部", VACANT: "空缺的", HELD: "有人担任的"}


def _lines(today: date) -> Iterator[tuple[str, Line]]:
    """Every post of the day with its office's name, in the order the county lists them."""
    names = held(today)
    for p in people_posts.posts(today):
        url = reverse("desk:holders", args=[p.code])
        line = Line(p.named(language()), roles_of(p), word(p.scope_label), url, tuple(names.get(p.code, ())))
        yield office_name(p.office, today, language()), line


def _wanted(office: str, line: Line, q: str, show: str) -> bool:
    """Is the post among those asked for: a word of the office, the title or a holder; held or vacant."""
    if show == (VACANT if line.holders else HELD):
        return False
    return not q or any(q.casefold() in text.casefold() for text in (office, line.title, *line.holders))


@require_GET
@administrator
def posts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All posts, office by office; those of one office, one person, or the vacant ones alone."""
    q, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    lines = list(_lines(desk.today))
    groups: dict[str, list[Line]] = {}
    for office, line in lines:
        if _wanted(office, line, q, show):
            groups.setdefault(office, []).append(line)
    context = {
        "groups": groups,
        "any": bool(lines),
        "vacant": sum(1 for _, line in lines if not line.holders),
        "q": q,
        "shows": [Option(key, word(label), None, key == show) for key, label in SHOWS.items()],
        "narrowed": bool(q or show),
        "people_url": reverse("desk:people"),
    }
    return desk.page(request, "desk/posts.html", context, section=POSTS)


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _give(request: HttpRequest, post: duties.Post) -> dict[str, str]:
    """Let someone hold the post; what is wrong, field by field."""
    told = request.POST
    chosen = told.get("user", "")
    user = User.objects.filter(pk=chosen, is_active=True).first() if chosen.isdecimal() else None
    since, until = read_day(told.get("since", "")), read_day(told.get("until", ""))
    problems = {}
    if user is None:
        problems["user"] = word("请选择任职的人")
    if since is None:
        problems["since"] = word("请填写任职日期")
    if told.get("until") and until is None:
        problems["until"] = word("免职日期不是日期")
    if problems or user is None or since is None:
        return problems
    try:
        people_posts.give(post.code, user, since, until, deputy=told.get("deputy") == "是")
    except PeopleError as wrong:
        return {"since": said(wrong)}
    messages.success(request, word("已登记：{name}任{title}。", name=user, title=post.title))
    return {}


def said(wrong: PeopleError) -> str:
    """The sentence without its id, which is for authors."""
    return str(wrong).partition(" [")[0]


def _end(request: HttpRequest, post: duties.Post) -> dict[str, str]:
    """End a holding of this post on a day."""
    wanted, last = request.POST.get("holding", ""), read_day(request.POST.get("last", ""))
    mine = next((h for h in people_posts.holders(post.code) if str(h.id) == wanted), None)
    if mine is None or last is None:
        return {"last": word("请填写免职日期，不早于任职日期")}
    try:
        people_posts.end(mine.id, last)
    except PeopleError as wrong:
        return {"last": said(wrong)}
    messages.success(
        request, word("已登记：{name}任职至{day}。", name=mine.name, day=written(last, language()))
    )
    return {}


def _fields(told: dict[str, Any], problems: dict[str, str], today: date) -> list[Field]:
    people = User.objects.filter(is_active=True).order_by("name", "username")
    chosen = str(told.get("user", ""))
    options = tuple(Option(str(u.pk), f"{u}（{u.username}）", None, str(u.pk) == chosen) for u in people)
    deputy = tuple(Option(v, v, None, told.get("deputy", "否") == v) for v in ("否", "是"))
    since = told.get("since", today.isoformat())
    return [
        Field("user", "任职的人", SELECT, chosen, True, options=options, problem=problems.get("user", "")),
        Field("since", "任职日期", DATE, since, True, problem=problems.get("since", "")),
        Field("until", "免职日期", DATE, told.get("until", ""), False, problem=problems.get("until", "")),
        Field(
            "deputy",
            "是否代理",
            YES_NO,
            "",
            True,
            help="正职缺位或者请假时，代理人才可以办理",
            options=deputy,
        ),
    ]


@dataclass(frozen=True)
class Spell:
    """One person's time in a post; `ends` is the day offered for ending it, "" where it has ended."""

    held: Held
    ends: str


def _spell(h: Held, today: date) -> Spell:
    return Spell(h, "" if h.until else max(today, h.since).isoformat())


@require_http_methods(["GET", "POST"])
@administrator
def post(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One post: who held it when; give it, end a holding."""
    try:
        found = people_posts.post(code, desk.today)
    except KeyError:
        raise Http404(word("没有这个职务。")) from None
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = (_end if "holding" in request.POST else _give)(request, found)
        if not problems:
            return redirect("desk:holders", code)
    history = sorted(people_posts.holders(code), key=lambda h: (h.since, h.id), reverse=True)
    context = {
        "title": found.named(language()),
        "office": office_name(found.office, desk.today, language()),
        "about": f"{roles_of(found)} · {word(found.scope_label)}",
        "history": [_spell(h, desk.today) for h in history],
        "fields": _fields(request.POST.dict(), problems, desk.today),
        "problem": problems.get("last", ""),
        "crumbs": [(word("职务"), reverse("desk:posts"))],
    }
    return desk.page(request, "desk/post.html", context, section=POSTS, status=422 if problems else 200)


def _new_person(name: str, username: str) -> dict[str, str]:
    """What is wrong with a new account; nothing: it was made, without a password."""
    problems = {}
    if not name:
        problems["name"] = word("请填写姓名")
    if not (username.isascii() and username.replace("_", "").replace(".", "").isalnum()):
        problems["username"] = word("登录名由字母和数字组成")
    elif User.objects.filter(username__iexact=username).exists():
        problems["username"] = word("这个登录名已经有人使用")
    if not problems:
        people_posts.person(username, name)
    return problems


def one_time_code(user: User) -> str:
    """The site issues the codes; the desk only shows them, once."""
    return str(import_string(settings.YIFA_ONE_TIME_CODE)(user))


@dataclass(frozen=True)
class Answer:
    """What came of the people page's two forms."""

    code: str = ""
    whose: str = ""
    problems: dict[str, str] | None = None


def _answer(request: HttpRequest) -> Answer:
    if again := request.POST.get("again", ""):
        user = User.objects.filter(pk=again, is_active=True).first() if again.isdecimal() else None
        return Answer(one_time_code(user), str(user)) if user else Answer()
    name, username = request.POST.get("name", "").strip(), request.POST.get("username", "").strip()
    if problems := _new_person(name, username):
        return Answer(problems=problems)
    return Answer(one_time_code(User.objects.get(username=username)), name)


@never_cache
@require_http_methods(["GET", "POST"])
@administrator
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The accounts; a new one, or a new one-time code for someone who lost the password."""
    answer = _answer(request) if request.method == "POST" else Answer()
    problems = answer.problems or {}
    typed = request.POST if problems else {}
    context = {
        "people": list(User.objects.order_by("-is_active", "name", "username")),
        "fields": [
            Field("name", "姓名", TEXT, typed.get("name", ""), True, problem=problems.get("name", "")),
            Field(
                "username",
                "登录名",
                TEXT,
                typed.get("username", ""),
                True,
                problem=problems.get("username", ""),
            ),
        ],
        "code": answer.code,
        "whose": answer.whose,
        "crumbs": [(word("职务"), reverse("desk:posts"))],
        "once_url": request.build_absolute_uri(reverse("once")),
    }
    return desk.page(request, "desk/people.html", context, section=POSTS, status=422 if problems else 200)
