"""What people said, one by one under its receipt, as a hash list anybody can check: no name, no case, no office in it.

The list of a month grows in the order of the ledger and is read from the entries themselves, voided or not: a leaf can
neither be left out nor changed without the root of every later list, and the ledger, showing it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse

from yifa.cases.read import CasePage
from yifa.clock import SHANGHAI
from yifa.ledger.chain import canonical
from yifa.ledger.tree import Memory, verify_inclusion
from yifa.procedure import Outcome, Procedure, Receipts, asks_of, registry


@dataclass(frozen=True)
class Leaf:
    """What is published of one act: its receipt, how it was given, what was said."""

    code: str
    way: str
    said: tuple[str, ...]

    @property
    def plain(self) -> list[str]:
        return [self.code, self.way, *self.said]

    @property
    def data(self) -> bytes:
        """The leaf's bytes: a JSON list without spaces, in UTF-8."""
        return canonical(self.plain).encode()


@dataclass(frozen=True)
class Day:
    """How far the list had come at the end of a day, and its root then: the list of that day begins every later one."""

    day: date
    size: int
    root: str


@dataclass(frozen=True)
class Proof:
    """That a leaf stands in the list (RFC 9162, 2.1.3)."""

    leaf: Leaf
    index: int
    size: int
    path: tuple[str, ...]
    root: str
    algo: str

    @property
    def holds(self) -> bool:
        path = [bytes.fromhex(node) for node in self.path]
        root = bytes.fromhex(self.root)
        return verify_inclusion(self.leaf.data, self.index, self.size, path, root, self.algo)

    def as_dict(self) -> dict[str, Any]:
        return {
            "leaf": self.leaf.plain,
            "index": self.index,
            "size": self.size,
            "path": list(self.path),
            "root": self.root,
            "algo": self.algo,
        }


@dataclass(frozen=True)
class List:
    """One month's list."""

    month: int
    leaves: tuple[Leaf, ...]
    days: tuple[Day, ...]
    algo: str

    @property
    def root(self) -> str:
        return _tree(self.leaves, self.algo).root().hex()

    def counted(self, place: int) -> list[tuple[str, int]]:
        """How many said what; `place` among the facts published."""
        return Counter(leaf.said[place] for leaf in self.leaves).most_common()

    def ways(self) -> list[tuple[str, int]]:
        return Counter(leaf.way for leaf in self.leaves).most_common()

    def find(self, code: str) -> Proof | None:
        wanted = "".join(c for c in code.upper() if c.isalnum())
        index = next((n for n, leaf in enumerate(self.leaves) if leaf.code == wanted), None)
        if index is None or not wanted:
            return None
        tree = _tree(self.leaves, self.algo)
        path = tuple(node.hex() for node in tree.inclusion_proof(index))
        return Proof(self.leaves[index], index, len(self.leaves), path, self.root, self.algo)

    def as_dict(self) -> dict[str, Any]:
        return {
            "month": f"{self.month // 100}-{self.month % 100:02}",
            "algo": self.algo,
            "size": len(self.leaves),
            "root": self.root,
            "leaf": "a JSON list without spaces, in UTF-8; tree as in RFC 9162, section 2.1",
            "leaves": [leaf.plain for leaf in self.leaves],
            "days": [{"day": d.day.isoformat(), "size": d.size, "root": d.root} for d in self.days],
        }


@lru_cache(maxsize=32)
def _tree(leaves: tuple[Leaf, ...], algo: str) -> Memory:
    return Memory([leaf.data for leaf in leaves], algo)


def declared() -> Iterator[tuple[type[Procedure], Receipts]]:
    """Everything that is published so."""
    for family in registry().families():
        for receipts in family.receipts.values():
            yield family, receipts


def named(family: str, key: str) -> tuple[type[Procedure], Receipts] | None:
    return next(((p, r) for p, r in declared() if p.key == family and r.key == key), None)


def months(procedure: type[Procedure], receipts: Receipts) -> list[tuple[int, int]]:
    """The months there are lists of, newest first, and how long each is."""
    steps, marks = _steps(receipts)
    sql = f"SELECT month, count(*) FROM cases_act WHERE family = %s AND step IN ({marks}) GROUP BY month ORDER BY month DESC"
    with connection.cursor() as cursor:
        cursor.execute(sql, [procedure.key, *steps])
        return [(int(month), int(n)) for month, n in cursor.fetchall()]


def month_list(procedure: type[Procedure], receipts: Receipts, month: int) -> List:
    """The list of a month as the ledger has it now."""
    steps, marks = _steps(receipts)
    sql = (
        "SELECT a.step, e.body FROM cases_act a JOIN ledger_entry e ON e.id = a.entry_id"
        f" WHERE a.family = %s AND a.step IN ({marks}) AND a.month = %s ORDER BY a.entry_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [procedure.key, *steps, month])
        rows = [(step, json.loads(body)) for step, body in cursor.fetchall()]
    algo = str(getattr(settings, "YIFA_LEDGER_ALGO", "sha256"))
    leaves = tuple(_leaf(procedure, receipts, step, body) for step, body in rows)
    entered = [datetime.fromisoformat(body["at"]).astimezone(SHANGHAI).date() for _, body in rows]
    return List(month, leaves, tuple(_days(leaves, entered, algo)), algo)


def _steps(receipts: Receipts) -> tuple[list[str], str]:
    keys = [step.key for step in receipts.steps]
    return keys, ", ".join(["%s"] * len(keys))


def _leaf(procedure: type[Procedure], receipts: Receipts, step: str, body: dict[str, Any]) -> Leaf:
    edition = registry().edition(procedure.key, body["edition"])
    taken, told = edition.steps[step], body["facts"]
    asked = {a.name: a for a in asks_of(taken.asks)}
    said = tuple(_said(asked[name].choices, told.get(name)) for name in receipts.shows)
    return Leaf(str(told.get(receipts.code, "")), taken.label, said)


def _said(choices: tuple[Outcome, ...], value: Any) -> str:
    return next((c.label for c in choices if c.name == value), "" if value is None else str(value))


def _days(leaves: tuple[Leaf, ...], entered: list[date], algo: str) -> Iterator[Day]:
    """By the day of entering, which alone decides the order."""
    tree = _tree(leaves, algo)
    for n, day in enumerate(entered, 1):
        if n == len(entered) or entered[n] != day:
            yield Day(day, n, tree.root(n).hex())


def of_case(found: CasePage) -> list[tuple[str, str, str]]:
    """The receipts a person was given in their own case: of which step, the code, and where it is published."""
    given = []
    for receipts in found.procedure.receipts.values():
        steps = {step.key for step in receipts.steps}
        for act in found.timeline:
            code = next((f.value for f in act.facts if f.name == receipts.code), "")
            if act.step_key in steps and code:
                month = act.on.year * 100 + act.on.month
                where = reverse("portal:receipt_list", args=[found.procedure.key, receipts.key, month])
                given.append((act.step_label, code, where))
    return given


__all__ = ["Day", "Leaf", "List", "Proof", "declared", "month_list", "months", "named", "of_case"]
