"""The year as one stream of acts, each in the name of an invented official who holds the post for it."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from yifa.cases.kernel import Do
from yifa.people import APPLICANT, Actor
from yifa.people.offices import tree
from yifa.people.posts import able, actor_in, give, holders, person, posts
from yifa.procedure import Role
from yifa.site.volumes import Volumes, VolumesError, read_volumes

from . import words
from .acts import OUTSIDE, Invented
from .certificate import certificates
from .disclosure import applications, on_the_desk
from .study import sessions


def year(volumes: Volumes) -> list[Invented]:
    """Every act of the year, and what lies before it, in the order of their days."""
    parts = (applications, sessions, certificates)
    found = [act for part in parts for act in part(volumes, Random(f"{volumes.year} {part.__name__}"))]
    return sorted(found, key=lambda act: act.on)


def invent(file: Path) -> Iterator[Do]:
    """The acts of a file's volumes, ready for `act_many`; their officials are appointed here."""
    return _taken(year(read_volumes(file, frozenset(tree()))))


def waiting(office: str, today: date) -> Iterator[Do]:
    """A few applications that run today, in an office that takes them."""
    return _taken(on_the_desk(office, today, Random(f"{office} {today}")))


def _taken(acts: Iterable[Invented]) -> Iterator[Do]:
    """Find who takes each act before the first is taken: appointing somebody is not part of the stream."""
    actor = cache(_actor)
    found = []
    for act in acts:
        who = actor(act.step.family, act.role, act.office, act.on.year)
        found.append(Do(act.step, act.facts, who, office=act.office or who.office, ref=act.ref))
    return iter(found)


def _actor(family: str, role: Role, office: str, year: int) -> Actor:
    return OUTSIDE if role is APPLICANT else _in_post(_post(family, role, office, year), year)


def _post(family: str, role: Role, office: str, year: int) -> str:
    """The post that takes this step in this office: its own first."""
    found = able(family, role, date(year, 12, 31), office)
    if not found:
        raise VolumesError(
            f"没有一个职务能在“{office or '任何机关'}”办理 {family}，见 posts.toml [yifa.E740]"
        )
    return found[0].code


def _in_post(code: str, year: int) -> Actor:
    """The invented holder of a post that has none."""
    on = date(year, 12, 31)
    if not holders(code, on):
        since = next(p for p in posts(on) if p.code == code).since
        give(code, person(f"demo.{code}", words.name(Random(code))), since)
    return actor_in(code, on)


__all__ = ["invent", "waiting", "year"]
