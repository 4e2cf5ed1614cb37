"""What stands around every page of the desk: sections, the post switcher, the person."""

from collections.abc import Sequence
from functools import cache

from django.urls import NoReverseMatch, reverse

from yifa.calls.procedure import CallOut
from yifa.look.chapters import chapters
from yifa.look.frame import Frame, Group, Menu, Post, Section
from yifa.look.words import language, word
from yifa.people.actor import Actor
from yifa.people.models import User
from yifa.people.offices import county_name
from yifa.procedure import registry

from .names import office_label, post_label

ICONS = {"procedure": "file-text", "register": "list-check", "journal": "notebook"}
INBOX, MATTERS, POSTS, REPORT, ROOM = "inbox", "matters", "posts", "report", "room"
NEIGHBOURS = ((REPORT, "年度报告", "report:index", "report"),)


@cache
def _neighbours() -> tuple[tuple[str, str, str, str], ...]:
    """Sections that other faces keep, where the site has them."""
    found = []
    for key, label, name, icon in NEIGHBOURS:
        try:
            found.append((key, label, reverse(name), icon))
        except NoReverseMatch:
            continue
    return tuple(found)


def _matters(section: str, actor: Actor) -> Menu:
    groups = [
        Group(
            word(c.label),
            tuple(
                Section(
                    word(p.title),
                    reverse("desk:listing", args=[p.key]),
                    ICONS[p.kind],
                    current=section == p.key,
                )
                for p in c.procedures
                if actor.handles(p.key)
            ),
        )
        for c in chapters()
        if any(actor.handles(p.key) for p in c.procedures)
    ]
    everything = Section(
        word("全部事项一览"), reverse("desk:matters"), "layout-grid", current=section == MATTERS
    )
    here = any(s.current for g in groups for s in g.sections) or everything.current
    return Menu(word("办理事项"), "list-details", (*groups, Group("", (everything,))), current=here)


def has_room(actor: Actor) -> bool:
    """Does this post deal with anything that stands on a board of the duty room, or with calling people?"""
    return any(p.boards or issubclass(p, CallOut) for p in registry().families() if actor.handles(p.key))


def _post(a: Actor, current: Actor) -> Post:
    return Post(a.post, post_label(a.post), office_label(a.office), a.post == current.post)


def frame(user: User, actor: Actor, actors: Sequence[Actor], section: str, here: str) -> Frame:
    """`section` is the key of the way that is lit: inbox, a family, report, posts."""
    sections = (
        [Section(word("待办"), reverse("desk:inbox"), "inbox", current=section == INBOX)] if actors else []
    )
    if actors and has_room(actor):
        sections.append(Section(word("值班一屏"), reverse("desk:room"), "urgent", current=section == ROOM))
    sections += [
        Section(word(label), url, icon, current=section == key) for key, label, url, icon in _neighbours()
    ]
    if user.is_staff:
        sections.append(Section(word("职务"), reverse("desk:posts"), "users", current=section == POSTS))
    posts = tuple(_post(a, actor) for a in actors)
    return Frame(
        county=county_name(language()),
        home=reverse("desk:inbox"),
        sections=tuple(sections),
        menus=(_matters(section, actor),) if actors else (),
        posts=posts,
        person=str(user),
        here=here,
    )
