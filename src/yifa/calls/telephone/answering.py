"""What the far side asks of us, and our answers: it hangs up, holds the line, sends a key, or only wants to know whether we are there."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from . import sdp
from .call import PhoneCall
from .message import ALLOW, Request, Response, Where, bracketed, respond
from .transaction import Timers
from .wire import Wire

REMEMBERED = 2000  # answers kept for requests that come again
WORDS = {
    200: "OK", 400: "Bad Request", 405: "Method Not Allowed", 415: "Unsupported Media Type",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 488: "Not Acceptable Here",
    500: "Server Internal Error",
}  # fmt: skip


@dataclass(slots=True)
class Unconfirmed:
    """A 2xx of ours that is sent again until its ACK comes (13.3.1.4)."""

    data: bytes
    to: Where
    pause: float
    until: float
    described: bool  # we described first: the ACK brings the answer
    timer: asyncio.TimerHandle | None = None


class Answering:
    """Answers requests; `calls` are those under way, by Call-ID and our tag."""

    def __init__(self, wire: Wire, timers: Timers, calls: dict[tuple[str, str], PhoneCall]) -> None:
        self._wire, self._timers, self._calls = wire, timers, calls
        self._answers: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
        self._unconfirmed: dict[tuple[str, int], Unconfirmed] = {}

    def take(self, request: Request, source: Where) -> None:
        """Answer it; one that comes again gets the same answer again, and ACK none."""
        if request.method == "ACK":
            self._confirmed(request)
            return
        back = self._back(request, source)
        key = (request.via.branch or request.get("call-id"), request.get("cseq"), request.via.host)
        if key not in self._answers:
            answer = self._answer(request)
            self._answers[key] = answer.written()
            if request.method == "INVITE" and answer.status == 200:
                self._until_confirmed(request, self._answers[key], back)
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        self._wire.send(self._answers[key], back)

    def close(self) -> None:
        for one in self._unconfirmed.values():
            if one.timer:
                one.timer.cancel()

    def _back(self, request: Request, source: Where) -> Where:
        """To whence it came; to the port it names, unless it asks for the one it used (RFC 3581)."""
        via = request.via
        return source if "rport" in via.parameters or self._wire.reliable else (source[0], via.port)

    def _answer(self, request: Request) -> Response:
        if not request.tag("to"):
            return self._to_a_stranger(request)
        call = self._calls.get((request.get("call-id"), request.tag("to")))
        if call is None or not call.dialog.belongs(request) or (call.over and request.method != "BYE"):
            return _said(request, 481)
        number, method = request.sequence
        if number <= call.dialog.heard:
            return _said(request, 500)
        call.dialog.heard = number
        return self._within(call, request, method)

    def _to_a_stranger(self, request: Request) -> Response:
        """We take no calls; whether we are there anybody may ask."""
        if request.method == "OPTIONS":
            return _said(request, 200, ("allow", ALLOW), ("accept", "application/sdp"))
        if request.method == "INVITE":
            return _said(request, 480)
        if request.method in ("BYE", "CANCEL", "INFO", "UPDATE"):
            return _said(request, 481)
        return _said(request, 405, ("allow", ALLOW))

    def _within(self, call: PhoneCall, request: Request, method: str) -> Response:
        if method == "BYE":
            call.hung_up(request)
            self._calls.pop(call.dialog.key, None)
            return _said(request, 200)
        if method == "INFO":
            known = call.informed(request.get("content-type"), request.body)
            return _said(request, 200 if known or not request.body else 415)
        if method in ("INVITE", "UPDATE"):
            return self._changed(call, request)
        if method == "OPTIONS":
            return _said(request, 200, ("allow", ALLOW), ("accept", "application/sdp"))
        return _said(request, 405, ("allow", ALLOW))

    def _changed(self, call: PhoneCall, request: Request) -> Response:
        """Held, taken up again, or moved; what cannot be spoken leaves everything as it was."""
        if request.method == "UPDATE" and not request.body:
            call.dialog.refreshed(request)
            return _said(request, 200, ("contact", self._contact))
        try:
            body = call.offered(request.body)
        except sdp.NoSound:
            return _said(request, 488)
        call.dialog.refreshed(request)
        more = (("contact", self._contact), ("allow", ALLOW), ("content-type", "application/sdp"))
        return _said(request, 200, *more, body=body)

    @property
    def _contact(self) -> str:
        host, port = self._wire.here
        return f"<sip:{bracketed(host)}:{port}{';transport=tcp' if self._wire.reliable else ''}>"

    # ——— until it is confirmed ———

    def _until_confirmed(self, request: Request, data: bytes, to: Where) -> None:
        loop = asyncio.get_running_loop()
        one = Unconfirmed(data, to, self._timers.t1, loop.time() + self._timers.over, not request.body)
        key = request.get("call-id"), request.sequence[0]
        self._unconfirmed[key] = one
        one.timer = loop.call_later(one.pause, self._again, key)

    def _again(self, key: tuple[str, int]) -> None:
        loop, one = asyncio.get_running_loop(), self._unconfirmed[key]
        if loop.time() >= one.until:
            del self._unconfirmed[key]
            return
        self._wire.send(one.data, one.to)
        one.pause = min(one.pause * 2, self._timers.t2)
        one.timer = loop.call_later(one.pause, self._again, key)

    def _confirmed(self, ack: Request) -> None:
        one = self._unconfirmed.pop((ack.get("call-id"), ack.sequence[0]), None)
        if one is None:
            return
        if one.timer:
            one.timer.cancel()
        call = self._calls.get((ack.get("call-id"), ack.tag("to")))
        if call and one.described and ack.body:
            try:
                call.accepted(ack.body)
            except sdp.NoSound:
                return


def _said(request: Request, status: int, *more: tuple[str, str], body: bytes = b"") -> Response:
    return respond(request, status, WORDS[status], secrets.token_hex(8), more, body)


__all__ = ["Answering"]
