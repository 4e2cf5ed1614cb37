"""What the ledger says when it cannot go on."""


class LedgerError(Exception):
    """A sentence for the person in front of it, with an id that never changes."""

    def __init__(self, sentence: str, number: str) -> None:
        super().__init__(f"{sentence} [yifa.{number}]")
        self.sentence = sentence
        self.id = f"yifa.{number}"
