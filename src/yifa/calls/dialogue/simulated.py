"""People who do not exist, answering a script: the talk is the real one, only what they say is drawn.

What somebody says is drawn from their own number and the try's key, so a simulation comes out the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from yifa.calls.channel import News, Report, Try
from yifa.calls.simulator import Coming, Now

from .calling import NEWS, plain
from .script import Script, satisfaction
from .talk import Heard, Outcome, Talk, begin, hang_up, step

# How grades are given here, out of a thousand, in the order the script offers them: an invented county is content.
GRADES = (720, 240, 36, 3, 1)
REASONS = ("等的时间有点长（模拟）", "材料让我跑了两趟（模拟）", "")


@dataclass(frozen=True, slots=True)
class Manners:
    """Out of a hundred tries: how many get lost, find the line busy, ring out, are hung up, refuse, opt out, have no time, stay silent, are not understood.

    The rest answer to the end.
    """

    lost: int = 3
    busy: int = 6
    ring_out: int = 22
    hung_up: int = 5
    refuse: int = 4
    opt_out: int = 1
    later: int = 3
    silent: int = 2
    unclear: int = 2


@dataclass(slots=True)
class Talkers:
    """`name` is the channel it stands for."""

    clock: Now
    name: str = "talk"
    most: int = 1000
    habits: Manners = field(default_factory=Manners)
    seed: str = ""
    script: Script = field(default_factory=satisfaction)
    seen: set[str] = field(default_factory=set)
    _coming: Coming = field(default_factory=Coming)

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        return [self._take(one) for one in tries]

    def _take(self, one: Try) -> Report:
        now = self.clock.now()
        rng, h = Random(f"{self.seed} {one.to} {one.key}"), self.habits
        roll = rng.randrange(100) - h.lost
        if roll < 0:
            return Report(one.key, News.FAILED, now, detail="模拟：空号")
        if one.key in self.seen:
            return Report(one.key, News.ACCEPTED, now, detail="模拟：同一编号，不再呼叫")
        self.seen.add(one.key)
        at = now + timedelta(seconds=rng.randrange(8, 60))
        for share, news in ((h.busy, News.BUSY), (h.ring_out, News.NO_ANSWER)):
            if (roll := roll - share) < 0:
                self._coming.add(Report(one.key, news, at))
                return Report(one.key, News.ACCEPTED, now)
        outcome = self._talk(rng, roll)
        seconds = 12 + 9 * len(outcome.answers) + rng.randrange(10)
        at += timedelta(seconds=seconds)
        said = outcome.grade or outcome.ending.value
        self._coming.add(Report(one.key, NEWS[outcome.ending], at, said, outcome=plain(outcome, seconds)))
        return Report(one.key, News.ACCEPTED, now)

    def _talk(self, rng: Random, roll: int) -> Outcome:
        """The whole talk, as the script leads it."""
        h = self.habits
        for share, way in (
            (h.hung_up, "hang up"), (h.refuse, "不愿意"), (h.opt_out, "不要再打"), (h.later, "没空"), (h.silent, "silent"),
            (h.unclear, "蓝天白云"),
        ):  # fmt: skip
            if (roll := roll - share) < 0:
                return self._ended(way)
        talk, _ = begin(self.script)
        while not talk.ending:
            talk, _ = step(talk, self._answer(rng, talk))
        return talk.outcome

    def _ended(self, way: str) -> Outcome:
        talk, _ = begin(self.script)
        if way == "hang up":
            return hang_up(talk).outcome
        said = Heard() if way == "silent" else Heard(words=way)
        while not talk.ending:
            talk, _ = step(talk, said)
        return talk.outcome

    def _answer(self, rng: Random, talk: Talk) -> Heard:
        question = talk.question
        if question.open:
            return Heard(words=rng.choice(REASONS)) if talk.failed == 0 else Heard(keys="#")
        if question.id != self.script.grade:
            return Heard(keys=question.choices[0].key)
        weights = GRADES[: len(question.choices)]
        chosen = rng.choices(question.choices[: len(weights)], weights)[0]
        return Heard(keys=chosen.key) if rng.random() < 0.5 else Heard(words=chosen.phrases[0])

    async def news(self) -> list[Report]:
        return self._coming.by(self.clock.now())

    async def close(self) -> None:
        self._coming.clear()


__all__ = ["Manners", "Talkers"]
