"""When people may be called, as an office writes it: “工作日 09:00-12:00，14:30-18:00”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from yifa.clock import SHANGHAI, national

from .ladder import LadderError

EXAMPLE = "工作日 09:00-12:00，14:30-18:00"
WORKING = ("工作日",)
_STRETCH = re.compile(r"(\d{1,2})[:：](\d{2})[-—–~至到](\d{1,2})[:：](\d{2})")
FARTHEST = 60  # days looked ahead for the next one on which people may be called


@dataclass(frozen=True, slots=True)
class Hours:
    """Stretches of a day, first and last minute; of every day, or of working days."""

    stretches: tuple[tuple[time, time], ...]
    working_days: bool = False

    def opens(self, at: datetime) -> datetime:
        """The first moment from `at` on at which people may be called: `at` itself, or later."""
        here = at.astimezone(SHANGHAI)
        for n in range(FARTHEST):
            day = here.date() + timedelta(days=n)
            if self.working_days and not national().is_working(day):
                continue
            for first, last in self.stretches:
                begins, ends = _at(day, first), _at(day, last)
                if here < ends:
                    return max(here, begins).astimezone(at.tzinfo)
        raise LadderError("E650", f"呼叫时段里{FARTHEST}天之内没有一天可以呼叫")


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, SHANGHAI)


@lru_cache(maxsize=256)
def read(text: str) -> Hours:
    """The hours written there; `LadderError` says what cannot be read."""
    words = [word for word in re.split(r"[，,、；;\s]+", text.strip()) if word]
    working = any(word in WORKING for word in words)
    stretches = tuple(_stretch(word) for word in words if word not in WORKING)
    if not stretches:
        raise LadderError("E650", f"呼叫时段没有写几点到几点；照这样写：{EXAMPLE}")
    ordered = sorted(stretches)
    if any(before[1] > after[0] for before, after in pairwise(ordered)):
        raise LadderError("E650", f"呼叫时段“{text}”前后重叠")
    return Hours(tuple(ordered), working)


def _stretch(word: str) -> tuple[time, time]:
    found = _STRETCH.fullmatch(word)
    try:
        if found is None:
            raise ValueError
        h1, m1, h2, m2 = map(int, found.groups())
        first, last = time(h1, m1), time(h2, m2)
    except ValueError:
        raise LadderError("E650", f"呼叫时段里的“{word[:30]}”看不懂；照这样写：{EXAMPLE}") from None
    if first >= last:
        raise LadderError("E650", f"呼叫时段“{word}”的止时应当晚于起时")
    return first, last


__all__ = ["EXAMPLE", "Hours", "read"]
