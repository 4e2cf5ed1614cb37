"""The buckets of `pairs` in numpy; the exact comparison by numba where it is wished for, by sets where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import pairs
from .sketch import BANDS

Indices: TypeAlias = "NDArray[np.int64]"


def near(
    texts: Sequence[str], signed: bytes, threshold: float, *, compiled: bool
) -> list[tuple[int, int, float]]:
    """As `pairs._near`: the earlier, the later, their similarity."""
    if not texts:
        return []
    every = np.frombuffer(signed, dtype="<u8").reshape(len(texts), BANDS)
    member, bucket = _buckets(every)
    exact = _compiled(texts) if compiled else _by_sets(texts)
    bins = every.view("<u2")
    found: list[tuple[Indices, NDArray[np.float64]]] = []
    for _ in range(pairs.ROUNDS):
        if not len(member):
            break
        opens = np.ones(len(member), dtype=bool)  # the first of its bucket
        opens[1:] = bucket[1:] != bucket[:-1]
        first = member[np.maximum.accumulate(np.where(opens, np.arange(len(member)), 0))]
        pair, which = np.unique((first << 32 | member)[~opens], return_inverse=True)
        similar = np.zeros(len(pair))
        near = _agree(bins, pair) >= pairs.needed(threshold)
        similar[near] = exact(pair[near] >> 32, pair[near] & 0xFFFF_FFFF)
        close = similar >= threshold
        found.append((pair[close], similar[close]))
        left = np.flatnonzero(~opens)[~close[which]]
        member, bucket = _shared(member[left], bucket[left])
    if not found:
        return []
    pair, where = np.unique(np.concatenate([p for p, _ in found]), return_index=True)
    similar = np.concatenate([s for _, s in found])[where]
    return list(zip((pair >> 32).tolist(), (pair & 0xFFFF_FFFF).tolist(), similar.tolist(), strict=True))


def _agree(bins: NDArray[np.uint16], pair: Indices) -> Indices:
    """In how many bins the two of a pair agree; in portions that fit a processor's cache."""
    agree = np.empty(len(pair), dtype=np.int64)
    for at in range(0, len(pair), 16_384):
        some = pair[at : at + 16_384]
        (bins[some >> 32] == bins[some & 0xFFFF_FFFF]).sum(axis=1, out=agree[at : at + 16_384])
    return agree


def _buckets(every: NDArray[np.uint64]) -> tuple[Indices, Indices]:
    """Who stands in a bucket with others, bucket by bucket, ascending; and the bucket's number."""
    members, buckets, base = [], [], 0
    for band in range(BANDS):
        numbers = every[:, band]
        order = np.argsort(numbers)
        ordered = numbers[order]
        number = np.zeros(len(order), dtype=np.int64)
        np.cumsum(ordered[1:] != ordered[:-1], out=number[1:])
        both = np.stack(_shared(order, number))
        member, bucket = both[:, np.argsort(both[1] << 32 | both[0])]
        members.append(member)
        buckets.append(bucket + base)
        base += len(order)
    return np.concatenate(members), np.concatenate(buckets)


def _shared(member: Indices, bucket: Indices) -> tuple[Indices, Indices]:
    """Without those that are alone in their bucket."""
    same = bucket[1:] == bucket[:-1]
    several = np.zeros(len(bucket), dtype=bool)
    several[1:] |= same
    several[:-1] |= same
    return member[several], bucket[several]


class _by_sets:
    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def __call__(self, left: Indices, right: Indices) -> NDArray[np.float64]:
        texts = self.texts
        return np.array(
            [
                pairs.similarity(texts[a], texts[b])
                for a, b in zip(left.tolist(), right.tolist(), strict=True)
            ],
            dtype=np.float64,
        )


class _compiled:
    def __init__(self, texts: Sequence[str]) -> None:
        from .sketch_numpy import portions

        some = list(portions(texts))
        self.points = np.concatenate([points for points, _ in some])
        sizes = np.concatenate([np.diff(starts) for _, starts in some])
        self.starts = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=self.starts[1:])

    def __call__(self, left: Indices, right: Indices) -> NDArray[np.float64]:
        from .sketch_numba import similarities

        return similarities(self.points, self.starts, left, right)
