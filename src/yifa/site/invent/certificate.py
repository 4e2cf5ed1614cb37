"""Enforcement certificates: the stock the year began with, and what came and went."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from yifa.matters.enforcement.certificate.facts import Cancellation, Cause, Holder, Return, Suspension
from yifa.matters.enforcement.certificate.procedure import Certificate
from yifa.people import CLERK
from yifa.procedure import Facts, Step
from yifa.site.volumes import Some, Told, labels

from . import days, words
from .acts import Invented, Part

MOVES = ("opening", "issued", "cancelled", "suspended", "returned")


@dataclass(frozen=True)
class Certificates:
    """What came and went on the register of certificates."""

    opening: tuple[Some, ...]
    issued: tuple[Some, ...]
    cancelled: tuple[Some, ...]
    suspended: tuple[Some, ...]
    returned: tuple[Some, ...]
    causes: Mapping[str, int]


def read(told: Told, year: int) -> Certificates:
    """What a table tells came and went; every move beside its total."""
    told.only("total", "cause", *MOVES)
    opening = told.table("opening").years(year)
    moves = {name: told.table(name).months(year) for name in MOVES[1:]}
    total = told.table("total")
    total.only(*MOVES)
    for name, some in {"opening": opening, **moves}.items():
        total.must_add_up(name, sum(s.n for s in some), "各机关")
    cause = told.table("cause")
    cause.only(*labels(Cause))
    causes = {key: cause.number(key) for key in cause.told}
    if sum(causes.values()) != sum(s.n for s in moves["cancelled"]):
        told.wrong("E738", "cause", f"合计是 {sum(causes.values())}，与注销总数不符")
    found = Certificates(opening, **moves, causes=causes)
    _must_be_there(told, found)
    return found


def _must_be_there(told: Told, c: Certificates) -> None:
    """Month by month no office cancels, suspends or returns a certificate that is not there."""
    for office in {s.office for s in (*c.opening, *c.issued, *c.cancelled, *c.suspended, *c.returned)}:
        held, away = sum(s.n for s in c.opening if s.office == office), 0
        for month in range(1, 13):
            came, gone, taken, back = (
                sum(s.n for s in some if s.office == office and s.month.month == month)
                for some in (c.issued, c.cancelled, c.suspended, c.returned)
            )
            held, away = held + came - taken, away + taken
            if held < 0:
                told.wrong("E738", f"suspended.{office}", f"{month}月暂扣的多于在手的证件")
            held, away = held + back - gone, away - back
            if away < 0:
                told.wrong("E738", f"returned.{office}", f"{month}月发还的多于暂扣的")
            if held < 0:
                told.wrong("E738", f"cancelled.{office}", f"{month}月注销的多于有效的证件")


class Register:
    """The invented register as it fills and empties, office by office."""

    def __init__(self, told: Certificates, rng: Random) -> None:
        self.rng = rng
        self.numbers: Counter[int] = Counter()
        self.in_force: dict[str, list[str]] = {}
        self.suspended: dict[str, list[str]] = {}
        self.causes = [c for c in Cause for _ in range(told.causes.get(c.label, 0))]
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


def certificates(told: Certificates, year: int, rng: Random) -> Iterator[Invented]:
    """Month by month: issued in its first half, suspended on the last day of that, given back and cancelled in its second.

    So whoever is drawn and goes within the first half still holds the certificate then.
    """
    register = Register(told, rng)
    for some in sorted(told.opening, key=lambda s: s.month):
        for on in sorted(rng.choice(days.of_year(some.month.year)) for _ in range(some.n)):
            yield register.issue(some.office, on)
    for month in range(1, 13):
        first, second = days.halves(date(year, month, 1))
        for moves, act, when in (
            (told.issued, register.issue, first),
            (told.suspended, register.suspend, first[-1:]),
            (told.returned, register.give_back, second),
            (told.cancelled, register.cancel, second),
        ):
            for some in _of(moves, month):
                for on in sorted(rng.choice(when) for _ in range(some.n)):
                    yield act(some.office, on)


def _of(moves: tuple[Some, ...], month: int) -> Iterator[Some]:
    return (s for s in moves if s.month.month == month)


PART = Part("certificate", read, certificates)
