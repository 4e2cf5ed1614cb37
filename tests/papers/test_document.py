"""A document is plain data with one spelling."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.papers.document import (
    UNPRINTABLE,
    Document,
    Heading,
    Item,
    PaperError,
    Paragraph,
    Run,
    Table,
    clean,
    sha,
)

texts = st.text(max_size=30).map(clean)
runs = st.lists(st.builds(Run, texts, st.booleans()), max_size=3).map(tuple)
tables = st.integers(1, 3).flatmap(
    lambda n: st.builds(
        Table,
        st.text("lcr", min_size=n, max_size=n),
        st.tuples(*[runs] * n),
        st.lists(st.tuples(*[runs] * n), max_size=3).map(tuple),
    )
)
blocks = st.one_of(
    st.builds(Paragraph, runs),
    st.builds(Heading, st.integers(1, 4), texts, runs),
    st.builds(Item, texts, runs),
    tables,
)
documents = st.builds(
    Document,
    title=texts.map(lambda t: f"题{t}"),
    issuer=texts,
    form=st.sampled_from(["letter", "document"]),
    number=texts,
    addressee=texts,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    attachments=st.lists(texts, max_size=3).map(tuple),
    signature=texts,
    on=st.none() | st.dates(),
    copy_to=st.lists(texts, max_size=2).map(tuple),
)


@given(documents)
def test_a_document_is_the_same_after_it_was_written_and_read(document: Document) -> None:
    again = Document.from_canonical(document.canonical())
    assert again == document
    assert again.canonical() == document.canonical()


def test_the_spelling_is_one_line_with_sorted_keys_and_nothing_empty() -> None:
    text = Document(title="通知", on=date(2023, 3, 5)).canonical()
    assert text == '{"form":"letter","on":"2023-03-05","title":"通知","v":1}'


def test_the_fingerprint_changes_with_one_character(letter: Document) -> None:
    other = Document.from_canonical(letter.canonical().replace("王某", "王茉"))
    assert sha(letter) == sha(letter)
    assert len(sha(letter)) == 64
    assert sha(other) != sha(letter)
    assert sha(letter, "sm3") != sha(letter)


@given(st.text())
def test_a_cleaned_text_can_be_printed_and_cleaning_again_changes_nothing(text: str) -> None:
    once = clean(text)
    assert not UNPRINTABLE.search(once)
    assert clean(once) == once


def test_what_hides_the_order_of_letters_is_taken_out_and_rare_characters_stay() -> None:
    assert clean("甲\u202e乙\u2066丙\u200f\ufeff\x00\x1b") == "甲乙丙"
    assert clean("浉喆堃昇\U00020bb7\ue123\r\n二\t三") == "浉喆堃昇\U00020bb7\ue123\n二 三"


@pytest.mark.parametrize(
    ("given", "id"),
    [
        ({"title": " "}, "E401"),
        ({"title": "通知", "form": "order"}, "E402"),
        ({"title": "通知", "addressee": "王\u202e某"}, "E403"),
        ({"title": "通知", "blocks": (Paragraph((Run("a\x00"),)),)}, "E403"),
    ],
)
def test_a_document_that_cannot_be_printed_is_refused(given: dict[str, object], id: str) -> None:
    with pytest.raises(PaperError, match=f"yifa.{id}"):
        Document(**given)  # type: ignore[arg-type]


def test_a_document_of_a_later_edition_is_not_misread() -> None:
    with pytest.raises(PaperError, match=r"E404"):
        Document.from_canonical(json.dumps({"v": 2, "title": "通知"}))
