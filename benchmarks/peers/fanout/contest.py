"""What every contestant gets and must do: rows of deliveries written, each person's message handed to the gateway, that
recorded, the replies of nine in ten recorded, and the rest marked as overdue."""

from __future__ import annotations

import http.client
import json
import time
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any

from yifa.calls.channels.gateway import sign

from .gateway import ACCOUNT, SECRET

TEXT = (
    "【新县应急】暴雨红色预警：未来三小时本乡降雨将达100毫米以上，请立即组织低洼地带群众转移，收到请回复1。"
)
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Ground:
    """Where a contestant works: its folder, the gateway's port, and a PostgreSQL address or "" for SQLite in the folder.
    `redis`: the port of a Redis of its own, for who needs one."""

    home: str
    gateway: int
    postgres: str = ""
    redis: int = 0

    def text(self) -> str:
        return json.dumps(asdict(self))


def number(n: int) -> str:
    """The number of the n-th person; one in ten ends in 0."""
    return f"+86138{n:08}"


def signature(method: str, target: str, body: bytes) -> dict[str, str]:
    now = str(int(time.time()))
    return {
        "X-Yifa-Account": ACCOUNT,
        "X-Yifa-Time": now,
        "X-Yifa-Signature": sign(SECRET, now, method, target, body),
    }


def message(key: str, to: str) -> bytes:
    """The body of a request with one message."""
    one = {"key": key, "to": to, "text": TEXT, "answer": ""}
    return json.dumps({"messages": [one]}, ensure_ascii=False).encode()


def taken(body: bytes) -> bool:
    return all(one["code"] in ("accepted", "duplicate") for one in json.loads(body)["answers"])


class Phone:
    """A kept connection to the gateway, by the standard library's client."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, key: str, to: str) -> None:
        body = message(key, to)
        headers = {"Content-Type": JSON, **signature("POST", "/v1/messages", body)}
        self.line.request("POST", "/v1/messages", body, headers)
        if not taken(self.line.getresponse().read()):
            raise RuntimeError(f"the gateway did not take {key}")

    def ask(self, target: str) -> dict[str, Any]:
        self.line.request("GET", target, headers=signature("GET", target, b""))
        answer: dict[str, Any] = json.loads(self.line.getresponse().read())
        return answer

    def news(self) -> list[dict[str, str]]:
        """Everything there is to know since the beginning."""
        found: list[dict[str, str]] = []
        page: dict[str, Any] = {"more": True, "cursor": ""}
        while page["more"]:
            page = self.ask(f"/v1/news?after={page['cursor']}")
            found += page["news"]
        return found


class Contestant(ABC):
    """Opens its ground when made, and starts what it needs. `deliver` is the whole work for n people."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.phone = Phone(ground.gateway)

    def turn(self, messages: int) -> dict[str, float]:
        """Seconds a message and until the 99th percentile of first attempts; raises if anybody was forgotten."""
        self.clear()
        self.phone.ask("/forget")
        begun = time.time()
        parts = self.deliver(messages)
        seconds = time.time() - begun
        tally = self.phone.ask("/tally")
        stands = self.stands()
        if (tally["handed"], *stands) != (messages, messages - messages // 10, messages // 10):
            raise AssertionError(
                f"{type(self).__name__}: {tally}; answered, overdue: {stands}, of {messages}"
            )
        return {"each": seconds / messages, "p99": (tally["p99"] - begun) / messages, **parts}

    @abstractmethod
    def clear(self) -> None:
        """Away with what the last turn left."""

    @abstractmethod
    def deliver(self, messages: int) -> dict[str, float]:
        """Do it; what it measured on the way, in seconds."""

    @abstractmethod
    def stands(self) -> tuple[int, int]:
        """How many are recorded as answered, and how many as overdue."""

    def end(self) -> None:
        """Stop what was started."""
        return None
