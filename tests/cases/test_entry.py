"""The text of an entry is filled in, not sorted anew: it must be what the canonical serialiser would have written."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.cases.entry import body_of, object_of, retold, sealed, told
from yifa.ledger.chain import canonical
from yifa.procedure import Ask, Facts, Outcome, ask, asks_of, encode, registry, sealed_names
from yifa.procedure.standing import Run, Standing

PROCEDURES = registry().editions()


class Colour(Outcome):
    RED = "红"
    GREEN = "绿"


class Everything(Facts):
    """Every kind of fact, open and sealed, known and unknown, in no order."""

    zeal: str = ask("字")
    amount: Decimal | None = ask("金额", default=None)
    count: int = ask("件数")
    known: bool | None = ask("是否", default=None)
    ended: date | None = ask("止日", default=None)
    colour: Colour = ask("颜色")
    names: tuple[str, ...] = ask("名单")
    a_secret: str = ask("密", default="", sealed=True)
    secrets: tuple[str, ...] = ask("密单", default=(), sealed=True)
    birthday: date | None = ask("生日", default=None, sealed=True)


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
days = st.dates(date(1949, 10, 1), date(2099, 12, 31))
money = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


def kind_of(a: Ask) -> st.SearchStrategy[Any]:
    if a.many:
        found: st.SearchStrategy[Any] = st.lists(words, max_size=3).map(tuple)
    elif a.choices:
        found = st.sampled_from(a.choices)
    else:
        found = {str: words, int: st.integers(), bool: st.booleans(), date: days, Decimal: money}[a.kind]
    return found | st.none() if a.optional else found


def any_facts(kind: type[Facts]) -> st.SearchStrategy[Facts]:
    return st.builds(kind, on=days, **{a.name: kind_of(a) for a in asks_of(kind)})


every_kind = [Everything, *{step.asks: None for p in PROCEDURES for step in p.steps.values()}]
some_facts = st.sampled_from(every_kind).flatmap(any_facts)


@given(facts=some_facts)
def test_the_facts_of_an_entry_are_written_as_the_canonical_serialiser_writes_them(facts: Facts) -> None:
    hidden = sealed_names(type(facts))
    everything = encode(facts)
    assert object_of(told(facts)) == canonical({k: v for k, v in everything.items() if k not in hidden})
    closed = {k: everything[k] for k in hidden if everything[k] not in (None, "", [])}
    assert object_of(retold(object_of(told(facts)))) == object_of(told(facts))
    assert sealed(facts) == {k: v if isinstance(v, str) else canonical(v) for k, v in closed.items()}


@given(
    procedure=st.sampled_from(PROCEDURES),
    facts=some_facts,
    numbers=st.tuples(st.integers(1, 10**12), st.integers(1, 10**6)),
    who=st.tuples(words, words, st.none() | st.integers(1, 10**9)),
    commitments=st.dictionaries(words, st.text("0123456789abcdef", min_size=64, max_size=64), max_size=3),
    paper=st.none() | st.fixed_dictionaries({"key": words, "number": words, "sha": words}),
    link=st.none() | st.fixed_dictionaries({"from": st.integers(1, 10**9), "kind": words}),
    receipt=st.just("") | words,
    data=st.data(),
)
def test_an_entry_is_character_for_character_its_canonical_form(
    procedure: Any, facts: Facts, numbers: Any, who: Any, commitments: Any, paper: Any, link: Any, receipt: str,
    data: st.DataObject,
) -> None:  # fmt: skip
    step = data.draw(st.sampled_from(list(procedure.steps)))
    (case, seq), (office, post, person), at = numbers, who, "2026-11-23T01:02:03.004Z"
    open_facts = {k: v for k, v in encode(facts).items() if k not in sealed_names(type(facts))}
    should = {
        "v": 1, "case": case, "seq": seq, "proc": procedure.key, "edition": procedure.edition,
        "print": procedure.fingerprint(), "step": step, "on": facts.on.isoformat(), "at": at, "office": office,
        "post": post, "person": person, "facts": open_facts, "sealed": commitments, "paper": paper,
    }  # fmt: skip
    should |= {"link": link} if link else {}
    should |= {"receipt": receipt} if receipt else {}
    text = body_of(
        case=case, seq=seq, procedure=procedure, step=step, on=facts.on.isoformat(),
        facts=object_of(told(facts)), commitments=commitments, office=office, post=post, person=person,
        at=at, paper=paper, link=link, receipt=receipt,
    )  # fmt: skip
    assert text == canonical(should)
    assert json.loads(text) == should


@pytest.mark.parametrize("value", [1.5, Decimal(1), date(2026, 1, 1), ("a",), Colour.RED, object()])
def test_a_text_that_is_none_is_written_or_refused_as_the_canonical_serialiser_does(value: Any) -> None:
    """Nobody checks what Python was told to hold; the ledger must not silently turn it into something else."""
    facts = Everything(on=date(2026, 1, 1), zeal=value, count=1, colour=Colour.RED, names=())
    try:
        should = canonical(value)
    except TypeError:
        with pytest.raises(TypeError):
            told(facts)
    else:
        assert told(facts)["zeal"] == f'"zeal":{should}'


runs = st.builds(Run, days, st.integers(1, 99), words, met=st.none() | days, ended=st.none() | days)
keys = st.sampled_from(["receive", "answer", "issue", "suspend"])


@given(
    st.builds(
        Standing, keys, st.integers(0, 99), st.none() | days, st.dictionaries(keys, st.integers(1, 9)),
        st.dictionaries(keys, runs, max_size=2), st.dictionaries(keys, words, max_size=2),
    )
)  # fmt: skip
def test_a_standing_written_is_the_standing_read(standing: Standing) -> None:
    assert json.loads(standing.text()) == standing.plain()
    assert Standing.read(json.loads(standing.text())) == standing
