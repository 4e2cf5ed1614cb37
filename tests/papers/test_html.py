"""The page to read: meaning, escaped, nothing of the typography."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from yifa.papers import render
from yifa.papers.document import Document, Paragraph, Run
from yifa.papers.html import html


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    assert not tags.open
    return tags


def test_headings_follow_the_page_around_them(document: Document) -> None:
    assert [t for t in parsed(html(document)).seen if t[0] == "h" and t[1:].isdigit()] == ["h2", "h3", "h4"]
    assert "<h1 " in html(document, level=1)


def test_tables_have_heads_that_say_what_they_head(document: Document) -> None:
    assert html(document).count('<th scope="col">') == 3


def test_there_is_no_style_no_script_and_no_handler(document: Document, letter: Document) -> None:
    for paper in (document, letter):
        tags = parsed(html(paper))
        assert tags.attributes <= {"class", "lang", "scope", "datetime", "tabindex", "role", "aria-label"}
        assert not {"style", "script", "img", "a"} & set(tags.seen)


def test_what_a_person_wrote_is_escaped_everywhere(letter: Document) -> None:
    bad = '<script>alert("1")</script>\'&'
    hostile = replace(
        letter, title=bad, issuer=bad, number=bad, addressee=bad, signature=bad, note=bad, copy_to=(bad,),
        attachments=(bad,), blocks=(Paragraph((Run(bad), Run(bad, strong=True))),),
    )  # fmt: skip
    tags = parsed(html(hostile))
    assert "script" not in tags.seen
    assert html(hostile).count("&lt;script&gt;") == 10


def test_render_gives_all_three_formats(letter: Document) -> None:
    assert render(letter, "pdf").startswith(b"%PDF")
    assert render(letter, "docx").startswith(b"PK")
    assert render(letter, "html").decode() == html(letter)
