"""Whatever two characters stand together in a text can be looked for; what is marked is what was looked for."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.texts.lookup.analyser import LONGEST, BadQuery, Folded, ask, excerpt, fold, phrase, spaced, tokens

MIXED = st.text(
    st.sampled_from("行政处罚法第一条人民2026Ab１Ａ，。、〔〕()《》 　\n\t-·é①ﬁ㎏\u200b\ud800\0\U00020000"),
    max_size=60,
)
ANY = st.text(max_size=80)


def test_every_letter_and_digit_gives_one_token():
    assert tokens(fold("〔2026〕15号。")) == ["20", "02", "26", "6", "15", "5号", "号"]
    assert tokens(fold("行政处罚")) == ["行政", "政处", "处罚", "罚"]
    assert tokens(fold("，。！")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("〔2026〕15号", "[2026]15号"), ("（２０２６）１５号", "〔2026〕15号"), ("GB／T ９７０４", "gb/t9704"),
        ("行政 处罚", "行政处罚"), ("行政　处罚", "行政处罚"), ("“四议两公开”", '"四议两公开"'), ("第①项", "第1项"),
        ("ＡＢＣ", "abc"), ("Straße", "STRASSE"), ("café", "cafe\u0301"), ("行\u200b政", "行政"), ("一—二", "一-二"),
    ],
)  # fmt: skip
def test_width_case_brackets_blanks_and_dashes_do_not_matter(one, other):
    assert fold(one) == fold(other)


def test_nothing_is_found_across_the_end_of_a_line():
    assert "总则第一" not in fold("总则\n第一条")


@given(MIXED)
def test_both_ways_of_cutting_cut_alike(text):
    assert spaced(fold(text)).split() == tokens(fold(text))


@given(ANY)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(MIXED, st.data())
def test_what_stands_in_a_text_has_its_tokens_one_after_another(text, data):
    folded = fold(text)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    words = folded[start : start + data.draw(st.integers(1, 8))]
    if "\n" in words:
        return
    asked = phrase(words)
    there = tokens(folded)
    assert not asked.tokens or any(
        _fits(there[at : at + len(asked.tokens)], asked) for at in range(len(there))
    )


def _fits(part, asked):
    if len(part) != len(asked.tokens):
        return False
    last = part[-1].startswith(asked.tokens[-1]) if asked.open else part[-1] == asked.tokens[-1]
    return last and tuple(part[:-1]) == asked.tokens[:-1]


@given(MIXED, MIXED)
def test_what_needs_no_second_reading_is_there(text, words):
    folded, wanted = fold(text), fold(words).replace("\n", "")
    asked = phrase(wanted)
    if not asked.exact:
        return
    there = tokens(folded)
    found = any(_fits(there[at : at + len(asked.tokens)], asked) for at in range(len(there)))
    assert found == (wanted in folded)


@given(MIXED, st.data())
def test_what_is_marked_is_what_was_looked_for(text, data):
    folded = Folded.of(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    words = folded.text[start : start + data.draw(st.integers(1, 4))]
    places = folded.places((words,))
    assert places
    assert all(words in fold(text[first:last]) or len(words) == 1 for first, last in places)
    pieces, at = excerpt(text, (words,))
    assert at == places[0][0]
    assert any(marked for _, marked in pieces)
    assert "".join(piece for piece, _ in pieces).strip("…") in text


def test_an_excerpt_shows_the_place_and_marks_the_original_letters():
    text = "前文。" * 100 + "依照《行政处罚法》第３３条，从轻　处理。" + "后文。" * 100
    pieces, at = excerpt(text, (fold("第33条"), fold("从轻处理")))
    assert [p for p, marked in pieces if marked] == ["第３３条", "从轻　处理"]
    assert text[at:].startswith("第３３条")
    assert sum(len(p) for p, _ in pieces) < 140


def test_words_between_blanks_are_all_wanted_and_a_minus_leaves_out():
    asked = ask('公路 -预算 “村 级” -"养护" 2022-2023')
    assert asked.words == ("公路", "村级", "2022-2023")
    assert [p.words for p in asked.without] == ["预算", "养护"]


@pytest.mark.parametrize(
    "query",
    ["", " ", "\0", "\ud800", "-", '"', '""', "AND", "OR", "NEAR(a b)", "*", "a*", "^a", "title:a", "'; --"],
)
def test_no_query_is_anything_but_words(query):
    ask(query)


@given(ANY)
def test_any_text_can_be_asked_or_is_refused_with_a_sentence(query):
    with contextlib.suppress(BadQuery):
        assert len(ask(query).wanted) <= 8


def test_what_is_too_long_or_only_leaves_out_is_refused_with_what_to_do():
    with pytest.raises(BadQuery, match="E850"):
        ask("行" * (LONGEST + 1))
    with pytest.raises(BadQuery, match="E851"):
        ask("一 二 三 四 五 六 七 八 九")
    with pytest.raises(BadQuery, match="E852"):
        ask("-预算")


@given(st.integers(0, 3), st.integers(0, 5), MIXED)
def test_the_place_is_right_in_a_long_text_too(blocks, more, text):
    before = "①\u200b ﬁ甲" * (200 * blocks + more)
    folded = Folded.of(before + text + "鼎")
    start, end = folded.back(len(folded.text) - 1, len(folded.text))
    assert (before + text + "鼎")[start:end] == "鼎"
    assert folded.places(("鼎",)) == [(start, end)]
    assert folded.text == fold(before + text + "鼎")
