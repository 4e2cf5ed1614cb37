"""Packets of sound (RTP, RFC 3550), and how they are put back in order."""

from __future__ import annotations

import struct
from typing import NamedTuple

HEAD = struct.Struct("!BBHII")
DEPTH = 5  # packets that may wait for one that is late
FAR = 100  # packets off from what was expected: not late, but counted anew
STOCK = 3 * 160  # bytes gathered before they are listened to: 60 ms
MOST = 26 * 160  # bytes after which the oldest are let go: the far side's clock is faster than ours
LONGEST_GAP = 10 * 160  # bytes of silence put in for packets that got lost


class Packet(NamedTuple):
    """One packet. kind: the number of its coding; at: its place in time, in samples; source: who speaks."""

    kind: int
    number: int
    at: int
    source: int
    payload: bytes
    marked: bool = False

    def written(self) -> bytes:
        kind = self.kind | (0x80 if self.marked else 0)
        return HEAD.pack(0x80, kind, self.number & 0xFFFF, self.at & 0xFFFFFFFF, self.source) + self.payload


def read(data: bytes) -> Packet | None:
    """The packet that these bytes are, None if they are none."""
    if len(data) < 12 or data[0] >> 6 != 2:
        return None
    flags, kind, number, at, source = HEAD.unpack_from(data)
    start, end = 12 + 4 * (flags & 15), len(data)
    if flags & 16:
        if len(data) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if flags & 32:
        end -= data[-1] or len(data)
    if start > end:
        return None
    return Packet(kind & 127, number, at, source, data[start:end], bool(kind & 128))


class Order:
    """The far side's sound in its right order, 20 ms at a time; what is lost is silence."""

    def __init__(self, quiet: bytes) -> None:
        self.quiet = quiet
        self._source: int | None = None
        self._next = self._at = 0
        self._held: dict[int, Packet] = {}
        self._ready = bytearray()
        self._gathering = True

    def put(self, packet: Packet) -> None:
        """Take a packet, however late; one that speaks with another voice begins anew."""
        ahead = (packet.number - self._next) & 0xFFFF
        if packet.source != self._source or FAR < ahead < 0x10000 - FAR:
            self._source, self._held = packet.source, {}
            self._next, self._at, ahead = packet.number, packet.at, 0
        if ahead >= 0x8000:
            return
        self._held[packet.number] = packet
        self._drain()
        if len(self._held) > DEPTH:
            self._next = min(self._held, key=lambda number: (number - self._next) & 0xFFFF)
            self._drain()

    def take(self) -> bytes:
        """The next 20 ms; silence if there is nothing."""
        if self._gathering and len(self._ready) < STOCK:
            return self.quiet * 160
        self._gathering = len(self._ready) < 160
        if self._gathering:
            return self.quiet * 160
        frame = bytes(self._ready[:160])
        del self._ready[:160]
        return frame

    def passed(self, packet: Packet) -> None:
        """A packet that carries no sound had this number: nobody waits for it."""
        self.put(packet._replace(payload=b""))

    def _drain(self) -> None:
        while packet := self._held.pop(self._next, None):
            lost = (packet.at - self._at) & 0xFFFFFFFF
            if packet.payload:
                if 0 < lost <= LONGEST_GAP and not packet.marked:
                    self._ready += self.quiet * lost
                self._ready += packet.payload
                self._at = packet.at + len(packet.payload)
            self._next = (self._next + 1) & 0xFFFF
        if len(self._ready) > MOST:
            del self._ready[: len(self._ready) - MOST // 2]


__all__ = ["Order", "Packet", "read"]
