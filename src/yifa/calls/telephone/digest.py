"""Saying who one is without saying the password (RFC 7616, RFC 2617): MD5 and SHA-256, with qop=auth or the older form without."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

PARAMETER = re.compile(r'([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
SCHEME = re.compile(r"(?:^|,)\s*digest\s+", re.IGNORECASE)
HASHES = {"md5": "md5", "sha-256": "sha256"}
WORDS = {"md5": "MD5", "sha-256": "SHA-256"}
LIKED = ("sha-256", "sha-256-sess", "md5", "md5-sess")  # the better first


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the far side wants answered. algorithm: in small letters; stale: only the nonce was too old."""

    realm: str
    nonce: str
    opaque: str = ""
    algorithm: str = "md5"
    named: bool = False  # whether it named its algorithm
    qop: bool = False
    stale: bool = False


def challenges(values: Iterable[str]) -> list[Challenge]:
    """All that can be answered, the better first."""
    found = [_read(part) for value in values for part in SCHEME.split(value[:8000])[1:]]
    known = [one for one in found if one is not None and one.algorithm in LIKED]
    return sorted(known, key=lambda one: LIKED.index(one.algorithm))


def _read(text: str) -> Challenge | None:
    said = {name.lower(): quoted or bare for name, quoted, bare in PARAMETER.findall(text)}
    words = {word.strip().lower() for word in said.get("qop", "").split(",")}
    if not said.get("nonce") or ("qop" in said and "auth" not in words):
        return None
    return Challenge(
        said.get("realm", ""),
        said["nonce"],
        said.get("opaque", ""),
        said.get("algorithm", "md5").lower(),
        "algorithm" in said,
        "qop" in said,
        said.get("stale", "").lower() == "true",
    )


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are to the far side."""

    user: str
    secret: str

    def answer(self, to: Challenge, method: str, uri: str, count: int = 1, cnonce: str = "") -> str:
        """The value of Authorization. count: how often this nonce is used, from 1."""
        cnonce = cnonce or secrets.token_hex(12)
        session, name = to.algorithm.endswith("-sess"), to.algorithm.removesuffix("-sess")

        def hashed(text: str) -> str:
            return hashlib.new(
                HASHES[name], text.encode("utf-8", "surrogateescape"), usedforsecurity=False
            ).hexdigest()

        who = hashed(f"{self.user}:{to.realm}:{self.secret}")
        if session:
            who = hashed(f"{who}:{to.nonce}:{cnonce}")
        what = hashed(f"{method}:{uri}")
        middle = f"{to.nonce}:{count:08x}:{cnonce}:auth" if to.qop else to.nonce
        said = [
            f'username="{self.user}"', f'realm="{to.realm}"', f'nonce="{to.nonce}"', f'uri="{uri}"',
            f'response="{hashed(f"{who}:{middle}:{what}")}"',
        ]  # fmt: skip
        if to.named:
            said.append(f"algorithm={_word(to.algorithm)}")
        if to.opaque:
            said.append(f'opaque="{to.opaque}"')
        if to.qop:
            said += ["qop=auth", f"nc={count:08x}"]
        if to.qop or session:
            said.append(f'cnonce="{cnonce}"')
        return "Digest " + ", ".join(said)


def _word(algorithm: str) -> str:
    name = algorithm.removesuffix("-sess")
    return WORDS[name] + ("-sess" if algorithm.endswith("-sess") else "")


__all__ = ["Challenge", "Login", "challenges"]
