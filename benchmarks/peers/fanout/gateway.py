"""A text-message gateway on this machine that keeps to the contract in docs/guides/channels.md, and remembers everything.

    python -m benchmarks.peers.fanout.gateway

Prints the port it listens on. Nine in ten reply at once: everybody whose number does not end in 0. Beside the contract it
does what the benchmark asks, unsigned: `/tally` (what came so far), `/forget` (begin afresh), `/hold?after=…` (once so many
were handed over, still take what comes, but answer nobody until `/go`).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from yifa.calls.channels.gateway import sign

ACCOUNT, SECRET = "bench", "0123456789abcdef-bench"
PAGE = 1000  # pieces of news in one answer, well below 1 MiB
OPEN_FOR = 300  # seconds that a signature is good


def replies(number: str) -> bool:
    """Whether whoever has this number answers."""
    return not number.endswith("0")


class Desk:
    """What was handed over, under which keys, and what is to be told of it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.arrived: dict[str, float] = {}  # by key: when it first came
        self.keys: dict[str, set[str]] = defaultdict(set)  # by number
        self.again = 0
        self.news: list[dict[str, str]] = []
        self.hold: int | None = None

    @property
    def silent(self) -> bool:
        return self.hold is not None and len(self.arrived) >= self.hold

    def take(self, messages: list[dict[str, str]]) -> dict[str, Any]:
        now = time.time()
        at = datetime.fromtimestamp(now, UTC).isoformat()
        return {"answers": [{"key": m["key"], "code": self._one(m, now, at), "detail": ""} for m in messages]}

    def _one(self, message: dict[str, str], now: float, at: str) -> str:
        key, to = message["key"], message["to"]
        self.keys[to].add(key)
        if key in self.arrived:
            self.again += 1
            return "duplicate"
        self.arrived[key] = now
        if replies(to):
            self.news.append({"key": key, "news": "replied", "at": at, "said": "1", "detail": ""})
        return "accepted"

    def tell(self, after: str) -> dict[str, Any]:
        start = int(after or 0)
        end = min(start + PAGE, len(self.news))
        return {"news": self.news[start:end], "cursor": str(end), "more": end < len(self.news)}

    def tally(self) -> dict[str, Any]:
        """`again`: repeats of a key; `twice`: numbers reached under more than one key; `p99`: when the 99th percentile
        of first attempts came in, seconds since 1970."""
        moments = sorted(self.arrived.values())
        return {
            "handed": len(moments),
            "numbers": len(self.keys),
            "again": self.again,
            "twice": sum(len(keys) > 1 for keys in self.keys.values()),
            "p99": moments[len(moments) * 99 // 100] if moments else 0,
        }


class Line(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.buffer = desk, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self.buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self.buffer) < whole:
                return
            body, self.buffer = self.buffer[end + 4 : whole], self.buffer[whole:]
            method, target, _ = first.split(" ")
            status, said = self.answer(method, target, headers, body)
            if self.desk.silent and target.startswith("/v1/"):
                continue
            text = json.dumps(said).encode()
            head = (
                f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
            )
            self.transport.write(head.encode() + text)

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[str, Any]:
        at = urlsplit(target)
        if at.path == "/tally":
            return "200 OK", self.desk.tally()
        if at.path == "/forget":
            self.desk.forget()
            return "200 OK", {}
        if at.path in ("/hold", "/go"):
            self.desk.hold = int(parse_qs(at.query)["after"][0]) if at.path == "/hold" else None
            return "200 OK", {}
        if not signed(method, target, headers, body):
            return "401 Unauthorized", {}
        if (method, at.path) == ("POST", "/v1/messages"):
            return "200 OK", self.desk.take(json.loads(body)["messages"])
        if (method, at.path) == ("GET", "/v1/news"):
            return "200 OK", self.desk.tell(parse_qs(at.query).get("after", [""])[0])
        return "404 Not Found", {}


def signed(method: str, target: str, headers: dict[str, str], body: bytes) -> bool:
    when = headers.get("x-yifa-time", "0")
    right = sign(SECRET, when, method, target, body)
    same = hmac.compare_digest(right, headers.get("x-yifa-signature", ""))
    return same and headers.get("x-yifa-account") == ACCOUNT and abs(time.time() - int(when)) <= OPEN_FOR


async def serve() -> None:
    """Until standard input ends: who started it has gone."""
    desk, loop = Desk(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(desk), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
