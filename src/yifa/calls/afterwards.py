"""After the event: what happened in each minute of a call-out, from the delivery table and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.cases.store import Cursor, Store
from yifa.clock import SHANGHAI

from .channel import News
from .queue import moment

MINUTE = 60_000
# What a gateway or a line confirmed to have taken; FAILED and UNKNOWN are not, nor a line that was busy.
SENT = (News.ACCEPTED, News.DELIVERED, News.ANSWERED, News.HEARD, News.REPLIED)


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute: tries made, by rung; who answered, was handed over, given up; how many were still open at its end."""

    at: int
    tries: tuple[tuple[int, int], ...]  # (rung from 1, how many)
    answered: int
    handed: int
    given_up: int
    left: int

    @property
    def clock(self) -> str:
        return f"{moment(self.at).astimezone(SHANGHAI):%H:%M}"


@dataclass(frozen=True, slots=True)
class Review:
    """A call-out looked back upon. half, longest: milliseconds until half of all, and the last of those who did, answered."""

    begun: int
    people: int
    answered: int
    handed: int
    given_up: int
    tries: int
    messages: int
    half: int | None
    longest: int | None
    minutes: tuple[Minute, ...]

    @property
    def open(self) -> int:
        return self.people - self.answered - self.handed - self.given_up


def review(callout: int, cursor: Cursor | None = None) -> Review:
    """Everything that is known of it now."""
    c = cursor or Store().cursor()
    begun = _number(c, "SELECT begun FROM calls_callout WHERE id = ?", callout)
    ends = c.all('SELECT "end", ended FROM calls_calling WHERE callout_id = ?', (callout,))
    marks = ", ".join("?" * len(SENT))
    of = "FROM calls_try t JOIN calls_calling k ON k.id = t.calling_id WHERE k.callout_id = ?"
    tried = c.all(f"SELECT t.at / {MINUTE}, t.rung, count(*) {of} GROUP BY 1, 2", (callout,))
    sent = c.one(f"SELECT count(*) {of} AND t.news IN ({marks})", (callout, *(n.name for n in SENT)))
    took = sorted(int(ended) - begun for end, ended in ends if end == "ANSWERED")
    counted = Counter(end for end, _ in ends)
    middle = (len(ends) + 1) // 2
    return Review(
        begun,
        len(ends),
        counted["ANSWERED"],
        counted["HANDED"],
        counted["GIVEN_UP"],
        sum(int(n) for _, _, n in tried),
        int(sent[0]) if sent else 0,
        took[middle - 1] if 0 < middle <= len(took) else None,
        took[-1] if took else None,
        tuple(_minutes(tried, ends)),
    )


def _number(c: Cursor, sql: str, callout: int) -> int:
    row = c.one(sql, (callout,))
    return int(row[0]) if row else 0


def _minutes(tried: Sequence[Sequence[Any]], ends: Sequence[Sequence[Any]]) -> Iterator[Minute]:
    """Minutes in which something happened; the quiet ones between are left out."""
    closed = Counter((int(ended) // MINUTE, end) for end, ended in ends if end)
    made = {(int(at), int(rung)): int(n) for at, rung, n in tried}
    left = len(ends)
    for at in sorted({at for at, _ in closed} | {at for at, _ in made}):
        answered, handed, given_up = (closed[at, end] for end in ("ANSWERED", "HANDED", "GIVEN_UP"))
        left -= answered + handed + given_up
        rungs = tuple((rung + 1, n) for (when, rung), n in sorted(made.items()) if when == at)
        yield Minute(at * MINUTE, rungs, answered, handed, given_up, left)


def line(minute: Minute) -> str:
    """One minute in words."""
    said = [f"第{rung}级呼出{n}次" for rung, n in minute.tries]
    for word, n in (("应答", minute.answered), ("转人工上门", minute.handed), ("终止", minute.given_up)):
        said += [f"{word}{n}人"] if n else []
    return f"{minute.clock}：{'，'.join(said)}；尚余{minute.left}人"


def length(milliseconds: int | None) -> str:
    """How long, as a report writes it: 4分20秒."""
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}分{seconds}秒" if minutes else f"{seconds}秒"


__all__ = ["Minute", "Review", "length", "line", "review"]
