"""A SIP message on the wire (RFC 3261): read from bytes that may be anything, written so that nothing can be slipped in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

LARGEST = 65_535
MOST_HEADERS = 200
COMPACT = {
    "v": "via", "f": "from", "t": "to", "m": "contact", "i": "call-id", "l": "content-length", "c": "content-type",
    "e": "content-encoding", "s": "subject", "k": "supported", "x": "session-expires",
}  # fmt: skip
NAMES = {"call-id": "Call-ID", "cseq": "CSeq", "www-authenticate": "WWW-Authenticate"}
NEEDED = ("via", "from", "to", "call-id", "cseq")
REQUEST = re.compile(r"([A-Za-z]{1,20}) (\S{1,2000}) SIP/2\.0", re.IGNORECASE)
RESPONSE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE)
HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
SEQUENCE = re.compile(r"([0-9]{1,10})[ \t]+([A-Za-z]{1,20})")
VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*(\w+)\s+(\[[0-9A-Fa-f:.]+\]|[^:;\s,]+)(?:\s*:\s*([0-9]{1,5}))?([^,]*)",
    re.IGNORECASE,
)
NAMED = re.compile(r'\s*(?:"(?:[^"\\]|\\.)*"|[^"<]*)\s*<([^>]*)>(.*)', re.DOTALL)
ITEM = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+')
PARAMETER = re.compile(r';\s*([^;=\s]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^;\s]*))?')
URI = re.compile(
    r"sips?:(?:([^@\s]*)@)?(\[[0-9A-Fa-f:.]+\]|[^:;?\s@]+)(?::([0-9]{1,5}))?([^\s]*)", re.IGNORECASE
)
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE"

Where = tuple[str, int]
Pairs = tuple[tuple[str, str], ...]


class Malformed(ValueError):
    """Bytes that are no SIP message."""


class Via(NamedTuple):
    """The way an answer goes back."""

    host: str
    port: int
    parameters: dict[str, str]

    @property
    def branch(self) -> str:
        return self.parameters.get("branch", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What requests and responses have in common. headers: names in small letters and in full, in their order."""

    headers: Pairs = ()
    body: bytes = b""

    def get(self, name: str) -> str:
        """The first header of that name, "" if there is none."""
        return next((value for found, value in self.headers if found == name), "")

    def all(self, name: str) -> list[str]:
        return [value for found, value in self.headers if found == name]

    def items(self, name: str) -> list[str]:
        """Headers that are lists, taken apart."""
        return [item.strip() for value in self.all(name) for item in ITEM.findall(value) if item.strip()]

    def tag(self, name: str) -> str:
        """Which end of a call the From or the To names."""
        return address(self.get(name))[1].get("tag", "")

    @property
    def sequence(self) -> tuple[int, str]:
        """The number and the method of CSeq."""
        found = SEQUENCE.fullmatch(self.get("cseq"))
        return (int(found[1]), found[2].upper()) if found else (0, "")

    @property
    def via(self) -> Via:
        """The topmost Via."""
        found = VIA.match(self.get("via"))
        if not found or int(found[3] or 5060) > 65_535:
            raise Malformed("Via")
        return Via(found[2].strip("[]"), int(found[3] or 5060), parameters(found[4]))

    def _written(self, first: str) -> bytes:
        lines = [first, *(f"{_title(name)}: {value}" for name, value in self.headers)]
        if any("\r" in line or "\n" in line for line in lines):
            raise Malformed("a line break within a header")
        head = "\r\n".join([*lines, f"Content-Length: {len(self.body)}", "", ""])
        return head.encode("utf-8", "surrogateescape") + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Message):
    """Something one side wants done."""

    method: str
    uri: str

    def written(self) -> bytes:
        return self._written(f"{self.method} {self.uri} SIP/2.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Message):
    """What the other side says to it."""

    status: int
    reason: str

    def written(self) -> bytes:
        return self._written(f"SIP/2.0 {self.status} {self.reason}")


def read(data: bytes) -> Request | Response:
    """One whole message; `Malformed` if it is none, or lacks what every message must have."""
    if len(data) > LARGEST:
        raise Malformed("too large")
    head, gap, body = data.partition(b"\r\n\r\n")
    if not gap:
        raise Malformed("no end of the headers")
    first, *lines = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "surrogateescape")).split("\r\n")
    if len(lines) > MOST_HEADERS:
        raise Malformed("too many headers")
    headers = tuple(_header(line) for line in lines)
    message = _first(first.strip(), headers, _body(headers, body))
    if not all(message.get(name) for name in NEEDED):
        raise Malformed("a header is missing")
    if message.sequence[0] >= 2**31 or not message.sequence[1] or not message.via:
        raise Malformed("CSeq")
    if isinstance(message, Request) and message.method != message.sequence[1]:
        raise Malformed("CSeq of another method")
    return message


def _first(line: str, headers: Pairs, body: bytes) -> Request | Response:
    if found := RESPONSE.fullmatch(line):
        return Response(headers=headers, body=body, status=int(found[1]), reason=found[2] or "")
    if found := REQUEST.fullmatch(line):
        return Request(headers=headers, body=body, method=found[1].upper(), uri=found[2])
    raise Malformed("neither a request nor a response")


def _header(line: str) -> tuple[str, str]:
    found = HEADER.fullmatch(line)
    if not found or "\n" in line or "\r" in line:
        raise Malformed("a header")
    name = found[1].lower()
    return COMPACT.get(name, name), found[2].strip()


def _body(headers: Pairs, body: bytes) -> bytes:
    said = next((value for name, value in headers if name == "content-length"), None)
    if said is None:
        return body
    if not re.fullmatch("[0-9]{1,6}", said) or int(said) > len(body):
        raise Malformed("Content-Length")
    return body[: int(said)]


def _title(name: str) -> str:
    return NAMES.get(name) or "-".join(word.capitalize() for word in name.split("-"))


def parameters(text: str) -> dict[str, str]:
    """What follows in ;name=value, names in small letters; the first of a name counts."""
    found: dict[str, str] = {}
    for name, value in PARAMETER.findall(text[:4000]):
        found.setdefault(name.lower(), value.strip('"'))
    return found


def address(value: str) -> tuple[str, dict[str, str]]:
    """The URI of a From, To, Contact or Route, and the parameters behind it."""
    if found := NAMED.fullmatch(value):
        return found[1].strip(), parameters(found[2])
    uri, _, rest = value.partition(";")
    return uri.strip(), parameters(";" + rest)


def place(uri: str) -> Where | None:
    """Host and port of a SIP URI, None if it is none."""
    found = URI.fullmatch(uri)
    if not found or not 0 < int(found[3] or 5060) <= 65_535:
        return None
    return found[2].strip("[]"), int(found[3] or 5060)


def bracketed(host: str) -> str:
    """A host as it stands before a port."""
    return f"[{host}]" if ":" in host else host


def respond(
    to: Request, status: int, reason: str, tag: str, more: Iterable[tuple[str, str]] = (), body: bytes = b""
) -> Response:
    """A response that goes the way its request came; `tag` names our end where the request does not."""
    copied: list[tuple[str, str]] = []
    for name, value in to.headers:
        if name == "to" and "tag" not in address(value)[1]:
            value = f"{value};tag={tag}"
        if name in NEEDED or (name == "record-route" and to.method == "INVITE"):
            copied.append((name, value))
    return Response(headers=(*copied, *more), body=body, status=status, reason=reason)


def with_headers(request: Request, **changed: str) -> Request:
    """The request with these headers instead of those it had; underscores stand for hyphens, "" for no such header."""
    names = {name.replace("_", "-"): value for name, value in changed.items()}
    kept = [(name, names.pop(name, value)) for name, value in request.headers]
    return replace(request, headers=tuple((n, v) for n, v in (*kept, *names.items()) if v))


__all__ = [
    "ALLOW", "Malformed", "Message", "Request", "Response", "Via", "Where", "address", "bracketed", "parameters",
    "place", "read", "respond", "with_headers",
]  # fmt: skip
