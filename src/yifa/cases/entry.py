"""The canonical text of an entry, put together from pieces that were written once.

`ledger.chain.canonical` says how a body is written: keys sorted, no spaces. What is the same for every act of an
edition, and the order of the facts of a step, is known when the class is read; so a body is not sorted and searched
again for each act but filled in. A test holds the two together, character for character.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from yifa.ledger.chain import canonical
from yifa.procedure import Facts, Procedure, asks_of, sealed_names
from yifa.procedure.facts import plain

quote: Callable[[str], str] = json.encoder.encode_basestring


def text_of(value: Any) -> str:
    """A value as JSON, where Python holds it as JSON does."""
    return quote(value) if type(value) is str else canonical(value)


def _written(value: Any) -> str:
    """Any other kind of fact."""
    if value is None:
        return "null"
    if type(value) is date:
        return f'"{value.isoformat()}"'
    if isinstance(value, Enum):
        return quote(value.name)
    return canonical(plain(value))


Writer = Callable[[Any], str]


@cache
def _open(facts: type[Facts]) -> tuple[tuple[str, str, Writer], ...]:
    """The facts of a class that stand in the entry, in its order: name, name as a key of JSON, how it is written."""
    kept = (a for a in asks_of(facts) if not a.sealed)
    simple = (str, int, bool)
    found = [(a.name, _key(a.name), text_of if a.kind in simple and not a.many else _written) for a in kept]
    return tuple(sorted(found, key=lambda fact: fact[0]))


def _key(name: str) -> str:
    return f"{quote(name)}:"


def told(facts: Facts) -> dict[str, str]:
    """Each open fact as a member of a JSON object, `"name":value`, in the order of the entry."""
    values = facts.__dict__
    return {name: key + write(values[name]) for name, key, write in _open(type(facts))}


def retold(text: str) -> dict[str, str]:
    """The same of facts that are JSON already."""
    return {name: _key(name) + text_of(value) for name, value in json.loads(text).items()}


def sealed(facts: Facts) -> dict[str, str]:
    """The words of each sealed fact that was told, as they are closed in their boxes."""
    names = sealed_names(type(facts))
    if not names:
        return {}
    values = {name: plain(facts.__dict__[name]) for name in names}
    return {
        name: value if isinstance(value, str) else canonical(value)
        for name, value in values.items()
        if value not in (None, "", [])
    }


def object_of(members: dict[str, str]) -> str:
    """Facts already written, as one JSON object."""
    return "{" + ",".join(members.values()) + "}"


@cache
def _frame(procedure: type[Procedure]) -> tuple[str, str]:
    """What every entry of an edition says of it, at its two places."""
    middle = f'"print":{quote(procedure.fingerprint())},"proc":{quote(procedure.key)}'
    return f'"edition":{quote(procedure.edition)},"facts":', middle


def body_of(
    *,
    case: int,
    seq: int,
    procedure: type[Procedure],
    step: str,
    on: str,
    facts: str,
    commitments: dict[str, str],
    office: str,
    post: str,
    person: int | None,
    at: str,
    paper: dict[str, str] | None = None,
    link: dict[str, Any] | None = None,
    receipt: str = "",
) -> str:
    """The canonical text of an entry: what the chain hashes and anyone can read without our program.

    `facts` is the object of the open facts, written already; `on` an ISO date; `at` the moment of recording.
    """
    edition, printed = _frame(procedure)
    linked = f',"link":{canonical(link)}' if link else ""
    received = f',"receipt":{quote(receipt)}' if receipt else ""
    return (
        f'{{"at":"{at}","case":{case},{edition}{facts}{linked},"office":{quote(office)},"on":"{on}",'
        f'"paper":{canonical(paper) if paper else "null"},"person":{"null" if person is None else person},'
        f'"post":{quote(post)},{printed}{received},"sealed":{canonical(commitments) if commitments else "{}"},'
        f'"seq":{seq},"step":"{step}","v":1}}'
    )
