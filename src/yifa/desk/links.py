"""Cases that grew out of one another: a new one opened from the page of another, in which relation, shown on both."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from yifa.cases import read
from yifa.cases.models import Link
from yifa.cases.read import CasePage
from yifa.look.fields import SELECT, Field, Option
from yifa.look.frame import Section
from yifa.look.words import word
from yifa.people.actor import Actor
from yifa.procedure import registry

from .inbox import beginnings
from .who import Desk

FROM, RELATION = "from", "_relation"
RELATIONS = ("由此引起", "再次提出", "分开办理", "移送办理", "情况有关")  # as the ledger keeps them


@dataclass(frozen=True)
class Beginning:
    """A matter in which a case may be opened from this one, and the steps that open it."""

    label: str
    steps: tuple[Section, ...]


def origin(request: HttpRequest, desk: Desk) -> CasePage | None:
    """The case this form was opened from; 404 where the reader may not see it."""
    told = request.GET.get(FROM, "")
    if not told:
        return None
    try:
        return read.case(int(told), desk.actor, desk.today)
    except (ValueError, read.Unseen):
        raise Http404(word("没有这个案件，或者它不在您的职权范围内。")) from None


def relation(typed: str) -> str:
    return typed if typed in RELATIONS else RELATIONS[0]


def relation_field(typed: str) -> Field:
    chosen = relation(typed)
    options = tuple(Option(r, r, None, r == chosen) for r in RELATIONS)
    return Field(RELATION, "与原来那件的关系", SELECT, chosen, True, options=options)


def openings(id: int, actor: Actor) -> list[Beginning]:
    """What this post may open from the case."""
    found = []
    for p in registry().families():
        steps = tuple(Section(s.label, f"{s.url}?{FROM}={id}") for s in beginnings(p, actor))
        if steps:
            found.append(Beginning(p.title, steps))
    return found


def grown(id: int) -> int:
    """How many cases have grown out of this one: its page changes with them though the case itself does not."""
    return Link.objects.filter(from_case=id).count()
