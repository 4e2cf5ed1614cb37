"""Group robots of WeCom (企业微信) and DingTalk (钉钉): one robot, one group.

A robot says that it took a message and nothing after that, so no news ever comes, and it knows no keys: the key stands
at the end of the message, where people can tell that it is the same one again.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, quote

from yifa.calls.channel import News, Report, Try

from . import checks
from .gateway import JSON, Verdict, judged
from .http1 import Client, Limits, NotSent, Unclear
from .words import as_object, in_full, marked, mobile, now, tidy

EVERYBODY = "@all"
FORMATS = ("text", "markdown")
LONGEST = {
    ("wecom", "text"): 2048,
    ("wecom", "markdown"): 4096,
    ("dingtalk", "text"): 18_000,
    ("dingtalk", "markdown"): 18_000,
}
TICKETS = {"wecom": "key", "dingtalk": "access_token"}
TOO_FAST = frozenset({45009, 130101, 410100})
BUSY = -1  # both say so when they do not know themselves
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """kind: wecom or dingtalk; url: the robot's whole address; secret: DingTalk's 加签 secret, if it has one; form:
    text or markdown; per_minute: what the robot allows; patience: seconds that a send may wait for its turn."""

    kind: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    name: str = "webhook"
    form: str = "text"
    seconds: float = 10.0
    per_minute: int = 20
    patience: float = 0.0
    authority: str = ""
    plain: bool = False

    def __post_init__(self) -> None:
        checks.name(self.name)
        checks.demand(
            self.kind in TICKETS, "E691", "机器人种类 kind 应为 wecom（企业微信）或者 dingtalk（钉钉）"
        )
        at = checks.address(self.url, plain=self.plain)
        ticket = TICKETS[self.kind]
        carried = ticket in parse_qs(at.target.partition("?")[2])
        checks.demand(carried, "E692", f"机器人地址 url 应是完整的 Webhook 地址，带有 {ticket}=")
        signs = self.kind == "dingtalk" or not self.secret
        checks.demand(signs, "E693", "企业微信机器人没有加签，不设 secret")
        if self.secret:
            checks.secret(self.secret)
        checks.demand(self.form in FORMATS, "E694", "消息格式 form 应为 text 或者 markdown")
        checks.seconds(self.seconds)
        paced = checks.between(self.per_minute, 1, 20, whole=True) and checks.between(self.patience, 0, 600)
        checks.demand(
            paced, "E695", "频率 per_minute 应为 1 至 20 的整数，等待 patience 应为不超过 600 的秒数"
        )
        if at.secure:
            checks.trust(self.authority)


class Pace:
    """At most so many in any minute. clock, sleep: how time passes."""

    def __init__(
        self,
        most: int,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._patience, self._clock, self._sleep = patience, clock, sleep
        self._turns: deque[float] = deque([-MINUTE * 2] * most, maxlen=most)

    async def turn(self) -> bool:
        """Wait for a turn; False, at once, if it is further off than patience reaches."""
        here = self._clock()
        turn = max(here, self._turns[0] + MINUTE)
        if turn - here > self._patience:
            return False
        self._turns.append(turn)
        if turn > here:
            await self._sleep(turn - here)
        return True


class WebhookChannel:
    """Messages into one group. A try's `to` is the mobile number of whom it calls on, `@all`, or nothing."""

    def __init__(
        self, settings: WebhookSettings, clock: Callable[[], datetime] = now, pace: Pace | None = None
    ) -> None:
        self.name, self.most = settings.name, settings.per_minute
        self._settings, self._clock = settings, clock
        self._pace = pace or Pace(settings.per_minute, settings.patience)
        at = checks.address(settings.url, plain=settings.plain)
        self._target = at.target
        tls = checks.trust(settings.authority) if at.secure else None
        self._client = Client(at, Limits(connections=1, seconds=settings.seconds), tls)

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        """Say one after the other; one report for each try, in their order."""
        verdicts = [(await self._say(one), self._clock()) for one in tries]
        return [
            Report(one.key, said.news, at, detail=said.detail)
            for one, (said, at) in zip(tries, verdicts, strict=True)
        ]

    async def news(self) -> list[Report]:
        """A robot never says what became of a message."""
        return []

    async def close(self) -> None:
        """Hang up."""
        await self._client.close()

    async def _say(self, one: Try) -> Verdict:
        whom = one.to.strip()
        number = mobile(whom)
        if whom not in ("", EVERYBODY) and not number:
            return Verdict(News.FAILED, "不是手机号码，也不是 @all，没有发送")
        text = f"{in_full(one)}\n（编号 {one.key}）"
        most = LONGEST[self._settings.kind, self._settings.form]
        if len(text.encode("utf-8", "replace")) > most:
            return Verdict(News.FAILED, f"文字超过机器人的上限 {most} 字节，没有发送")
        if not await self._pace.turn():
            return Verdict(News.FAILED, f"机器人每分钟只收 {self._settings.per_minute} 条，没有发送")
        whom = number.removeprefix("+86") if number else whom
        build = _wecom if self._settings.kind == "wecom" else _dingtalk
        return await self._post(build(self._settings.form, one, text, whom))

    async def _post(self, said: dict[str, object]) -> Verdict:
        body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
        try:
            answer = await self._client.post(self._signed(), body, JSON)
        except NotSent as broken:
            return Verdict(News.FAILED, f"没有连上：{tidy(broken)}")
        except Unclear as broken:
            return Verdict(News.UNKNOWN, tidy(broken))
        return judged(answer) or _verdict(as_object(answer.body))

    def _signed(self) -> str:
        if not self._settings.secret:
            return self._target
        moment = str(int(self._clock().timestamp() * 1000))
        return f"{self._target}&timestamp={moment}&sign={quote(dingtalk_sign(self._settings.secret, moment), safe='')}"


def dingtalk_sign(secret: str, moment: str) -> str:
    """DingTalk's 加签: HMAC-SHA256 under the secret over the milliseconds and the secret, in base64."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{moment}\n{secret}".encode(), "sha256")).decode()


def _wecom(form: str, one: Try, text: str, whom: str) -> dict[str, object]:
    if form == "markdown":
        return {"msgtype": "markdown", "markdown": {"content": text}}
    return {"msgtype": "text", "text": {"content": text, "mentioned_mobile_list": [whom] if whom else []}}


def _dingtalk(form: str, one: Try, text: str, whom: str) -> dict[str, object]:
    called = {"atMobiles": [whom] if whom and whom != EVERYBODY else [], "isAtAll": whom == EVERYBODY}
    mention = f"@{whom} " if called["atMobiles"] and form == "markdown" else ""
    if form == "text":
        return {"msgtype": "text", "text": {"content": text}, "at": called}
    title = marked(one, one.message.subject or one.message.text[:30])
    return {"msgtype": "markdown", "markdown": {"title": title, "text": mention + text}, "at": called}


def _verdict(said: dict[str, object] | None) -> Verdict:
    code = (said or {}).get("errcode")
    if said is None or not isinstance(code, int) or isinstance(code, bool):
        return Verdict(News.UNKNOWN, "答复不是约定的 JSON")
    detail = f"{code} {tidy(said.get('errmsg'))}".strip()
    if code == 0:
        return Verdict(News.ACCEPTED, detail)
    if code in TOO_FAST:
        return Verdict(News.FAILED, f"机器人限流，没有发送：{detail}")
    return Verdict(News.UNKNOWN if code == BUSY else News.FAILED, detail)


__all__ = ["Pace", "WebhookChannel", "WebhookSettings", "dingtalk_sign"]
