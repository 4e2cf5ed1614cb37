"""A telephone of our own (a SIP user agent, RFC 3261): it makes itself known to the exchange, dials, and answers what it is asked.

It takes no calls. Whatever arrives, it goes on: bytes that are no SIP are passed over.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from yifa.calls.channel import News

from . import sdp
from .answering import Answering
from .call import PhoneCall
from .dialog import FORWARDS, Dialog
from .digest import Challenge, Login, challenges
from .media import Media, NoPort
from .message import ALLOW, Malformed, Request, Response, Where, address, bracketed, read, with_headers
from .news import NotReached, refused, spoken
from .transaction import Asking, Timers, addressed
from .wire import Tcp, Udp, own_address

log = logging.getLogger(__name__)
AGENT = "Yifa"
ROUNDS = 3  # how often one request may be challenged
LEAVING = 2.0  # seconds that goodbyes are waited for
AGAIN = 30.0  # seconds after which registering is tried again when it failed
KNOWN_WITHIN = 10.0  # seconds a call waits for the first registration


@dataclass(frozen=True, slots=True)
class Account:
    """What the exchange knows us by. server: its host and port; number: whom our calls are from; domain: whose numbers
    are dialled; local: our address, "" for the one that leads there; ports: for sound, None for any."""

    server: Where
    user: str
    secret: str = field(default="", repr=False)
    number: str = ""
    domain: str = ""
    transport: str = "udp"
    register: bool = True
    expires: int = 300
    local: str = ""
    port: int = 0
    ports: tuple[int, int] | None = None


class Agent:
    """One account at one exchange, in the running loop. Open it before use; close it, and every call is hung up."""

    def __init__(self, account: Account, timers: Timers | None = None) -> None:
        self.account, self.timers = account, timers or Timers()
        self.calls: dict[tuple[str, str], PhoneCall] = {}
        self.malformed = 0
        self._asking: dict[tuple[str, str], Asking] = {}
        self._login = Login(account.user, account.secret)
        self._challenge: dict[
            bool, tuple[Challenge, int]
        ] = {}  # by whether a proxy asked; how often answered
        self._known = asyncio.Event()
        self._unknown = "还没有答复"  # why we are not registered
        self._tasks: set[asyncio.Task[object]] = set()
        self._registration = (secrets.token_hex(12), secrets.token_hex(6), 0)

    async def open(self) -> None:
        """Find the exchange, and begin to make ourselves known; an `OSError` if there is no way there."""
        host, port = self.account.server
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        self.server: Where = found[0][4][0:2]  # type: ignore[assignment]
        local = self.account.local or own_address(self.server[0])
        self.wire = Tcp(self.heard, self.server) if self.account.transport == "tcp" else Udp(self.heard)
        self._answering = Answering(self.wire, self.timers, self.calls)
        await self.wire.open(local, self.account.port)
        if self.account.register:
            self._later(self._keep_known(), "registration")

    async def close(self) -> None:
        """Hang up, say goodbye, and leave."""
        await asyncio.gather(*(call.hang_up() for call in list(self.calls.values())))
        for task in self._tasks:
            if task.get_name() == "registration":
                task.cancel()
        if self._known.is_set() and self.account.register:
            self._later(self._registered(0))
        if leaving := [task for task in self._tasks if task.get_name() != "registration"]:
            await asyncio.wait(leaving, timeout=LEAVING)
        for task in list(self._tasks):
            task.cancel()
        for asking in self._asking.values():
            asking.forget()
        self._answering.close()
        self.wire.close()

    # ——— calling ———

    async def dial(self, number: str, ring: float, longest: float) -> PhoneCall:
        """Ring for so long at most; the call, or `NotReached`. longest: seconds after which it is hung up by itself."""
        await self._wait_until_known()
        try:
            media = await Media.open(self.wire.here[0], self.account.ports)
        except NoPort as none:
            raise NotReached(News.FAILED, str(none)) from None
        try:
            asking, response = await self._invited(self._invitation(number, media), ring)
            return self._taken(asking, response, media, longest)
        except BaseException:
            media.close()
            raise

    def _invitation(self, number: str, media: Media) -> Request:
        domain = self.account.domain or bracketed(self.account.server[0])
        port = "" if self.account.domain or self.account.server[1] == 5060 else f":{self.account.server[1]}"
        whom = f"sip:{number}@{domain}{port}"
        headers = (
            FORWARDS, ("from", f"<{self._us(domain)}>;tag={secrets.token_hex(8)}"), ("to", f"<{whom}>"),
            ("call-id", secrets.token_hex(16)), ("cseq", "1 INVITE"), ("contact", self._contact),
            ("allow", ALLOW), ("user-agent", AGENT), ("content-type", "application/sdp"),
        )  # fmt: skip
        return Request(method="INVITE", uri=whom, headers=headers, body=sdp.write(media.here, 1))

    def _us(self, domain: str) -> str:
        return f"sip:{self.account.number or self.account.user}@{domain}"

    @property
    def _contact(self) -> str:
        host, port = self.wire.here
        by = ";transport=tcp" if self.wire.reliable else ""
        return f"<sip:{self.account.user}@{bracketed(host)}:{port}{by}>"

    async def _invited(self, invite: Request, ring: float) -> tuple[Asking, Response]:
        """The 2xx and what it answers."""
        for n in range(ROUNDS):
            asking = self.ask(self._signed(invite, again=n > 0), self.server)
            response = await self._rung(asking, ring)
            if not self._challenged(asking.request, response, again=n > 0):
                break
            invite = _next(invite)
        if response.status >= 300:
            raise refused(response)
        return asking, response

    async def _rung(self, asking: Asking, ring: float) -> Response:
        """The final answer; who does not answer in time is rung no longer."""
        rang = False
        try:
            async with asyncio.timeout(ring):
                while (response := await asking.responses.get()) is not None and response.status < 200:
                    rang = rang or response.status > 100
        except TimeoutError:
            return await self._cancelled(asking, rang=rang)
        except asyncio.CancelledError:
            asking.abandoned = True
            self._later(self._cancel(asking))
            raise
        if response is None:
            raise NotReached(News.UNKNOWN, "话机服务器没有答复")
        return response

    async def _cancelled(self, asking: Asking, *, rang: bool) -> Response:
        """Ring no longer. A call taken at that very moment is a call."""
        try:
            response = await self._cancel(asking)
        except asyncio.CancelledError:
            asking.abandoned = True
            raise
        if response is None or response.status == 487:
            news = News.NO_ANSWER if rang else News.UNKNOWN
            raise NotReached(news, "振铃时限已到，无人接听" if rang else "时限已到，没有振铃的消息")
        return response

    async def _cancel(self, asking: Asking) -> Response | None:
        """CANCEL may only be sent once something has been heard (9.1)."""
        asking.stop_waiting()
        while not asking.heard_any and not asking.final:
            await asyncio.sleep(self.timers.t1 / 5)
        if not asking.final:
            self.ask(asking.cancellation(), asking.to, asking.branch)
        return await asking.answer()

    def _taken(self, asking: Asking, response: Response, media: Media, longest: float) -> PhoneCall:
        dialog = Dialog.begun(asking.request, response, self.server)
        self._confirm(dialog, asking.request)
        try:
            far = sdp.read(response.body)
        except sdp.NoSound as none:
            self._later(self._bye(dialog))
            raise NotReached(News.FAILED, str(none)) from None
        self.calls[dialog.key] = call = PhoneCall(media, dialog, far, self._bye, longest)
        return call

    def _confirm(self, dialog: Dialog, invite: Request) -> None:
        """ACK, with the name the INVITE was taken under (22.1)."""
        names = [(n, v) for n, v in invite.headers if n in ("authorization", "proxy-authorization")]
        ack = addressed(self.wire, dialog.confirmation(invite.sequence[0], names))
        self.wire.send(ack.written(), dialog.way())

    async def _bye(self, dialog: Dialog) -> Response | None:
        try:
            return await self.asked(dialog.request("BYE"), dialog.way(), dialog)
        finally:
            self.calls.pop(dialog.key, None)

    # ——— asking ———

    def ask(self, request: Request, to: Where, branch: str = "") -> Asking:
        """Send a request on its way."""
        asking = Asking(self.wire, request, to, self.timers, self._done, branch)
        self._asking[asking.key] = asking
        return asking

    async def asked(self, request: Request, to: Where, dialog: Dialog | None = None) -> Response | None:
        """The final answer to a request that is no INVITE, None if there is none."""
        for n in range(ROUNDS):
            asking = self.ask(self._signed(request, again=n > 0), to)
            response = await asking.answer()
            if response is None or not self._challenged(asking.request, response, again=n > 0):
                return response
            request = _next(request)
            if dialog:
                dialog.sequence = request.sequence[0]
        return response

    def _done(self, asking: Asking) -> None:
        self._asking.pop(asking.key, None)

    def _signed(self, request: Request, *, again: bool = False) -> Request:
        """With our name: as it was just asked for, or as it was asked for before, so that it need not be asked again."""
        for by_proxy, (challenge, count) in self._challenge.items():
            if again or challenge.qop:
                self._challenge[by_proxy] = (challenge, count + 1)
                value = self._login.answer(challenge, request.method, request.uri, count + 1)
                name = "proxy_authorization" if by_proxy else "authorization"
                request = with_headers(request, **{name: value})
        return request

    def _challenged(self, request: Request, response: Response, *, again: bool) -> bool:
        """Whether it is worth asking again with our name: not if the exchange has just refused it."""
        if response.status not in (401, 407) or not self.account.secret:
            return False
        by_proxy = response.status == 407
        found = challenges(response.all("proxy-authenticate" if by_proxy else "www-authenticate"))
        if not found:
            return False
        self._challenge[by_proxy] = (found[0], 0)
        signed = request.get("proxy-authorization" if by_proxy else "authorization")
        return not (again and signed) or found[0].stale

    # ——— being known ———

    async def _wait_until_known(self) -> None:
        if not self.account.register:
            return
        try:
            async with asyncio.timeout(KNOWN_WITHIN):
                await self._known.wait()
        except TimeoutError:
            raise NotReached(News.FAILED, f"没有在话机服务器登记上：{self._unknown}") from None

    async def _keep_known(self) -> None:
        """Register, and again in good time, as long as we are here."""
        while True:
            granted = await self._registered(self.account.expires)
            await asyncio.sleep(granted * 0.8 if granted else AGAIN)

    async def _registered(self, expires: int) -> int:
        """For how many seconds the exchange knows us now."""
        for _ in range(2):
            response = await self.asked(self._registering(expires), self.server)
            if response is None or response.status != 423:
                break
            expires = max(expires, min(_number(response.get("min-expires")), 86_400))
        if response is not None and response.status < 300:
            self._known.set()
            return self._granted(response, expires)
        self._unknown = spoken(response) if response else "话机服务器没有答复"
        self._known.clear()
        log.warning("没有在话机服务器登记上：%s", self._unknown)
        return 0

    def _registering(self, expires: int) -> Request:
        call, tag, sequence = self._registration
        self._registration = (call, tag, sequence + 2 * ROUNDS)
        domain = self.account.domain or bracketed(self.account.server[0])
        headers = (
            FORWARDS, ("from", f"<sip:{self.account.user}@{domain}>;tag={tag}"),
            ("to", f"<sip:{self.account.user}@{domain}>"), ("call-id", call),
            ("cseq", f"{self._registration[2]} REGISTER"), ("contact", self._contact), ("expires", str(expires)),
            ("user-agent", AGENT),
        )  # fmt: skip
        return Request(method="REGISTER", uri=f"sip:{domain}", headers=headers)

    def _granted(self, response: Response, asked: int) -> int:
        said = [asked]
        for contact in response.items("contact"):
            uri, more = address(contact)
            if f"{self.wire.here[0]}:{self.wire.here[1]}" in uri:
                said.append(_number(more.get("expires", "")))
        said.append(_number(response.get("expires")))
        return max(10, min(n for n in said if n > 0)) if asked else 0

    # ——— what arrives ———

    def heard(self, data: bytes, source: Where) -> None:
        """Bytes from anywhere; nothing is raised for them."""
        if not data.strip(b"\r\n\0"):
            return  # kept alive
        try:
            message = read(data)
        except Malformed:
            self.malformed += 1
            return
        if isinstance(message, Request):
            self._answering.take(message, source)
        else:
            self._answered(message)

    def _answered(self, response: Response) -> None:
        asking = self._asking.get((response.via.branch, response.sequence[1]))
        if asking is None:
            return
        again = asking.final
        asking.heard(response)
        if asking.inviting and 200 <= response.status < 300 and (again or asking.abandoned):
            self._late(asking, response)

    def _late(self, asking: Asking, response: Response) -> None:
        """A 2xx that comes again is confirmed again; one nobody wants, or from a second telephone, is hung up."""
        dialog = Dialog.begun(asking.request, response, self.server)
        call = self.calls.get(dialog.key)
        mine = call is not None and call.dialog.their_tag == dialog.their_tag
        self._confirm(dialog, asking.request)
        if not mine and dialog.their_tag not in asking.hung_up:
            asking.hung_up.add(dialog.their_tag)
            self._later(self.asked(dialog.request("BYE"), dialog.way(), dialog))

    def _later(self, doing: Coroutine[Any, Any, object], name: str = "goodbye") -> None:
        task: asyncio.Task[object] = asyncio.create_task(doing, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _next(request: Request) -> Request:
    number, method = request.sequence
    return with_headers(request, cseq=f"{number + 1} {method}")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


__all__ = ["Account", "Agent"]
