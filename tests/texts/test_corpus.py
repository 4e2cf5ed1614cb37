"""The labelled corpus is what its README says: enough of everything in both halves, and nothing in both."""

from __future__ import annotations

from collections import Counter

import pytest
from benchmarks.corpus.split import CODES, HELDOUT, TUNING, Clause, halves, read

from yifa.texts.repeats.pairs import similarity

KINDS = {"positive", "negation", "quotation", "definition", "other"}
HALVES = {"tuning": read(TUNING), "heldout": read(HELDOUT)}
EVERY = [*HALVES["tuning"], *HALVES["heldout"]]


def test_there_are_at_least_three_hundred_clauses_and_thirty_eight_codes():
    assert len(EVERY) >= 300
    assert len(CODES) == 38


@pytest.mark.parametrize("half", HALVES)
def test_every_code_has_three_clauses_and_three_lookalikes_in_each_half(half: str):
    of = Counter((c.about, bool(c.codes)) for c in HALVES[half])
    assert {(code, wrong) for code in CODES for wrong in (True, False)} == set(of)
    assert min(of.values()) >= 3


@pytest.mark.parametrize("half", HALVES)
def test_about_half_is_innocent(half: str):
    innocent = sum(not c.codes for c in HALVES[half]) / len(HALVES[half])
    assert 0.48 <= innocent <= 0.52
    assert {c.kind for c in HALVES[half]} == KINDS


@pytest.mark.parametrize("clause", EVERY, ids=lambda c: c.text[:12])
def test_a_clause_is_labelled_in_the_agreed_words(clause: Clause):
    assert 25 <= len(clause.text) <= 160
    assert set(clause.codes) | set(clause.also) | {clause.about} <= set(CODES)
    assert not set(clause.codes) & set(clause.also)
    assert (clause.kind == "positive") == bool(clause.codes)
    assert clause.kind in KINDS
    assert clause.about in clause.codes or not clause.codes


def test_no_text_stands_twice():
    assert len({c.text for c in EVERY}) == len(EVERY)


def test_no_clause_of_one_half_is_nearly_one_of_the_other():
    for ours in HALVES["tuning"]:
        for theirs in HALVES["heldout"]:
            assert similarity(ours.text, theirs.text) < 0.5, ours.text


def test_the_halves_are_those_the_digests_make():
    tuning, heldout = halves(EVERY)
    assert (tuning, heldout) == (HALVES["tuning"], HALVES["heldout"])
