"""Recall and precision 1.00: what the index finds is what reading every text would find, on either database."""

import contextlib

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.cases.store import Store
from yifa.texts.lookup import index
from yifa.texts.lookup.analyser import BadQuery, ask, fold
from yifa.texts.lookup.index import FILE, Document, storable
from yifa.texts.lookup.search import matching

pytestmark = pytest.mark.django_db

LETTERS = st.sampled_from("行政处罚法一2026ab，。〔〕 １Ａ\n-é*\"'")
TEXTS = st.lists(st.text(LETTERS, max_size=40), min_size=1, max_size=6)
EXAMPLES = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


def put(texts: list[str], titles: list[str] | None = None) -> dict[int, str]:
    """These texts and no others; by number."""
    cursor = Store().cursor()
    index.wipe(cursor)
    heads = titles or [""] * len(texts)
    index.put(
        cursor,
        [Document(FILE, str(n), head, text) for n, (head, text) in enumerate(zip(heads, texts, strict=True))],
    )
    return {row[0]: row[1] for row in cursor.all("SELECT document_id, body FROM texts_body")}


def truth(stands: dict[int, str], query: str) -> set[int]:
    words = ask(query)
    return {
        id
        for id, text in stands.items()
        if words.wanted
        and all(p.words in fold(text) for p in words.wanted)
        and not any(p.words in fold(text) for p in words.without)
    }


@EXAMPLES
@given(TEXTS, st.data())
def test_any_part_of_any_text_finds_the_texts_that_hold_it(texts, data):
    stands = put(texts)
    for _ in range(6):
        text = data.draw(st.sampled_from(texts))
        if not text:
            continue
        start = data.draw(st.integers(0, len(text) - 1))
        query = text[start : start + data.draw(st.integers(1, 8))]
        try:
            assert matching(query) == truth(stands, query), query
        except BadQuery:
            continue


@EXAMPLES
@given(TEXTS, st.text(LETTERS, min_size=1, max_size=8))
def test_so_does_whatever_else_is_asked(texts, query):
    stands = put(texts)
    with contextlib.suppress(BadQuery):
        assert matching(query) == truth(stands, query)


@pytest.mark.parametrize("words", ["甲乙丙丁", "啊", "啊啊", "公开条例", "的的"])
@pytest.mark.parametrize("before", [0, 1, 250, 254, 255, 256, 15_997, 15_999, 16_000, 16_383, 40_000])
def test_nothing_is_lost_in_a_long_text(before, words):
    """PostgreSQL counts 16,383 places and 256 of one token: a long text is cut, and its borders are no border to a search."""
    stands = put(["啊" * before + words + "的" * 300, "另一篇"])
    assert matching(words) == truth(stands, words) != set()


def test_a_long_sentence_is_found_whole():
    sentence = "".join(chr(0x4E00 + n) for n in range(180))
    stands = put([sentence, sentence[:90] + "甲" + sentence[90:], sentence[1:]])
    assert matching(sentence) == truth(stands, sentence)
    assert len(matching(sentence)) == 1


def test_what_was_changed_or_taken_out_is_not_found_by_its_old_words():
    put(["行政处罚听证", "行政许可"])
    cursor = Store().cursor()
    index.put(cursor, [Document(FILE, "0", "", "行政强制催告")])
    assert matching("处罚听证") == set()
    assert len(matching("强制催告")) == 1
    index.remove(cursor, "d.ref = ?", ("0",))
    assert matching("强制催告") == set()
    assert index.odd(cursor) == []


def test_the_title_is_found_too_and_no_words_run_from_it_into_the_text():
    put(["处罚决定"], ["行政"])
    assert len(matching("行政")) == 1
    assert matching("行政处罚") == set()
    assert len(matching("行政 决定")) == 1


@pytest.mark.parametrize("text", ["a\0b", "甲\ud800乙", "\udfff", "", "\n\n", "\U0010ffff" * 10, "𠀀𠀁𠀂"])
def test_any_text_can_be_kept(text):
    stands = put([text])
    assert list(stands.values()) == [storable(text)]
    for query in ("甲", "𠀀𠀁", "ab", "\ud800甲"):
        assert matching(query) == truth(stands, query)


@pytest.mark.parametrize(
    "query",
    ['"', "'", "AND", "OR NOT", "NEAR(行政 处罚)", "行政*", "*", "title : 行", "-", "--", "\0", "\ud800", ";DROP TABLE x", "%", "_", "\\", ":*", "<->", "&|!"],
)  # fmt: skip
def test_the_database_sees_no_operators_in_a_query(query):
    stands = put(
        ["行政 AND 处罚 OR NOT NEAR", "title : 行政* % _ \\ :* <-> &|! ' \" ;DROP TABLE x -- ", "另一篇"]
    )
    assert matching(query) == truth(stands, query)


def test_the_index_is_the_one_of_this_database():
    tables = connection.introspection.table_names()
    assert ("texts_passage" in tables) == (connection.vendor == "postgresql")
