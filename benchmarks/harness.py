"""How every benchmark here measures and speaks: variants in turns, medians, and a ratio with its goal.

The machine is shared and noisy, so only ratios of one run count. A goal is *reached*, or it is not; at size `small` (CI)
a miss by less than a third is *within noise*: the run is too short to tell.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Variant = Callable[[], object]
RELAXED = 1.5

REACHED, NOISE, MISSED = "reached", "within noise", "NOT reached"
LEFT_OUT = "left out:"
# What a measurement exits with. 1 and 2 are not among them: Python says 1 of a crash, argparse 2 of a wrong word.
CODES = {REACHED: 0, NOISE: 3, MISSED: 4}


def arguments(
    about: str, add: Callable[[argparse.ArgumentParser], object] | None = None
) -> argparse.Namespace:
    words = argparse.ArgumentParser(description=about)
    words.add_argument("--size", choices=("small", "full"), default="small")
    words.add_argument("--json", action="store_true")
    if add:
        add(words)
    return words.parse_args()


def interleave(
    variants: Mapping[str, Variant], rounds: int = 5, before: Callable[[str], object] | None = None
) -> dict[str, float]:
    """Seconds of each variant, the median of some rounds in which they took turns. `before` is not timed."""
    took: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            if before:
                before(name)
            start = time.perf_counter()
            run()
            took[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def in_turns(variants: Mapping[str, Callable[[], Mapping[str, float]]], rounds: int = 5) -> dict[str, Any]:
    """The same for variants that measure themselves: of each number they give, the median."""
    gave: dict[str, list[Mapping[str, float]]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            gave[name].append(run())
    return {
        name: {key: statistics.median(each[key] for each in numbers) for key in numbers[0]}
        for name, numbers in gave.items()
    }


@dataclass(frozen=True)
class Goal:
    """One line of the report: a value beside its peer or limit (seconds), and the ratio that was promised.

    A plain count has neither value nor peer; it stands where the ratio does.
    """

    name: str
    value: float | None
    peer: float | None
    ratio: float
    goal: str  # as "<= 2.6" or ">= 8"
    verdict: str


class Report:
    """Collects the goals, prints them, and says by its exit code (`CODES`) how the worst of them fared."""

    def __init__(self, about: str, given: argparse.Namespace) -> None:
        self.about, self.given = about, given
        self.goals: list[Goal] = []
        self.missing: list[str] = []

    def at_most(self, name: str, value: float, peer: float, limit: float) -> None:
        """The value may be `limit` times the peer's."""
        ratio = value / peer
        verdict = self._verdict(ratio <= limit, ratio <= limit * RELAXED)
        self.goals.append(Goal(name, value, peer, ratio, f"<= {limit:g}", verdict))

    def at_least(self, name: str, value: float, peer: float, times: float) -> None:
        """The value (seconds) must be so many times smaller than the peer's."""
        ratio = peer / value
        verdict = self._verdict(ratio >= times, ratio >= times / RELAXED)
        self.goals.append(Goal(name, value, peer, ratio, f">= {times:g}", verdict))

    def no_more_than(self, name: str, found: int, limit: int) -> None:
        """A count, which no noise excuses."""
        verdict = REACHED if found <= limit else MISSED
        self.goals.append(Goal(name, None, None, found, f"<= {limit}", verdict))

    def left_out(self, what: str) -> None:
        """Something that could not be measured here, and why."""
        self.missing.append(what)

    def _verdict(self, reached: bool, nearly: bool) -> str:
        if reached:
            return REACHED
        return NOISE if nearly and self.given.size == "small" else MISSED

    def end(self) -> int:
        if self.given.json:
            lines = {"goals": [asdict(goal) for goal in self.goals], "left_out": self.missing}
            print(json.dumps({"about": self.about, "size": self.given.size, **lines}, ensure_ascii=False))
        else:
            print(f"{self.about} ({self.given.size})")
            print(f"  {'name':56} {'value':>10} {'peer':>10} {'ratio':>8} {'goal':>9}  verdict")
            for g in self.goals:
                both = f"{_time(g.value):>10} {_time(g.peer):>10}"
                print(f"  {g.name:56} {both} {g.ratio:8.2f} {g.goal:>9}  {g.verdict}")
            for what in self.missing:
                print(f"  {LEFT_OUT} {what}")
        return max((CODES[goal.verdict] for goal in self.goals), default=0)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
