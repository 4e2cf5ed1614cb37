"""What is said when a file cannot be used at all."""


class SheetError(ValueError):
    """A file, or the table in it, that cannot be imported; the sentence is fit for the person who sent it."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.id, self.sentence = id, sentence
