"""What a file gives: paragraphs with their places, or the reason it gives none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 2_000_000  # a code of a thousand articles has about 120,000
MOST_PIECES = 100_000


class Unread(ValueError):
    """A file that cannot be read; `sentence` is for the person who handed it in."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.id = id
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a part of one where its place changes in the middle (`goes_on`: the part before it ended on another page)."""

    text: str
    label: str
    goes_on: bool = False


def bounded(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, refused as soon as there is more of them than anybody could review."""
    characters = 0
    for n, piece in enumerate(pieces, 1):
        characters += len(piece.text)
        if n > MOST_PIECES or characters > MOST_CHARACTERS:
            raise too_much()
        yield piece


def damaged() -> Unread:
    return Unread("E881", "文件已损坏，打不开，请重新导出后提交")


def too_much() -> Unread:
    return Unread(
        "E887",
        f"文字过多：超过{MOST_CHARACTERS // 10_000}万字或者{MOST_PIECES // 10_000}万段，请分成几个文件提交",
    )
