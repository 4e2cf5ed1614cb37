"""Where one name stands in a published draw: its ticket, the last that won, its rank, and who inspects it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .commitment import Commitment
from .drawing import Out, Picked, draw, replaced
from .files import DrawFile
from .order import key_of, stratum_key, ticket
from .seed import seed_text

Sent = tuple[tuple[str, tuple[str, ...]], ...]  # by group, the officers who go


@dataclass(frozen=True, slots=True)
class Place:
    """One name in its stratum. `current`: is it to be inspected, after the replacements; `why`: it fell out for this."""

    name: str
    stratum: str
    size: int
    quota: int
    rank: int
    ticket: str  # empty: the method has no tickets
    cutoff: str  # of the last that won; empty: none was to be drawn
    current: bool
    why: str
    sent: Sent

    @property
    def drawn(self) -> bool:
        return self.rank <= self.quota


def place(file: DrawFile, name: str) -> Place | None:
    """None: the name is in no list of objects."""
    commitment, lists = file.commitment, file.lists
    stratum = next((s for s in commitment.strata if name in set(lists.strata[s.name].names)), None)
    if stratum is None:
        return None
    everyone = draw(commitment, lists, file.veil, file.values, reserves=stratum.size)
    order = [*everyone.names(stratum.name), *everyone.reserves[stratum.name]]
    now = replaced(commitment, lists, file.veil, file.values, file.outs).picked
    here = next((p for p in now if p.name == name), None)
    mine = last = ""
    if commitment.method == "tickets":
        of = _tickets(file, stratum.name, stratum.digest)
        mine, last = of(name), of(order[stratum.quota - 1]) if stratum.quota else ""
    return Place(
        name, stratum.name, stratum.size, stratum.quota, order.index(name) + 1, mine, last,
        here is not None, "" if here else why_out(file.outs, name), sent_of(here),
    )  # fmt: skip


class _tickets:
    """The ticket of any name of one stratum."""

    def __init__(self, file: DrawFile, stratum: str, digest: str) -> None:
        commitment: Commitment = file.commitment
        key = key_of(commitment, file.veil, seed_text(commitment.sources, file.values))
        self.algo = commitment.algo
        self.key = stratum_key(commitment.algo, key, stratum, digest)
        self.lots = file.lists.strata[stratum].lots

    def __call__(self, name: str) -> str:
        return ticket(self.algo, self.key, name, self.lots.get(name, 1))


def why_out(outs: tuple[Out, ...], name: str) -> str:
    """Why an object fell out; empty if it did not."""
    return next((out.why for out in outs if out.name == name and not out.officer), "")


def sent_of(picked: Picked | None) -> Sent:
    return tuple((d.group, d.sent) for d in picked.details) if picked else ()


# ——— finding one's own name ———


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody who typed a part of a name may have meant; `left_out` only if no list has it."""

    names: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()  # name, reason

    @property
    def one(self) -> str:
        return self.names[0] if len(self.names) == 1 else ""


def find(file: DrawFile, wanted: str) -> Found:
    """Names of the lists that hold what was typed; one that is exactly it, or is called exactly so, stands alone."""
    told = plain(wanted)
    if not told:
        return Found()
    names = [name for listed in file.lists.strata.values() for name in listed.names if told in plain(name)]
    for exact in (plain, called):
        if len(alone := [name for name in names if exact(name) == told]) == 1:
            return Found((alone[0],))
    return Found(tuple(names)) if names else Found(left_out=tuple(_left_out(file, told)))


def _left_out(file: DrawFile, told: str) -> Iterator[tuple[str, str]]:
    for line in file.lists.exclusions:
        name, _, reason = line.partition("\t")
        if told in plain(name):
            yield name, reason


def plain(text: str) -> str:
    """Full width and half width, large and small are the same to somebody who searches.

    >>> plain(" 甲店（９１a） ")
    '甲店(91a)'
    """
    return unicodedata.normalize("NFKC", text).casefold().strip()


def called(name: str) -> str:
    """The name without the code behind it: 甲店（91…）."""
    return plain(name).rpartition("(")[0]
