"""How SIP's bytes travel: UDP, or one TCP connection to the server."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, cast

from .message import LARGEST, Where

log = logging.getLogger(__name__)
Heard = Callable[[bytes, Where], None]
LENGTH = re.compile(rb"(?:^|\r\n)(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,6})[ \t]*\r\n", re.IGNORECASE)
CONNECTING = 5.0  # seconds


class Wire(Protocol):
    """Where we are, and sending."""

    name: str
    reliable: bool
    here: Where

    def send(self, data: bytes, to: Where) -> None: ...

    def close(self) -> None: ...


def own_address(towards: str) -> str:
    """The address of this machine that packets to that one carry."""
    kind = socket.AF_INET6 if ":" in towards else socket.AF_INET
    with socket.socket(kind, socket.SOCK_DGRAM) as asked:
        asked.connect((towards, 9))
        return str(asked.getsockname()[0])


class Udp(asyncio.DatagramProtocol):
    """One socket for everything."""

    name, reliable = "UDP", False

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._transport: asyncio.DatagramTransport | None = None
        self.here: Where = ("", 0)

    async def open(self, host: str, port: int) -> None:
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, (host, port))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # it is one, whatever its class says
        self.here = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        self._heard(data, (str(addr[0]), addr[1]))

    def send(self, data: bytes, to: Where) -> None:
        if self._transport and not self._transport.is_closing():
            with suppress(OSError, ValueError):  # a lost packet is sent again, whyever it was lost
                self._transport.sendto(data, to)

    def close(self) -> None:
        if self._transport:
            self._transport.close()


class Tcp:
    """One connection to the server, made when there is something to say; whoever hears nothing says it again elsewhere."""

    name, reliable = "TCP", True

    def __init__(self, heard: Heard, server: Where) -> None:
        self._heard, self._server = heard, server
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._waiting: list[bytes] = []
        self.here: Where = ("", 0)

    async def open(self, host: str, port: int) -> None:
        async with asyncio.timeout(CONNECTING):
            reader, self._writer = await asyncio.open_connection(*self._server, local_addr=(host, port))
        self.here = self._writer.get_extra_info("sockname")[:2]
        self._task = asyncio.create_task(self._read(reader))

    def send(self, data: bytes, to: Where) -> None:
        if self._writer and not self._writer.is_closing():
            self._writer.write(data)
            return
        self._waiting.append(data)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._again())

    def close(self) -> None:
        if self._task:
            self._task.cancel()
        if self._writer:
            self._writer.close()

    async def _again(self) -> None:
        try:
            async with asyncio.timeout(CONNECTING):
                reader, self._writer = await asyncio.open_connection(
                    *self._server, local_addr=(self.here[0], 0)
                )
        except (OSError, TimeoutError) as broken:
            log.warning("话机服务器没有连上：%s", broken)
            self._waiting.clear()
            return
        self.here = self._writer.get_extra_info("sockname")[:2]
        self._writer.write(b"".join(self._waiting))
        self._waiting.clear()
        await self._read(reader)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        buffer = bytearray()
        with suppress(OSError):
            while data := await reader.read(65_536):
                buffer += data
                while message := cut(buffer):
                    self._heard(message, self._server)
                if len(buffer) > 2 * LARGEST:
                    break
        if self._writer:
            self._writer.close()


def cut(buffer: bytearray) -> bytes:
    """Take the first whole message out of a stream, b"" if none is whole; line breaks between messages are no message."""
    start = len(buffer) - len(buffer.lstrip(b"\r\n"))
    del buffer[:start]
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return b""
    found = LENGTH.search(bytes(buffer[: head + 2]))
    end = head + 4 + (int(found[1]) if found else 0)
    if len(buffer) < end:
        return b""
    message = bytes(buffer[:end])
    del buffer[:end]
    return message


__all__ = ["Heard", "Tcp", "Udp", "Wire", "cut", "own_address"]
