"""Who is acting: a person in a post, what the post may do, and which offices it reaches. Pure and cheap."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.procedure.words import Role

from .roles import APPLICANT, LAW


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one post at one moment.

    `scope` None reaches the whole county, an empty one nothing. `families` None: every matter its roles may take part
    in; otherwise only these. `deputy`: stands in for the holder, and the record says so.
    """

    person: int | None
    name: str
    post: str
    office: str
    roles: frozenset[str]
    scope: frozenset[str] | None
    title: str = ""
    deputy: bool = False
    families: frozenset[str] | None = None

    def may(self, role: Role) -> bool:
        return role.key in self.roles

    def sees(self, office: str) -> bool:
        """The one rule on offices; `scope.sql_scope` says the same to the database."""
        return self.scope is None or office in self.scope

    def handles(self, family: str) -> bool:
        """Is this kind of matter the post's?"""
        return self.families is None or family in self.families

    @classmethod
    def applicant(cls) -> Actor:
        """A person outside; what is theirs they show with a receipt."""
        return cls(None, "申请人", "applicant", "", frozenset({APPLICANT.key}), frozenset(), "申请人")

    @classmethod
    def law(cls) -> Actor:
        """The law itself, when a period has run out."""
        return cls(None, "法律规定", "law", "", frozenset({LAW.key}), None, "法律规定")

    @classmethod
    def system(cls, name: str) -> Actor:
        """The program about its own record; it takes no step of a procedure."""
        return cls(None, name, f"system:{name}", "", frozenset(), None, name)
