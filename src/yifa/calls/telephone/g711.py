"""Sound as a telephone carries it: eight bits a sample, A-law and µ-law (ITU-T G.711)."""

from __future__ import annotations

import sys
from array import array
from functools import cache, lru_cache

from .sdp import PCMA, PCMU

FRAME = 160  # samples in 20 ms
QUIET = {PCMA: b"\xd5", PCMU: b"\xff"}
BIAS, LOUDEST = 132, 32_635  # of µ-law


def level(law: int, code: int) -> int:
    """The sample that a code stands for."""
    if law == PCMU:
        code ^= 0xFF
        size = ((((code & 15) << 3) + BIAS) << (code >> 4 & 7)) - BIAS
        return -size if code & 128 else size
    code ^= 0x55
    step, size = code >> 4 & 7, ((code & 15) << 4) + 8
    size = (size + 256) << (step - 1) if step else size
    return size if code & 128 else -size


def code(law: int, sample: int) -> int:
    """The code for a sample of 16 bits."""
    if law == PCMU:
        size = min(abs(sample), LOUDEST) + BIAS
        step = size.bit_length() - 8
        return (0x80 if sample < 0 else 0) ^ (step << 4 | size >> step + 3 & 15) ^ 0xFF
    size = (sample if sample >= 0 else ~sample) >> 4
    step = max(size.bit_length() - 4, 0)
    low = size >> max(step - 1, 0) & 15
    return (0x80 if sample >= 0 else 0) ^ (step << 4 | low) ^ 0x55


@cache
def _levels(law: int) -> tuple[bytes, bytes]:
    """The lower and the upper byte of each code's sample."""
    samples = [level(law, n) & 0xFFFF for n in range(256)]
    return bytes(s & 255 for s in samples), bytes(s >> 8 for s in samples)


@cache
def _codes(law: int) -> bytes:
    """The code of each sample, by its two bytes read as a number."""
    return bytes(code(law, n - 0x10000 if n & 0x8000 else n) for n in range(0x10000))


@cache
def squares(law: int) -> tuple[int, ...]:
    """The square of each code's sample."""
    return tuple(level(law, n) ** 2 for n in range(256))


def decoded(law: int, sound: bytes) -> bytes:
    """16-bit little-endian PCM."""
    low, high = _levels(law)
    pcm = bytearray(2 * len(sound))
    pcm[0::2], pcm[1::2] = sound.translate(low), sound.translate(high)
    return bytes(pcm)


@lru_cache(maxsize=64)
def encoded(law: int, pcm: bytes) -> bytes:
    """What goes over the line; the same sound said to many people is made once."""
    samples = array("H")
    samples.frombytes(pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return bytes(map(_codes(law).__getitem__, samples))


__all__ = ["FRAME", "QUIET", "code", "decoded", "encoded", "level", "squares"]
