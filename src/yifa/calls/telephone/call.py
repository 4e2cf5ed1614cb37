"""A call that was taken: what is said into it, the keys and the words that come back, and its end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from yifa.calls.channels.words import tidy

from . import sdp
from .dialog import Dialog
from .dtmf import KEYS, read_info
from .listening import Listening, Noise
from .media import Media
from .message import Request, Response

FAREWELL = 4.0  # seconds that an answer to our hanging up is waited for
LINGER = 0.3  # seconds until the last that was said has come out of an earpiece
SAME = 0.5  # seconds within which one press may come by two ways
MOST_KEYS = 100
Bye = Callable[[Dialog], Awaitable[Response | None]]


class PhoneCall:
    """Keeps to `dialogue.converse.Call`. sure: whether the far side was there to the end, as far as it has said;
    theirs: whether they hung up; said: every key pressed, in order."""

    def __init__(self, media: Media, dialog: Dialog, far: sdp.Sound, bye: Bye, longest: float) -> None:
        self.dialog, self.sure, self.theirs, self.said = dialog, True, False, ""
        self.words = ""  # why they hung up, in their words
        self._media, self._bye = media, bye
        self._over, self._version = False, 1
        self._keys: deque[str] = deque()
        self._changed = asyncio.Event()
        self._noise = Noise()
        self._listening: Listening | None = None
        self._latest = ("", "", 0.0)
        loop = asyncio.get_running_loop()
        self.since, self._until = loop.time(), 0.0
        self._silent = 0.0  # since when we say nothing
        self._leaving: asyncio.Task[None] | None = None
        self._limit = loop.call_later(longest, self._too_long)
        media.heard, media.pressed, media.done = self._heard, self._pressed, self._changed.set
        media.agreed(far)

    @property
    def over(self) -> bool:
        return self._over

    @property
    def seconds(self) -> float:
        """How long the line has been, or was, open."""
        return (self._until or asyncio.get_running_loop().time()) - self.since

    async def play(self, pcm: bytes, *, until_key: bool = False, keys: str = KEYS) -> bool:
        """Whether it was played to its end; `keys`: which of them cut it short, if any may."""
        stopping = set(keys) if until_key else set()
        if self._over or stopping & set(self._keys):
            return False
        self._media.play(pcm)
        try:
            while self._media.playing and not self._over and not stopping & set(self._keys):
                await self._change()
            self._silent = asyncio.get_running_loop().time()
            return not (self._media.playing or self._over)
        finally:
            self._media.play(b"")

    async def key(self, wait: float) -> str:
        """The next key, also one pressed before the line went dead."""
        end = asyncio.get_running_loop().time() + wait
        while not self._keys and not self._over and (left := end - asyncio.get_running_loop().time()) > 0:
            await self._change(left)
        return self._keys.popleft() if self._keys else ""

    async def listen(self, most: float, *, quiet: float = 1.2) -> bytes:
        """What is said; a key pressed, or the end of the call, ends it."""
        assert self._media.far is not None
        self._listening = listening = Listening(self._media.far.law, self._noise, most, quiet)
        try:
            while not (listening.over or self._keys or self._over):
                await self._change()
        finally:
            self._listening = None
        return listening.pcm

    async def press(self, keys: str) -> None:
        """Press keys, as an extension is dialled."""
        self._media.press(keys)
        while self._media.pressing and not self._over:
            await self._change()

    async def hang_up(self) -> object:
        """End it; `sure` says afterwards whether the far side confirmed the end. Once it is over nothing happens."""
        end = self._silent + LINGER
        while not self._over and (left := end - asyncio.get_running_loop().time()) > 0:
            await self._change(left)
        if self._leaving is None and not self._over:
            self._end()
            self._leaving = asyncio.create_task(self._leave())
        if self._leaving:
            await asyncio.wait({self._leaving}, timeout=FAREWELL)
        return None

    # ——— what the agent tells ———

    def hung_up(self, request: Request) -> None:
        """The far side hung up."""
        if not self._over:
            self.theirs, self.words = True, tidy(request.get("reason"))
        self._end()

    def informed(self, kind: str, body: bytes) -> bool:
        """INFO: whether it was a key."""
        key = read_info(kind, body)
        if key:
            self._pressed(key, "info")
        return bool(key)

    def offered(self, body: bytes) -> bytes:
        """A re-INVITE or UPDATE: held, taken up again, moved. Our description in return; `NoSound` changes nothing."""
        self._version += 1
        if not body:
            return sdp.write(self._media.here, self._version)
        far = sdp.read(body)
        self._media.agreed(far)
        return sdp.answer(far, self._media.here, self._version)

    def accepted(self, body: bytes) -> None:
        """The far side's answer to what we described."""
        self._media.agreed(sdp.read(body))

    # ———

    def _heard(self, frame: bytes) -> None:
        if self._listening:
            self._listening.take(frame)
            if self._listening.over:
                self._changed.set()

    def _pressed(self, key: str, way: str) -> None:
        """A gateway may tell one press twice, in two ways."""
        now = asyncio.get_running_loop().time()
        before, by, at = self._latest
        if key == before and way != by and now - at < SAME:
            return
        self._latest = key, way, now
        if len(self.said) < MOST_KEYS and not self._over:
            self.said += key
            self._keys.append(key)
            self._changed.set()

    async def _change(self, most: float | None = None) -> None:
        """Until something happens."""
        self._changed.clear()
        try:
            async with asyncio.timeout(most):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _end(self) -> None:
        if not self._over:
            self._over, self._until = True, asyncio.get_running_loop().time()
            self._limit.cancel()
            self._media.close()
            self._changed.set()

    async def _leave(self) -> None:
        self.sure = False
        response = await self._bye(self.dialog)
        self.sure = response is not None and 200 <= response.status < 300

    def _too_long(self) -> None:
        if not self._over:
            self._end()
            self._leaving = asyncio.create_task(self._leave())


__all__ = ["PhoneCall"]
