"""The rows again from the ledger alone, and where they differ from what stands in the database.

Everything but the ledger can be lost: this makes it anew. It reads no sealed fact, so it works after a key was
destroyed too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from yifa.clock import Calendar, national
from yifa.ledger.chain import canonical
from yifa.ledger.entries import snapshot
from yifa.procedure import Case, Facts, Procedure, Step, decode, registry
from yifa.procedure.standing import Standing, after

from . import store
from .decide import nearest, term_of
from .history import Entry
from .revise import corrected
from .store import Cursor, Store, iso

ENTRIES = "SELECT case_id, id, seq, hash, body FROM ledger_entry ORDER BY case_id, seq"


@dataclass(slots=True)
class Rows:
    """All rows as the ledger says they should be, by their keys."""

    cases: dict[int, dict[str, Any]] = field(default_factory=dict)
    acts: dict[int, dict[str, Any]] = field(default_factory=dict)
    terms: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    cells: dict[tuple[Any, ...], int] = field(default_factory=dict)
    links: dict[tuple[Any, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that does not say what the ledger says."""

    table: str
    key: str
    stands: Any
    should: Any

    def __str__(self) -> str:
        if isinstance(self.stands, dict) and isinstance(self.should, dict):
            odd = [n for n in self.should if self.stands.get(n) != self.should[n]]
            told = "；".join(f"{n} 现为{self.stands.get(n)}，应为{self.should[n]}" for n in odd)
            return f"{self.table} {self.key}：{told}"
        if self.stands is None:
            return f"{self.table} {self.key}：台账有，表中没有"
        if self.should is None:
            return f"{self.table} {self.key}：表中有，台账没有"
        return f"{self.table} {self.key}：现为{self.stands}，依台账应为{self.should}"


def fold(progress: Callable[[int], None] | None = None) -> Rows:
    """Every row, folded from the ledger."""
    rows, calendar, n = Rows(), national(), 0
    stream = _entries(Store().cursor())
    for case, found in groupby(stream, key=lambda pair: pair[0]):
        entries = [entry for _, entry in found]
        n += len(entries)
        _fold_case(rows, case, entries, calendar)
        if progress and n % 1000 < len(entries):
            progress(n)
    for act in rows.acts.values():
        if not act["voided"]:
            _add(rows, act)
    return rows


def _entries(cursor: Cursor) -> Iterator[tuple[int, Entry]]:
    cursor.run(ENTRIES)
    while chunk := cursor.raw.fetchmany(5000):
        for case, id, seq, hash, body in chunk:
            yield case, Entry(id, seq, hash, json.loads(body), {})


def _add(rows: Rows, act: dict[str, Any]) -> None:
    at = (act["family"], act["step"], act["month"], act["office"], act["dims"])
    rows.cells[*at, "n"] = rows.cells.get((*at, "n"), 0) + 1
    for measure, amount in json.loads(act["amounts"]).items():
        rows.cells[*at, measure] = rows.cells.get((*at, measure), 0) + amount


def _fold_case(rows: Rows, id: int, entries: list[Entry], calendar: Calendar) -> None:
    first = entries[0].body
    procedure = registry().edition(first["proc"], first["edition"])
    standing, facts = Standing(), {}
    acts: list[dict[str, Any]] = []
    number = ""
    for entry in entries:
        if not entry.ours:
            standing.seq = entry.seq
            continue
        body = entry.body
        step = procedure.steps[body["step"]]
        told = decode(step.asks, date.fromisoformat(body["on"]), body["facts"])
        acts.append(_act(procedure, standing, step, told, entry, id, calendar))
        standing = after(procedure, standing, step, told)
        standing.seq = entry.seq
        facts.update(body["facts"])
        number = _number(procedure, body, number)
        if step.amends is not None or step.withdraws:
            _revise(procedure, acts, step, told, standing)
        if link := body.get("link"):
            rows.links[link["from"], id, link["kind"]] = entry.id
    rows.acts |= {a["entry_id"]: a for a in acts}
    _rows_of(rows, id, procedure, standing, entries, facts, number, calendar)


def _number(procedure: type[Procedure], body: dict[str, Any], number: str) -> str:
    if procedure.number_from and (named := body["facts"].get(procedure.number_from)):
        return str(named)
    return number or (body["paper"] or {}).get("number", "")


def _act(
    procedure: type[Procedure],
    standing: Standing,
    step: Step[Any],
    told: Facts,
    entry: Entry,
    id: int,
    calendar: Calendar,
) -> dict[str, Any]:
    tally = procedure.tallies[step.key]
    amounts = tally.amounts(told)
    return {
        "entry_id": entry.id,
        "case_id": id,
        "seq": entry.seq,
        "family": procedure.key,
        "step": step.key,
        "on_date": told.on.isoformat(),
        "month": told.on.year * 100 + told.on.month,
        "office": entry.body["office"],
        "dims": tally.dims(told, Case(procedure, calendar, standing)),
        "amounts": json.dumps(amounts) if amounts else "{}",
        "voided": False,
    }


def _revise(
    procedure: type[Procedure], acts: list[dict[str, Any]], step: Step[Any], told: Facts, standing: Standing
) -> None:
    """What `revise.revise` does in the database, done here to the folded rows."""
    earlier = [a for a in acts if not a["voided"] and a["step"] != step.key]
    if step.withdraws:
        for a in earlier:
            a["voided"] = True
        return
    target = corrected(step, [a["step"] for a in earlier])
    for n, a in enumerate(earlier):
        tally = procedure.tallies[a["step"]]
        dims = json.loads(a["dims"])
        dims |= {t: standing.traits.get(t, dims.get(t, "")) for t in tally.traits}
        if n == target:
            now = json.loads(tally.dims(told, None))
            dims |= {k: v for k, v in now.items() if k in tally.fields}
            a["amounts"] = json.dumps(tally.amounts(told)) if tally.measures else "{}"
            if dated := getattr(told, "dated", None):
                a["on_date"], a["month"] = dated.isoformat(), dated.year * 100 + dated.month
        a["dims"] = json.dumps(dims, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _rows_of(
    rows: Rows,
    id: int,
    procedure: type[Procedure],
    standing: Standing,
    entries: list[Entry],
    facts: dict[str, Any],
    number: str,
    calendar: Calendar,
) -> None:
    terms = {k: term_of(procedure, k, r, calendar) for k, r in standing.runs.items()}
    due, due_period = nearest(procedure, terms.values())
    rows.cases[id] = {
        "family": procedure.key,
        "edition": procedure.edition,
        "office": entries[0].body["office"],
        "state": standing.state,
        "final": procedure.states[standing.state].final,
        "seq": entries[-1].seq,
        "head": entries[-1].hash,
        "number": number,
        "opened": entries[0].body["on"],
        "changed_on": iso(standing.on),
        "due": iso(due),
        "due_period": due_period,
        "standing": standing.plain(),
        "facts": facts,
        "receipt": entries[0].body.get("receipt", ""),
    }
    for key, t in terms.items():
        rows.terms[id, key] = {
            "start": t.start.isoformat(),
            "due": iso(t.due),
            "provisional": t.provisional,
            "state": t.state,
            "met_on": iso(t.met_on),
            "late": t.late,
        }


# ── Comparing and writing ────────────────────────────────────────────────────


def compare(progress: Callable[[int], None] | None = None) -> list[Difference]:
    """Where the database's rows differ from the ledger's, at one moment; empty when they agree cell for cell."""
    with snapshot():
        return _differences(fold(progress), Store().cursor())


def _differences(rows: Rows, c: Cursor) -> list[Difference]:
    return [
        *_compare("cases_case", rows.cases, _stands(c, "cases_case", "id", store.CASE[1:])),
        *_compare(
            "cases_act",
            {k: _but_key(a) for k, a in rows.acts.items()},
            _stands(c, "cases_act", "entry_id", store.ACT[1:]),
        ),
        *_compare("cases_term", rows.terms, _terms(c)),
        *_compare(
            "cases_cell",
            {k: n for k, n in rows.cells.items() if n},
            {tuple(r[:6]): r[6] for r in c.all(_select("cases_cell", store.CELL)) if r[6]},
        ),
        *_compare(
            "cases_link",
            rows.links,
            {tuple(r[:3]): r[3] for r in c.all(_select("cases_link", store.LINK))},
        ),
    ]


def _but_key(act: dict[str, Any]) -> dict[str, Any]:
    return {n: act[n] for n in store.ACT[1:]}


def _select(table: str, columns: tuple[str, ...]) -> str:
    return f"SELECT {', '.join(columns)} FROM {table}"


def _stands(c: Cursor, table: str, key: str, columns: tuple[str, ...]) -> dict[Any, dict[str, Any]]:
    c.run(_select(table, (key, *columns)))
    found = {}
    for row in c.raw.fetchall():
        found[row[0]] = {n: _plain(n, v) for n, v in zip(columns, row[1:], strict=True)}
    return found


def _terms(c: Cursor) -> dict[Any, dict[str, Any]]:
    found = {}
    for row in c.all(_select("cases_term", store.TERM)):
        found[row[0], row[1]] = {n: _plain(n, v) for n, v in zip(store.TERM[2:], row[2:], strict=True)}
    return found


def _plain(name: str, value: Any) -> Any:
    if name in ("standing", "facts"):
        return json.loads(value)
    if name in ("final", "voided", "provisional", "late"):
        return bool(value)
    return value.isoformat() if isinstance(value, date) else value


def _compare(table: str, should: dict[Any, Any], stands: dict[Any, Any]) -> Iterator[Difference]:
    for key in sorted(should.keys() | stands.keys(), key=str):
        if should.get(key) != stands.get(key):
            yield Difference(table, str(key), stands.get(key), should.get(key))


def rebuild(progress: Callable[[int], None] | None = None) -> list[Difference]:
    """Write the rows anew where they differ, in one transaction; what differed is returned."""
    s = Store()
    with s.transaction(alone=True) as c:
        rows = fold(progress)
        found = _differences(rows, c)
        if not found:
            return []
        for table in ("cases_case", "cases_act", "cases_term", "cases_cell", "cases_link"):
            c.run(f"DELETE FROM {table}")
        c.copy("cases_case", store.CASE, [_case_row(k, r) for k, r in rows.cases.items()])
        c.copy("cases_act", store.ACT, [(k, *(r[n] for n in store.ACT[1:])) for k, r in rows.acts.items()])
        terms = [(*k, *(r[n] for n in store.TERM[2:])) for k, r in rows.terms.items()]
        c.copy("cases_term", store.TERM, terms)
        c.copy("cases_cell", store.CELL, [(*k, n) for k, n in rows.cells.items() if n])
        c.copy("cases_link", store.LINK, [(*k, entry) for k, entry in rows.links.items()])
    return found


def _case_row(id: int, r: dict[str, Any]) -> store.Row:
    texts = {n: canonical(r[n]) for n in ("standing", "facts")}
    return (id, *(texts.get(n, r[n]) for n in store.CASE[1:]))
