"""The signatures of `sketch` and the exact comparison of `pairs`, compiled by numba: for millions of clauses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from .sketch import BINS, FACTOR_1, FACTOR_2
from .sketch_numpy import PROBES, portions

_F1, _F2 = np.uint64(FACTOR_1), np.uint64(FACTOR_2)
_EMPTY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_21, _24, _33, _34, _42, _LOW = (np.uint64(n) for n in (21, 24, 33, 34, 42, 0xFFFF))


def signatures(texts: Sequence[str]) -> bytes:
    return b"".join(_signed(points, starts, PROBES).tobytes() for points, starts in portions(texts))


@njit(parallel=True, nogil=True)
def _signed(
    points: NDArray[np.uint32], starts: NDArray[np.int64], probes: NDArray[np.int64]
) -> NDArray[np.uint16]:
    count = len(starts) - 1
    signed = np.empty((count, BINS), dtype=np.uint16)
    for t in prange(count):
        least = np.full(BINS, _EMPTY, dtype=np.uint64)
        a, b = np.uint64(points[starts[t]]), np.uint64(points[starts[t] + 1])
        for i in range(starts[t] + 2, starts[t + 1]):
            c = np.uint64(points[i])
            x = a << _42 | b << _21 | c
            x = (x ^ x >> _33) * _F1
            x = (x ^ x >> _33) * _F2
            x = (x ^ x >> _33) >> _34
            place = np.int64(x >> _24)
            if x < least[place]:
                least[place] = x
            a, b = b, c
        for bin in range(BINS):
            value = least[bin]
            for ask in range(BINS):
                if value != _EMPTY:
                    break
                value = least[probes[bin, ask]]
            signed[t, bin] = np.uint16(value & _LOW)
    return signed


@njit(nogil=True)
def _grams(points: NDArray[np.uint32], start: int, end: int) -> NDArray[np.uint64]:
    """The different triples, ascending, as they are and not hashed."""
    every = np.empty(end - start - 2, dtype=np.uint64)
    for i in range(len(every)):
        at = start + i
        every[i] = np.uint64(points[at]) << _42 | np.uint64(points[at + 1]) << _21 | np.uint64(points[at + 2])
    every.sort()
    kept = 1
    for i in range(1, len(every)):
        if every[i] != every[kept - 1]:
            every[kept] = every[i]
            kept += 1
    return every[:kept]


@njit(parallel=True, nogil=True)
def similarities(
    points: NDArray[np.uint32],
    starts: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Exact Jaccard similarity of the pairs of texts."""
    found = np.empty(len(left), dtype=np.float64)
    for p in prange(len(left)):
        one = _grams(points, starts[left[p]], starts[left[p] + 1])
        two = _grams(points, starts[right[p]], starts[right[p] + 1])
        i = j = shared = 0
        while i < len(one) and j < len(two):
            if one[i] == two[j]:
                shared += 1
                i += 1
                j += 1
            elif one[i] < two[j]:
                i += 1
            else:
                j += 1
        found[p] = shared / (len(one) + len(two) - shared)
    return found
