"""What a post may do and how far it reaches. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .actor import Actor
from .dated import Dated, Row
from .roles import ROLES
from .tree import Tree

OWN, SUBTREE, COUNTY = "own", "subtree", "county"
SCOPES = {OWN: "本机关", SUBTREE: "本机关及其下属", COUNTY: "全县"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Row):
    """A post as it was on a day. `families`: the matters it deals with; empty for everything its roles may."""

    office: str
    title: str
    title_en: str = ""
    roles: frozenset[str] = frozenset()
    scope: str = OWN
    families: frozenset[str] = frozenset()

    @property
    def role_labels(self) -> tuple[str, ...]:
        return tuple(ROLES[r].label for r in ROLES if r in self.roles)

    @property
    def scope_label(self) -> str:
        return SCOPES.get(self.scope, self.scope)

    def named(self, lang: str = "zh") -> str:
        return self.title_en or self.title if lang.startswith("en") else self.title


Posts = Dated[Post]


def reach(post: Post, tree: Tree, on: date) -> frozenset[str] | None:
    """The offices a post reaches that day; None: the whole county. A scope nobody knows reaches nothing."""
    if post.scope == COUNTY:
        return None
    if post.office not in tree or post.scope not in SCOPES:
        return frozenset()
    return tree.own(post.office, on) if post.scope == OWN else tree.subtree(post.office, on)


def actor(
    post: Post, tree: Tree, on: date, *, person: int | None = None, name: str = "", deputy: bool = False
) -> Actor:
    """The person in this post that day."""
    families = post.families or None
    scope = reach(post, tree, on)
    return Actor(person, name, post.code, post.office, post.roles, scope, post.title, deputy, families)
