"""Keys pressed on a telephone: as events among the sound (RFC 4733), as SIP INFO, or as the two tones themselves (ITU-T Q.23)."""

from __future__ import annotations

import math
import re
import struct
import sys
from array import array
from collections.abc import Iterator
from functools import cache
from operator import mul
from typing import NamedTuple

KEYS = "0123456789*#ABCD"
LOW, HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
PAD = ("123A", "456B", "789C", "*0#D")
RATE = 8000
BLOCK = 205  # samples looked at together: the tones fall between its steps best
EVENT = struct.Struct("!BBH")
SIGNAL = re.compile(rb"(?:^|[\r\n])\s*signal\s*=\s*([0-9*#A-D]{1,2})\s*(?:[\r\n]|$)", re.IGNORECASE)
BARE = re.compile(rb"\s*([0-9*#A-D]{1,2})\s*", re.IGNORECASE)

ENOUGH = 150.0**2  # mean square of the weakest tone looked at: some 40 dB below full scale
PURE = 0.7  # of all that is heard must be the two tones
LEAST = 0.1  # of all that is heard must be the lower tone; less is looked at no further
TWIST = (10 ** (-0.8), 10**0.8)  # how much one of the two may be the louder, in power: 8 dB


class Event(NamedTuple):
    """One packet of a pressed key."""

    key: str
    over: bool
    volume: int
    length: int  # so far, in samples

    def written(self) -> bytes:
        return EVENT.pack(KEYS.index(self.key), (0x80 if self.over else 0) | self.volume, self.length)


def read_event(payload: bytes) -> Event | None:
    """The event in a packet; None for anything that is no key."""
    if len(payload) < 4 or payload[0] >= len(KEYS):
        return None
    number, flags, length = EVENT.unpack_from(payload)
    return Event(KEYS[number], bool(flags & 0x80), flags & 63, length)


def events(key: str, frames: int = 5) -> Iterator[Event]:
    """A key pressed for so many times 20 ms; its end is said three times."""
    for n in range(1, frames + 1):
        yield Event(key, False, 10, n * 160)
    for _ in range(3):
        yield Event(key, True, 10, frames * 160)


def read_info(kind: str, body: bytes) -> str:
    """The key in a SIP INFO, "" if there is none. Both forms that are about: Signal=5, and the bare key."""
    form = kind.partition(";")[0].strip().lower()
    if form == "application/dtmf-relay":
        found = SIGNAL.search(body[:1000])
    elif form == "application/dtmf":
        found = BARE.fullmatch(body[:100])
    else:
        return ""
    said = found[1].decode().upper() if found else ""
    if len(said) < 2:
        return said
    return KEYS[int(said)] if said.isdecimal() and int(said) < len(KEYS) else ""


class Presses:
    """Events taken in: each press is told once, however many packets speak of it."""

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None

    def take(self, payload: bytes, at: int, source: int) -> str:
        """The key, if this packet is the first of its press; a press is known by the moment it began."""
        event = read_event(payload)
        if event is None:
            return ""
        if self._last and self._last[0] == source:
            after = (at - self._last[1]) & 0xFFFFFFFF
            if not 0 < after < 0x80000000:
                return ""
        self._last = (source, at)
        return event.key


# ——— the tones themselves ———


def tones(key: str, seconds: float = 0.1, size: float = 8000.0) -> bytes:
    """The two tones of a key, as 16-bit PCM."""
    row = next(n for n, keys in enumerate(PAD) if key in keys)
    pair = LOW[row], HIGH[PAD[row].index(key)]
    samples = array(
        "h",
        (
            round(size * sum(math.sin(2 * math.pi * f * n / RATE) for f in pair) / 2)
            for n in range(int(seconds * RATE))
        ),
    )
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


class Tones:
    """Listens for tones; a key is told once it was heard in two blocks running, and again only after a pause."""

    def __init__(self) -> None:
        self._rest: array[int] = array("h")
        self._before = self._told = ""

    def take(self, pcm: bytes) -> str:
        """More sound; the keys that became certain with it."""
        more = array("h")
        more.frombytes(pcm[: len(pcm) // 2 * 2])
        if sys.byteorder == "big":
            more.byteswap()
        self._rest += more
        found = ""
        while len(self._rest) >= BLOCK:
            found += self._step(heard(self._rest[:BLOCK]))
            del self._rest[:BLOCK]
        return found

    def _step(self, key: str) -> str:
        certain = key if key == self._before else self._told
        new = certain if certain != self._told else ""
        self._before, self._told = key, certain
        return new


def heard(block: array[int]) -> str:
    """The key whose tones these samples are, "" for none."""
    whole = sum(map(mul, block, block))
    if whole < ENOUGH * len(block):
        return ""
    low = [_power(block, f) for f in LOW]
    if max(low) < LEAST * whole:
        return ""
    high = [_power(block, f) for f in HIGH]
    row, column = low.index(max(low)), high.index(max(high))
    both = low[row] + high[column]
    if both < PURE * whole or not TWIST[0] <= low[row] / (high[column] or 1.0) <= TWIST[1]:
        return ""
    return PAD[row][column]


def _power(block: array[int], frequency: int) -> float:
    """How much of the block's energy lies at a frequency: what Goertzel's filter gives, as two sums of products."""
    real, imaginary = (float(sum(map(mul, block, wave))) for wave in _waves(frequency))
    return (real * real + imaginary * imaginary) * 2 / BLOCK


@cache
def _waves(frequency: int) -> tuple[array[float], array[float]]:
    turns = [2 * math.pi * frequency * n / RATE for n in range(BLOCK)]
    return array("d", map(math.cos, turns)), array("d", map(math.sin, turns))


__all__ = ["KEYS", "Event", "Presses", "Tones", "events", "heard", "read_event", "read_info", "tones"]
