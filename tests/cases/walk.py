"""A walk: acts taken by chance, lawful and not, each foretold by the procedure alone and then tried at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yifa.cases import history
from yifa.cases.decide import today, when_may, who_may
from yifa.cases.kernel import Do, act, act_many, check, rehearse
from yifa.cases.sweep import sweep
from yifa.clock import national
from yifa.ledger.erase import erase
from yifa.people import APPLICANT, LAW, Actor, offices
from yifa.people.models import Office
from yifa.procedure import Case, Facts, Procedure, Reason, Refused, Role, Step, registry
from yifa.procedure.standing import due_of

from ..told import by_chance, lawful
from .reckoned import Track, count, rows

MOVES = (
    *("open",) * 3, *("go on",) * 18, *("late",) * 5, "any", "any", "stranger", "stranger", "backwards", "tomorrow",
    "too early", "link", "sweep", "sweep", "erase",
)  # fmt: skip
# what kind of move, which case, which step, how many days later, what is told
DID = st.tuples(
    st.sampled_from(MOVES), st.integers(0, 5), st.integers(0, 40), st.integers(0, 12), st.integers(0, 2**32)
)
STARTS = st.dates(date(2021, 10, 1), date(2026, 3, 1))


def walks(n: int) -> Callable[[Any], Any]:
    """So many walks, always the same ones: a day to start from, and moves."""
    quiet = settings(
        max_examples=n,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    return lambda test: quiet(given(STARTS, st.lists(DID, min_size=8, max_size=40))(test))


def walked(families: list[str], start: date, moves: list[Any]) -> Walk:
    """A walk gone to its end, in the county there is."""
    walk = Walk([registry().family(f) for f in families], start)
    for move in moves:
        walk.go(*move)
    return walk


OFFICES = ("A", "B")
DAY = timedelta(days=1)


@contextmanager
def county() -> Iterator[None]:
    """Two offices, and no trace of what they did afterwards."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # what must be outermost may stand in it
    offices.forget()
    with block:
        for code in OFFICES:
            Office.objects.create(
                code=code, name=f"新县{code}局", kind="department", mark=f"新{code}", since=date(2010, 1, 1)
            )
        yield
        transaction.set_rollback(True)
    offices.forget()


def holder(role: Role, office: str, **more: Any) -> Actor:
    """Somebody in this capacity, in this office."""
    if role == APPLICANT:
        return Actor.applicant()
    if role == LAW:
        return Actor.law()
    roles, scope = frozenset({role.key}), frozenset({office})
    return Actor(7, "李某", f"{office}.{role.key}", office, roles, scope, **more)


@dataclass(frozen=True)
class Attempt:
    """What was tried and what it came to. `step` None: the sealed facts of the case were destroyed instead."""

    do: Do | None
    ref: str
    reasons: tuple[Reason, ...] = ()
    in_a_stream: bool = True


class Walk:
    """Cases of the procedures given, and everything that was tried with them."""

    def __init__(self, families: list[type[Procedure]], start: date) -> None:
        self.families, self.day = families, start
        self.tracks: list[Track] = []
        self.tried: list[Attempt] = []

    def go(self, move: str, which: int, step: int, days: int, seed: int) -> None:
        """One move; what there is nothing for is left out."""
        rng = Random(seed)
        self.day = min(self.day + days * DAY, today() - 60 * DAY)
        track = self.tracks[which % len(self.tracks)] if self.tracks else None
        if track is None or move in ("open", "link", "too early"):
            self._open(move, which, step, rng)
        elif move == "sweep":
            last = _last_day(track.case) if rng.random() < 0.5 else None
            self.sweep(min(max(self.day, last + DAY), today()) if last else self.day)
        elif move == "erase":
            self.erase(track)
        else:
            self._go_on(move, track, step, rng)

    # What is tried

    def _open(self, move: str, which: int, step: int, rng: Random) -> None:
        procedure = self.families[which % len(self.families)]
        opening = procedure.opening()[step % len(procedure.opening())]
        on = procedure.since - DAY if move == "too early" else self.day
        facts = lawful(Case(procedure, national()), opening, on, rng)
        office = rng.choice(OFFICES)
        who = holder(rng.choice(opening.roles), rng.choice((office, office, OFFICES[0])))
        link = (rng.choice(self.tracks).id, "起因") if move == "link" and self.tracks else None
        self.attempt(opening, facts, who, None, office, link=link)

    def _go_on(self, move: str, track: Track, step: int, rng: Random) -> None:
        own, on = self._step(move, track, step), max(self.day, track.on)
        if move == "late" and (last := _last_day(track.case)):
            on = max(on, last + rng.randint(1, 60) * DAY)
        if move == "backwards":
            on = track.on - rng.randint(1, 9) * DAY
        if move == "tomorrow":
            on = today() + rng.randint(1, 9) * DAY
        on = on if move == "tomorrow" else min(on, today())
        facts = by_chance(own, on, rng) if rng.random() < 0.2 else lawful(self._at(track, own), own, on, rng)
        role = rng.choice(own.roles)
        who, mine = holder(role, track.office), role == APPLICANT
        if move == "stranger":
            who, mine = _stranger(role, track, rng), False
        self.attempt(own, facts, who, track, own=mine)

    def _step(self, move: str, track: Track, step: int) -> Step[Any]:
        """A step that may be taken now, for most moves; any step of any procedure for `any`."""
        every = [s for f in self.families for s in f.steps.values()]
        open = [s for s in track.procedure.steps.values() if not track.case.refusals(s)]
        choice = every if move == "any" or not open else open
        return choice[step % len(choice)]

    def _at(self, track: Track, step: Step[Any]) -> Case:
        return (
            track.case if track.procedure.steps.get(step.key) is step else Case(track.procedure, national())
        )

    # Foretold, and tried

    def attempt(
        self,
        step: Step[Any],
        facts: Facts,
        who: Actor,
        track: Track | None,
        office: str = "",
        *,
        own: bool = False,
        link: tuple[int, str] | None = None,
    ) -> None:
        id, ref = (track.id, track.ref) if track else (None, f"case {len(self.tried)}")
        do = Do(step, facts, who, office=office, ref=ref)
        reasons = self.foretold(step, facts, who, track, office, own=own)
        assert check(step, facts, who, case=id, office=office, own=own) == reasons
        known = (
            who != Actor.applicant() or own or id is None
        )  # a stream takes every applicant for its case's own
        if known:
            self._rehearsed(do, track, reasons)
        entries = count("ledger_entry")
        if reasons:
            with pytest.raises(Refused) as refused:
                act(step, facts, who, case=id, office=office, own=own, link=link)
            assert refused.value.reasons == reasons
            assert count("ledger_entry") == entries
        else:
            done = act(step, facts, who, case=id, office=office, own=own, link=link)
            track = track or self._begun(done.case, do)
            self._taken(track, do)
            assert (done.seq, done.state) == (track.case.standing.seq, track.case.standing.state)
            assert count("ledger_entry") == entries + 1
        self.tried.append(Attempt(do, ref, reasons, in_a_stream=known))

    def foretold(
        self, step: Step[Any], facts: Facts, who: Actor, track: Track | None, office: str, *, own: bool
    ) -> tuple[Reason, ...]:
        """What the procedure says, asked without a database."""
        if track is None:
            try:
                case = Case(registry().on(step.family, facts.on), national())
            except Refused as refused:
                return refused.reasons
            own = step.public
        else:
            case, office = track.case, track.office
            if case.procedure.steps.get(step.key) is not step:
                text = f"本案适用的规定没有“{step.label}”这一步"
                return (Reason(text, step.cite, "yifa.R012"),)
        door = who_may(step, who, office or who.office, own=own) or when_may(step, facts.on, today())
        assert [r.id for r in door] == _shut(step, facts, who, office or who.office, own=own)
        return door or case.refusals(step, facts)

    def _rehearsed(self, do: Do, track: Track | None, reasons: tuple[Reason, ...]) -> None:
        before = track.done if track else []
        if track and len(before) < len(track.case.acts):
            return  # a rehearsal is of one case from its beginning, with all that was said
        assert rehearse([*before, do]) == ((len(before), reasons) if reasons else None)

    def _begun(self, id: int, do: Do) -> Track:
        procedure = registry().on(do.step.family, do.facts.on)
        self.tracks.append(
            track := Track(id, do.ref, do.office or do.actor.office, Case(procedure, national()))
        )
        return track

    def _taken(self, track: Track, do: Do) -> None:
        track.case = track.case.do(do.step, do.facts)
        track.done.append(do)

    # What happens without anybody's asking

    def sweep(self, day: date) -> None:
        """The law takes its own steps, and no others."""
        foretold = {}
        for track in self.tracks:
            for step in track.procedure.steps.values():
                if step.after and (facts := _run_out(track.case, step, day)):
                    foretold[track.id, step.key] = (track, step, facts)
        done = [(d.case, d.step) for d in sweep(day)]
        assert sorted(done) == sorted(foretold)
        for track, step, facts in map(foretold.__getitem__, done):
            do = Do(step, facts, Actor.law(), ref=track.ref)
            self._taken(track, do)
            self.tried.append(Attempt(do, track.ref))

    def erase(self, track: Track) -> None:
        """The person is forgotten; what was said remains, as far as it was not theirs."""
        if rows("SELECT 1 FROM ledger_key WHERE case_id = %s", track.id):
            destroy(track.id)
            was, acts = track.case, history.of_case(track.procedure, track.id)
            standing = replace(was.standing, seq=was.standing.seq + 1)
            track.case = Case(track.procedure, was.calendar, standing, acts=acts)
            track.done = []
            self.tried.append(Attempt(None, track.ref))


def _last_day(case: Case) -> date | None:
    """The last of the days that run."""
    due = (
        due_of(case.procedure.periods[k], r, case.calendar).day
        for k, r in case.standing.runs.items()
        if not r.over
    )
    return max((day for day in due if day), default=None)


def _run_out(case: Case, step: Step[Any], day: date) -> Facts | None:
    """What the law says by itself, on the first day it can, if that day has come."""
    assert step.after is not None
    due, last = case.due(step.after), case.standing.on
    if due is None or last is None or due >= day:
        return None
    facts: Facts = step.asks(on=max(due + DAY, last))
    return None if case.refusals(step, facts) else facts


def _shut(step: Step[Any], facts: Facts, who: Actor, office: str, *, own: bool) -> list[str]:
    """By what the door itself is shut: another's step, another office's case, a day that has not come."""
    theirs = who.families is None or step.family in who.families
    if not theirs or not any(role.key in who.roles for role in step.roles):
        return ["yifa.R004"]
    if not own and who.scope is not None and office not in who.scope:
        return ["yifa.R007"]
    return ["yifa.R005"] if facts.on > today() else []


def _stranger(role: Role, track: Track, rng: Random) -> Actor:
    """Not this post, not this office, not this matter, or somebody outside who shows no receipt."""
    other = next(o for o in OFFICES if o != track.office)
    return rng.choice(
        (
            holder(role, other),
            Actor(8, "王某", "x", track.office, frozenset({"third_party"}), frozenset({track.office})),
            holder(role, track.office, families=frozenset({"another"}))
            if role not in (APPLICANT, LAW)
            else Actor.applicant(),
            Actor.applicant(),
        )
    )


def destroy(case: int) -> None:
    erase(case, holder(Role("head", "负责人"), "A"), "保存期限届满")


# ── The same once more, as a stream ──────────────────────────────────────────


def stream(tried: list[Attempt], **how: Any) -> None:
    """Everything that was tried, through `act_many`; it refuses the same acts with the same reasons."""
    known: dict[str, int] = {}
    waiting: list[Attempt] = []
    for attempt in [*tried, Attempt(None, "")]:
        if attempt.do is not None:
            waiting += [attempt] if attempt.in_a_stream else []
            continue
        dos = [replace(a.do, case=known.get(a.ref)) for a in waiting if a.do]
        tally = act_many(dos, keep_going=True, keep_done=True, **how)
        assert [(n, r.reasons) for n, r in tally.refused] == [
            (n, a.reasons) for n, a in enumerate(waiting) if a.reasons
        ]
        taken = [a for a in waiting if not a.reasons]
        known |= {a.ref: done.case for a, done in zip(taken, tally.done, strict=True)}
        waiting = []
        if attempt.ref:
            destroy(known[attempt.ref])
