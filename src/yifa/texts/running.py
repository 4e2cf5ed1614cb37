"""Cases still running in whose open facts a statute is cited. A closed one ended under the law of its day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from yifa.cases.models import Case
from yifa.procedure import asks_of, registry

from .amendment import Citing, in_document
from .citations import key_of, names

__all__ = ["in_cases"]


def in_cases(
    key: str, old: str, *, without: frozenset[str] = frozenset({"law_change_check"})
) -> Iterator[Citing]:
    """What running cases cite, with the office that is to look. `without`: families that are about amendments themselves."""
    called = [name for name in names() if key_of(name) == key]
    rows = Case.objects.filter(final=False).exclude(family__in=without).order_by("id")
    for case, family, office, number, facts in rows.values_list(
        "id", "family", "office", "number", "facts"
    ).iterator(chunk_size=2000):
        told = json.loads(facts)
        for name, words in told.items():
            if isinstance(words, str) and "条" in words and any(one in words for one in called):
                title, label = _named(family, name)
                where = f"{title}{number or f'案件{case}'}：{label}"
                yield from in_document(words, "案件", where, key, old, case=case, office=office)


@cache
def _named(family: str, name: str) -> tuple[str, str]:
    """What a family and one of its facts are called."""
    try:
        procedure = registry().family(family)
    except KeyError:
        return family, name  # a matter this county no longer lists
    labels = {a.name: a.label for step in procedure.steps.values() for a in asks_of(step.asks)}
    return procedure.title, labels.get(name, name)
