"""Something to tell for every question of any step: by chance, or such that the law has nothing against it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from stdnum.cn import uscc

from yifa.matters.business.inspections.facts import Level
from yifa.matters.business.inspections.told import Assignment, Plan, Scope, Source
from yifa.matters.emergency.response.facts import Month
from yifa.matters.oversight.disclosure.facts import fee
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.matters.services.satisfaction.facts import ByHand, CalledBack, Grade, Round
from yifa.procedure import Case, Facts, Step, asks_of, read
from yifa.site.invent import words

TRIES = 12
GRADED = 4  # how far a call-back came that brought a grade


def _typed(step: Step[Any], on: date, seed: int) -> dict[str, str]:
    """Something for every question of a step, different for different seeds."""
    told = {"on": on.isoformat()}
    for n, a in enumerate(asks_of(step.asks)):
        pick = seed // (n + 1)
        if a.document:
            told[a.name] = f"{pick:064x}"
        elif a.choices:
            told[a.name] = a.choices[max(pick % (2 * len(a.choices)) - len(a.choices), 0)].name
        elif a.kind is bool:
            told[a.name] = "是" if pick % 2 else "否"
        elif a.kind is date:
            told[a.name] = (on + timedelta(days=pick % 40 - (0 if "until" in a.name else 39))).isoformat()
        elif a.kind in (int, Decimal):
            told[a.name] = str(pick % 30 + 1)
        else:
            told[a.name] = f"某事{pick % 7}"
    return told


def by_chance(step: Step[Any], on: date, rng: Random) -> Facts:
    """What somebody might tell who does not know the law; texts are the demonstration's own."""
    told = _typed(step, on, rng.randrange(1_000_000))
    for a in asks_of(step.asks):
        if a.kind is str and not a.choices and not a.document:
            keep_silent = not a.required and rng.random() < 0.4
            told[a.name] = "" if keep_silent else rng.choice((words.name(rng), rng.choice(words.WANTED)))
    facts: Facts = read(step.asks, told)
    return facts


def lawful(case: Case, step: Step[Any], on: date, rng: Random) -> Facts:
    """Facts the procedure allows, where chance finds some in a few tries; else the last that were tried."""
    for _ in range(TRIES):
        facts = _exact(case, step, by_chance(step, on, rng), rng)
        if not case.refusals(step, facts):
            break
    return facts


def _exact(case: Case, step: Step[Any], facts: Facts, rng: Random) -> Facts:
    """Facts in which the law leaves no choice: sums of money by their scale, a corrected date before what followed."""
    if hasattr(facts, "code"):
        facts = _with(facts, code=_code(rng))
    if isinstance(facts, Assignment):
        source = facts.source if facts.source is not Source.RANDOM else Source.CASE
        facts = _with(facts, officers=("甲（1）", "乙（2）"), source=source, ground="投诉", unlisted="")
    if isinstance(facts, Plan) and facts.scope is not Scope.JOINT:
        facts = _with(facts, partners=())
    if hasattr(facts, "belongs_to"):
        facts = _with(facts, belongs_to="" if facts.level is Level.MAIN else "1")
    if isinstance(facts, CalledBack | ByHand):
        result = facts.result.result if isinstance(facts, ByHand) else facts.result
        grade = (facts.grade or Grade.FAIR) if result.stage == GRADED else None
        facts = _with(facts, grade=grade)
    if isinstance(facts, CalledBack):
        facts = _with(facts, dials=facts.dials if facts.result.stage else 0)
    if isinstance(facts, Round):
        facts = _with(facts, finished_from=None, finished_until=None)
    if isinstance(facts, Month):
        following = facts.on.replace(day=28) + timedelta(days=4)
        facts = _with(facts, on=following - timedelta(days=following.day))
    if step.amends is not None:
        return _with(facts, dated=_dated(case, rng))
    if step is Disclosure.charge:
        amount = rng.randint(31, 90)
        return _with(facts, amount=amount, fee=fee(facts.method, amount))  # type: ignore[attr-defined]
    if step is Disclosure.pay and case.has(Disclosure.charge):
        return _with(facts, fee=case.last(Disclosure.charge).fee)
    return facts


def _dated(case: Case, rng: Random) -> date:
    """A day on which the entry to be put right may have happened."""
    if not case.acts:
        return case.procedure.since
    other = (a.facts.on for a in case.acts[1:] if case.procedure.steps[a.step].amends is None)
    last = min(other, default=case.standing.on or case.procedure.since)
    return max(case.procedure.since, last - timedelta(days=rng.randint(0, 40)))


def _code(rng: Random) -> str:
    """A well-formed unified social credit code of no place."""
    body = f"92000000MA{rng.randrange(10**7):07}"
    return body + uscc.calc_check_digit(body)


def _with(facts: Facts, **told: Any) -> Facts:
    return type(facts)(**(vars(facts) | told))


__all__ = ["by_chance", "lawful"]
