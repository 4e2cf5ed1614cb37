"""Mail through the office's own server: one connection for a batch, one message for each try.

The server says that it took a message and nothing after that; what bounces comes back as mail, and is not read here.
The try's key is the message's `Message-ID`, so a mail box that gets the same one twice can show it once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from yifa.calls.channel import News, Report, Try

from . import checks
from .gateway import Verdict
from .smtp import Hangup, Refused, Reply, Smtp
from .words import in_full, marked, now, tidy

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?=.{1,255}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
ATOM = re.compile(r"(?!sha256-)(?=.{1,64}$)[A-Za-z0-9_+=~-]+(\.[A-Za-z0-9_+=~-]+)*")
HOST = re.compile(r"([0-9A-Za-z_-]{1,63}\.){0,30}[0-9A-Za-z_-]{1,63}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]{1,45}")
WAYS = ("starttls", "tls", "plain")
NO_ADDRESS = Verdict(News.FAILED, "不是邮件地址，没有发送")
LEAVING = 421  # the server closes the connection
TO_BE_TOLD = 354
BARREN = 3  # visits in a row at which nothing was taken, before the rest is given up


@dataclass(frozen=True, slots=True)
class MailSettings:
    """host, port: the server; sender: the address it comes from; way: starttls, tls or plain; user, password: if the
    server wants them; authority: a PEM file of the certificates believed; subject: for messages that have none."""

    host: str
    sender: str
    port: int = 587
    way: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    name: str = "mail"
    subject: str = "通知"
    seconds: float = 15.0
    most: int = 50
    authority: str = ""

    def __post_init__(self) -> None:
        checks.name(self.name)
        host = isinstance(self.host, str) and HOST.fullmatch(self.host)
        there = bool(host) and checks.between(self.port, 1, 65_535, whole=True)
        checks.demand(there, "E696", "邮件服务器 host 应是主机名，port 应为 1 至 65535 的整数")
        sender = isinstance(self.sender, str) and ADDRESS.fullmatch(self.sender)
        checks.demand(bool(sender), "E697", "发件地址 sender 不是邮件地址")
        checks.demand(self.way in WAYS, "E698", "加密方式 way 应为 starttls、tls 或者 plain（不加密）")
        both = bool(self.user) == bool(self.password)
        safe = not self.password or self.way != "plain" or checks.loopback(self.host)
        checks.demand(both and safe, "E699", "user 和 password 要么都设，要么都不设；有密码的不能不加密")
        checks.seconds(self.seconds)
        checks.most(self.most)
        if self.way != "plain":
            checks.trust(self.authority)


class MailChannel:
    """Mail to one address for each try."""

    def __init__(self, settings: MailSettings, clock: Callable[[], datetime] = now) -> None:
        self.name, self.most = settings.name, settings.most
        self._settings, self._clock = settings, clock
        self._tls = checks.trust(settings.authority) if settings.way != "plain" else None

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        """Hand in; a server that hangs up after taking some is dialled again for the rest."""
        fit = [one for one in tries if ADDRESS.fullmatch(one.to)]
        told: list[Verdict] = []
        barren = 0
        while len(told) < len(fit):
            before = len(told)
            why = await self._visit(fit[before:], told)
            taken = any(said.news is News.ACCEPTED for said in told[before:])
            barren = 0 if taken else barren + 1
            if len(told) == before or barren == BARREN:
                told += [Verdict(News.FAILED, why)] * (len(fit) - before)
        verdicts = iter(told)
        at = self._clock()
        found = [next(verdicts) if ADDRESS.fullmatch(one.to) else NO_ADDRESS for one in tries]
        return [
            Report(one.key, said.news, at, detail=said.detail) for one, said in zip(tries, found, strict=True)
        ]

    async def news(self) -> list[Report]:
        """A mail server says nothing more."""
        return []

    async def close(self) -> None:
        """No connection outlives a batch."""

    async def _visit(self, tries: Sequence[Try], told: list[Verdict]) -> str:
        """One connection: what was said of each try goes to `told`; returns why the rest had no turn."""
        line = Smtp(self._settings.seconds)
        why = ""
        try:
            await self._begin(line)
            for one in tries:
                if why := await self._hand_in(line, one, told):
                    break
            await line.leave()
        except Refused as refused:
            why = f"邮件服务器不收：{tidy(refused)}"
        except Hangup as gone:
            why = f"邮件服务器没有连上：{tidy(gone)}"
        finally:
            line.drop()
        return why

    async def _begin(self, line: Smtp) -> None:
        set_ = self._settings
        await line.dial(set_.host, set_.port, self._tls if set_.way == "tls" else None)
        await line.greet()
        if set_.way == "starttls" and self._tls:
            await line.encrypt(set_.host, self._tls)
            await line.greet()
        if set_.user:
            await line.log_in(set_.user, set_.password)

    async def _hand_in(self, line: Smtp, one: Try, told: list[Verdict]) -> str:
        """Hand in one message; returns why no other can follow, or nothing."""
        handed, before = False, len(told)
        try:
            refused = await self._announce(line, one)
            if refused and refused.code == LEAVING:
                return _said(refused)
            if refused:
                told.append(Verdict(News.FAILED, _said(refused)))
                await line.say("RSET")
                return ""
            handed = True
            reply = await line.tell(self._message(one))
        except Hangup as gone:
            if len(told) == before:
                told.append(Verdict(News.UNKNOWN if handed else News.FAILED, tidy(gone)))
            return tidy(gone)
        told.append(Verdict(_taken(reply), _said(reply)))
        return _said(reply) if reply.code == LEAVING else ""

    async def _announce(self, line: Smtp, one: Try) -> Reply | None:
        """Say from whom and to whom; the reply by which the server declines, or None."""
        for command in (f"MAIL FROM:<{self._settings.sender}>", f"RCPT TO:<{one.to}>"):
            reply = await line.say(command)
            if not reply.good:
                return reply
        reply = await line.say("DATA")
        return None if reply.code == TO_BE_TOLD else reply

    def _message(self, one: Try) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._settings.sender, one.to
        message["Subject"] = marked(one, tidy(one.message.subject) or self._settings.subject)
        message["Date"] = self._clock()
        message["Message-ID"] = message_id(one.key, self._settings.sender)
        message["Auto-Submitted"] = "auto-generated"
        text = in_full(one).encode("utf-8", "replace").decode()
        message.set_content(text, charset="utf-8", cte="base64")
        return message.as_bytes()


def message_id(key: str, sender: str) -> str:
    """The same for the same key, and never for another."""
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    local = key if ATOM.fullmatch(key) else f"sha256-{digest[:40]}"
    return f"<{local}@{sender.partition('@')[2]}>"


def _taken(reply: Reply) -> News:
    if reply.good:
        return News.ACCEPTED
    return News.FAILED if reply.code >= 400 else News.UNKNOWN


def _said(reply: Reply) -> str:
    return tidy(f"{reply.code} {reply.text}")


__all__ = ["MailChannel", "MailSettings", "message_id"]
