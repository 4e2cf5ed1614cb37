"""Decisions turned into rows, and rows put into the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings

from yifa.ledger.chain import hasher
from yifa.ledger.vault import Vault
from yifa.people.actor import Actor
from yifa.procedure import Brought, Case, Facts, Lost, Step
from yifa.procedure.facts import plain

from . import letters, store
from .acts import Done
from .decide import Decision, decide, receipt_code, receipt_digest, recorded_at
from .entry import body_of, object_of
from .loaded import Lawful, Loaded
from .revise import revise
from .scene import Stage
from .store import Cursor, Store, iso


def vault() -> Vault:
    return Vault.open(settings.YIFA_HOME, settings.YIFA_LEDGER_ALGO)


class Taken(NamedTuple):
    """What an act left behind that its case does not remember."""

    entry: int
    step: str
    paper: str
    receipt: str

    def done(self, of: Loaded) -> Done:
        return Done(
            of.id, of.seq, self.entry, of.head, of.case.standing.state, of.number, of.procedure.key,
            self.step, self.paper, self.receipt,
        )  # fmt: skip


@dataclass(slots=True)
class Rows:
    """What waits to be written."""

    entries: list[store.Row] = field(default_factory=list)
    acts: list[store.Row] = field(default_factory=list)
    terms: dict[tuple[int, str], store.Row] = field(default_factory=dict)
    cells: dict[tuple[Any, ...], int] = field(default_factory=dict)
    keys: list[store.Row] = field(default_factory=list)
    sealed: list[store.Row] = field(default_factory=list)
    papers: list[store.Row] = field(default_factory=list)
    links: list[store.Row] = field(default_factory=list)
    cases: dict[int, tuple[Loaded, Decision]] = field(default_factory=dict)


class Work:
    """Turns decisions into rows, and puts rows into the database."""

    def __init__(self, s: Store, cursor: Cursor) -> None:
        self.store, self.cursor = s, cursor
        self.rows = Rows()
        self.algo = getattr(settings, "YIFA_LEDGER_ALGO", "sha256")
        self.hash = hasher(self.algo)

    @cached_property
    def vault(self) -> Vault:
        return vault()

    def brought(self, loaded: Loaded, lawful: Lawful) -> list[Brought[Any]]:
        """What follows from a step that was just taken; its rows are written before anything is looked up."""
        step, facts, _ = lawful
        if not step.bringers:
            return []
        scene = Stage(self.cursor, loaded.id, loaded.office, step, facts.on, tried=False, ready=self.flush)
        return [more for bringer in step.bringers for more in bringer(loaded.case, facts, scene)]

    def take(
        self,
        loaded: Loaded,
        lawful: Lawful,
        actor: Actor,
        entry: int,
        link: tuple[int, str] | None = None,
    ) -> Taken:
        """Decide, seal, number and chain one lawful step; its rows wait in `self.rows`."""
        own, facts, promised = lawful
        decision = decide(loaded.case, own, facts)
        seq, on, code = loaded.seq + 1, facts.on.isoformat(), ""
        if seq == 1 and loaded.new and loaded.procedure.followed:
            code = receipt_code()
            loaded.receipt = receipt_digest(code)
        commitments = self._seal(loaded, entry, decision.sealed) if decision.sealed else {}
        paper = self._paper(loaded, own, facts, decision, entry, commitments) if own.gives else None
        if promised is not None and paper and paper["number"] != promised:
            raise Lost  # somebody took the number meanwhile
        told = decision.told
        body = body_of(
            case=loaded.id, seq=seq, procedure=loaded.procedure, step=own.key, on=on,
            facts=object_of(told), commitments=commitments, office=loaded.office,
            post=actor.post, person=actor.person, at=recorded_at(), paper=paper,
            link={"from": link[0], "kind": link[1]} if link else None,
            receipt=loaded.receipt if seq == 1 else "",
        )  # fmt: skip
        hash = self.hash((loaded.head + body).encode()).hexdigest()
        self.rows.entries.append((entry, loaded.id, seq, self.algo, loaded.head, hash, body))
        if link:
            self.rows.links.append((link[0], loaded.id, link[1], entry))
        self._count(loaded, own.key, facts.on, on, decision, entry, seq)
        self._remember(loaded, own, facts, decision, hash, seq)
        if own.amends is not None or own.withdraws:
            self.flush()
            revise(self.cursor, loaded.procedure, loaded.id, own, facts, decision)
        return Taken(entry, own.key, paper["key"] if paper else "", code)

    def _seal(self, loaded: Loaded, entry: int, sealed: dict[str, str]) -> dict[str, str]:
        key = self._key(loaded)
        commitments = {}
        for name, text in sealed.items():
            salt, box, commitments[name] = self.vault.seal(key, name, text)
            self.rows.sealed.append((entry, name, salt, box))
        return commitments

    def _key(self, loaded: Loaded) -> bytes:
        """The case's key; made at its first sealed fact."""
        if loaded.key is None:
            row = self.cursor.one("SELECT wrapped FROM ledger_key WHERE case_id = ?", (loaded.id,))
            if row is not None:
                loaded.key = self.vault.unwrap(bytes(row[0]))
            else:
                loaded.key, wrapped = self.vault.new_key()
                self.rows.keys.append((loaded.id, wrapped))
        return loaded.key

    def _paper(
        self,
        loaded: Loaded,
        step: Step[Any],
        facts: Facts,
        decision: Decision,
        entry: int,
        commitments: dict[str, str],
    ) -> dict[str, str]:
        assert step.gives is not None
        case_now = Case(
            loaded.procedure,
            loaded.calendar,
            decision.standing,
            history=lambda: (*loaded.case.acts, letters.said(step, facts)),
        )
        letter = letters.write(self.cursor, loaded.procedure, case_now, step, facts, loaded.office)
        salt, box, commitment = self.vault.seal(self._key(loaded), letter.name, letter.text)
        self.rows.sealed.append((entry, letter.name, salt, box))
        commitments[letter.name] = commitment
        self.rows.papers.append(
            (entry, loaded.id, step.gives.key, letter.number, loaded.office, step.gives.series,
             facts.on.year, letter.n, commitment, facts.on.isoformat())
        )  # fmt: skip
        if not loaded.number:
            loaded.number = letter.number
        return {"key": step.gives.key, "number": letter.number, "sha": commitment}

    def _count(
        self, loaded: Loaded, step: str, on: date, on_text: str, decision: Decision, entry: int, seq: int
    ) -> None:
        family, dims, amounts = loaded.procedure.key, decision.dims, decision.amounts
        month = on.year * 100 + on.month
        self.rows.acts.append(
            (entry, loaded.id, seq, family, step, on_text, month, loaded.office, dims,
             json.dumps(amounts) if amounts else "{}", False)
        )  # fmt: skip
        cells = self.rows.cells
        cell = (family, step, month, loaded.office, dims, "n")
        cells[cell] = cells.get(cell, 0) + 1
        for measure, amount in amounts.items():
            cell = (family, step, month, loaded.office, dims, measure)
            cells[cell] = cells.get(cell, 0) + amount

    def _remember(
        self, loaded: Loaded, step: Step[Any], facts: Facts, decision: Decision, hash: str, seq: int
    ) -> None:
        loaded.said.since.append((step.key, facts))
        loaded.stand(decision.standing)
        loaded.head, loaded.seq = hash, seq
        if decision.told:
            loaded.told.update(decision.told)
            named = loaded.procedure.number_from
            if named in decision.told and (number := plain(getattr(facts, named))):
                loaded.number = str(number)
        for t in decision.terms:
            self.rows.terms[loaded.id, t.period] = (
                loaded.id, t.period, t.start.isoformat(), iso(t.due), t.provisional, t.state, iso(t.met_on), t.late,
            )  # fmt: skip
        self.rows.cases[loaded.id] = (loaded, decision)

    def flush(self) -> None:
        """Put everything that waits into the database, in an order its constraints like."""
        r, c = self.rows, self.cursor
        self.rows = Rows()
        _put(c, "ledger_entry", store.ENTRY, r.entries)
        _put(c, "cases_case", store.CASE, [_case_row(of, d) for of, d in r.cases.values() if of.new])
        _each(c, store.UPDATE_CASE, [_case_change(of, d) for of, d in r.cases.values() if not of.new])
        for loaded, _ in r.cases.values():
            loaded.new, loaded.was = False, loaded.seq
        _put(c, "cases_act", store.ACT, r.acts)
        _each(c, store.UPSERT_TERM, [*r.terms.values()])
        _each(c, store.UPSERT_CELL, [(*at, n) for at, n in r.cells.items()])
        _put(c, "ledger_key", store.KEY, r.keys)
        _put(c, "ledger_sealed", store.SEALED, r.sealed)
        _put(c, "papers_paper", store.PAPER, r.papers)
        _put(c, "cases_link", store.LINK, r.links)


def _put(c: Cursor, table: str, columns: tuple[str, ...], rows: list[store.Row]) -> None:
    if len(rows) > 8:
        c.copy(table, columns, rows)
    elif rows:
        sql = store.insert(table, columns)
        for row in rows:
            c.run(sql, row)


def _each(c: Cursor, sql: str, rows: list[store.Row]) -> None:
    if len(rows) == 1:
        c.run(sql, rows[0])
    elif rows:
        c.many(sql, rows)


def _case_row(loaded: Loaded, d: Decision) -> store.Row:
    return (
        loaded.id, loaded.procedure.key, loaded.procedure.edition, loaded.office, d.standing.state, d.final,
        loaded.seq, loaded.head, loaded.number, loaded.opened.isoformat(), iso(d.standing.on), iso(d.due),
        d.due_period, d.standing.text(), loaded.facts_text(),
        loaded.receipt,
    )  # fmt: skip


def _case_change(loaded: Loaded, d: Decision) -> store.Row:
    return (
        d.standing.state, d.final, loaded.seq, loaded.head, loaded.number, iso(d.standing.on), iso(d.due),
        d.due_period, d.standing.text(), loaded.facts_text(),
        loaded.id, loaded.was,
    )  # fmt: skip
