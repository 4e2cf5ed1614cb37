"""What is said when something is wrong: to authors of procedures, and to people at their desks."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.law import Citation


class ProcedureError(TypeError):
    """A procedure that contradicts itself; raised while the file is being read.

    `where` names the class and the word, `what` the contradiction, `do` the way out; `id` never changes.
    """

    def __init__(self, id: str, where: str, what: str, do: str) -> None:
        super().__init__(f"{where}: {what} {do} [yifa.{id}]")
        self.id = id


@dataclass(frozen=True)
class Reason:
    """Why a step may not be taken, in the law's words, and where the law says so."""

    sentence: str
    cite: Citation | None
    id: str

    def __str__(self) -> str:
        return f"{self.sentence}（{self.cite}）" if self.cite else self.sentence


class Refused(Exception):
    """A step the law does not allow now. The message is fit for the person who tried."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("；".join(map(str, reasons)))
        self.reasons = reasons


class Lost(Refused):
    """Somebody else moved the case first; the caller may look again and retry."""

    def __init__(self) -> None:
        super().__init__(Reason("案件刚刚被他人办理，请刷新后再试", None, "yifa.R003"))


class Unreadable(ValueError):
    """What was typed cannot be read: `problems` pairs the field's name with a sentence about it."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("；".join(text for _, text in problems))
        self.problems = problems
