"""The signatures of `sketch`, by numpy: all triples of some thousand texts at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .sketch import BINS, FACTOR_1, FACTOR_2, LENDERS

AT_ONCE = 1 << 20  # characters
PROBES: NDArray[np.int64] = np.array(LENDERS, dtype=np.int64)


def portions(texts: Sequence[str]) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.int64]]]:
    """Code points of some texts, and where each begins (and the last ends)."""
    some: list[str] = []
    size = 0
    for text in texts:
        some.append(text if len(text) >= 3 else text.rjust(3, "\0"))
        size += len(some[-1])
        if size >= AT_ONCE:
            yield _portion(some)
            some, size = [], 0
    if some:
        yield _portion(some)


def _portion(some: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    points = np.frombuffer("".join(some).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    starts = np.zeros(len(some) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, some), dtype=np.int64, count=len(some)), out=starts[1:])
    return points, starts


def signatures(texts: Sequence[str]) -> bytes:
    return b"".join(_signed(points, starts).tobytes() for points, starts in portions(texts))


def _signed(points: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint16]:
    count = len(starts) - 1
    wide = points.astype(np.uint64)
    mixed = _mixed(wide[:-2] << np.uint64(42) | wide[1:-1] << np.uint64(21) | wide[2:])
    hashed = (mixed >> np.uint64(34)).astype(np.uint32)
    owner = np.repeat(np.arange(count), np.diff(starts))[:-2]
    inside = np.ones(len(hashed), dtype=bool)  # no triple reaches from one text into the next
    for back in (1, 2):
        inside[starts[1:-1] - back] = False
    hashed, owner = hashed[inside], owner[inside]
    empty = np.uint32(0xFFFF_FFFF)
    least = np.full(count * BINS, empty, dtype=np.uint32)
    np.minimum.at(least, owner * BINS + (hashed >> np.uint32(24)), hashed)
    return _lent(least.reshape(count, BINS), empty)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    shift = np.uint64(33)
    for factor in (FACTOR_1, FACTOR_2):
        x ^= x >> shift
        x *= np.uint64(factor)
    x ^= x >> shift
    return x


def _lent(least: NDArray[np.uint32], empty: np.uint32) -> NDArray[np.uint16]:
    filled = least != empty
    rows, bins = np.nonzero(~filled)
    own = (least & np.uint32(0xFFFF)).astype("<u2")
    signed = own.copy()
    for ask in range(BINS):
        if not len(rows):
            break
        lender = PROBES[bins, ask]
        lends = filled[rows, lender]
        signed[rows[lends], bins[lends]] = own[rows[lends], lender[lends]]
        rows, bins = rows[~lends], bins[~lends]
    return signed
