"""A record written by hand: acts straight into the rows the figures are read from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

ENTRY = "INSERT INTO ledger_entry (id, case_id, seq, algo, prev, hash, body) VALUES (%s, %s, %s, 'sha256', '', %s, '{}')"
ACT = (
    "INSERT INTO cases_act (entry_id, case_id, seq, family, step, on_date, month, office, dims, amounts, voided)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
CELL = (
    "INSERT INTO cases_cell (family, step, month, office, dims, measure, n) VALUES (%s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (family, step, month, office, dims, measure) DO UPDATE SET n = cases_cell.n + excluded.n"
)
CASE = (
    "INSERT INTO cases_case (id, family, edition, office, state, final, seq, head, number, opened, changed_on,"
    " due_period, standing, facts, receipt) VALUES (%s, %s, 'e', %s, 's', %s, 1, '', %s, %s, %s, '', '{}', '{}', '')"
    " ON CONFLICT (id) DO NOTHING"
)

Acted = Callable[..., int]


@pytest.fixture
def acted(db: None) -> Acted:
    """`acted("study", "hold", date(2023, 3, 5), body="STUDY_GROUP")` writes one act and its cells."""
    count = [0]

    def write(
        family: str,
        step: str,
        on: date,
        *,
        case: int | None = None,
        office: str = "A",
        amounts: dict[str, int] | None = None,
        **dims: str,
    ) -> int:
        count[0] += 1
        entry, month = count[0], on.year * 100 + on.month
        text = json.dumps(dims, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        with connection.cursor() as cursor:
            id = case or entry
            cursor.execute(CASE, [id, family, office, False, f"第{id}号", on.isoformat(), on.isoformat()])
            cursor.execute(ENTRY, [entry, id, entry, f"{entry:064}"])
            cursor.execute(
                ACT,
                [
                    entry,
                    id,
                    entry,
                    family,
                    step,
                    on.isoformat(),
                    month,
                    office,
                    text,
                    json.dumps(amounts or {}),
                    False,
                ],
            )
            cursor.execute(CELL, [family, step, month, office, text, "n", 1])
            for measure, amount in (amounts or {}).items():
                cursor.execute(CELL, [family, step, month, office, text, measure, amount])
        return entry

    return write
