"""What the law does by itself when a period has run out, and periods whose calendar has since been published."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from yifa.clock import national
from yifa.people.actor import Actor
from yifa.procedure import Refused, Step, registry
from yifa.procedure.standing import Standing

from .decide import nearest, term_of
from .kernel import Done, act
from .store import Store, day, iso

RUN_OUT = (
    "SELECT t.case_id, t.due, c.changed_on FROM cases_term t JOIN cases_case c ON c.id = t.case_id"
    " WHERE t.period = ? AND t.state = 'run' AND t.due < ? AND c.family = ? ORDER BY t.due, t.case_id"
)


PROVISIONAL = (
    "SELECT t.case_id, c.seq, c.family, c.edition, c.standing FROM cases_term t JOIN cases_case c ON c.id = t.case_id"
    " WHERE t.provisional AND t.state IN ('run', 'pause') GROUP BY t.case_id, c.seq, c.family, c.edition, c.standing"
    " ORDER BY t.case_id"
)
ANEW = "UPDATE cases_term SET due = ?, provisional = ? WHERE case_id = ? AND period = ?"
NEAREST = "UPDATE cases_case SET due = ?, due_period = ? WHERE id = ? AND seq = ?"


def recount() -> list[int]:
    """Reckon provisional days again once the year's notice is out; the cases whose day became certain.

    A row only: the ledger keeps no due day, it follows from the entries and the published calendar. A case that
    moves meanwhile is left to the next time.
    """
    s, changed = Store(), []
    with s.transaction() as cursor:
        for case, seq, family, edition, standing in cursor.all(PROVISIONAL):
            procedure = registry().edition(family, edition)
            runs = Standing.read(json.loads(standing)).runs
            terms = [term_of(procedure, key, run, national()) for key, run in runs.items()]
            due, period = nearest(procedure, terms)
            if not cursor.run(NEAREST, (iso(due), period, case, seq)).rowcount:
                continue
            for t in terms:
                cursor.run(ANEW, (iso(t.due), t.provisional, case, t.period))
            if not any(t.provisional for t in terms):
                changed.append(case)
    return changed


def sweep(today: date) -> list[Done]:
    """Take every step of the law's own whose period ran out before `today`.

    Dated the day after it ended, or the day of the case's last act, where somebody said something later.
    """
    recount()
    done: list[Done] = []
    for family in registry().families():
        for step in family.steps.values():
            if step.after is not None:
                done += _take(step, family.key, today)
    return done


def _take(step: Step[Any], family: str, today: date) -> list[Done]:
    assert step.after is not None
    found = Store().cursor().all(RUN_OUT, (step.after.key, today.isoformat(), family))
    done = []
    for case, due, last in found:
        try:
            on = max(day(due) + timedelta(days=1), day(last))
            done.append(act(step, step.asks(on=on), Actor.law(), case=case))
        except Refused:
            continue  # somebody acted first, or the case runs under an edition without this step
    return done
