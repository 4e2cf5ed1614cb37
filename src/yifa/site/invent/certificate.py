"""Enforcement certificates: the stock the year began with, and what came and went."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from yifa.matters.enforcement.certificate.facts import Cancellation, Cause, Holder, Return, Suspension
from yifa.matters.enforcement.certificate.procedure import Certificate
from yifa.people import CLERK
from yifa.procedure import Facts, Step
from yifa.site.volumes import Some, Volumes

from . import days, words
from .acts import Invented


class Register:
    """The invented register as it fills and empties, office by office."""

    def __init__(self, volumes: Volumes, rng: Random) -> None:
        self.rng = rng
        self.numbers: Counter[int] = Counter()
        self.in_force: dict[str, list[str]] = {}
        self.suspended: dict[str, list[str]] = {}
        self.causes = [c for c in Cause for _ in range(volumes.certificates.causes.get(c.label, 0))]
        rng.shuffle(self.causes)

    def issue(self, office: str, on: date) -> Invented:
        self.numbers[on.year] += 1
        number = f"演示{on.year}-{self.numbers[on.year]:05d}"
        self.in_force.setdefault(office, []).append(number)
        passed = days.earlier(on, self.rng.randint(5, 30))
        holder = Holder(on=on, holder=words.name(self.rng), number=number, passed=passed)
        return self._act(Certificate.issue, holder, office, number)

    def suspend(self, office: str, on: date) -> Invented:
        number = self._any(self.in_force[office])
        self.suspended.setdefault(office, []).append(number)
        facts = Suspension(on=on, reason=f"执法监督检查中发现问题，责令整改{words.INVENTED}")
        return self._act(Certificate.suspend, facts, office, number)

    def give_back(self, office: str, on: date) -> Invented:
        number = self.suspended[office].pop(0)
        self.in_force[office].append(number)
        return self._act(
            Certificate.give_back, Return(on=on, reason=f"整改完毕{words.INVENTED}"), office, number
        )

    def cancel(self, office: str, on: date) -> Invented:
        number = self._any(self.in_force[office])
        facts = Cancellation(on=on, cause=self.causes.pop(), note=words.INVENTED)
        return self._act(Certificate.cancel, facts, office, number)

    def _any(self, numbers: list[str]) -> str:
        return numbers.pop(self.rng.randrange(len(numbers)))

    def _act(self, step: Step[Any], facts: Facts, office: str, number: str) -> Invented:
        return Invented(step, facts, number, office, CLERK)


def certificates(volumes: Volumes, rng: Random) -> Iterator[Invented]:
    """Month by month: issued and suspended in its first half, given back and cancelled in its second."""
    told, register = volumes.certificates, Register(volumes, rng)
    for some in sorted(told.opening, key=lambda s: s.month):
        for on in sorted(rng.choice(days.of_year(some.month.year)) for _ in range(some.n)):
            yield register.issue(some.office, on)
    for month in range(1, 13):
        first, second = days.halves(date(volumes.year, month, 1))
        for moves, act, when in (
            (told.issued, register.issue, first),
            (told.suspended, register.suspend, first),
            (told.returned, register.give_back, second),
            (told.cancelled, register.cancel, second),
        ):
            for some in _of(moves, month):
                for on in sorted(rng.choice(when) for _ in range(some.n)):
                    yield act(some.office, on)


def _of(moves: tuple[Some, ...], month: int) -> Iterator[Some]:
    return (s for s in moves if s.month.month == month)
