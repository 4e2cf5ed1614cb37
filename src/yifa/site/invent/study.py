"""Study sessions of a year."""

from collections.abc import Iterator
from random import Random

from yifa.matters.leadership.study.facts import Body, Form, Session
from yifa.matters.leadership.study.procedure import Study
from yifa.people import CLERK
from yifa.site.volumes import Volumes

from . import days, words
from .acts import Invented


def sessions(volumes: Volumes, rng: Random) -> Iterator[Invented]:
    """Each session on a working day of its month, on one statute."""
    laws = rng.sample(words.LAWS, len(words.LAWS))
    told = [s for s in volumes.sessions for _ in range(s.n)]
    for n, s in enumerate(told):
        facts = Session(
            on=rng.choice(days.of_month(s.month)),
            body=next(b for b in Body if b.label == s.body),
            form=next(f for f in Form if f.label == s.form),
            topic=f"学习《{laws[n % len(laws)]}》{words.INVENTED}",
            leader=words.name(rng),
            attendees=rng.randint(9, 38),
            material=f"学习材料第{n + 1}号{words.INVENTED}",
        )
        yield Invented(Study.hold, facts, f"study-{n}", "", CLERK)
