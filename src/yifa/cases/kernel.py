"""The one door: `act` for a person, `act_many` for a stream. Same checks, same ledger, same rows.

lock the case
is this person's post the step's role, in this office?      else refuse
find what the machine finds
does the procedure allow it now, with these facts?          else refuse, quoting the law
write the paper and take its number
append to the ledger: case, step, facts, paper, who, on, at, fingerprint, previous hash
refresh the rows the pages read
take the acts it brings with it, by the same door
commit; then effects
"""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import InitVar, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.db import transaction

from yifa.clock import Calendar, national
from yifa.ledger.chain import GENESIS, hasher
from yifa.ledger.vault import Vault
from yifa.people.actor import Actor
from yifa.people.roles import APPLICANT
from yifa.procedure import (
    Act,
    Brought,
    Case,
    Facts,
    Lost,
    Procedure,
    ProcedureError,
    Reason,
    Refused,
    Step,
    found_of,
    registry,
)
from yifa.procedure.facts import plain
from yifa.procedure.standing import Standing, after

from . import letters, store
from .decide import (
    Decision,
    decide,
    receipt_code,
    receipt_digest,
    recorded_at,
    today,
    when_may,
    who_may,
)
from .entry import body_of, object_of, retold
from .history import history
from .revise import revise
from .scene import Stage
from .store import Cursor, Store, day, iso

GREW = "由此引起"  # how a case that an act brought with it is linked to that act's own


class Done(NamedTuple):
    """What one act left behind. `receipt` is shown once, to the person outside who opened the case."""

    case: int
    seq: int
    entry: int
    hash: str
    state: str
    number: str
    family: str
    step: str
    paper: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """One act of a stream. `ref` names the case within the stream, which is the applicant's own; `case` one that exists."""

    step: Step[Any]
    facts: Facts
    actor: Actor
    case: int | None = None
    office: str = ""
    ref: str = ""


class Said:
    """What was said in a case, for a guard that asks: what the ledger held when it was taken up, and all since."""

    __slots__ = ("earlier", "read", "since")

    def __init__(self, read: Callable[[], tuple[Act, ...]]) -> None:
        self.read, self.earlier = read, cast(tuple[Act, ...] | None, None)
        self.since: list[tuple[str, Facts]] = []

    def __call__(self) -> tuple[Act, ...]:
        if self.earlier is None:
            self.earlier = self.read()
        return (*self.earlier, *(Act(step, facts) for step, facts in self.since))


@dataclass(slots=True)
class Loaded:
    """A case taken from its row, and what the writer needs to put it back."""

    id: int
    procedure: type[Procedure]
    office: str
    case: Case = field(init=False)
    calendar: Calendar
    standing: InitVar[Standing | None]
    head: str
    seq: int
    number: str
    opened: date
    facts: str = "{}"
    receipt: str = ""
    key: bytes | None = None
    new: bool = False
    was: int = 0
    told: dict[str, str] = field(default_factory=dict)
    said: Said = field(default_factory=lambda: Said(tuple))

    def __post_init__(self, standing: Standing | None) -> None:
        self.stand(standing)

    def stand(self, standing: Standing | None) -> None:
        self.case = Case(self.procedure, self.calendar, standing, self.said)

    def facts_text(self) -> str:
        """The open facts as their row holds them; written anew only when an act told one."""
        if not self.told:
            return self.facts
        if self.facts != "{}":
            self.told = retold(self.facts) | self.told
        self.facts, self.told = object_of(self.told), {}
        return self.facts


def vault() -> Vault:
    return Vault.open(settings.YIFA_HOME, settings.YIFA_LEDGER_ALGO)


def act(
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    *,
    case: int | None = None,
    office: str = "",
    own: bool = False,
    link: tuple[int, str] | None = None,
) -> Done:
    """Take one step, in a transaction of its own (or the caller's).

    `case` is None for a step that begins one, in `office` (the actor's own when empty). `own`: the person
    outside has proved with the receipt that the case is theirs. `link` names the case this one grew out of,
    and how. Raises `Refused` with the law's reasons, `Lost` when somebody else moved the case first.
    """
    s = Store()
    alone = s.on_postgres and not s.django.in_atomic_block
    with s.contested(), _pipelined(s) if alone else s.transaction() as cursor:
        work = Work(s, cursor)
        done, brought = _take(work, step, facts, actor, case, office, own=own, link=link)
    _effects(step, done, s)
    for one in brought:
        _effects(registry().family(one.family).steps[one.step], one, s)
    return done


def _take(
    work: Work,
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    case: int | None,
    office: str,
    *,
    own: bool = False,
    link: tuple[int, str] | None = None,
    brought: bool = False,
) -> tuple[Done, list[Done]]:
    """One act and all that it brings, written; what each left behind."""
    loaded, entry = _load(work.cursor, step, facts, actor, case, office)
    lawful = _must_be_lawful(work.cursor, loaded, step, facts, actor, own=own, brought=brought)
    done = work.take(loaded, lawful, actor, entry, link).done(loaded)
    work.flush()
    followed: list[Done] = []
    for more in work.brought(loaded, lawful):
        grew = (loaded.id, GREW) if more.case is None else None
        one, others = _take(
            work,
            more.step,
            more.facts,
            actor,
            more.case,
            more.office or loaded.office,
            link=grew,
            brought=True,
        )
        followed += [one, *others]
    return done, followed


def check(
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    *,
    case: int | None = None,
    office: str = "",
    own: bool = False,
) -> tuple[Reason, ...]:
    """Why the step would be refused, without writing anything; empty: it would be taken."""
    try:
        tried(step, facts, actor, case=case, office=office, own=own)
    except Refused as refused:
        return refused.reasons
    return ()


def tried(
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    *,
    case: int | None = None,
    office: str = "",
    own: bool = False,
) -> Facts:
    """The facts as they would be entered, with what the machine would find; `Refused` as `act` would be. Nothing is kept."""
    cursor = Store().cursor()
    loaded, _ = _load(cursor, step, facts, actor, case, office, peek=True)
    return _must_be_lawful(cursor, loaded, step, facts, actor, own=own, tried=True).facts


def rehearse(acts: Sequence[Do]) -> tuple[int, tuple[Reason, ...]] | None:
    """Which of the acts of one new case would be refused, and why; nothing is written. None: all would be taken."""
    first = acts[0]
    cursor = Store().cursor()
    n = 0
    try:
        loaded = opened(first.step, first.facts, first.office or first.actor.office, 0, national())
        for n, do in enumerate(acts):
            own = n > 0 and do.actor.may(APPLICANT)
            lawful = _must_be_lawful(cursor, loaded, do.step, do.facts, do.actor, own=own, tried=True)
            if n + 1 < len(acts):
                standing = after(loaded.procedure, loaded.case.standing, lawful.step, lawful.facts)
                loaded.said.since.append((lawful.step.key, lawful.facts))
                loaded.stand(standing)
                loaded.seq = standing.seq
    except Refused as refused:
        return n, refused.reasons
    return None


@contextmanager
def _pipelined(s: Store) -> Iterator[Cursor]:
    """Two round trips to PostgreSQL. A failed pipeline leaves its transaction open: close it."""
    try:
        with s.raw.pipeline(), s.transaction() as cursor:
            yield cursor
    except BaseException:
        s.raw.execute("ROLLBACK")
        raise


def _effects(step: Step[Any], done: Done, s: Store) -> None:
    for effect in step.effects:
        if s.django.in_atomic_block:
            transaction.on_commit(lambda effect=effect: effect(done))  # type: ignore[misc]
        else:
            effect(done)


# ── Taking the case from its row ─────────────────────────────────────────────


def _load(
    cursor: Cursor,
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    case: int | None,
    office: str,
    *,
    peek: bool = False,
) -> tuple[Loaded, int]:
    """The case, and the number the next entry takes."""
    vendor = "postgresql" if cursor.on_postgres else "sqlite"
    if case is None:
        if peek:
            ids: Any = (0, 0)
        else:
            ids = cursor.one(f"SELECT ({store.NEXT_CASE[vendor]}), ({store.NEXT_ENTRY[vendor]})")
        return opened(step, facts, office or actor.office, ids[0], national()), ids[1]
    next_entry = "0" if peek else f"({store.NEXT_ENTRY[vendor]})"
    row = cursor.one(f"SELECT {store.CASE_COLUMNS}, {next_entry} FROM cases_case WHERE id = ?", (case,))
    if row is None:
        raise Refused(Reason("没有这个案件", None, "yifa.R011"))
    return from_row(cursor, case, row, national()), row[10]


def opened(step: Step[Any], facts: Facts, office: str, id: int, calendar: Calendar) -> Loaded:
    """A case about to begin, under the edition in force on its legal date."""
    procedure = registry().on(step.family, facts.on)
    return Loaded(id, procedure, office, calendar, None, GENESIS, 0, "", facts.on, new=True)


def from_row(cursor: Cursor, id: int, row: store.Row, calendar: Calendar) -> Loaded:
    procedure = registry().edition(row[0], row[1])
    standing = Standing.read(json.loads(row[8]))
    standing.seq = row[4]
    return Loaded(
        id,
        procedure,
        row[2],
        calendar,
        standing,
        row[5],
        row[4],
        row[6],
        day(row[7]),
        row[9],
        was=row[4],
        said=Said(lambda: history(cursor, procedure, id, row[4])),
    )


class Lawful(NamedTuple):
    """A step in the case's own edition, found lawful, with its facts complete; `number`: what was promised of its paper."""

    step: Step[Any]
    facts: Facts
    number: str | None = None


def _must_be_lawful(
    cursor: Cursor,
    loaded: Loaded,
    step: Step[Any],
    facts: Facts,
    actor: Actor,
    *,
    own: bool = False,
    brought: bool = False,
    tried: bool = False,
) -> Lawful:
    """`brought`: it follows from a step whose actor's role was asked. `tried`: nothing will be written."""
    own_step = loaded.procedure.steps.get(step.key)
    if own_step is None or own_step.family != step.family:
        raise Refused(Reason(f"本案适用的规定没有“{step.label}”这一步", step.cite, "yifa.R012"))
    own = own or (own_step.public and loaded.seq == 0)
    reasons = () if brought else who_may(own_step, actor, loaded.office, own=own)
    reasons = reasons or when_may(own_step, facts.on, today())
    number = None
    if own_step.seeker is not None and not reasons:
        reasons = loaded.case.refusals(own_step)
        if not reasons:
            scene = Stage(cursor, loaded.id, loaded.office, own_step, facts.on, tried=tried)
            facts = _found(own_step, loaded.case, facts, scene)
            number = scene.promised
    reasons = reasons or loaded.case.refusals(own_step, facts)
    if reasons:
        raise Refused(*reasons)
    return Lawful(own_step, facts, number)


def _found(step: Step[Any], case: Case, facts: Facts, scene: Stage) -> Facts:
    """The facts with what the machine finds."""
    assert step.seeker is not None
    found = dict(step.seeker(case, facts, scene))
    if found.keys() != found_of(step.asks):
        raise ProcedureError(
            "E505",
            f"{step.family}.{step.key}",
            f"the finder gives {sorted(found)}, the step asks {sorted(found_of(step.asks))} to be found.",
            "Give exactly these.",
        )
    return replace(facts, **found)


# ── Writing ──────────────────────────────────────────────────────────────────


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
        """What follows from a step that was just taken; its rows must be written already."""
        step, facts, _ = lawful
        if not step.bringers:
            return []
        scene = Stage(self.cursor, loaded.id, loaded.office, step, facts.on, tried=False)
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
        if seq == 1 and loaded.new and own.public:
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


# ── A stream ─────────────────────────────────────────────────────────────────


_patient = threading.Lock()
_hurry: list[tuple[int, int, int]] = []


@contextmanager
def patience() -> Iterator[None]:
    """While a stream runs, Python looks for unreachable cycles less often: waiting rows are many and hold none.

    It takes an eighth off the time. Streams may overlap; the last to end sets things as they were.
    """
    with _patient:
        _hurry.append(gc.get_threshold())
        gc.set_threshold(100_000, *_hurry[0][1:])
    try:
        yield
    finally:
        with _patient:
            usual = _hurry[0]
            _hurry.pop()
            if not _hurry:
                gc.set_threshold(*usual)


class RefusedAt(Refused):
    """The stream's `n`-th act (from 0) was refused; nothing of an atomic stream was written."""

    def __init__(self, n: int, refused: Refused) -> None:
        super().__init__(*refused.reasons)
        self.n = n


@dataclass(slots=True)
class Tally:
    """What a stream came to."""

    acts: int = 0
    cases: int = 0
    refused: list[tuple[int, Refused]] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    brought: list[Done] = field(default_factory=list)
    refs: dict[str, int] = field(default_factory=dict)


def act_many(
    stream: Iterable[Do],
    *,
    atomic: bool = True,
    keep_going: bool = False,
    keep_done: bool = False,
    progress: Callable[[int], None] | None = None,
    batch: int = 2000,
) -> Tally:
    """The same door for a stream: the same checks for each act, one commit for many.

    `atomic`: all of it or nothing; otherwise each batch is committed. `keep_going`: refused acts are listed in
    the tally and left out, instead of stopping the stream with `RefusedAt`. `keep_done` keeps what each act
    left behind (memory!).
    """
    s, tally, run = Store(), Tally(), None
    seen = 0, 0
    with s.contested(), patience(), ExitStack() as stack:
        for n, do in enumerate(stream):
            if run is None:
                cursor = stack.enter_context(s.transaction())
                run = _Stream(s, cursor, tally, batch)
            run.take(n, do, keep_going=keep_going, keep_done=keep_done)
            if run.waiting >= batch:
                run.end()
                if progress:
                    progress(tally.acts)
                if not atomic:
                    stack.close()
                    run, seen = None, _effects_of(tally, s, seen)
        if run is not None:
            run.end()
        if progress:
            progress(tally.acts)
    _effects_of(tally, s, seen)
    return tally


def _effects_of(tally: Tally, s: Store, after: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """What follows from the acts of a stream, once they are committed; how many have now been seen to."""
    for done in (*tally.done[after[0] :], *tally.brought[after[1] :]):
        step = registry().family(done.family).steps.get(done.step)
        if step is not None:
            _effects(step, done, s)
    return len(tally.done), len(tally.brought)


class _Stream:
    """Acts of one transaction, kept in memory until enough have come."""

    def __init__(self, s: Store, cursor: Cursor, tally: Tally, block: int) -> None:
        self.cursor, self.tally, self.block = cursor, tally, block
        self.vendor = "postgresql" if cursor.on_postgres else "sqlite"
        if cursor.on_postgres:
            cursor.run(store.ONE_STREAM)
        self.work = Work(s, cursor)
        self.calendar = national()
        self.refs = tally.refs
        self.loaded: dict[int, Loaded] = {}
        self.waiting = 0
        self.next_case, self.next_entry = self._ids("cases_case"), self._ids("ledger_entry")

    def _ids(self, table: str) -> Callable[[], int]:
        """Numbers for new rows: SQLite has one writer, PostgreSQL hands them out in blocks."""
        if self.vendor == "sqlite":
            row = self.cursor.one(
                "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)", (table,)
            )
            last = [row[0] if row else 0]

            def following() -> int:
                last[0] += 1
                return last[0]

            return following
        waiting: list[int] = []

        def handed_out() -> int:
            if not waiting:
                sql = f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, ?)"
                waiting.extend(
                    sorted((r[0] for r in self.cursor.all(sql, (self.block or 100,))), reverse=True)
                )
            return waiting.pop()

        return handed_out

    def take(self, n: int, do: Do, *, keep_going: bool, keep_done: bool) -> None:
        try:
            loaded = self._case(do)
            own = bool(do.ref) and do.actor.may(APPLICANT)
            if do.step.seeker is not None:
                self.work.flush()  # what is found may be any case's
            lawful = _must_be_lawful(self.cursor, loaded, do.step, do.facts, do.actor, own=own)
        except Refused as refused:
            if not keep_going:
                raise RefusedAt(n, refused) from refused
            self.tally.refused.append((n, refused))
            return
        done = self._write(loaded, lawful, do.actor, do.ref)
        if keep_done or do.step.effects:
            self.tally.done.append(done)
        if lawful.step.bringers:
            self._bring(loaded, lawful, do)

    def _write(
        self, loaded: Loaded, lawful: Lawful, actor: Actor, ref: str, link: tuple[int, str] | None = None
    ) -> Done:
        if loaded.new and loaded.id == 0:
            loaded.id = self.next_case()
            self.loaded[loaded.id] = loaded
            self.tally.cases += 1
            if ref:
                self.refs[ref] = loaded.id
        taken = self.work.take(loaded, lawful, actor, self.next_entry(), link)
        self.tally.acts += 1
        self.waiting += 1
        return taken.done(loaded)

    def _bring(self, loaded: Loaded, lawful: Lawful, do: Do) -> None:
        """What the act brings; the cases it begins are called after it: ref/1, ref/2, …"""
        self.work.flush()
        for n, more in enumerate(self.work.brought(loaded, lawful), 1):
            ref = f"{do.ref}/{n}" if do.ref and more.case is None else ""
            then = Do(more.step, more.facts, do.actor, more.case, more.office or loaded.office, ref)
            other = self._case(then)
            also = _must_be_lawful(self.cursor, other, more.step, more.facts, do.actor, brought=True)
            link = (loaded.id, GREW) if more.case is None else None
            self.tally.brought.append(self._write(other, also, do.actor, ref, link))
            if also.step.bringers:
                self._bring(other, also, then)

    def _case(self, do: Do) -> Loaded:
        id = do.case if do.case is not None else self.refs.get(do.ref) if do.ref else None
        if id is None:
            return opened(do.step, do.facts, do.office or do.actor.office, 0, self.calendar)
        if id not in self.loaded:
            row = self.cursor.one(store.SELECT_CASE, (id,))
            if row is None:
                raise Refused(Reason("没有这个案件", None, "yifa.R011"))
            self.loaded[id] = from_row(self.cursor, id, row, self.calendar)
        return self.loaded[id]

    def end(self) -> None:
        """Write what waits; forget the cases, so that memory stays small however long the stream."""
        self.work.flush()
        self.loaded.clear()
        self.waiting = 0
