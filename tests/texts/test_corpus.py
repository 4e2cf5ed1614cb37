"""The labelled corpus is what its README says: enough of everything in each of the four sets, and nothing in two."""

from __future__ import annotations

from collections import Counter

import pytest
from benchmarks.corpus.split import CODES, HELDOUT, TUNING, USED, USED_LATER, Clause, halves, read

from yifa.texts.repeats.pairs import pairs, similarity

KINDS = {"positive", "negation", "quotation", "definition", "other"}
SETS = {
    "tuning": read(TUNING),
    "heldout-1": read(USED),
    "heldout-2": read(USED_LATER),
    "heldout": read(HELDOUT),
}
EVERY = [clause for some in SETS.values() for clause in some]


def test_there_are_enough_clauses_and_thirty_eight_codes():
    assert len(SETS["tuning"]) + len(SETS["heldout-1"]) == 539
    assert len(SETS["heldout-2"]) >= 270
    assert len(SETS["heldout"]) >= 270
    assert len(CODES) == 38


@pytest.mark.parametrize("name", SETS)
def test_every_code_has_three_clauses_and_three_lookalikes_in_each_set(name: str):
    of = Counter((c.about, bool(c.codes)) for c in SETS[name])
    assert {(code, wrong) for code in CODES for wrong in (True, False)} == set(of)
    assert min(of.values()) >= 3


@pytest.mark.parametrize("name", SETS)
def test_about_half_is_innocent(name: str):
    innocent = sum(not c.codes for c in SETS[name]) / len(SETS[name])
    assert 0.48 <= innocent <= 0.52
    assert {c.kind for c in SETS[name]} == KINDS


@pytest.mark.parametrize("clause", EVERY, ids=lambda c: c.text[:12])
def test_a_clause_is_labelled_in_the_agreed_words(clause: Clause):
    assert 25 <= len(clause.text) <= 160
    assert set(clause.codes) | set(clause.also) | {clause.about} <= set(CODES)
    assert not set(clause.codes) & set(clause.also)
    assert (clause.kind == "positive") == bool(clause.codes)
    assert clause.kind in KINDS
    assert clause.about in clause.codes or not clause.codes
    assert clause.codes or not clause.also


def test_no_text_stands_twice():
    assert len({c.text for c in EVERY}) == len(EVERY)


def test_the_held_out_set_has_four_and_four_of_every_code_and_one_code_a_clause():
    of = Counter((c.about, bool(c.codes)) for c in SETS["heldout"])
    assert set(of.values()) == {4}
    assert all(c.codes in ((), (c.about,)) for c in SETS["heldout"])


def test_no_clause_of_one_half_is_nearly_one_of_the_other():
    for ours in SETS["tuning"]:
        for theirs in SETS["heldout-1"]:
            assert similarity(ours.text, theirs.text) < 0.5, ours.text


def test_nothing_held_out_is_nearly_what_may_be_read():
    for ours in SETS["heldout"]:
        for theirs in (*SETS["tuning"], *SETS["heldout-1"], *SETS["heldout-2"]):
            assert similarity(ours.text, theirs.text) < 0.5, ours.text


def test_no_two_clauses_are_nearly_the_same():
    assert [(EVERY[one.first].text, EVERY[one.second].text) for one in pairs([c.text for c in EVERY])] == []


def test_the_halves_of_the_first_clauses_are_those_the_digests_make():
    tuning, used = halves([*SETS["tuning"], *SETS["heldout-1"]])
    assert (tuning, used) == (SETS["tuning"], SETS["heldout-1"])
