"""What settings must be; each mistake is a sentence for the administrator."""

from __future__ import annotations

import re
import ssl

from yifa.calls.channel import ChannelError

from .http1 import Address

LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1")


def demand(right: bool, id: str, sentence: str) -> None:
    """A `ChannelError` unless it is right."""
    if not right:
        raise ChannelError(id, sentence)


def between(value: object, low: float, high: float, *, whole: bool = False) -> bool:
    """Whether it is a number from low to high."""
    kinds = (int,) if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


def loopback(host: str) -> bool:
    """Whether it is this machine."""
    return bool(LOOPBACK.fullmatch(host))


def name(value: object) -> None:
    """A channel's name: a short word that stands in records."""
    right = isinstance(value, str) and bool(re.fullmatch(r"[\w.-]{1,40}", value))
    demand(right, "E680", "渠道名称应为 1 至 40 个字母、汉字、数字或 . - _")


def seconds(value: object) -> None:
    """How long one request may take."""
    demand(between(value, 0.05, 300), "E681", "时限 seconds 应为不超过 300 的秒数")


def most(value: object, high: int = 1000) -> None:
    """How many tries one hand-over may hold."""
    demand(between(value, 1, high, whole=True), "E682", f"每批条数 most 应为 1 至 {high} 的整数")


def connections(value: object) -> None:
    """How many lines are open at once."""
    demand(between(value, 1, 64, whole=True), "E683", "连接数 connections 应为 1 至 64 的整数")


def address(url: object, *, plain: bool) -> Address:
    """A whole address; unencrypted only on this machine, or where the administrator says so."""
    try:
        read = Address.read(url if isinstance(url, str) else "")
    except ValueError:
        raise ChannelError("E684", "地址 url 应是完整的 http 或 https 网址，不带用户名、密码和 #") from None
    clear = plain or read.secure or loopback(read.host)
    demand(clear, "E685", "地址 url 未加密（http）：号码和内容会明文经过网络。专线内确需如此的，设 plain")
    return read


def trust(file: str) -> ssl.SSLContext:
    """Whose certificates are believed: the system's, or those in the file."""
    try:
        return ssl.create_default_context(cafile=file or None)
    except (OSError, ValueError, TypeError):
        raise ChannelError("E686", f"证书文件 authority 打不开，或者不是 PEM 格式：{file}") from None


def secret(value: object) -> None:
    """A secret that cannot be guessed."""
    right = isinstance(value, str) and value.isascii() and value.isprintable() and len(value) >= 16
    demand(right, "E687", "密钥 secret 至少 16 个字符，只用字母、数字和常用符号")


__all__ = [
    "address",
    "between",
    "connections",
    "demand",
    "loopback",
    "most",
    "name",
    "seconds",
    "secret",
    "trust",
]
