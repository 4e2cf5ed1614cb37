"""The year as one stream of acts, each in the name of an invented official who holds the post for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from yifa.cases.kernel import Do
from yifa.people import APPLICANT, Actor
from yifa.people.offices import office, tree
from yifa.people.posts import able, actor_in, give, holders, person, posts
from yifa.procedure import Role
from yifa.site.volumes import VolumesError, opened

from . import (
    certificate,
    directories,
    disclosure,
    inspections,
    legality,
    readiness,
    response,
    satisfaction,
    study,
    warnings,
    words,
)
from .acts import OUTSIDE, Invented, Part

PARTS: tuple[Part[Any], ...] = (
    disclosure.PART,
    study.PART,
    legality.PART,
    certificate.PART,
    *directories.PARTS,
    inspections.PART,
    *readiness.PARTS,
    *warnings.PARTS,
    *response.PARTS,
    *satisfaction.PARTS,
)
FIRST, LAST = 2016, 9998


@dataclass(frozen=True)
class Volumes:
    """A year's volumes, by matter."""

    year: int
    of: Mapping[str, Any]


def read_volumes(file: Path, offices: Mapping[str, str]) -> Volumes:
    """The volumes a file tells; `offices` are the codes it may name, and what they are called."""
    top = opened(file, offices)
    number = top.number("year", FIRST, LAST)
    top.only("year", *(part.key for part in PARTS))
    return Volumes(number, {part.key: part.read(top.table(part.key), number) for part in PARTS})


def year(volumes: Volumes) -> list[Invented]:
    """Every act of the year, and what lies before it, in the order of their days."""
    found = [
        act
        for part in PARTS
        for act in part.acts(volumes.of[part.key], volumes.year, Random(f"{volumes.year} {part.key}"))
    ]
    return sorted(found, key=lambda act: act.on)


def invent(file: Path) -> Iterator[Do]:
    """The acts of a file's volumes, ready for `act_many`; their officials are appointed here."""
    return _taken(year(read_volumes(file, {code: office(code).name for code in tree()})))


def waiting(family: str, office: str, today: date) -> Iterator[Do]:
    """A few cases of a matter that run today, in an office that takes them; none of most matters."""
    waits = next((part.waits for part in PARTS if part.key == family), None)
    return _taken(waits(office, today, Random(f"{office} {today}"))) if waits else iter(())


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


__all__ = ["Volumes", "invent", "read_volumes", "waiting", "year"]
