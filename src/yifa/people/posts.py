"""Posts and who holds them: from a person and a day to the capacities in which that person may act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from yifa.procedure.words import Role

from . import models
from .actor import Actor
from .duties import SCOPES, Post, Posts, actor, reach
from .memory import Kept
from .mistakes import PeopleError
from .models import Absence, Holding, User
from .offices import tree
from .roles import ROLES
from .tree import Office

DAY = timedelta(days=1)
COLUMNS = tuple(f.name for f in fields(Post))
SETS = ("roles", "families")
NARROWEST_FIRST = {scope: n for n, scope in enumerate(SCOPES)}
OUTSIDE = {"applicant": ("申请人", "Applicant"), "law": ("法律规定", "By law")}


def _read() -> Posts:
    rows = models.Post.objects.order_by("id").values(*COLUMNS)
    return Posts(
        Post(**{**row, **{n: frozenset(filter(None, row[n].split(","))) for n in SETS}}) for row in rows
    )


_posts = Kept("people_post", _read)


def forget() -> None:
    """Read the posts anew at the next question."""
    _posts.forget()


def all_posts() -> Posts:
    """All posts with their history; read again when a row has been added, here or in another process."""
    return _posts.get()


# ── Posts ────────────────────────────────────────────────────────────────────


def post(code: str, on: date | None = None) -> Post:
    """The post on that day, or as it was nearest to it; KeyError for an unknown code."""
    return _posts.get().nearest(code, on)


def posts(on: date, office: str = "") -> list[Post]:
    """The posts standing that day, in the order the county lists them."""
    return [p for p in _posts.get().standing(on) if not office or p.office == office]


def able(family: str, role: Role, on: date, office: str = "") -> list[Post]:
    """The posts that may take steps of this role in such matters (of this office): its own first, the county's last."""
    known = tree()
    found = [p for p in posts(on) if role.key in p.roles and (not p.families or family in p.families)]
    if office:
        found = [p for p in found if (scope := reach(p, known, on)) is None or office in scope]
    return sorted(found, key=lambda p: (not p.families, NARROWEST_FIRST[p.scope]))


def serving(family: str, role: Role, on: date, *, held: bool = False) -> list[Office]:
    """The offices that take this kind of matter: one of their own posts has the role for it.

    `held`: only where somebody holds such a post that day, so that what arrives is not left lying.
    """
    able_there = able(family, role, on)
    if held:
        now = set(Holding.objects.filter(_valid(on), user__is_active=True).values_list("post", flat=True))
        able_there = [p for p in able_there if p.code in now]
    there = {p.office for p in able_there}
    return [o for o in tree().standing(on) if o.code in there]


def post_title(code: str, on: date | None = None, lang: str = "zh") -> str:
    """What a post is called; the law and the person outside have names of their own."""
    if code in OUTSIDE:
        return OUTSIDE[code][lang.startswith("en")]
    known = _posts.get()
    return known.nearest(code, on).named(lang) if code in known else code.removeprefix("system:")


def found_post(row: Post) -> Post:
    """A new post from its first day."""
    if _posts.get().on(row.code, row.since):
        raise PeopleError("E210", f"职务“{row.code}”在{row.since}已经设立；改动请用变更。")
    return record(row)


def change_post(code: str, since: date, **told: Any) -> Post:
    """From that day the post has another title, other roles or another scope; what is not told stays."""
    return record(replace(_standing(code, since), since=since, until=None, **told))


def close_post(code: str, until: date) -> Post:
    """The post ends with that day; whoever holds it can no longer act in it."""
    return record(replace(_standing(code, until), until=until))


def _standing(code: str, on: date) -> Post:
    row = _posts.get().on(code, on)
    if row is None:
        raise PeopleError("E211", f"职务“{code}”在{on}不存在。")
    return row


def record(row: Post) -> Post:
    """Write one row of a post."""
    record_all([row])
    return row


def record_all(rows: Iterable[Post]) -> None:
    """Write rows, all or none."""
    rows = list(rows)
    for row in rows:
        _must_make_sense(row)
    with transaction.atomic():
        models.Post.objects.bulk_create(models.Post(**_plain(row)) for row in rows)
        forget()


def _must_make_sense(row: Post) -> None:
    if unknown := sorted(row.roles - ROLES.keys()):
        raise PeopleError(
            "E212", f"职务“{row.title}”的角色“{'、'.join(unknown)}”不存在，可以是：{'、'.join(ROLES)}。"
        )
    if row.scope not in SCOPES:
        raise PeopleError(
            "E213", f"职务“{row.title}”的范围“{row.scope}”不存在，可以是：{'、'.join(SCOPES)}。"
        )
    if row.office not in tree():
        raise PeopleError("E214", f"职务“{row.title}”所在的机关“{row.office}”不存在。")


def _plain(row: Post) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in COLUMNS}
    return told | {n: ",".join(sorted(told[n])) for n in SETS}


# ── Who holds them ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Held:
    """A person in a post, from when to when."""

    id: int
    post: str
    person: int
    name: str
    since: date
    until: date | None
    deputy: bool


def _valid(on: date) -> Q:
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


def holders(post: str, on: date | None = None) -> list[Held]:
    """Who holds a post that day, or who ever held it: holders first, then deputies, the newest first."""
    found = Holding.objects.filter(post=post).select_related("user").order_by("deputy", "-since", "-id")
    return [_held(h) for h in (found if on is None else found.filter(_valid(on)))]


def held_by(user: User) -> list[Held]:
    """Every post a person ever held, the newest first."""
    return [_held(h) for h in user.holdings.select_related("user").order_by("-since", "-id")]


def _held(h: Holding) -> Held:
    return Held(h.pk, h.post, h.user_id, str(h.user), h.since, h.until, h.deputy)


def give(post: str, user: User, since: date, until: date | None = None, *, deputy: bool = False) -> Held:
    """Let a person hold a post from a day; nothing to do where they hold it already."""
    _standing(post, since)
    if until and until < since:
        raise PeopleError("E215", f"任职到{until}为止，早于开始的{since}。")
    same = Holding.objects.filter(_valid(since), post=post, user=user, deputy=deputy).first()
    if same is not None:
        return _held(same)
    return _held(Holding.objects.create(post=post, user=user, since=since, until=until, deputy=deputy))


def end(holding: int, until: date) -> None:
    """That day is the last; the day before the first means it was recorded by mistake and never held."""
    h = Holding.objects.get(pk=holding)
    if until < h.since - DAY or (h.until is not None and until > h.until):
        raise PeopleError("E216", f"任职自{h.since}起，不能到{until}为止。")
    Holding.objects.filter(pk=holding).update(until=until)


def absent(user: User, since: date, until: date | None, reason: str = "") -> Absence:
    """The person cannot act from when to when; the deputies of their posts may."""
    if until and until < since:
        raise PeopleError("E217", f"请假到{until}为止，早于开始的{since}。")
    return Absence.objects.create(user=user, since=since, until=until, reason=reason)


def back(user: User, on: date) -> None:
    """The person is back on that day."""
    Absence.objects.filter(_valid(on), user=user).update(until=on - DAY)


# ── Acting ───────────────────────────────────────────────────────────────────


def actors_of(user: User, on: date) -> list[Actor]:
    """One actor for each post the person may act in that day; asked anew at every request."""
    if not user.is_active:
        return []
    held = list(Holding.objects.filter(_valid(on), user=user).order_by("deputy", "id"))
    free = _without_holder({h.post for h in held if h.deputy}, on)
    acting = {h.post: h.deputy for h in reversed(held) if not h.deputy or h.post in free}
    found = [_actor(code, user, on, deputy=deputy) for code, deputy in reversed(acting.items())]
    return [a for a in found if a is not None]


def _without_holder(codes: set[str], on: date) -> frozenset[str]:
    """Of these posts, those that nobody holds that day, or whose holders are all away."""
    if not codes:
        return frozenset()
    away = Absence.objects.filter(_valid(on)).values("user")
    there = Holding.objects.filter(_valid(on), post__in=codes, deputy=False, user__is_active=True)
    return frozenset(codes) - set(there.exclude(user__in=away).values_list("post", flat=True))


def _actor(code: str, user: User, on: date, *, deputy: bool) -> Actor | None:
    row = _posts.get().on(code, on)
    known = tree()
    if row is None or known.on(row.office, on) is None:
        return None  # the post or its office has ended
    return actor(row, known, on, person=user.pk, name=str(user), deputy=deputy)


def actor_in(code: str, on: date, user: User | None = None) -> Actor:
    """The post itself acting that day, in its holder's name where it has one."""
    if user is None:
        first = (
            Holding.objects.filter(_valid(on), post=code)
            .select_related("user")
            .order_by("deputy", "id")
            .first()
        )
        user = first.user if first else None
    person, name = (user.pk, str(user)) if user else (None, "")
    return actor(_standing(code, on), tree(), on, person=person, name=name)


# ── Persons ──────────────────────────────────────────────────────────────────


def person(username: str, name: str) -> User:
    """The account of an official; made without a password, which its owner sets after coming in by a one-time code."""
    user, new = User.objects.get_or_create(username=username, defaults={"name": name})
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def person_name(id: int | None) -> str:
    """The name of an official, as the timeline shows it."""
    found = User.objects.filter(pk=id).first() if id is not None else None
    return str(found) if found else ""


def person_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of several officials in one question: a timeline has many lines and few people."""
    wanted = {id for id in ids if id is not None}
    return {u.pk: str(u) for u in User.objects.filter(pk__in=wanted)} if wanted else {}
