"""The register as of a day: by legal dates, corrections applied, withdrawn entries left out."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from yifa.people.actor import Actor
from yifa.people.scope import sql_scope
from yifa.procedure import registry

from ..store import Store, day
from .views import AsOf


def as_of(family: str, on: date, actor: Actor, *, states: frozenset[str] | None = None) -> list[AsOf]:
    """Who or what was on the list that day: by legal dates, corrections applied, withdrawn entries left out."""
    where, params = sql_scope(actor, "a.office", "a.family")
    sql = (
        "SELECT a.case_id, a.step, a.on_date, a.office, c.edition, c.number, e.body FROM cases_act a"
        " JOIN cases_case c ON c.id = a.case_id JOIN ledger_entry e ON e.id = a.entry_id"
        f" WHERE a.family = ? AND NOT a.voided AND {where} ORDER BY a.case_id, a.seq"
    )
    found: dict[int, AsOf] = {}
    for case, key, act_on, office, edition, number, body in Store().cursor().all(sql, [family, *params]):
        procedure = registry().edition(family, edition)
        step, told = procedure.steps[key], json.loads(body)["facts"]
        was = found.get(case)
        if step.amends is not None:
            if was:  # a correction told before the day an entry is now held to be of puts nothing on the list
                found[case] = _known(was, told)
        elif day(act_on) <= on and not step.withdraws:
            state = step.move.target.key if step.move.target else was.state_key if was else ""
            label = procedure.states[state].label if state else ""
            facts = {**(was.facts if was else {}), **told}
            found[case] = AsOf(case, number, office, label, state, day(act_on), facts)
    return [a for a in found.values() if states is None or a.state_key in states]


def _known(was: AsOf, told: dict[str, Any]) -> AsOf:
    facts = {**was.facts, **{k: v for k, v in told.items() if k not in ("why", "dated")}}
    return AsOf(was.id, was.number, was.office_code, was.state, was.state_key, was.since, facts)
