"""What is wrong with offices, posts or a county's published facts, for the person who can put it right."""

from __future__ import annotations


class PeopleError(ValueError):
    """A Chinese sentence that ends in its id."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.id = id
