"""A signed JSON gateway: what the text-message gateway and the loudspeakers' controller have in common.

The contract stands in docs/guides/channels.md.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from yifa.calls.channel import News, Report

from . import checks
from .http1 import Answer, Client, Limits, NotSent, Unclear
from .words import as_object, as_objects, moment, now, tidy

log = logging.getLogger(__name__)
JSON = "application/json; charset=utf-8"
PAGES = 50  # of news in one asking
REMEMBERED = 20_000  # news told lately, so that none is told twice
OPEN_FOR = 300  # seconds that a pushed signature is good
UNDECIDED = frozenset({408, 409, 425})

Spoken = Mapping[str, News]


class Verdict(NamedTuple):
    """What a try comes to, and why."""

    news: News
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """url: the gateway's address, without a final slash; account, secret: how we sign; authority: a PEM file of the
    certificates believed; plain: unencrypted is meant; most: messages in one request."""

    url: str
    account: str
    secret: str = field(repr=False)
    name: str = "gateway"
    seconds: float = 10.0
    connections: int = 4
    most: int = 200
    authority: str = ""
    plain: bool = False

    def __post_init__(self) -> None:
        checks.name(self.name)
        at = checks.address(self.url, plain=self.plain)
        checks.demand("?" not in at.target, "E688", "网关地址 url 不带问号之后的部分")
        account = isinstance(self.account, str) and self.account.isascii() and self.account.isprintable()
        checks.demand(
            account and bool(self.account.strip()),
            "E689",
            "网关账号 account 不能空，只用字母、数字和常用符号",
        )
        checks.secret(self.secret)
        checks.seconds(self.seconds)
        checks.connections(self.connections)
        checks.most(self.most)
        if at.secure:
            checks.trust(self.authority)


def sign(secret: str, time: str, method: str, target: str, body: bytes) -> str:
    """HMAC-SHA256 over time, method, target and body, in hexadecimal."""
    said = f"{time}\n{method}\n{target}\n".encode("utf-8", "replace") + body
    return hmac.new(secret.encode(), said, "sha256").hexdigest()


def judged(answer: Answer) -> Verdict | None:
    """What the status alone decides; None if the body is to be read."""
    if 200 <= answer.status < 300:
        return None
    open_still = answer.status >= 500 or answer.status in UNDECIDED
    return Verdict(News.UNKNOWN if open_still else News.FAILED, f"对方答复 {answer.status}")


class Gateway:
    """One gateway: things posted to it, and the news it keeps. spoken: its words for what became of a try."""

    def __init__(
        self, settings: GatewaySettings, spoken: Spoken, clock: Callable[[], datetime] = now, after: str = ""
    ) -> None:
        self.cursor = after
        self._settings, self._spoken, self._clock = settings, spoken, clock
        at = checks.address(settings.url, plain=settings.plain)
        self._base = at.target.rstrip("/")
        limits = Limits(connections=settings.connections, seconds=settings.seconds)
        self._client = Client(at, limits, checks.trust(settings.authority) if at.secure else None)
        self._told: OrderedDict[tuple[str, News, str, str], None] = OrderedDict()
        self._waiting: list[Report] = []

    async def post(self, path: str, said: object) -> dict[str, object] | Verdict:
        """The object answered, or what its absence comes to."""
        body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
        target = self._base + path
        try:
            answer = await self._client.post(target, body, JSON, self._signed("POST", target, body))
        except NotSent as broken:
            return Verdict(News.FAILED, f"没有连上：{tidy(broken)}")
        except Unclear as broken:
            return Verdict(News.UNKNOWN, tidy(broken))
        if verdict := judged(answer):
            return verdict
        found = as_object(answer.body)
        return Verdict(News.UNKNOWN, "答复不是约定的 JSON") if found is None else found

    async def news(self) -> list[Report]:
        """What the gateway has had to say since; nothing, if it cannot be asked."""
        for _ in range(PAGES):
            if not await self._page():
                break
        told, self._waiting = self._waiting, []
        return told

    def pushed(self, target: str, headers: Mapping[str, str], body: bytes) -> list[Report] | None:
        """News that the gateway brings to `target` itself; None if it is not signed as it must be."""
        said = {name.lower(): value for name, value in headers.items()}
        time, signature = said.get("x-yifa-time", ""), said.get("x-yifa-signature", "")
        right = sign(self._settings.secret, time, "POST", target, body)
        if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
            return None
        if not time.isdecimal() or abs(self._clock().timestamp() - int(time[:15])) > OPEN_FOR:
            return None
        return self._untold((as_object(body) or {}).get("news"))

    async def close(self) -> None:
        """Hang up."""
        await self._client.close()

    async def _page(self) -> bool:
        """Take one page of news; whether there is another."""
        target = f"{self._base}/news?after={quote(self.cursor, safe='')}"
        try:
            answer = await self._client.get(target, self._signed("GET", target, b""))
        except (NotSent, Unclear) as broken:
            log.warning("渠道 %s 的消息没有取到：%s", self._settings.name, tidy(broken))
            return False
        page = as_object(answer.body) if answer.status == 200 else None
        if page is None:
            log.warning("渠道 %s 的消息没有取到：对方答复 %s", self._settings.name, answer.status)
            return False
        before, cursor = self.cursor, page.get("cursor")
        self._waiting += self._untold(page.get("news"))
        if isinstance(cursor, str) and 0 < len(cursor) <= 1000:
            self.cursor = cursor.encode("utf-8", "replace").decode()
        return page.get("more") is True and self.cursor != before

    def _signed(self, method: str, target: str, body: bytes) -> dict[str, str]:
        time = str(int(self._clock().timestamp()))
        return {
            "X-Yifa-Account": self._settings.account,
            "X-Yifa-Time": time,
            "X-Yifa-Signature": sign(self._settings.secret, time, method, target, body),
        }

    def _untold(self, said: object) -> list[Report]:
        reports = []
        for one in as_objects(said):
            report = self._read(one)
            mark = (report.key, report.news, tidy(one.get("at")), report.said)
            if report.key and mark not in self._told:
                self._told[mark] = None
                reports.append(report)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return reports

    def _read(self, one: dict[str, object]) -> Report:
        key, news = one.get("key"), self._spoken.get(str(one.get("news")))
        detail = tidy(one.get("detail")) if news else f"对方的话不认识：{tidy(one.get('news'))}"
        at = moment(one.get("at"), self._clock())
        return Report(
            key if isinstance(key, str) else "", news or News.UNKNOWN, at, tidy(one.get("said")), detail
        )


__all__ = ["Gateway", "GatewaySettings", "Spoken", "Verdict", "judged", "sign"]
