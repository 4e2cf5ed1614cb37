"""Cases still running in whose open facts and documents a statute is cited. A closed one ended under the law of its day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from yifa.cases.models import Case
from yifa.papers.files import FileRefused
from yifa.procedure import asks_of, registry

from ..kept import reading_of
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
        for name, value in told.items():
            title, label, is_document = _named(family, name)
            words = _words(value, is_document)
            if "条" in words and any(one in words for one in called):
                where = f"{title}{number or f'案件{case}'}：{label}"
                what = "文件" if is_document else "案件"
                yield from in_document(words, what, where, key, old, case=case, office=office)


def _words(value: Any, is_document: bool) -> str:
    """What a fact says: of a document its text, as far as it can still be read."""
    if not isinstance(value, str) or not value:
        return ""
    if not is_document:
        return value
    try:
        return reading_of(value).text
    except FileRefused:
        return ""


@cache
def _named(family: str, name: str) -> tuple[str, str, bool]:
    """What a family and one of its facts are called, and whether that is a document."""
    try:
        procedure = registry().family(family)
    except KeyError:
        return family, name, False  # a matter this county no longer lists
    asked = {a.name: a for step in procedure.steps.values() for a in asks_of(step.asks)}
    if name not in asked:
        return procedure.title, name, False
    return procedure.title, asked[name].label, asked[name].document
