"""Study sessions of a year: how many of which kind in which month, and each of them invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from yifa.matters.leadership.study import facts
from yifa.matters.leadership.study.procedure import Study
from yifa.people import CLERK
from yifa.site.volumes import Told, labels

from . import days, words
from .acts import Invented, Part


@dataclass(frozen=True)
class Sessions:
    """So many sessions of a body, in a form, in a month."""

    body: str
    form: str
    month: date
    n: int


def read(told: Told, year: int) -> tuple[Sessions, ...]:
    """The sessions a table tells of."""
    told.only("total", "session")
    found = []
    for row in told.rows("session"):
        row.only("body", "form", "month", "n")
        body, form = row.choice("body", labels(facts.Body)), row.choice("form", labels(facts.Form))
        month = date(year, row.number("month", 1, 12), 1)
        found.append(Sessions(body, form, month, row.number("n", default=1)))
    told.must_add_up("total", sum(s.n for s in found), "各次学法")
    return tuple(found)


def sessions(told: tuple[Sessions, ...], year: int, rng: Random) -> Iterator[Invented]:
    """Each session on a working day of its month, on one statute."""
    laws = rng.sample(words.LAWS, len(words.LAWS))
    for n, s in enumerate(some for some in told for _ in range(some.n)):
        session = facts.Session(
            on=rng.choice(days.of_month(s.month)),
            body=next(b for b in facts.Body if b.label == s.body),
            form=next(f for f in facts.Form if f.label == s.form),
            topic=f"学习《{laws[n % len(laws)]}》{words.INVENTED}",
            leader=words.name(rng),
            attendees=rng.randint(9, 38),
            material=f"学习材料第{n + 1}号{words.INVENTED}",
        )
        yield Invented(Study.hold, session, f"study-{n}", "", CLERK)


PART = Part("study", read, sessions)
