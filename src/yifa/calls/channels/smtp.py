"""The client's side of SMTP, as much of it as handing in mail needs."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from contextlib import suppress
from typing import NamedTuple

MOST_LINES = 100
LINE = 4096
FAREWELL = 2.0


class Hangup(Exception):
    """The server hung up, was silent too long, or does not speak SMTP."""


class Reply(NamedTuple):
    """A server's reply."""

    code: int
    text: str

    @property
    def good(self) -> bool:
        """Whether it did what was asked."""
        return 200 <= self.code < 300


class Refused(Exception):
    """The server would not go on: who we are, or how we come, does not suit it."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.code} {reply.text}")


class Smtp:
    """One connection to a server. seconds: for each command and its reply."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._reader = asyncio.StreamReader(LINE)
        self._transport: asyncio.Transport | None = None
        self._offers: dict[str, str] = {}

    async def dial(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        """Connect and hear the greeting. tls: encrypted from the first byte."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._seconds):
                made = loop.create_connection(self._protocol, host, port, ssl=tls)
                self._transport, _ = await made
        except (OSError, ValueError) as broken:
            raise Hangup(str(broken) or "时限内没有连上") from broken
        self._must(await self._reply())

    async def greet(self) -> None:
        """Say EHLO, and remember what the server offers."""
        here = str(self._open().get_extra_info("sockname")[0]).partition("%")[0]
        reply = await self.say(f"EHLO [IPv6:{here}]" if ":" in here else f"EHLO [{here}]")
        self._must(reply)
        words = (line.partition(" ") for line in reply.text.splitlines()[1:])
        self._offers = {name.upper(): more for name, _, more in words}

    async def encrypt(self, host: str, tls: ssl.SSLContext) -> None:
        """STARTTLS; what arrived before the encryption is forgotten."""
        self._must(await self.say("STARTTLS"))
        self._reader = asyncio.StreamReader(LINE)
        loop, protocol, plain = asyncio.get_running_loop(), self._protocol(), self._open()
        try:
            async with asyncio.timeout(self._seconds):
                made = await loop.start_tls(plain, protocol, tls, server_hostname=host)
        except OSError as broken:
            raise Hangup(f"加密没有谈成：{broken}") from broken
        if made is None:
            raise Hangup("加密没有谈成")
        self._transport = made
        protocol.connection_made(made)

    async def log_in(self, user: str, password: str) -> None:
        """AUTH PLAIN, or LOGIN where only that is offered."""
        ways = self._offers.get("AUTH", "").upper().split()
        if "PLAIN" in ways:
            self._must(await self.say("AUTH PLAIN " + _base64(f"\0{user}\0{password}")))
            return
        if "LOGIN" not in ways:
            raise Refused(Reply(504, "没有我们会的登录方式"))
        reply = await self.say("AUTH LOGIN")
        for word in (user, password):
            if reply.code != 334:
                raise Refused(reply)
            reply = await self.say(_base64(word))
        self._must(reply)

    async def say(self, line: str) -> Reply:
        """One command and its reply."""
        self._write(line.encode("ascii") + b"\r\n")
        return await self._reply()

    async def tell(self, message: bytes) -> Reply:
        """The message itself, after the server has said 354."""
        stuffed = re.sub(rb"(?m)^\.", b"..", re.sub(rb"\r?\n", b"\r\n", message).removesuffix(b"\r\n"))
        self._write(stuffed + b"\r\n.\r\n")
        return await self._reply()

    async def leave(self) -> None:
        """Say goodbye, without waiting long for it to be returned."""
        self._seconds = min(self._seconds, FAREWELL)
        with suppress(Hangup):
            await self.say("QUIT")

    def drop(self) -> None:
        """End the connection as it is."""
        if self._transport:
            self._transport.abort()

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(self._reader)

    def _open(self) -> asyncio.Transport:
        if self._transport is None or self._transport.is_closing():
            raise Hangup("对方断开")
        return self._transport

    def _write(self, data: bytes) -> None:
        self._open().write(data)

    @staticmethod
    def _must(reply: Reply) -> None:
        if not reply.good:
            raise Refused(reply)

    async def _reply(self) -> Reply:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._lines()
        except TimeoutError:
            raise self._gone("时限内没有答复") from None
        except (OSError, ValueError) as broken:
            raise self._gone(str(broken)) from broken

    async def _lines(self) -> Reply:
        texts: list[str] = []
        for _ in range(MOST_LINES):
            line = await self._reader.readline()
            found = re.fullmatch(rb"([2-5][0-9]{2})(?:([ -])(.*))?\r?\n", line)
            if not found:
                raise ValueError("答复不是 SMTP" if line else "对方断开")
            texts.append((found[3] or b"").decode("utf-8", "replace").strip())
            if found[2] != b"-":
                return Reply(int(found[1]), "\n".join(texts))
        raise ValueError("答复太长")

    def _gone(self, why: str) -> Hangup:
        self.drop()
        return Hangup(why)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


__all__ = ["Hangup", "Refused", "Reply", "Smtp"]
