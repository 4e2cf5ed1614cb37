"""The demonstration county: a year acted once, day by day, through the same door as everything else.

All of it or nothing: the acts, the seals and the mark that they are there are one transaction, so a start that was
broken off begins again, and a second start finds the mark and changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from random import Random

from django.db import transaction
from django.db.models import Count

from yifa.cases import scene
from yifa.cases.kernel import Do, act_many
from yifa.cases.models import Case
from yifa.ledger import checkpoints
from yifa.people.models import User
from yifa.people.posts import able, give
from yifa.procedure import registry
from yifa.site.errors import stop
from yifa.site.invent import invent, waiting
from yifa.site.models import Mark
from yifa.site.progress import Progress

MARK = "demonstration"


@dataclass(frozen=True)
class Year:
    """What the demonstration holds."""

    acts: int
    cases: int


def invented() -> Year | None:
    """The year, if it has been acted already."""
    mark = Mark.objects.filter(key=MARK).first()
    return Year(mark.value["acts"], mark.value["cases"]) if mark else None


def must_be_empty() -> None:
    """Invented cases never get among real ones."""
    if Case.objects.exists():
        stop(
            "这个文件夹里已经有一个县的真实数据，不能再放进编造的案件；请用 --home 另指一个 · "
            "This home holds a county's own cases; name another with --home. [yifa.E722]"
        )


def days(stream: Iterable[Do]) -> Iterator[tuple[date, list[Do]]]:
    """The acts of each day, in order."""
    for day, acts in groupby(stream, key=lambda do: do.facts.on):
        yield day, list(acts)


def act_the_year(volumes: Path, visitor: User, since: date, today: date) -> Year:
    """Invent the year within its volumes, act it day by day, seal every day, and let the visitor try."""
    known: dict[str, int] = {}
    acts = cases = 0
    chance = scene.invented(Random(volumes.name))
    with transaction.atomic(), chance, Progress("示范年度：已办", "步") as tell:
        for day, stream in days(invent(volumes)):
            named = [replace(do, case=known.get(do.ref, do.case)) for do in stream]
            tally = act_many(named, keep_done=True)
            known |= tally.refs
            acts, cases = acts + tally.acts, cases + tally.cases
            checkpoints.make(day)
            tell(acts)
        _let_try(visitor, since, today)
        Mark.objects.create(key=MARK, value={"acts": acts, "cases": cases, "volumes": volumes.name})
    return Year(acts, cases)


def _let_try(user: User, since: date, today: date) -> None:
    """Give a visitor the posts of the busiest office of each matter, and put a few running cases on the desk."""
    for family in registry().families():
        office = _busiest(family.key)
        for role in dict.fromkeys(role for step in family.steps.values() for role in step.roles):
            for post in able(family.key, role, since, office)[
                :1
            ]:  # the office's own; else the one that reaches it
                give(post.code, user, since)
        if office:
            act_many(waiting(family.key, office, today))


def _busiest(family: str) -> str:
    counted = Case.objects.filter(family=family).values("office").annotate(n=Count("id"))
    first = counted.order_by("-n", "office").first()
    return first["office"] if first else ""
