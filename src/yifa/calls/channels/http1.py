"""A small HTTP/1.1 client: one host, a few lines kept open, and a plain word on whether a request went out.

A caller of people must know three cases apart: an answer came (`Answer`), nothing left (`NotSent`), something left and
no whole answer came back (`Unclear`). Redirects, cookies and compressed answers are not known here.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: [^\r\n]*)?")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]*)?")
TARGET = re.compile(r"/[!-~]*")
BODILESS = (204, 304)


class NotSent(Exception):
    """No byte of the request left: nobody can have acted on it."""


class Unclear(Exception):
    """The request left, or a part of it, and no whole answer came back."""


class Malformed(ValueError):
    """Bytes that are no HTTP/1.1 answer, or more of one than is wanted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """connections: open at once; seconds: for one request that has its line; idle: seconds that an unused line is
    kept; head, body: bytes of an answer."""

    connections: int = 4
    seconds: float = 10.0
    idle: float = 15.0
    head: int = 16_384
    body: int = 1_048_576


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in its parts. target: path and query."""

    secure: bool
    host: str
    port: int
    target: str

    @classmethod
    def read(cls, url: str) -> Address:
        """Read a whole address; a `ValueError` if it is none, or carries a password or a fragment."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or "#" in url:
            raise ValueError(url)
        host = parts.hostname.encode("idna").decode() if ":" not in parts.hostname else parts.hostname
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not TARGET.fullmatch(target) or not re.fullmatch(r"[0-9A-Za-z._:%-]+", host) or parts.port == 0:
            raise ValueError(url)
        secure = parts.scheme == "https"
        return cls(secure, host, parts.port or (443 if secure else 80), target)

    @property
    def named(self) -> str:
        """What the `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer. headers: names in small letters; keep: the line may carry another request."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    keep: bool


Step = Generator[None, None, None]


class Parser:
    """Reads one answer from bytes however they are cut. `answer` is there once it is whole."""

    def __init__(self, limits: Limits) -> None:
        self.answer: Answer | None = None
        self._limits = limits
        self._left = limits.head
        self._buffer = bytearray()
        self._ended = False
        self._reading = self._whole()

    def feed(self, data: bytes) -> None:
        """Take more bytes; `Malformed` as soon as they cannot become an answer."""
        self._buffer += data
        if self.answer is None:
            self._go_on()

    def end(self) -> None:
        """The far side hung up."""
        self._ended = True
        if self.answer is None:
            self._go_on()

    @property
    def surplus(self) -> bool:
        """Whether bytes came that belong to no answer asked for."""
        return self.answer is not None and bool(self._buffer)

    def _go_on(self) -> None:
        try:
            next(self._reading)
        except StopIteration as done:
            if done.value is None:
                raise Malformed("答复不合规矩") from None
            self.answer = done.value

    def _whole(self) -> Generator[None, None, Answer]:
        status = 100
        while status < 200:
            minor, status = yield from self._status()
            headers = yield from self._headers()
        kept = headers.get("connection", "").lower()
        keep = "close" not in kept if minor else "keep-alive" in kept
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise Malformed("答复是压缩的")
        self._left = self._limits.head + self._limits.body
        if status in BODILESS:
            return Answer(status, headers, b"", keep)
        if "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked":
                raise Malformed("答复的传输方式不认识")
            body = yield from self._chunked()
            return Answer(status, headers, body, keep and "content-length" not in headers)
        if "content-length" in headers:
            body = yield from self._exactly(self._length(headers["content-length"]))
            return Answer(status, headers, body, keep)
        body = yield from self._until_the_end()
        return Answer(status, headers, body, False)

    def _status(self) -> Generator[None, None, tuple[int, int]]:
        line = yield from self._line()
        found = STATUS.fullmatch(line)
        if not found or found[2] == b"101":
            raise Malformed("不是 HTTP 答复")
        return int(found[1]), int(found[2])

    def _headers(self) -> Generator[None, None, dict[str, str]]:
        headers: dict[str, str] = {}
        while line := (yield from self._line()):
            name, colon, value = line.partition(b":")
            if not colon or not TOKEN.fullmatch(name):
                raise Malformed("答复的头部不合规矩")
            key, text = name.decode("ascii").lower(), value.strip(b" \t").decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        return headers

    @staticmethod
    def _length(said: str) -> int:
        lengths = {part.strip() for part in said.split(",")}
        length = lengths.pop()
        if lengths or not re.fullmatch(r"[0-9]{1,15}", length):
            raise Malformed("答复的长度不合规矩")
        return int(length)

    def _chunked(self) -> Generator[None, None, bytes]:
        parts: list[bytes] = []
        total = 0
        while True:
            found = CHUNK.fullmatch((yield from self._line()))
            if not found:
                raise Malformed("答复的分块不合规矩")
            if not (size := int(found[1], 16)):
                break
            total += size
            self._allow(total)
            parts.append((yield from self._exactly(size)))
            if (yield from self._line()):
                raise Malformed("答复的分块不合规矩")
        yield from self._headers()
        return b"".join(parts)

    def _until_the_end(self) -> Generator[None, None, bytes]:
        while not self._ended:
            self._allow(len(self._buffer))
            yield
        return (yield from self._exactly(len(self._buffer)))

    def _exactly(self, size: int) -> Generator[None, None, bytes]:
        self._allow(size)
        while len(self._buffer) < size:
            yield from self._more()
        part = bytes(self._buffer[:size])
        del self._buffer[:size]
        return part

    def _line(self) -> Generator[None, None, bytes]:
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0 and len(self._buffer) < self._left:
            seen = len(self._buffer)
            yield from self._more()
        if not 0 <= end < self._left:
            raise Malformed("答复的头部太长")
        self._left -= end + 1
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        if b"\r" in line or b"\0" in line:
            raise Malformed("答复的头部不合规矩")
        return line

    def _allow(self, size: int) -> None:
        if size > self._limits.body:
            raise Malformed("答复太大")

    def _more(self) -> Step:
        if self._ended:
            raise Malformed("答复没有说完，对方断开")
        yield


class _Reader(asyncio.StreamReader):
    """A reader that counts what arrived, asked for or not."""

    arrived = 0

    def feed_data(self, data: Any) -> None:
        self.arrived += len(data)
        super().feed_data(data)


class _Line:
    """One connection. What has arrived and was not taken makes it unfit for another request."""

    def __init__(self, reader: _Reader, transport: asyncio.Transport) -> None:
        self.reader, self.transport = reader, transport
        self.taken = 0
        self.rested = time.monotonic()

    def fit(self, idle: float) -> bool:
        young = time.monotonic() - self.rested < idle
        quiet = self.reader.arrived == self.taken and not self.reader.at_eof()
        return young and quiet and not self.transport.is_closing()

    async def read(self) -> bytes:
        data = await self.reader.read(65_536)
        self.taken += len(data)
        return data


class Client:
    """Requests to one host over at most `limits.connections` lines. tls: for https, else the system's trust."""

    def __init__(
        self, address: Address, limits: Limits | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.address = address
        self.limits = limits or Limits()
        self._tls = (tls or ssl.create_default_context()) if address.secure else None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places = asyncio.Semaphore(self.limits.connections)
        self._resting: list[_Line] = []

    async def post(
        self, target: str, body: bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """POST a body of the media type `kind`; it is never sent twice."""
        return await self._ask("POST", target, body, {"Content-Type": kind, **(headers or {})})

    async def get(self, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        """GET; asked once more if a kept line turns out to be dead."""
        return await self._ask("GET", target, b"", headers or {})

    async def close(self) -> None:
        """Hang up the lines that rest."""
        while self._resting:
            self._resting.pop().transport.abort()
        await asyncio.sleep(0)

    async def _ask(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self._move_in()
        request = self._written(method, target, body, headers)
        handed: list[_Line] = []
        try:
            async with self._places, asyncio.timeout(self.limits.seconds):
                return await self._exchange(method, request, handed)
        except (OSError, Malformed) as broken:
            said = "时限内没有答复" if isinstance(broken, TimeoutError) else str(broken)
            raise (Unclear if handed else NotSent)(said) from broken

    def _move_in(self) -> None:
        """Lines belong to the loop that opened them; in another loop one starts afresh."""
        here = asyncio.get_running_loop()
        if self._loop is not here:
            self._loop = here
            self._places = asyncio.Semaphore(self.limits.connections)
            self._resting = []

    def _written(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        if not TARGET.fullmatch(target):
            raise ValueError(f"not a request target: {target!r}")
        lines = {"Host": self.address.named, "Accept-Encoding": "identity", **headers}
        if method != "GET":
            lines["Content-Length"] = str(len(body))
        if any(re.search(r"[\r\n\0]", name + value) for name, value in lines.items()):
            raise ValueError("a header of more than one line")
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body

    async def _exchange(self, method: str, request: bytes, handed: list[_Line]) -> Answer:
        if line := await self._kept():
            before = line.taken
            try:
                return await self._over(line, request, handed)
            except (OSError, Malformed):
                if method != "GET" or line.taken > before:
                    raise
        return await self._over(await self._dialled(), request, handed)

    async def _kept(self) -> _Line | None:
        if self._resting:
            for _ in range(2):  # a hang-up that has come in is seen after two turns of the loop
                await asyncio.sleep(0)
        while self._resting:
            line = self._resting.pop()
            if line.fit(self.limits.idle):
                return line
            line.transport.abort()
        return None

    async def _dialled(self) -> _Line:
        loop = asyncio.get_running_loop()
        reader = _Reader(loop=loop)
        transport, _ = await loop.create_connection(
            lambda: asyncio.StreamReaderProtocol(reader, loop=loop),
            self.address.host,
            self.address.port,
            ssl=self._tls,
        )
        return _Line(reader, transport)

    async def _over(self, line: _Line, request: bytes, handed: list[_Line]) -> Answer:
        keep = False
        try:
            handed.append(line)
            line.transport.write(request)
            answer, keep = await self._answered(line)
            return answer
        finally:
            if keep:
                line.rested = time.monotonic()
                self._resting.append(line)
            else:
                line.transport.abort()

    async def _answered(self, line: _Line) -> tuple[Answer, bool]:
        parser = Parser(self.limits)
        while parser.answer is None:
            data = await line.read()
            if data:
                parser.feed(data)
            else:
                parser.end()
        return parser.answer, parser.answer.keep and not parser.surplus


__all__ = ["Address", "Answer", "Client", "Limits", "Malformed", "NotSent", "Parser", "Unclear"]
