"""People who do not exist, on a clock that need not wait: a channel like the others, for drills and for tests.

What somebody does is drawn from their own address and the try's key, so a simulation comes out the same each time.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from .channel import News, Report, Try


class Now(Protocol):
    """Whoever knows what time it is."""

    def now(self) -> datetime: ...


class SimulatedClock:
    """Goes on when it is told to sleep, and at once."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Habits:
    """Out of a hundred tries: how many get lost, find the line busy, ring out, are hung up, are heard without a key, get a wrong key.

    The rest press the right key. `late`: out of a hundred answers, how many come minutes later.
    """

    lost: int = 3
    busy: int = 7
    ring_out: int = 25
    hung_up: int = 10
    only_heard: int = 8
    wrong_key: int = 4
    late: int = 5


@dataclass(slots=True)
class Coming:
    """Reports of what will have happened by then, in their order."""

    _heap: list[tuple[datetime, int, Report]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)

    def add(self, report: Report) -> None:
        heapq.heappush(self._heap, (report.at, next(self._order), report))

    def by(self, now: datetime) -> list[Report]:
        """Those that have happened, each told once."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            found.append(heapq.heappop(self._heap)[2])
        return found

    def clear(self) -> None:
        self._heap.clear()


@dataclass(slots=True)
class Simulator:
    """`name` is the channel it stands for."""

    clock: Now
    name: str = "voice"
    most: int = 1000
    habits: Habits = field(default_factory=Habits)
    seed: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    _coming: Coming = field(default_factory=Coming)

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        return [self._take(one) for one in tries]

    def _take(self, one: Try) -> Report:
        now = self.clock.now()
        self.seen[one.key] = self.seen.get(one.key, 0) + 1
        rng, h = Random(f"{self.seed} {one.to} {one.key}"), self.habits
        roll = rng.randrange(100)
        if (roll := roll - h.lost) < 0:
            return Report(one.key, News.FAILED, now, detail="模拟：线路不通")
        if self.seen[one.key] > 1:
            return Report(one.key, News.ACCEPTED, now, detail="模拟：同一编号，不再呼叫")
        wait = timedelta(seconds=rng.randrange(4, 40))
        if rng.randrange(100) < h.late:
            wait += timedelta(minutes=rng.randrange(2, 12))
        news, said = News.REPLIED, "1"
        for share, other, key in (
            (h.busy, News.BUSY, ""), (h.ring_out, News.NO_ANSWER, ""), (h.hung_up, News.ANSWERED, ""),
            (h.only_heard, News.HEARD, ""), (h.wrong_key, News.HEARD, "9"),
        ):  # fmt: skip
            if (roll := roll - share) < 0:
                news, said = other, key
                break
        self._coming.add(Report(one.key, news, now + wait, said))
        return Report(one.key, News.ACCEPTED, now)

    async def news(self) -> list[Report]:
        return self._coming.by(self.clock.now())

    async def close(self) -> None:
        self._coming.clear()
