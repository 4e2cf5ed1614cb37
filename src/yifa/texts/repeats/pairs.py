"""Near-duplicates among very many texts: who has which earlier one as its representative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import ceil
from operator import eq
from typing import NamedTuple

from .sketch import BANDS, BINS, WIDTH, AlikeError, bands, grams, road_for, signatures

__all__ = ["Pair", "pairs", "similarity"]

ROUNDS = 8  # representatives tried in one bucket
SLACK = 0.25  # by so much an estimate may lie below: four times what it usually errs by


class Pair(NamedTuple):
    """Two places in the sequence, the earlier first, and the Jaccard similarity of their triples of characters."""

    first: int
    second: int
    similarity: float


def similarity(one: str, two: str) -> float:
    """Jaccard: the triples of characters both have, of those either has."""
    a, b = grams(one), grams(two)
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def pairs(texts: Sequence[str], threshold: float = 0.7, road: str = "") -> list[Pair]:
    """Every text that (nearly) repeats an earlier one, with the earlier ones found for it; in order of place.

    Identical texts are paired with the first of them and go no further. The others meet in the buckets of their bands;
    in a bucket the first is the representative all are compared with, those it does not represent have the next, eight
    times at most. So a thousand variants of one clause are a thousand pairs and not half a million. What is reported is exact; a
    pair of similarity s shares no bucket with probability (1 - s⁴)¹⁶: 1 in 81 at 0.7, 1 in 4,600 at 0.8. Those whose signatures
    agree in far fewer bins than they should (`needed`) are not compared.
    """
    if not 0 < threshold <= 1:
        raise AlikeError("E874", f"相似度的界限应当大于0、不超过1，给出的是{threshold:g}")
    firsts: dict[str, int] = {}
    found = []
    for i, text in enumerate(texts):
        first = firsts.setdefault(text, i)
        if first != i:
            found.append(Pair(first, i, 1.0))
    places = list(firsts.values())
    distinct = list(firsts)
    road = road_for(len(distinct), road)
    signed = signatures(distinct, road)
    if road == "python":
        near = _near(distinct, signed, threshold)
    else:
        from . import pairs_numpy

        near = pairs_numpy.near(distinct, signed, threshold, compiled=road == "numba")
    found.extend(Pair(places[a], places[b], s) for a, b, s in near)
    return sorted(found, key=lambda p: (p.second, p.first))


def needed(threshold: float) -> int:
    """In how many bins two signatures must agree for their texts to be compared."""
    return ceil(BINS * (threshold - SLACK))


def _agree(one: bytes, two: bytes) -> int:
    return sum(map(eq, memoryview(one).cast("H"), memoryview(two).cast("H")))


def _near(texts: Sequence[str], signed: bytes, threshold: float) -> list[tuple[int, int, float]]:
    assert len(signed) == WIDTH * len(texts)
    every = bands(signed)
    buckets: list[list[int]] = []
    for band in range(BANDS):
        members = defaultdict(list)
        for i, numbers in enumerate(every):
            members[numbers[band]].append(i)
        buckets += [inside for inside in members.values() if len(inside) > 1]
    least = needed(threshold)
    one = [signed[at : at + WIDTH] for at in range(0, len(signed), WIDTH)]
    known: dict[tuple[int, int], float] = {}
    for _ in range(ROUNDS):
        left = []
        for first, *others in buckets:
            for other in others:
                if (first, other) not in known:
                    near = _agree(one[first], one[other]) >= least
                    known[first, other] = similarity(texts[first], texts[other]) if near else 0.0
            apart = [other for other in others if known[first, other] < threshold]
            if len(apart) > 1:
                left.append(apart)
        buckets = left
    return [(a, b, s) for (a, b), s in known.items() if s >= threshold]
