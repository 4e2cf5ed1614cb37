"""Far sides for the tests: real servers on this machine that keep to the contract, or break it as they are told."""

from __future__ import annotations

import asyncio
import base64
import email
import email.policy
import json
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def http(
    status: int = 200, body: Any = b"", headers: str = "", chunked: bool = False, length: int | None = None
) -> bytes:
    """An answer's bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    if chunked:
        pieces = [data[i : i + 7] for i in range(0, len(data), 7)]
        data = b"".join(b"%x;x=1\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\nTrailer: t\r\n\r\n"
        framing = "Transfer-Encoding: chunked"
    else:
        framing = f"Content-Length: {len(data) if length is None else length}"
    return f"HTTP/1.1 {status} X\r\n{framing}\r\n{headers}\r\n".encode() + data


def dead_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Server:
    """A server in this process; `async with` starts and ends it."""

    tls: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        self.lines = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.hang_up()
        await asyncio.sleep(0)

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        self._writers.append(writer)
        try:
            await self.serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass
        finally:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError


Reply = Callable[[Request], bytes]


class Http(Server):
    """Answers each request by `reply`, in the mood it is in."""

    def __init__(self, reply: Reply, mood: str = "good", tls: ssl.SSLContext | None = None) -> None:
        self.reply, self.mood, self.tls = reply, mood, tls
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = await self._request(reader)
            self.requests.append(request)
            await self._in_mood(self.reply(request), writer)

    async def _request(self, reader: asyncio.StreamReader) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        return Request(
            method, target, headers, await reader.readexactly(int(headers.get("content-length", 0)))
        )

    async def _in_mood(self, answer: bytes, writer: asyncio.StreamWriter) -> None:
        match self.mood:
            case "silent":
                await asyncio.sleep(60)
            case "hangs up":
                raise ConnectionError
            case "breaks off":
                writer.write(answer[:-5])
                await writer.drain()
                raise ConnectionError
            case "babbles":
                writer.write(b"\x16\x03\x01 what?\r\n\r\n")
            case "wrong json":
                writer.write(http(200, b'{"answers": [{]'))
            case "other json":
                writer.write(http(200, [1, "two", None]))
            case "deep json":
                writer.write(http(200, b"[" * 100_000))
            case "huge":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_100_000)
            case "endless head":
                writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 50_000)
            case "twice":
                writer.write(answer * 2)
            case "closes":
                writer.write(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                await writer.drain()
                writer.close()
            case "drips":
                for i in range(0, len(answer), 3):
                    writer.write(answer[i : i + 3])
                    await asyncio.sleep(0)
            case "good":
                writer.write(answer)
            case status:
                writer.write(http(int(status), {"detail": "no"}, "Retry-After: 1\r\n"))
        await writer.drain()


@dataclass
class Mail:
    """One message that a server took: the envelope, and what was in it."""

    to: str
    data: bytes

    @property
    def message(self) -> Any:
        return email.message_from_bytes(self.data, policy=email.policy.SMTP)


@dataclass
class Smtp(Server):
    """A small SMTP server. mood: how it is after a message; refuses: recipients it will not have."""

    mood: str = "good"
    refuses: frozenset[str] = frozenset()
    starttls: ssl.SSLContext | None = None
    tls: ssl.SSLContext | None = None
    inject: bytes = b""
    password: str = ""
    mechanisms: str = "PLAIN LOGIN"
    greeting: bytes = b"220-far side\r\n220 ready\r\n"
    per_line: int = 1000
    mails: list[Mail] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        to, taken = "", 0
        while line := (await reader.readline()).decode():
            self.said.append(line.strip())
            match re.split(r"[ :]", line.strip().upper())[0]:
                case "EHLO":
                    offers = ["STARTTLS"] * bool(self.starttls) + [f"AUTH {self.mechanisms}"]
                    writer.write(
                        "".join(f"250-{word}\r\n" for word in ["far", *offers]).encode() + b"250 8BITMIME\r\n"
                    )
                case "STARTTLS":
                    writer.write(b"220 go on\r\n" + self.inject)
                    await writer.drain()
                    plain = writer.transport
                    try:
                        await writer.start_tls(self.starttls)
                    finally:
                        writer._transport = (
                            writer.transport or plain
                        )  # None if the other side would not have it
                case "AUTH":
                    writer.write(await self._login(line, reader, writer))
                case "MAIL" if taken >= self.per_line:
                    writer.write(b"421 enough for this time\r\n")
                    await writer.drain()
                    return
                case "RCPT":
                    to = line[9:].strip(" <>\r\n")
                    writer.write(b"550 5.1.1 no such box\r\n" if to in self.refuses else b"250 ok\r\n")
                case "DATA":
                    if self.mood == "no data":
                        return
                    writer.write(b"354 go on\r\n")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    self.mails.append(Mail(to, re.sub(rb"(?m)^\.\.", b".", data[:-3])))
                    taken += 1
                    await self._in_mood(writer)
                case "QUIT":
                    writer.write(b"221 bye\r\n")
                    return await writer.drain()
                case _:
                    writer.write(b"250 ok\r\n")
            await writer.drain()

    async def _login(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        words = line.split()
        if words[1] == "PLAIN":
            given = base64.b64decode(words[2])
        else:
            writer.write(b"334 VXNlcm5hbWU6\r\n")
            user = base64.b64decode(await reader.readline())
            writer.write(b"334 UGFzc3dvcmQ6\r\n")
            given = b"\0" + user + b"\0" + base64.b64decode(await reader.readline())
        self.logins.append(given)
        return b"235 welcome\r\n" if given.endswith(b"\0" + self.password.encode()) else b"535 no\r\n"

    async def _in_mood(self, writer: asyncio.StreamWriter) -> None:
        match self.mood:
            case "silent":
                await asyncio.sleep(60)
            case "hangs up":
                raise ConnectionError
            case "breaks off":
                writer.write(b"250-almo")
                await writer.drain()
                raise ConnectionError
            case "babbles":
                writer.write(b"\xff\xfe what?\r\n")
            case "huge":
                writer.write(b"250-" + b"x" * 300_000 + b"\r\n")
            case "endless head":
                writer.write(b"250-more\r\n" * 5000)
            case "500":
                writer.write(b"554 not this one\r\n")
            case "429":
                writer.write(b"451 later\r\n")
            case _:
                writer.write(b"250 taken\r\n")


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A server's context with a certificate for 127.0.0.1, and the file that believes it."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "far side")])
    began = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, began, began + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "far.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    both = folder / "far.key.pem"
    both.write_bytes(private + pem.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, str(pem)
