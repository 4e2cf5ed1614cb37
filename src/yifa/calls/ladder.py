"""The ladder of a call-out: who is called how, how often, how long, and who is called instead when nobody answers.

Pure. A ladder is data; a `Calling` is where one person's calling stands. Whatever happens, a calling ends in one of
three ways: somebody answered, it was handed over to somebody named, or somebody named gave it up with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from .channel import News

MS = timedelta(milliseconds=1)  # lengths are written in these


class LadderError(ValueError):
    """A ladder that could lose somebody; a sentence for whoever writes it, with an id."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.sentence, self.id = sentence, id


class Whom(Enum):
    """Who is called on a rung."""

    SELF = "本人"
    SUBSTITUTE = "替补"
    SUPERIOR = "上级"


class End(Enum):
    """How a calling ended."""

    ANSWERED = "已叫应"
    HANDED = "已转人工上门"
    GIVEN_UP = "已终止"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung. tries: how often at most; apart: from one try to the next; within: how long the rung lasts.

    `ends` says what counts as an answer here: a key or reply, or also having heard it to the end.
    """

    channel: str
    tries: int
    apart: timedelta
    within: timedelta
    whom: Whom = Whom.SELF
    ends: frozenset[News] = frozenset({News.REPLIED})

    def plain(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "tries": self.tries,
            "apart": self.apart // MS,
            "within": self.within // MS,
            "whom": self.whom.name,
            "ends": sorted(news.name for news in self.ends),
        }

    @classmethod
    def read(cls, told: dict[str, Any]) -> Rung:
        return cls(
            told["channel"],
            told["tries"],
            told["apart"] * MS,
            told["within"] * MS,
            Whom[told["whom"]],
            frozenset(News[name] for name in told["ends"]),
        )


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in their order. `source`: where it is written, or that it is ours."""

    label: str
    rungs: tuple[Rung, ...]
    source: str = ""

    def __post_init__(self) -> None:
        if not self.rungs:
            raise LadderError("E630", f"“{self.label}”没有一级")
        for n, rung in enumerate(self.rungs, 1):
            if not rung.channel or rung.tries < 1 or rung.apart < MS:
                raise LadderError("E630", f"“{self.label}”第{n}级应当写明渠道、次数（至少一次）和间隔")
            if rung.within < rung.apart * (rung.tries - 1):
                raise LadderError("E630", f"“{self.label}”第{n}级的时限内叫不完{rung.tries}次")
            if News.REPLIED not in rung.ends:
                raise LadderError("E630", f"“{self.label}”第{n}级没有把本人回应算作叫应")

    @property
    def bound(self) -> timedelta:
        """From the first try until somebody has answered or the list of those not reached lies with a person."""
        return sum((rung.within for rung in self.rungs), timedelta(0))

    def plain(self) -> dict[str, Any]:
        return {"label": self.label, "source": self.source, "rungs": [rung.plain() for rung in self.rungs]}

    @classmethod
    def read(cls, told: dict[str, Any]) -> Ladder:
        return cls(told["label"], tuple(map(Rung.read, told["rungs"])), told["source"])


def _minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


MIAN = Ladder(
    "语音三次，五分钟内叫应，叫不应的叫上级",
    (
        Rung("voice", 3, _minutes(1.5), _minutes(5)),
        Rung("voice", 2, _minutes(1.5), _minutes(3), Whom.SUBSTITUTE),
        Rung("voice", 2, _minutes(1.5), _minutes(3), Whom.SUPERIOR),
    ),
    "勉县做法（报道所见，二手）：三分钟内语音送达，听到最后，五分钟三次，叫不应的交上级上门",
)


# ── Where one person's calling stands ────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Calling:
    """`rung`: from 0; its length when all are used up and a person must see to it. `next`: when something is due."""

    ladder: Ladder
    since: datetime  # when this rung began
    rung: int = 0
    tries: int = 0  # on this rung
    next: datetime | None = None
    end: End | None = None
    ended: datetime | None = None
    by: str = ""
    why: str = ""

    @property
    def unanswered(self) -> bool:
        """Every rung was used and nobody answered: it lies with a person now."""
        return self.end is None and self.rung >= len(self.ladder.rungs)

    @property
    def now_on(self) -> Rung | None:
        return self.ladder.rungs[self.rung] if self.rung < len(self.ladder.rungs) else None


def begin(ladder: Ladder, at: datetime) -> Calling:
    """The first try is due at once."""
    return Calling(ladder, at, next=at)


def due(calling: Calling, now: datetime) -> str:
    """What is due: "try", "up" (the next rung), or "" for nothing."""
    rung = calling.now_on
    if calling.end is not None or rung is None or calling.next is None or now < calling.next:
        return ""
    over = calling.tries >= rung.tries or now >= calling.since + rung.within
    return "up" if over else "try"


def tried(calling: Calling, at: datetime) -> Calling:
    """A try was made: the next one is due after a while; after the last, the rung's end."""
    rung = calling.now_on
    assert rung is not None
    over = calling.since + rung.within
    tries = calling.tries + 1
    return replace(calling, tries=tries, next=over if tries >= rung.tries else min(at + rung.apart, over))


def up(calling: Calling, now: datetime) -> Calling:
    """To the next rung, whose first try is due at once; after the last, to a person."""
    last = calling.rung + 1 >= len(calling.ladder.rungs)
    return replace(calling, rung=calling.rung + 1, tries=0, since=now, next=None if last else now)


def heard(calling: Calling, news: News, at: datetime, on: int) -> Calling:
    """News of a try made on rung `on`; what counts as an answer there ends the calling, however late it comes."""
    if calling.end is not None or news not in calling.ladder.rungs[on].ends:
        return calling
    return replace(calling, end=End.ANSWERED, ended=at, next=None)


def hand_over(calling: Calling, to: str, at: datetime) -> Calling:
    """Somebody named goes there on foot."""
    return _closed(calling, End.HANDED, to, "", at)


def give_up(calling: Calling, by: str, why: str, at: datetime) -> Calling:
    """Somebody named ends it without an answer, and says why."""
    if not why.strip():
        raise LadderError("E631", "终止叫应应当写明理由")
    return _closed(calling, End.GIVEN_UP, by, why, at)


def _closed(calling: Calling, end: End, by: str, why: str, at: datetime) -> Calling:
    if not by.strip():
        raise LadderError("E631", "转人工或者终止应当写明是谁")
    if calling.end is not None:
        raise LadderError("E632", f"这一呼叫{calling.end.value}，不能再改")
    return replace(calling, end=end, ended=at, by=by, why=why, next=None)


__all__ = [
    "MIAN", "Calling", "End", "Ladder", "LadderError", "Rung", "Whom", "begin", "due", "give_up", "hand_over",
    "heard", "tried", "up",
]  # fmt: skip
