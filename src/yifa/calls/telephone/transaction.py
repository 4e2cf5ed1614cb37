"""One request of ours until it is answered (RFC 3261 section 17.1): sent again while nothing is heard, given up after a time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from .message import Request, Response, Where, bracketed, with_headers
from .wire import Wire

COOKIE = "z9hG4bK"


@dataclass(frozen=True, slots=True)
class Timers:
    """t1: a guess at the way there and back; t2: the longest pause between two sendings; times: t1s until given up."""

    t1: float = 0.5
    t2: float = 4.0
    times: int = 64

    @property
    def over(self) -> float:
        return self.t1 * self.times


class Asking:
    """A request on its way. `done` is called once nothing more can come; `abandoned`: nobody wants its answer any more."""

    def __init__(
        self,
        wire: Wire,
        request: Request,
        to: Where,
        timers: Timers,
        done: Callable[[Asking], None],
        branch: str = "",
    ) -> None:
        self.branch = branch or COOKIE + secrets.token_hex(10)
        self.request = addressed(wire, request, self.branch)
        self.to, self.abandoned, self.final = to, False, False
        self.hung_up: set[str] = set()  # ends that took the call too late
        self.responses: asyncio.Queue[Response | None] = asyncio.Queue()
        self._wire, self._timers, self._done = wire, timers, done
        self._data, self._ack = self.request.written(), b""
        self._pause = timers.t1
        loop = asyncio.get_running_loop()
        self._again = None if wire.reliable else loop.call_later(timers.t1, self._resend)
        self._end: asyncio.TimerHandle | None = loop.call_later(timers.over, self._given_up)
        self.heard_any = False
        wire.send(self._data, to)

    @property
    def key(self) -> tuple[str, str]:
        return self.branch, self.request.method

    @property
    def inviting(self) -> bool:
        return self.request.method == "INVITE"

    def heard(self, response: Response) -> None:
        """A response came; a final one that comes again is confirmed again and told once."""
        self.heard_any = True
        if self._again:
            self._again.cancel()
            self._again = None
        if response.status < 200:
            if self.inviting and self._end and not self.final:
                self._end.cancel()  # it rings as long as whoever asked lets it
            if not self.final:
                self.responses.put_nowait(response)
            return
        if self.inviting and response.status >= 300:
            self._wire.send(self._confirmation(response), self.to)
        if self.final:
            return
        self.final = True
        self._wait(self._timers.over if self.inviting else 0.0)
        self.responses.put_nowait(response)

    def stop_waiting(self) -> None:
        """It was cancelled, or nobody wants it: only so long is an answer waited for."""
        if not self.final:
            self._wait(self._timers.over)

    async def answer(self) -> Response | None:
        """The final response, None if none came."""
        while (response := await self.responses.get()) is not None and response.status < 200:
            pass
        return response

    def forget(self) -> None:
        for timer in (self._again, self._end):
            if timer:
                timer.cancel()

    def _wait(self, seconds: float) -> None:
        if self._end:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(seconds, self._given_up)

    def _resend(self) -> None:
        self._wire.send(self._data, self.to)
        self._pause = self._pause * 2 if self.inviting else min(self._pause * 2, self._timers.t2)
        self._again = asyncio.get_running_loop().call_later(self._pause, self._resend)

    def _given_up(self) -> None:
        self.forget()
        if not self.final:
            self.final = True
            self.responses.put_nowait(None)
        self._done(self)

    def _confirmation(self, response: Response) -> bytes:
        """ACK for an answer that is no 2xx: part of this very transaction (17.1.1.3)."""
        sequence = f"{self.request.sequence[0]} ACK"
        kept = tuple(
            (name, value)
            for name, value in self.request.headers
            if name in ("via", "from", "call-id", "route", "max-forwards")
        )
        ack = Request(method="ACK", uri=self.request.uri, headers=kept)
        return with_headers(ack, to=response.get("to"), cseq=sequence).written()

    def cancellation(self) -> Request:
        """CANCEL, to be sent under the same branch (9.1); the Via is put on when it is sent."""
        kept = tuple(
            (name, value)
            for name, value in self.request.headers
            if name in ("from", "to", "call-id", "route", "max-forwards")
        )
        sequence = f"{self.request.sequence[0]} CANCEL"
        return Request(method="CANCEL", uri=self.request.uri, headers=(*kept, ("cseq", sequence)))


def addressed(wire: Wire, request: Request, branch: str = "") -> Request:
    """With the Via on top that leads an answer back to us."""
    host, port = wire.here
    branch = branch or COOKIE + secrets.token_hex(10)
    via = f"SIP/2.0/{wire.name} {bracketed(host)}:{port};branch={branch};rport"
    return replace(request, headers=(("via", via), *request.headers))


__all__ = ["Asking", "Timers", "addressed"]
