"""The address at which one person says that the warning has reached them: short enough for a text message, not to be guessed.

A token is the calling's number and fifty bits that only this county can have put behind it.
"""

from __future__ import annotations

import base64
import hmac

BITS = 10  # characters of the seal, five bits each


def token(secret: str, calling: int) -> str:
    """What stands at the end of the address, as 1X-ABCDEFGHIJ."""
    return f"{_written(calling)}-{_seal(secret, calling)}"


def calling_of(secret: str, token: str) -> int | None:
    """Whose token it is; None for one that this county never gave out."""
    number, dash, seal = token.strip().upper().partition("-")
    if not dash or not 0 < len(number) <= 12 or not (number + seal).isascii() or not number.isalnum():
        return None
    calling = int(number, 36)
    return calling if hmac.compare_digest(seal, _seal(secret, calling)) else None


def _seal(secret: str, calling: int) -> str:
    told = hmac.new(secret.encode(), f"yifa.calls.answer {calling}".encode(), "sha256").digest()
    return base64.b32encode(told).decode()[:BITS]


def _written(number: int) -> str:
    """In base 36."""
    found = ""
    while number or not found:
        number, rest = divmod(number, 36)
        found = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + found
    return found


__all__ = ["calling_of", "token"]
