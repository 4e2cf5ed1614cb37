"""Which cells of the cube an act touches: worked out once per step from the counts that name it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .facts import asks_of
from .words import Count, Figure, Growth, Share, Step, Stock, Sum, Zero, value_key

if TYPE_CHECKING:
    from .case import Case
    from .facts import Facts
    from .kinds import Procedure


@dataclass(frozen=True)
class Tally:
    """The dimensions and measures of one step.

    `fields` are facts of the step, `traits` facts the case was opened with, `within` periods whose keeping is
    counted (`in:<period>` is 1 or 0), `measures` facts that are added up: money in fen, whole numbers as they
    are.
    """

    step: str
    fields: tuple[str, ...]
    traits: tuple[str, ...]
    within: tuple[str, ...]
    measures: tuple[str, ...]

    def dims(self, facts: Facts, case: Case | None) -> str:
        """The cube's coordinates of an act, as canonical JSON; `case` as it stood before the act."""
        if not (self.fields or self.within or self.traits):
            return "{}"
        told: dict[str, str] = {f: value_key(getattr(facts, f)) for f in self.fields}
        for trait in self.traits:
            told[trait] = case.standing.traits.get(trait, "") if case else ""
        for key in self.within:
            kept = case is None or case.in_time(case.procedure.periods[key], facts.on)
            told[f"in:{key}"] = "1" if kept else "0"
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def amounts(self, facts: Facts) -> dict[str, int]:
        """What this act adds to each measure."""
        return {m: whole(getattr(facts, m)) for m in self.measures}


def whole(value: Any) -> int:
    """A measure in whole units of the cube: money in fen (分)."""
    if value is None:
        return 0
    return int(value * 100) if isinstance(value, Decimal) else int(value)


def tally(procedure: type[Procedure], step: Step[Any]) -> Tally:
    fields: set[str] = set()
    within: set[str] = set()
    measures: set[str] = set()
    for figure in _counts_of(procedure, step):
        if isinstance(figure, Share):
            within |= {figure.within.key} if figure.within else set()
            continue
        fields |= figure.dims
        if isinstance(figure, Sum):
            measures.add(figure.field)
    own = {a.name for a in asks_of(step.asks)}
    return Tally(
        step.key,
        tuple(sorted(fields & own)),
        tuple(sorted(fields - own)),
        tuple(sorted(within)),
        tuple(sorted(measures)),
    )


def traits_of(procedure: type[Procedure]) -> frozenset[str]:
    """The opening facts that later steps are counted by."""
    return frozenset(t for tally in procedure.tallies.values() for t in tally.traits)


def _counts_of(procedure: type[Procedure], step: Step[Any]) -> list[Count | Stock | Share]:
    """The figures for whose sake an act of this step carries dimensions; a share of periods for its own."""
    found: list[Count | Stock | Share] = []
    for figure in procedure.counts.values():
        if isinstance(figure, Share) and figure.of is not None and figure.of.key == step.key:
            found.append(figure)
        for counted in counted_by(figure):
            if counted.family != procedure.key:
                continue  # the whole of a share may stand in another procedure, which sees to it itself
            if isinstance(counted, Stock):
                found += [counted] if step.key in stock_moves(procedure, counted) else []
            elif step.key in {s.key for s in counted.steps}:
                found.append(counted)
    return found


def counted_by(figure: Figure) -> tuple[Count | Stock, ...]:
    """The counts and stocks a figure is made of: itself, a share's two sides, what grew."""
    if isinstance(figure, Share):
        return tuple(side for side in (figure.part, figure.whole) if side is not None)
    if isinstance(figure, Growth):
        return (figure.of,)
    if isinstance(figure, Zero):
        return (figure.of, figure.reports)
    return (figure,) if isinstance(figure, (Count, Stock)) else ()


def stock_moves(procedure: type[Procedure], stock: Stock) -> dict[str, int]:
    """+1 for each step that brings a case into the stock, −1 for each that takes it out."""
    inside = {s.key for s in stock.within}
    moves: dict[str, int] = {}
    for step in procedure.steps.values():
        if step.move.target is None or step.withdraws:
            continue
        came = {k in inside for k in step.sources}
        into = step.move.target.key in inside
        if len(came) > 1:
            raise ValueError(step.key)
        if came != {into}:
            moves[step.key] = 1 if into else -1
    return moves
