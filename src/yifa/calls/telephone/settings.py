"""What a county says of its telephone line; each mistake is a sentence for the administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from yifa.calls.channels import checks

from .agent import Account
from .dtmf import KEYS
from .message import bracketed

SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]{1,253})(?::([0-9]{1,5}))?")
WORD = re.compile(r"[0-9A-Za-z._~!$&'()*+=%-]{1,100}")
TRANSPORTS = ("udp", "tcp")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """server: host or host:port; user, secret: how the exchange knows us; number: whom our calls are from; domain:
    whose numbers are dialled; prefix: dialled before every number; register: whether the exchange must be told where
    we are; local, port, ports: our address, the port for SIP, and those for sound; lines: calls at once; patience:
    seconds a try may wait for a line; ring: seconds it rings; longest: seconds a call may last; speech: the voice."""

    server: str
    name: str = "voice"
    user: str = "yifa"
    secret: str = field(default="", repr=False)
    number: str = ""
    domain: str = ""
    prefix: str = ""
    transport: str = "udp"
    register: bool = True
    expires: int = 300
    local: str = ""
    port: int = 0
    ports: tuple[int, int] | list[int] | None = None
    lines: int = 10
    patience: float = 60.0
    ring: float = 40.0
    longest: float = 180.0
    plain: bool = False
    speech: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checks.name(self.name)
        self._check_exchange()
        self._check_limits()
        clear = self.plain is True or checks.loopback(self._at[0])
        sentence = "电话线路（SIP、RTP）不加密：号码和内容会明文经过网络。专线或者内网的，设 plain = true"
        checks.demand(clear, "E649", sentence)

    def _check_exchange(self) -> None:
        at = isinstance(self.server, str) and SERVER.fullmatch(self.server)
        right = bool(at) and 0 < self._at[1] <= 65_535
        checks.demand(right, "E644", "话机服务器 server 应为主机名或者地址，可以带端口，如 10.1.2.3:5060")
        for name, word, empty in (
            ("user", self.user, False), ("number", self.number, True), ("domain", self.domain, True),
        ):  # fmt: skip
            right = isinstance(word, str) and ((empty and not word) or bool(WORD.fullmatch(word)))
            checks.demand(right, "E644", f"{name} 只用字母、数字和常用符号，不带空格、@ 和引号")
        right = isinstance(self.secret, str) and self.secret.isprintable() and len(self.secret) <= 200
        checks.demand(right, "E644", "密码 secret 应为一行不超过 200 字的文字")
        checks.demand(self.transport in TRANSPORTS, "E644", "transport 只能是 udp 或者 tcp")
        right = isinstance(self.register, bool) and isinstance(self.plain, bool)
        checks.demand(right, "E644", "register 和 plain 只能是 true 或者 false")
        right = isinstance(self.local, str) and re.fullmatch(r"[0-9A-Fa-f.:]*", self.local) is not None
        checks.demand(right, "E644", "本机地址 local 应为一个 IP 地址")

    def _check_limits(self) -> None:
        right = isinstance(self.prefix, str) and re.fullmatch("[0-9*#]{0,8}", self.prefix) is not None
        checks.demand(right, "E645", "出局号 prefix 应为不超过 8 位的数字、* 或者 #")
        for name, value, low, high in (
            ("lines", self.lines, 1, 500), ("expires", self.expires, 60, 86_400), ("port", self.port, 0, 65_535),
        ):  # fmt: skip
            right = checks.between(value, low, high, whole=True)
            checks.demand(right, "E645", f"{name} 应为 {low} 至 {high} 的整数")
        for name, seconds, least, most in (
            ("patience", self.patience, 0.05, 600), ("ring", self.ring, 1, 180), ("longest", self.longest, 5, 1800),
        ):  # fmt: skip
            right = checks.between(seconds, least, most)
            checks.demand(right, "E645", f"{name} 应为 {least:g} 至 {most} 秒")
        right = self.ports is None or (
            isinstance(self.ports, list | tuple)
            and len(self.ports) == 2
            and all(checks.between(port, 1024, 65_535, whole=True) for port in self.ports)
            and self.ports[1] - self.ports[0] >= 2 * self.lines
        )
        checks.demand(right, "E645", "语音端口 ports 应为两个数，如 [20000, 20100]，每条线路至少两个端口")

    @property
    def _at(self) -> tuple[str, int]:
        found = SERVER.fullmatch(self.server)
        return (found[1].strip("[]"), int(found[2] or 5060)) if found else ("", 0)

    @property
    def account(self) -> Account:
        ports = (self.ports[0], self.ports[1]) if self.ports else None
        return Account(
            self._at, self.user, self.secret, self.number, bracketed(self.domain), self.transport, self.register,
            self.expires, self.local, self.port, ports,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSettings(LineSettings):
    """opening: said before the message; key: whoever presses it has heard; ask, thanks: how that is asked for, and
    acknowledged; times: how often it is said at most; wait: seconds a key is waited for each time."""

    opening: str = ""
    key: str = "1"
    ask: str = ""
    thanks: str = "已收到，再见。"
    times: int = 2
    wait: float = 6.0

    def __post_init__(self) -> None:
        LineSettings.__post_init__(self)
        checks.demand(
            isinstance(self.key, str) and self.key in tuple(KEYS[:12]),
            "E647",
            "确认键 key 应为一个数字、* 或者 #",
        )
        for name, said in (("opening", self.opening), ("ask", self.ask), ("thanks", self.thanks)):
            right = isinstance(said, str) and said.isprintable() and len(said) <= 200
            checks.demand(right, "E647", f"{name} 应为一行不超过 200 字的话")
        right = not self.ask or self.key in self.ask
        checks.demand(right, "E647", f"ask 里要说明按哪个键（{self.key}）")
        checks.demand(
            checks.between(self.times, 1, 5, whole=True), "E647", "播放遍数 times 应为 1 至 5 的整数"
        )
        checks.demand(checks.between(self.wait, 1, 30), "E647", "等待按键 wait 应为 1 至 30 秒")

    @property
    def asking(self) -> str:
        return self.ask or f"听清请按{self.key}。"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkSettings(LineSettings):
    """script: a file in the home, "" for the one that comes with the house; ear: what writes down what is said; guess:
    a language model that may say what was meant, for the person to confirm."""

    script: str = ""
    longest: float = 300.0
    ear: Mapping[str, object] = field(default_factory=dict)
    guess: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        LineSettings.__post_init__(self)
        checks.demand(isinstance(self.script, str), "E648", "话术 script 应为 TOML 文件的名称")


__all__ = ["LineSettings", "TalkSettings", "VoiceSettings"]
