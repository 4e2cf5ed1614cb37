"""The draw itself: a commitment, its lists, the veil and the seed go in; one result comes out, always the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.ledger.chain import canonical

from .commitment import Commitment, digest, lines_digest
from .errors import DrawError
from .lists import Listed
from .order import first, key_of, stratum_key
from .seed import seed_text
from .teams import Detail, Roster, kept_apart


@dataclass(frozen=True, slots=True)
class Lists:
    """What the commitment holds digests of. `recusals`, `exclusions`: their lines, in order."""

    strata: Mapping[str, Listed]
    groups: Mapping[str, Listed]
    recusals: Sequence[str] = ()
    exclusions: Sequence[str] = ()

    def must_be(self, commitment: Commitment) -> None:
        """Refuses (E592) lists other than those that were fixed."""
        algo = commitment.algo
        for kind, told, ours in (
            ("一层", commitment.strata, self.strata),
            ("一组检查人员", commitment.groups, self.groups),
        ):
            if [part.name for part in told] != list(ours):
                raise DrawError(
                    "E592", f"名录分为{'、'.join(ours)}，公布时是{'、'.join(p.name for p in told)}"
                )
            for part in told:
                if ours[part.name].digest != part.digest:
                    raise DrawError("E592", f"“{part.name}”{kind}的名录与公布的摘要不符")
        if lines_digest(algo, self.recusals) != commitment.recused:
            raise DrawError("E592", "回避名单与公布的摘要不符")
        if lines_digest(algo, self.exclusions) != commitment.excluded:
            raise DrawError("E592", "不列入名单与公布的摘要不符")


@dataclass(frozen=True, slots=True)
class Picked:
    """One object drawn and who goes there."""

    stratum: str
    name: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything the draw gave. `reserves`: by stratum, the next in the same order."""

    commitment: str
    key: str
    algo: str
    picked: tuple[Picked, ...]
    reserves: Mapping[str, tuple[str, ...]]

    def plain(self) -> dict[str, Any]:
        return {
            "commitment": self.commitment,
            "key": self.key,
            "picked": [
                {"stratum": p.stratum, "name": p.name, "sent": {d.group: list(d.sent) for d in p.details}}
                for p in self.picked
            ],
        }

    @property
    def digest(self) -> str:
        return digest(self.algo, canonical(self.plain()))

    def names(self, stratum: str) -> list[str]:
        return [p.name for p in self.picked if p.stratum == stratum]


def draw(
    commitment: Commitment, lists: Lists, veil: str, values: Sequence[str], *, reserves: int = 20
) -> Result:
    """Draw. `values`: of the seed's sources, in the order of the commitment, as they were published.

    Refuses lists, a veil or values other than those fixed (E587, E591, E592).
    """
    lists.must_be(commitment)
    key = key_of(commitment, veil, seed_text(commitment.sources, values))
    rosters = _rosters(commitment, lists, key)
    picked: list[Picked] = []
    waiting: dict[str, tuple[str, ...]] = {}
    for stratum in commitment.strata:
        names = lists.strata[stratum.name]
        own = stratum_key(commitment.algo, key, stratum.name, stratum.digest)
        wanted = min(len(names), stratum.quota + reserves)
        order = first(commitment.method, commitment.algo, own, names, wanted)
        for name in order[: stratum.quota]:
            picked.append(Picked(stratum.name, name, tuple(roster.serve(name) for roster in rosters)))
        waiting[stratum.name] = tuple(order[stratum.quota :])
    return Result(commitment.digest, key, commitment.algo, tuple(picked), waiting)


def _rosters(commitment: Commitment, lists: Lists, key: str) -> list[Roster]:
    recused = kept_apart(lists.recusals)
    return [
        Roster(
            group.name, commitment.algo, stratum_key(commitment.algo, key, group.name, group.digest),
            lists.groups[group.name], group.send, recused,
        )
        for group in commitment.groups
    ]  # fmt: skip


# ——— replacements, in the same order ———


@dataclass(frozen=True, slots=True)
class Out:
    """What fell out after the draw, and why: an object that cannot be inspected, or an officer who cannot go to it."""

    name: str
    why: str
    officer: str = ""

    def plain(self) -> dict[str, str]:
        return {"name": self.name, "why": self.why, **({"officer": self.officer} if self.officer else {})}


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is to be inspected and by whom, after what fell out; `came` says for each falling-out who took the place."""

    picked: tuple[Picked, ...]
    came: tuple[str, ...]


def replaced(
    commitment: Commitment, lists: Lists, veil: str, values: Sequence[str], outs: Sequence[Out]
) -> Standing:
    """The draw after replacements: the next name of the same stratum, the next officer for the same object.

    A name that comes in is served by those who have the fewest tasks at that moment. Refuses (E593) what is not
    in the draw, and a stratum or group that is used up.
    """
    fallen = sum(1 for out in outs if not out.officer)
    result = draw(commitment, lists, veil, values, reserves=fallen)
    rosters = _rosters(commitment, lists, result.key)
    now: dict[str, Picked] = {}
    for p in result.picked:  # serve again, so that the rosters know everyone's tasks
        now[p.name] = Picked(p.stratum, p.name, tuple(roster.serve(p.name) for roster in rosters))
    next_of = {stratum: iter(names) for stratum, names in result.reserves.items()}
    came: list[str] = []
    for out in outs:
        if out.name not in now:
            raise DrawError("E593", f"“{out.name}”不在抽中的名单里，不能替换")
        was = now[out.name]
        if out.officer:
            now[out.name] = _without(was, out.officer)
            came.append(_newcomer(was, now[out.name]))
        else:
            name = next(next_of[was.stratum], "")
            if not name:
                raise DrawError("E593", f"“{was.stratum}”一层已经没有可以递补的对象")
            came.append(name)
            now = _put_in_place(
                now, out.name, Picked(was.stratum, name, tuple(r.serve(name) for r in rosters))
            )
    return Standing(tuple(now.values()), tuple(came))


def _put_in_place(now: Mapping[str, Picked], name: str, other: Picked) -> dict[str, Picked]:
    return dict((other.name, other) if key == name else (key, p) for key, p in now.items())


def _without(picked: Picked, officer: str) -> Picked:
    for at, detail in enumerate(picked.details):
        if officer in detail.sent:
            details = (*picked.details[:at], detail.without(officer), *picked.details[at + 1 :])
            return Picked(picked.stratum, picked.name, details)
    raise DrawError("E593", f"“{officer}”没有被派去检查“{picked.name}”")


def _newcomer(was: Picked, now: Picked) -> str:
    before = {o for d in was.details for o in d.sent}
    return next(o for d in now.details for o in d.sent if o not in before)
