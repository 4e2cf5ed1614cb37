"""Of a round of calls whose results are entered one by one: who has none yet, and where somebody may enter it by hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from yifa.calls import over
from yifa.calls.queue import moment
from yifa.cases.read import CasePage
from yifa.cases.store import Store
from yifa.clock import SHANGHAI
from yifa.procedure import registry, typed_of

from .names import office_label


@dataclass(frozen=True)
class Row:
    """One without a result. next: when they are dialled again, "" when no more; way: where to enter it, "" where this post may not."""

    one: over.Waiting
    office: str
    next: str
    way: str


@dataclass(frozen=True)
class Unsettled:
    """left: how many have no result; people: the first of them."""

    left: int
    people: tuple[Row, ...]


def unsettled(page: CasePage) -> Unsettled | None:
    """None where results of this kind of case are not taken in one by one."""
    if not any(p.collects == page.family for family in registry().families() for p in family.steps.values()):
        return None
    left, found = over.waiting(page.id, Store().cursor())
    way = _way(page)
    return Unsettled(left, tuple(_row(one, way) for one in found))


def _way(page: CasePage) -> str:
    """The address of the step that enters a calling by hand, but for its number."""
    by_hand = (s.key for s in page.can if any(a.name == "calling" for a in typed_of(s.step.asks)))
    key = next(by_hand, "")
    return f"{reverse('desk:do', args=[page.id, key])}?calling=" if key else ""


def _row(one: over.Waiting, way: str) -> Row:
    next_at = f"{moment(one.next).astimezone(SHANGHAI):%m-%d %H:%M}" if one.next is not None else ""
    office = office_label(one.office) if one.office else ""
    return Row(one, office, next_at, f"{way}{one.calling}" if way else "")
