"""How one entry of a case is tied to the one before it: text, digest, link.

The chain runs over text, not over bytes of our own making, so that any engine that can hash a string can check it:
`printf '%s%s' "$prev" "$body" | sha256sum` is the whole rule.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Protocol

from .errors import LedgerError

GENESIS = "0" * 64


class Hash(Protocol):
    """A digest taken of some bytes, and of more as they come."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


Hasher = Callable[[bytes], Hash]


class _PlainSm3:
    """GB/T 32905-2016 by the package cryptography, where Python's own OpenSSL was built without it."""

    def __init__(self, data: bytes) -> None:
        from cryptography.hazmat.primitives import hashes  # only such machines need it

        self._hash = hashes.Hash(hashes.SM3())
        self._hash.update(data)

    def update(self, data: bytes, /) -> None:
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.copy().finalize()

    def hexdigest(self) -> str:
        return self.digest().hex()


def _sm3() -> Hasher:
    if "sm3" not in hashlib.algorithms_available:
        return _PlainSm3
    return lambda data: hashlib.new("sm3", data)


ALGORITHMS: dict[str, Hasher] = {"sha256": hashlib.sha256, "sm3": _sm3()}


def hasher(algo: str) -> Hasher:
    """The function behind a name in an entry's `algo`: sha256, or sm3 where national cryptography is required."""
    try:
        return ALGORITHMS[algo]
    except KeyError:
        raise LedgerError(f"不认识摘要算法“{algo}”，可用的是 sha256 和 sm3。", "E307") from None


_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(obj: object) -> str:
    """The one way to write a body: keys sorted, no spaces, Chinese as it is, no NaN."""
    return _write(obj)


def digest(prev: str, text: str, algo: str = "sha256") -> str:
    """The hash of an entry: over the hash of the entry before it in the case, then its own text."""
    return hasher(algo)((prev + text).encode()).hexdigest()
