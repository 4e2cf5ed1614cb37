"""An uploaded file between its preview and its confirmation: encrypted, for its sender only, for a day at most.

A register holds names and identity numbers. The file is kept under a key that is nothing but the random token the
sender was given; the token is stored nowhere, so a copy of the home folder holds noise.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yifa.people.actor import Actor

from .errors import SheetError

KEPT_SECONDS = 24 * 60 * 60
_NONCE = 12


@dataclass
class Waiting:
    """A file that waits for its sender's word, and what the preview found out about it."""

    family: str
    step: str
    filename: str
    person: int | None
    post: str
    office: str
    sheet: str | None = None
    year: int | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)  # row and why
    doubled: list[int] = field(default_factory=list)
    accepted: int = 0
    problems: list[str] = field(default_factory=list)
    used: bool = False
    data: bytes = b""


def folder() -> Path:
    place = Path(settings.YIFA_HOME) / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(waiting: Waiting, token: str = "") -> str:
    """Encrypt and keep; the token returned is the only way back to it."""
    forget_old()
    token = token or secrets.token_urlsafe(32)
    about = asdict(waiting)
    del about["data"]
    head = json.dumps(about, ensure_ascii=False).encode()
    nonce = os.urandom(_NONCE)
    box = AESGCM(_key(token)).encrypt(
        nonce, len(head).to_bytes(4, "big") + head + waiting.data, b"yifa.import"
    )
    place = _place(token)
    unfinished = place.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(nonce + box)
    unfinished.replace(place)
    return token


def look_up(token: str, actor: Actor) -> Waiting:
    """What waits under this token; only for the person, in the post, who sent it."""
    forget_old()
    try:
        sealed = _place(token).read_bytes()
        opened = AESGCM(_key(token)).decrypt(sealed[:_NONCE], sealed[_NONCE:], b"yifa.import")
    except (FileNotFoundError, InvalidTag):
        raise SheetError("E610", "这次导入已经办理、放弃，或者超过24小时，请重新上传文件。") from None
    length = int.from_bytes(opened[:4], "big")
    about = json.loads(opened[4 : 4 + length])
    about["refused"] = [(n, why) for n, why in about["refused"]]
    waiting = Waiting(**about, data=opened[4 + length :])
    if (waiting.person, waiting.post) != (actor.person, actor.post):
        raise SheetError("E614", "这个文件是别人或者您以另一职务上传的，只能由上传人以同一职务办理。")
    return waiting


@contextmanager
def taken(token: str) -> Iterator[None]:
    """While one request carries an upload out no other can; it waits again when that failed."""
    place = _place(token)
    aside = place.with_suffix(".taken")
    try:
        place.rename(aside)
    except FileNotFoundError:
        raise SheetError("E610", "这次导入正在办理，或者已经办理，请不要重复提交。") from None
    try:
        yield
    except BaseException:
        aside.rename(place)
        raise
    aside.unlink()


def forget(token: str) -> None:
    _place(token).unlink(missing_ok=True)


def forget_old(now: float | None = None) -> int:
    """Delete what nobody came back for within a day; how many there were."""
    limit = (time.time() if now is None else now) - KEPT_SECONDS
    gone = 0
    for file in folder().iterdir():
        try:
            if file.stat().st_mtime < limit:
                file.unlink()
                gone += 1
        except FileNotFoundError:
            continue
    return gone


def _key(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=b"yifa.import.key").digest()


def _place(token: str) -> Path:
    return folder() / blake2b(token.encode(), digest_size=16, person=b"yifa.import.at").hexdigest()
