"""What a draw says when it cannot go on."""


class DrawError(ValueError):
    """A sentence for the person who prepares or checks a draw: what is wrong, where; with an id that never changes."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.sentence, self.id = sentence, id
