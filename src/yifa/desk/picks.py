"""What the questions of a step are picked from: registers, offices, what the case holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from string import Formatter
from typing import Any

from yifa.cases.models import Case
from yifa.cases.scene import Stage
from yifa.cases.store import Store
from yifa.look.fields import Picks
from yifa.people.offices import offices
from yifa.procedure import Among, Step, typed_of

MOST = 1500  # a longer list is typed, not picked


def picks(step: Step[Any], office: str, case: int | None, on: date) -> Picks:
    """By question, what may be picked; a question whose register is empty or too long is left to be typed."""
    found = {a.name: _choices(a.among, step, office, case, on) for a in typed_of(step.asks) if a.among}
    return {name: values for name, values in found.items() if 0 < len(values) <= MOST}


def _choices(
    among: Among, step: Step[Any], office: str, case: int | None, on: date
) -> Sequence[tuple[str, str]]:
    if among.fact:
        return [(value, value) for value in _held(case, among.fact)] if case else ()
    if among.family == "office":
        kinds = among.states
        return [(o.name, o.name) for o in offices(on) if o.code != office and (not kinds or o.kind in kinds)]
    names = list(dict.fromkeys(_named(among.value) + _named(among.label)))
    scene = Stage(Store().cursor(), case or 0, office, step, on, tried=True)
    rows = scene.listed(
        among.family,
        [n for n in names if n != "number"],
        states=among.states,
        office=office if among.own else "",
    )
    told = [
        dict(zip([n for n in names if n != "number"], row[4:], strict=True), number=row[3]) for row in rows
    ]
    return sorted((among.value.format(**t), (among.label or among.value).format(**t)) for t in told)


def _named(form: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(form) if name]


def _held(case: int, fact: str) -> Iterable[str]:
    """The values the case holds: of a list each, of a text each line up to its colon."""
    value = json.loads(Case.objects.get(pk=case).facts).get(fact) or ()
    return [line.partition("：")[0] for line in value.splitlines()] if isinstance(value, str) else value
