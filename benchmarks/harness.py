"""How every benchmark here measures and speaks: variants in turns, medians, and a ratio with its goal.

The machine is shared and noisy, so only ratios of one run count. At size `small` (CI) a goal is relaxed by a third.
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


@dataclass(frozen=True)
class Goal:
    """One line of the report: a value beside its peer or limit, and the ratio that was promised."""

    name: str
    value: float
    peer: float
    ratio: float
    goal: str  # as "<= 2.6" or ">= 8"
    reached: bool


class Report:
    """Collects the goals, prints them, and says by its exit code whether all were reached."""

    def __init__(self, about: str, given: argparse.Namespace) -> None:
        self.about, self.given = about, given
        self.goals: list[Goal] = []

    def at_most(self, name: str, value: float, peer: float, limit: float) -> None:
        """The value may be `limit` times the peer's."""
        ratio = value / peer
        self._add(name, value, peer, ratio, f"<= {limit:g}", ratio <= limit * self._slack)

    def at_least(self, name: str, value: float, peer: float, times: float) -> None:
        """The value (seconds) must be so many times smaller than the peer's."""
        ratio = peer / value
        self._add(name, value, peer, ratio, f">= {times:g}", ratio >= times / self._slack)

    @property
    def _slack(self) -> float:
        return RELAXED if self.given.size == "small" else 1.0

    def _add(self, *line: Any) -> None:
        self.goals.append(Goal(*line))

    def end(self) -> int:
        if self.given.json:
            lines = [asdict(goal) for goal in self.goals]
            print(
                json.dumps({"about": self.about, "size": self.given.size, "goals": lines}, ensure_ascii=False)
            )
        else:
            print(f"{self.about} ({self.given.size})")
            print(f"  {'name':56} {'value':>10} {'peer':>10} {'ratio':>8} {'goal':>9}  verdict")
            for g in self.goals:
                verdict = "reached" if g.reached else "NOT reached"
                print(
                    f"  {g.name:56} {_time(g.value):>10} {_time(g.peer):>10} {g.ratio:8.2f} {g.goal:>9}  {verdict}"
                )
        return 0 if all(goal.reached for goal in self.goals) else 1


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
