"""Callings that are over, entered on the record one by one while the call-out still runs.

Whose cases call people may declare a step that takes them in (`collects="…"`). The sender looks after every round of its
own and takes that step for each calling that is over, through the one door; what it is told there the step's finder
reads from the delivery table, and marks in the same transaction: killed at any moment, nothing is entered twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from yifa.cases.acts import GREW
from yifa.cases.kernel import act
from yifa.cases.store import Store
from yifa.people.actor import Actor
from yifa.procedure import Lost, Refused, Step, registry

log = logging.getLogger(__name__)
_set_aside: set[int] = set()  # callings that could not be entered, as long as this program runs
GRACE = 10 * 60_000  # milliseconds a try that was handed over is waited for, after the last rung is used up
MOST = 500  # callings taken in after one round of the sender

OVER = (
    "SELECT k.id, o.case_id, k.office, c.office FROM calls_calling k JOIN calls_callout o ON o.id = k.callout_id"
    " JOIN cases_case c ON c.id = o.case_id WHERE c.family = ? AND k.next IS NULL AND k.collected IS NULL"
    " AND (k.\"end\" <> '' OR NOT EXISTS (SELECT 1 FROM calls_try t WHERE t.calling_id = k.id"
    " AND t.news IN ('ACCEPTED', 'UNKNOWN') AND t.at > ?)) ORDER BY k.id LIMIT ?"
)


def collectors() -> Iterator[tuple[str, Step[Any]]]:
    """The steps that take callings in, each with the family whose call-outs they look after."""
    for family in registry().families():
        for step in family.steps.values():
            if step.collects:
                yield step.collects, step


def collect(today: date, most: int = MOST) -> int:
    """Take in what is over; how many."""
    taken = 0
    before = time.time_ns() // 1_000_000 - GRACE
    for family, step in collectors():
        for calling, case, office, own in (
            Store().cursor().all(OVER, (family, before, most + len(_set_aside)))
        ):
            if calling in _set_aside:
                continue
            try:
                facts = step.asks(on=today, calling=calling)
                act(step, facts, Actor.law(), office=office or own, link=(case, GREW))
                taken += 1
            except (Refused, Lost):
                continue  # another sender was first, or somebody has closed it by hand
            except Exception:  # one that cannot be entered must not keep others from being called
                log.exception("%s号呼叫的结果登记不了，留待本程序下次启动时再试 [yifa.E654]", calling)
                _set_aside.add(calling)
    return taken


__all__ = ["collect", "collectors"]
