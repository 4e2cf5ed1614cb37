"""Corrections and withdrawals: what they change in the rows the figures are read from.

The ledger keeps both what was said and what was said instead; the figures follow the latter.
"""

from __future__ import annotations

import json
from typing import Any

from yifa.procedure import Facts, Procedure, Step

from . import store
from .decide import Decision
from .store import Cursor

ACTS = (
    "SELECT a.entry_id, a.family, a.step, a.month, a.office, a.dims, a.amounts, a.on_date FROM ledger_entry e"
    " JOIN cases_act a ON a.entry_id = e.id WHERE e.case_id = ? AND NOT a.voided ORDER BY e.seq"
)
VOID = "UPDATE cases_act SET voided = ? WHERE entry_id = ?"
CHANGE = "UPDATE cases_act SET on_date = ?, month = ?, dims = ?, amounts = ? WHERE entry_id = ?"


def revise(
    cursor: Cursor,
    procedure: type[Procedure],
    case: int,
    step: Step[Any],
    facts: Facts,
    decision: Decision,
) -> None:
    """Apply a correcting or withdrawing step to the case's earlier acts and to the cube."""
    acts = [a for a in cursor.all(ACTS, (case,)) if a[2] != step.key]
    if step.withdraws:
        for a in acts:
            _shift(cursor, a, -1)
            cursor.run(VOID, (True, a[0]))
        return
    target = corrected(step, [a[2] for a in acts])
    for n, a in enumerate(acts):
        dims = json.loads(a[5])
        amounts, on, month = a[6], a[7], a[3]
        traits = procedure.tallies[a[2]].traits
        dims |= {t: decision.standing.traits.get(t, dims.get(t, "")) for t in traits}
        if n == target:
            tally = procedure.tallies[a[2]]
            told = json.loads(tally.dims(facts, None))
            dims |= {k: v for k, v in told.items() if k in tally.fields}
            amounts = json.dumps(tally.amounts(facts)) if tally.measures else "{}"
            dated = getattr(facts, "dated", None)
            if dated:
                on, month = dated.isoformat(), dated.year * 100 + dated.month
        text = json.dumps(dims, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if (text, amounts, str(on)) == (a[5], a[6], str(a[7])):
            continue
        _shift(cursor, a, -1)
        now = (a[0], a[1], a[2], month, a[4], text, amounts, on)
        _shift(cursor, now, 1)
        cursor.run(CHANGE, (str(on), month, text, amounts, a[0]))


def corrected(step: Step[Any], taken: list[str]) -> int:
    """Which earlier act a correction puts right: the last of the step it names, else the first of all."""
    named = [n for n, key in enumerate(taken) if step.amends and key == step.amends.key]
    return named[-1] if named else 0


def _shift(cursor: Cursor, a: store.Row, sign: int) -> None:
    at = (a[1], a[2], a[3], a[4], a[5])
    cursor.run(store.UPSERT_CELL, (*at, "n", sign))
    for measure, amount in json.loads(a[6]).items():
        cursor.run(store.UPSERT_CELL, (*at, measure, sign * amount))
