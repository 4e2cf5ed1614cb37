"""Who inspects: at least two officers for every object, chosen by the same chance, work shared evenly, recusals kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yifa.ledger.chain import hasher

from .errors import DrawError
from .lists import Listed


@dataclass(frozen=True, slots=True)
class Detail:
    """The officers of one group for one object, in their order: the first `send` go, the others stand in."""

    group: str
    order: tuple[str, ...]
    send: int

    @property
    def sent(self) -> tuple[str, ...]:
        return self.order[: self.send]

    def without(self, officer: str) -> Detail:
        """When one cannot go, the next takes the place. Refuses (E593) when nobody is left."""
        if len(self.order) <= self.send:
            raise DrawError("E593", f"“{self.group}”已经没有可以接替的检查人员")
        return Detail(self.group, tuple(o for o in self.order if o != officer), self.send)


@dataclass(slots=True)
class Roster:
    """One group while objects are served in the order they were drawn.

    `key` is the group's; `officers.lots` says with how many tasks an officer starts the draw, plus one (no line: none).
    """

    name: str
    algo: str
    key: str
    officers: Listed
    send: int
    recused: Mapping[str, frozenset[str]]  # by object
    load: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.load = {officer: self.officers.lots.get(officer, 1) - 1 for officer in self.officers.names}

    def serve(self, object: str) -> Detail:
        """Those with the fewest tasks come first; among them the smaller digest of key, object, tab and officer."""
        hash = hasher(self.algo)
        away = self.recused.get(object, frozenset())
        ranked = sorted(
            (load, hash(f"{self.key}{object}\t{officer}".encode()).digest(), officer)
            for officer, load in self.load.items()
            if officer not in away
        )
        if len(ranked) < self.send:
            raise DrawError("E590", f"检查“{object}”时，“{self.name}”除去回避的人员后不足{self.send}名")
        order = tuple(officer for _, _, officer in ranked)
        for officer in order[: self.send]:
            self.load[officer] += 1
        return Detail(self.name, order, self.send)


def kept_apart(recusals: Sequence[str]) -> dict[str, frozenset[str]]:
    """Recusal lines (officer, tab, object) by object."""
    found: dict[str, set[str]] = {}
    for line in recusals:
        officer, _, object = line.partition("\t")
        found.setdefault(object, set()).add(officer)
    return {object: frozenset(officers) for object, officers in found.items()}
