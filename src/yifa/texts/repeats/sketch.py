"""Short signatures of texts, by which those that share most of their words are found among millions.

One-permutation MinHash over overlapping triples of characters: every triple is hashed once (to 30 bits, which Python, too,
sorts quickly), the first six bits choose one of 64 bins, the smallest hash of a bin stays. An empty bin borrows from another, in an order drawn once for it (optimal
densification, Shrivastava 2017). Of every bin 16 bits are kept, so that a signature is 128 bytes, and each four bins
(a band) are one number of 64 bits: texts that agree in a band are compared.

Three roads, the same bytes: numba (many texts), numpy, and plain Python, which is enough for one draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from struct import Struct

__all__ = ["BANDS", "BINS", "ROADS", "WIDTH", "AlikeError", "bands", "grams", "road_for", "signatures"]


class AlikeError(ValueError):
    """What cannot be compared, in a sentence for whoever asked; with an id that never changes."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.sentence, self.id = sentence, id


BINS, BANDS = 64, 16
WIDTH = 2 * BINS  # bytes of a signature
ROADS = ("numba", "numpy", "python")
# Below these, what a road costs to set out on is more than it saves.
_WORTH = {"numba": 20_000, "numpy": 2_000, "python": 0}

MASK = 0xFFFF_FFFF_FFFF_FFFF
FACTOR_1, FACTOR_2 = 0xFF51_AFD7_ED55_8CCD, 0xC4CE_B9FE_1A85_EC53  # MurmurHash3's last mixing


def mixed(x: int) -> int:
    """64 bits of which each depends on all of `x`'s."""
    x = (x ^ x >> 33) * FACTOR_1 & MASK
    x = (x ^ x >> 33) * FACTOR_2 & MASK
    return x ^ x >> 33


def _lenders(bin: int) -> tuple[int, ...]:
    return tuple(sorted(range(BINS), key=lambda other: mixed(bin << 8 | other + 1)))


LENDERS = tuple(map(_lenders, range(BINS)))
"""Whom an empty bin asks, in this order."""

_SIGNATURE, _BANDS = Struct(f"<{BINS}H"), Struct(f"<{BANDS}Q")


def road_for(count: int, road: str = "") -> str:
    """The road named, or the best installed one for so many texts."""
    if road:
        if road not in ROADS:
            raise AlikeError("E875", f"没有“{road}”这种算法，只有{'、'.join(ROADS)}")
        if not _installed(road):
            raise AlikeError("E875", f"没有安装{road}，请安装附加组件texts，或者改用python")
        return road
    return next(r for r in ROADS if count >= _WORTH[r] and _installed(r))


def _installed(road: str) -> bool:
    needed = {"numba": ("numpy", "numba"), "numpy": ("numpy",), "python": ()}[road]
    return all(find_spec(each) for each in needed)


def signatures(texts: Sequence[str], road: str = "") -> bytes:
    """`WIDTH` bytes for every text, one after another."""
    match road_for(len(texts), road):
        case "numba":
            from . import sketch_numba

            return sketch_numba.signatures(texts)
        case "numpy":
            from . import sketch_numpy

            return sketch_numpy.signatures(texts)
    return b"".join(map(_signature, texts))


def bands(signed: bytes) -> list[tuple[int, ...]]:
    """For every text the sixteen numbers of its bands."""
    return list(_BANDS.iter_unpack(signed))


# ——— plain Python ———


class _Hashes(dict[str, int]):
    """What a triple is hashed to; clauses repeat each other's triples."""

    FULL = 500_000

    def __missing__(self, gram: str) -> int:
        if len(self) >= self.FULL:
            self.clear()
        a, b, c = map(ord, gram)
        self[gram] = hashed = mixed(a << 42 | b << 21 | c) >> 34
        return hashed


_hashes = _Hashes()


def grams(text: str) -> set[str]:
    """The overlapping triples of characters; a shorter text is filled up in front."""
    return {text[i : i + 3] for i in range(len(text) - 2)} or {text.rjust(3, "\0")}


def _signature(text: str) -> bytes:
    bins = [-1] * BINS
    for hashed in sorted(map(_hashes.__getitem__, grams(text)), reverse=True):
        bins[hashed >> 24] = hashed & 0xFFFF  # the smallest comes last and stays
    if -1 in bins:
        own = bins.copy()
        for i, value in enumerate(own):
            if value < 0:
                for lender in LENDERS[i]:
                    if own[lender] >= 0:
                        bins[i] = own[lender]
                        break
    return _SIGNATURE.pack(*bins)
