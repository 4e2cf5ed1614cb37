"""The same door for a stream of acts: the same checks for each, one commit for many."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from yifa.clock import national
from yifa.people.actor import Actor
from yifa.people.roles import APPLICANT
from yifa.procedure import Reason, Refused, registry

from . import store
from .acts import GREW, Do, Done, follow
from .loaded import Lawful, Loaded, from_row, must_be_lawful, opened
from .store import Cursor, Store
from .work import Work

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
            follow(step, done, s)
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
            lawful = must_be_lawful(self.cursor, loaded, do.step, do.facts, do.actor, own=own)
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
        """What the act brings; the cases it begins are called after it: ref/1, ref/2, …

        Most acts of a stream bring nothing; only those that do, or look something up for it, are written at once.
        """
        found = self.work.brought(loaded, lawful)
        if found:
            self.work.flush()
        for n, more in enumerate(found, 1):
            ref = f"{do.ref}/{n}" if do.ref and more.case is None else ""
            then = Do(more.step, more.facts, do.actor, more.case, more.office or loaded.office, ref)
            other = self._case(then)
            also = must_be_lawful(self.cursor, other, more.step, more.facts, do.actor, brought=True)
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
