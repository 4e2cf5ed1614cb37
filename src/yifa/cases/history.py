"""What was said in a case, read back from the ledger; sealed facts opened where their key still exists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from yifa.ledger.vault import Vault
from yifa.procedure import Act, Facts, Procedure, Step, asks_of, decode

from .store import Cursor, Store

ENTRIES = "SELECT id, seq, hash, body FROM ledger_entry WHERE case_id = ? ORDER BY seq"
SEALED = (
    "SELECT s.entry_id, s.name, s.salt, s.box FROM ledger_sealed s JOIN ledger_entry e ON e.id = s.entry_id"
    " WHERE e.case_id = ?"
)
KEY = "SELECT wrapped FROM ledger_key WHERE case_id = ?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a case: its body as written, and what of its sealed facts could be opened."""

    id: int
    seq: int
    hash: str
    body: dict[str, Any]
    opened: dict[str, str]

    @property
    def ours(self) -> bool:
        """An act of the procedure; entries about the record itself (~erase) are not."""
        return not self.body["step"].startswith("~")


def entries(cursor: Cursor, case: int, *, unseal: bool = True) -> list[Entry]:
    """All entries of a case in order."""
    opened = _opened(cursor, case) if unseal else {}
    return [
        Entry(id, seq, hash, json.loads(body), opened.get(id, {}))
        for id, seq, hash, body in cursor.all(ENTRIES, (case,))
    ]


def _opened(cursor: Cursor, case: int) -> dict[int, dict[str, str]]:
    key = case_key(cursor, case)
    if key is None:
        return {}
    vault = Vault.open(settings.YIFA_HOME)
    opened: dict[int, dict[str, str]] = {}
    for entry, name, salt, box in cursor.all(SEALED, (case,)):
        opened.setdefault(entry, {})[name] = vault.unseal(key, name, bytes(salt), bytes(box))
    return opened


SOME = 400  # cases opened with one question, within the values a statement may hold


def opened_words(cursor: Cursor, cases: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, str]]:
    """What is sealed under these names in these cases, as last told; by case. Nothing of a case whose key is gone."""
    opened: dict[int, dict[str, str]] = {}
    for start in range(0, len(cases) if names else 0, SOME):
        some = cases[start : start + SOME]
        marks, vault = ", ".join("?" * len(some)), Vault.open(settings.YIFA_HOME)
        wrapped = cursor.all(f"SELECT case_id, wrapped FROM ledger_key WHERE case_id IN ({marks})", some)
        keys = {case: vault.unwrap(bytes(w)) for case, w in wrapped}
        sql = (
            "SELECT e.case_id, s.name, s.salt, s.box FROM ledger_entry e JOIN ledger_sealed s ON s.entry_id = e.id"
            f" WHERE e.case_id IN ({marks}) AND s.name IN ({', '.join('?' * len(names))}) ORDER BY s.entry_id"
        )
        for case, name, salt, box in cursor.all(sql, [*some, *names]):
            if case in keys:
                opened.setdefault(case, {})[name] = vault.unseal(keys[case], name, bytes(salt), bytes(box))
    return opened


def case_key(cursor: Cursor, case: int) -> bytes | None:
    """The key of the case's sealed facts; None when there is none, or it was destroyed."""
    row = cursor.one(KEY, (case,))
    return Vault.open(settings.YIFA_HOME).unwrap(bytes(row[0])) if row else None


def facts_of(step: Step[Any], entry: Entry) -> Facts:
    """The typed facts of an entry."""
    lists = {a.name for a in asks_of(step.asks) if a.many}
    opened = {n: json.loads(t) if n in lists else t for n, t in entry.opened.items()}
    told: Facts = decode(step.asks, date.fromisoformat(entry.body["on"]), {**entry.body["facts"], **opened})
    return told


def history(
    cursor: Cursor, procedure: type[Procedure], case: int, last: int | None = None
) -> tuple[Act, ...]:
    """The acts of a case as its guards may ask for them; up to entry `last`, where a stream has written more."""
    found = (e for e in entries(cursor, case) if e.ours and (last is None or e.seq <= last))
    return tuple(Act(e.body["step"], facts_of(procedure.steps[e.body["step"]], e)) for e in found)


def of_case(procedure: type[Procedure], case: int) -> tuple[Act, ...]:
    return history(Store().cursor(), procedure, case)
