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

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from yifa.clock import national
from yifa.people.actor import Actor
from yifa.people.roles import APPLICANT
from yifa.procedure import Facts, Reason, Refused, Step, registry
from yifa.procedure.standing import after

from .acts import GREW, Do, Done, follow
from .loaded import load, must_be_lawful, opened
from .store import Cursor, Store
from .stream import RefusedAt, Tally, act_many, patience
from .work import Work


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
    alone = s.on_postgres and not s.django.in_atomic_block and not step.bringers
    with s.contested(), _pipelined(s) if alone else s.transaction() as cursor:
        work = Work(s, cursor)
        done, brought = _take(work, step, facts, actor, case, office, own=own, link=link)
    follow(step, done, s)
    for one in brought:
        follow(registry().family(one.family).steps[one.step], one, s)
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
    loaded, entry = load(work.cursor, step, facts, actor, case, office)
    lawful = must_be_lawful(work.cursor, loaded, step, facts, actor, own=own, brought=brought)
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
    loaded, _ = load(cursor, step, facts, actor, case, office, peek=True)
    return must_be_lawful(cursor, loaded, step, facts, actor, own=own, tried=True).facts


def rehearse(acts: Sequence[Do]) -> tuple[int, tuple[Reason, ...]] | None:
    """Which of the acts of one new case would be refused, and why; nothing is written. None: all would be taken."""
    first = acts[0]
    cursor = Store().cursor()
    n = 0
    try:
        loaded = opened(first.step, first.facts, first.office or first.actor.office, 0, national())
        for n, do in enumerate(acts):
            own = n > 0 and do.actor.may(APPLICANT)
            lawful = must_be_lawful(cursor, loaded, do.step, do.facts, do.actor, own=own, tried=True)
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
    """Two round trips to PostgreSQL, for a step that brings nothing with it. A failed pipeline leaves its transaction open: close it."""
    try:
        with s.raw.pipeline(), s.transaction() as cursor:
            yield cursor
    except BaseException:
        s.raw.execute("ROLLBACK")
        raise


__all__ = [
    "GREW",
    "Do",
    "Done",
    "RefusedAt",
    "Tally",
    "act",
    "act_many",
    "check",
    "patience",
    "rehearse",
    "tried",
]
