"""The sound of one call: 20 ms out every 20 ms on a clock that does not drift, what comes in put in order, keys found in it."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from . import dtmf, rtp
from .g711 import FRAME, QUIET, decoded, encoded
from .message import Where
from .sdp import EVENTS, Sound

STEP = 0.02  # seconds
ASLEEP = 10  # steps behind after which they are let go: nobody wants them in one burst
PORTS_TRIED = 50
PAUSE = 5  # steps between two keys we press


class NoPort(OSError):
    """No port for sound is free."""


class Media(asyncio.DatagramProtocol):
    """One socket and its clock. heard: told every 20 ms of sound; pressed: told of a key and how it came; done: told
    when what was to be played is over."""

    def __init__(self) -> None:
        self.heard: Callable[[bytes], None] = lambda frame: None
        self.pressed: Callable[[str, str], None] = lambda key, way: None
        self.done: Callable[[], None] = lambda: None
        self.far: Sound | None = None
        self.packets = 0  # that came from the far side
        self.sent = self.skipped = 0
        self._transport: asyncio.DatagramTransport | None = None
        self._order = rtp.Order(b"\xff")
        self._presses, self._tones = dtmf.Presses(), dtmf.Tones()
        self._source, self._number = secrets.randbits(32), secrets.randbits(15)
        self._at = secrets.randbits(31)
        self._pcm = self._coded = b""
        self._place = 0
        self._pressing: deque[tuple[bytes, int] | None] = deque()
        self._next, self._began = 0.0, 0
        self._timer: asyncio.TimerHandle | None = None
        self.heard_from: str | None = None

    @classmethod
    async def open(cls, host: str, ports: tuple[int, int] | None = None) -> Media:
        """On an even port that is free, of those named or of any."""
        loop = asyncio.get_running_loop()
        for _ in range(PORTS_TRIED):
            port = 2 * random.randint(*((ports[0] + 1) // 2, ports[1] // 2) if ports else (10_000, 30_000))
            with suppress(OSError):
                _, media = await loop.create_datagram_endpoint(cls, (host, port))
                return media
        raise NoPort("没有空闲的语音端口")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # it is one, whatever its class says
        self.here: Where = transport.get_extra_info("sockname")[:2]

    # ——— what comes in ———

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        packet = rtp.read(data)
        if packet is None or self.far is None or not self._known(str(addr[0])):
            return
        self.packets += 1
        if packet.kind in (EVENTS, self.far.events):
            self._order.passed(packet)
            if key := self._presses.take(packet.payload, packet.at, packet.source):
                self.pressed(key, "event")
        elif packet.kind in QUIET:
            self._order.put(self._in_our_law(packet))

    def _known(self, host: str) -> bool:
        """Whoever sits where the far side said; another only while nobody has been heard from there."""
        assert self.far is not None
        if host == self.far.at[0] or self.heard_from in (None, host):
            if self.heard_from != self.far.at[0]:
                self.heard_from = host
            return True
        return False

    def _in_our_law(self, packet: rtp.Packet) -> rtp.Packet:
        """Both laws were offered, so both may come."""
        assert self.far is not None
        if packet.kind == self.far.law:
            return packet
        return packet._replace(payload=encoded(self.far.law, decoded(packet.kind, packet.payload)))

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there at the moment; who has gone for good says so over SIP."""

    # ——— what goes out ———

    def agreed(self, far: Sound) -> None:
        """Begin, or go on as newly agreed."""
        first, self.far = self.far is None, far
        self._order.quiet = QUIET[far.law]
        self._coded = encoded(far.law, self._pcm)
        if first:
            loop = asyncio.get_running_loop()
            self._next = loop.time()
            self._tick()

    def play(self, pcm: bytes) -> None:
        """Say this instead of whatever is being said."""
        assert self.far is not None
        self._pcm, self._coded, self._place = pcm, encoded(self.far.law, pcm), 0

    @property
    def playing(self) -> bool:
        return self._place < len(self._coded)

    def press(self, keys: str) -> None:
        """Press keys towards the far side, as an extension is dialled."""
        assert self.far is not None
        for key in keys:
            if self.far.events is None:
                sound = encoded(self.far.law, dtmf.tones(key))
                self._pressing += [(sound[n : n + FRAME], -1) for n in range(0, len(sound), FRAME)]
            else:
                self._pressing += [(e.written(), n) for n, e in enumerate(dtmf.events(key))]
            self._pressing += [None] * PAUSE

    @property
    def pressing(self) -> bool:
        return bool(self._pressing)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self._transport:
            self._transport.close()

    def _tick(self) -> None:
        """One step; steps missed are made up for, unless the machine has slept."""
        loop = asyncio.get_running_loop()
        if (behind := int((loop.time() - self._next) / STEP)) > ASLEEP:
            self._next += behind * STEP
            self._at += behind * FRAME
            self.skipped += behind
        if self.far and self.far.hears and self._transport and not self._transport.is_closing():
            self._say()
        self._at += FRAME
        self._next += STEP
        self._timer = loop.call_at(self._next, self._tick)
        self._hear()

    def _say(self) -> None:
        assert self.far is not None
        assert self._transport is not None
        kind, at, frame = self._frame(self.far)
        self._number += 1
        packet = rtp.Packet(kind, self._number, at, self._source, frame, self.sent == 0)
        self.sent += 1
        with suppress(OSError):
            self._transport.sendto(packet.written(), self.far.at)

    def _frame(self, far: Sound) -> tuple[int, int, bytes]:
        """Its kind, its moment, and what is said in it: a key, the next of what is played, or silence."""
        if self._pressing:
            return self._key(far)
        if not self.playing:
            return far.law, self._at, QUIET[far.law] * FRAME
        frame = self._coded[self._place : self._place + FRAME].ljust(FRAME, QUIET[far.law])
        self._place += FRAME
        if self._place >= len(self._coded):
            self.done()
        return far.law, self._at, frame

    def _key(self, far: Sound) -> tuple[int, int, bytes]:
        """All packets of a press carry the moment it began."""
        pressed = self._pressing.popleft()
        if not self._pressing:
            self.done()
        if pressed is None:
            return far.law, self._at, QUIET[far.law] * FRAME
        frame, event = pressed
        if event < 0:
            return far.law, self._at, frame
        if event == 0:
            self._began = self._at
        return far.events or EVENTS, self._began, frame

    def _hear(self) -> None:
        assert self.far is not None
        frame = self._order.take()
        if self.far.events is None:
            for key in self._tones.take(decoded(self.far.law, frame)):
                self.pressed(key, "tones")
        self.heard(frame)


__all__ = ["Media", "NoPort"]
