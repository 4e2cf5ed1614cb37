"""What both ends of a call know of each other (RFC 3261 section 12): which call it is, where the other end is, the next number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .message import Message, Request, Response, Where, address, place

FORWARDS = ("max-forwards", "70")


@dataclass(slots=True)
class Dialog:
    """One call. ours, theirs: the From and To as we write them; target: where the other end wants to be asked;
    routes: over whom; sequence, heard: the last number we used, and the last one they did."""

    call: str
    ours: str
    theirs: str
    our_tag: str
    their_tag: str
    target: str
    routes: tuple[str, ...]
    sequence: int
    heard: int = 0
    server: Where = field(default=("", 0))

    @classmethod
    def begun(cls, invite: Request, answer: Response, server: Where) -> Dialog:
        """As it stands once the other end has taken the call; a Contact it does not name is where we had called."""
        contact = address(answer.get("contact"))[0]
        return cls(
            call=invite.get("call-id"),
            ours=invite.get("from"),
            theirs=answer.get("to"),
            our_tag=invite.tag("from"),
            their_tag=answer.tag("to"),
            target=contact if place(contact) else invite.uri,
            routes=tuple(reversed(answer.items("record-route"))),
            sequence=invite.sequence[0],
            server=server,
        )

    @property
    def key(self) -> tuple[str, str]:
        return self.call, self.our_tag

    def request(self, method: str, more: Iterable[tuple[str, str]] = (), body: bytes = b"") -> Request:
        """The next request within the call; an ACK carries the number of what it confirms."""
        if method != "ACK":
            self.sequence += 1
        uri, routes = self.target, self.routes
        if routes and ";lr" not in address(routes[0])[0].lower():  # a router of the old kind (12.2.1.1)
            uri, routes = address(routes[0])[0], (*routes[1:], f"<{self.target}>")
        headers = (
            FORWARDS, *(("route", one) for one in routes), ("from", self.ours), ("to", self.theirs),
            ("call-id", self.call), ("cseq", f"{self.sequence} {method}"),
        )  # fmt: skip
        return Request(method=method, uri=uri, headers=(*headers, *more), body=body)

    def confirmation(self, sequence: int, more: Iterable[tuple[str, str]] = ()) -> Request:
        """The ACK of a 2xx: a request of its own, with the number of the INVITE."""
        ack = self.request("ACK", more)
        headers = tuple((n, f"{sequence} ACK" if n == "cseq" else v) for n, v in ack.headers)
        return replace(ack, headers=headers)

    def way(self) -> Where:
        """Where its requests go: the first router, or the other end; the server where that is a name and no address."""
        found = place(address(self.routes[0])[0] if self.routes else self.target)
        return found if found and numeric(found[0]) else self.server

    def belongs(self, request: Message) -> bool:
        """Whether it comes from the other end of this call."""
        return request.tag("from") == self.their_tag

    def refreshed(self, message: Message) -> None:
        """The other end may have moved."""
        contact = address(message.get("contact"))[0]
        if place(contact):
            self.target = contact


def numeric(host: str) -> bool:
    """Whether it is an address and no name."""
    return ":" in host or host.replace(".", "").isdecimal()


__all__ = ["FORWARDS", "Dialog"]
