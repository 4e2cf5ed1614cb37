"""What a step may look at besides what was said: the county's registers, what is kept, the number its paper will bear."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from .facts import Facts
    from .words import Step

F = TypeVar("F", bound="Facts")


class Scene(Protocol):
    """Where a step is being taken. `tried`: it is only being tried, so nothing will last.

    case: its number, 0 for one about to begin. office: code of the office whose case it is. number: what the
    paper of this step will bear, "" for none.
    """

    @property
    def case(self) -> int: ...
    @property
    def office(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def tried(self) -> bool: ...
    @property
    def algo(self) -> str:
        """The digest this county's record is kept with: sha256 or sm3."""
        ...

    def offices(self, on: date) -> Mapping[str, str]:
        """The code of every office of that day, by its full and by its short name."""
        ...

    def name_of(self, office: str, on: date) -> str:
        """What the office of this code is called that day."""
        ...

    def moment(self, on: date) -> str:
        """When what is dated `on` was fixed, at the latest: now for today, else the end of that day; ISO 8601."""
        ...

    def secret(self) -> str:
        """A number nobody can guess: 64 hexadecimal digits."""
        ...

    def digest(self, text: str) -> str:
        """The same for the same text, in this county alone: by it a number is known again without being kept."""
        ...

    def keep(self, text: str) -> str:
        """Keep a text for good; its SHA-256, by which it is found again."""
        ...

    def kept(self, sha: str) -> str:
        """The text kept under this digest."""
        ...

    def opened(self, cases: Sequence[int], names: Sequence[str]) -> Mapping[int, Mapping[str, str]]:
        """What is sealed under these names in these cases, for whom it concerns now; never to be put into open facts."""
        ...

    def listed(
        self,
        family: str,
        fields: Sequence[str],
        *,
        states: Collection[str] = (),
        where: Mapping[str, Collection[str]] | None = None,
        office: str = "",
        number: str = "",
        since: date | None = None,
        until: date | None = None,
        grown_from: int = 0,
    ) -> list[tuple[Any, ...]]:
        """Cases of a family as they stand: (id, office, state, number, *fields as the ledger spells them), by id.

        `where` names facts and the values wanted; `since` and `until` the first and last day of opening; `grown_from` the case they grew out of.
        """
        ...


@dataclass(frozen=True)
class Brought(Generic[F]):
    """A further act that follows from a step within the same transaction: a case begun, or one that exists moved on.

    It is entered in the name of whoever took the step, whose own role need not reach it.
    """

    step: Step[F]
    facts: F
    case: int | None = None
    office: str = ""


@dataclass(frozen=True)
class Readout:
    """What a file says for a step's form: facts by name, as a person would tell them, and the case it is about, if there is one."""

    facts: Mapping[str, Any]
    case: int | None = None


__all__ = ["Brought", "Readout", "Scene"]
