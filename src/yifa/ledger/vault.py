"""Sealed facts: personal words kept beside the ledger under a key per case, so that they can be destroyed.

The entry holds a commitment, the words stand in a box that only the case's key opens, and the case's key is wrapped
under the master key of the home. Destroying the wrapped key erases the person and breaks no proof.

What blinds a commitment is derived from the case's key too, and not stored: otherwise whoever kept an old copy of the
salt could try all telephone numbers of the county against the commitment, key or no key.
"""

from __future__ import annotations

import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from .chain import hasher
from .errors import LedgerError

KEY, SALT, NONCE, TAG = 32, 16, 12, 16  # bytes; nonce and tag as NIST SP 800-38D recommends
AES_256_GCM, SM4_GCM = b"\x01", b"\x02"  # the first byte of a box: what it was closed with
CIPHERS = {"sha256": AES_256_GCM, "sm3": SM4_GCM}
_WRAPPED = b"yifa case key"


class Vault:
    """The master key of a home, and what it opens. With `sm3` it closes boxes with SM4; it opens either kind."""

    def __init__(self, master: bytes, algo: str = "sha256") -> None:
        hasher(algo)  # an unknown name is refused here, not at the first secret
        self.algo = algo
        self._wrapping = _derived(master, b"wrap case keys")
        self._knowing = _derived(master, b"know again")

    @classmethod
    def open(cls, home: Path | str, algo: str = "sha256") -> Vault:
        """The vault of a home; its master key (keys/master.key, readable by its owner only) is made at first use."""
        return _opened(str(home), algo)

    def digest(self, text: str) -> str:
        """By which a text is known again without being kept; nobody without the master key can try all telephone numbers."""
        return hmac.digest(self._knowing, text.encode(), "sha256").hex()

    def new_key(self) -> tuple[bytes, bytes]:
        """A key for one case, and the same key wrapped for the database."""
        key = secrets.token_bytes(KEY)
        return key, _close(CIPHERS[self.algo], self._wrapping, key, _WRAPPED)

    def unwrap(self, wrapped: bytes) -> bytes:
        return _open(self._wrapping, wrapped, _WRAPPED, "案件密钥")

    def seal(self, key: bytes, name: str, text: str) -> tuple[bytes, bytes, str]:
        """(salt, box, commitment) of one sealed fact."""
        salt = os.urandom(SALT)
        box = _close(CIPHERS[self.algo], _derived(key, b"box"), text.encode(), salt + name.encode())
        return salt, box, self.commitment(key, name, salt, text)

    def unseal(self, key: bytes, name: str, salt: bytes, box: bytes) -> str:
        return _open(_derived(key, b"box"), box, salt + name.encode(), f"封存的“{name}”").decode()

    def commitment(self, key: bytes, name: str, salt: bytes, text: str) -> str:
        """What the entry holds instead of the words."""
        return commitment(blind(key, salt), name, text, self.algo)


def blind(key: bytes, salt: bytes) -> bytes:
    """What makes a commitment unguessable. Given to a person with their own words, it lets them prove what was said."""
    return _derived(key, b"blind" + salt)


def commitment(blind: bytes, name: str, text: str, algo: str = "sha256") -> str:
    """H(blind ‖ name ‖ 0 ‖ text), in hex."""
    return hasher(algo)(blind + name.encode() + b"\0" + text.encode()).hexdigest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    """HKDF-Expand (RFC 5869, 2.3), one block: the key is random already, so nothing needs extracting."""
    return hmac.digest(key, b"yifa " + purpose + b"\x01", "sha256")


def _close(kind: bytes, key: bytes, plain: bytes, about: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    if kind == AES_256_GCM:
        return kind + nonce + AESGCM(key).encrypt(nonce, plain, about)
    sm4 = Cipher(SM4(key[:16]), modes.GCM(nonce)).encryptor()
    sm4.authenticate_additional_data(about)
    return kind + nonce + sm4.update(plain) + sm4.finalize() + sm4.tag


def _open(key: bytes, box: bytes, about: bytes, what: str) -> bytes:
    kind, nonce, closed = box[:1], box[1 : 1 + NONCE], box[1 + NONCE :]
    try:
        if kind == AES_256_GCM and len(closed) >= TAG:
            return AESGCM(key).decrypt(nonce, closed, about)
        if kind == SM4_GCM and len(closed) >= TAG:
            sm4 = Cipher(SM4(key[:16]), modes.GCM(nonce, closed[-TAG:])).decryptor()
            sm4.authenticate_additional_data(about)
            return sm4.update(closed[:-TAG]) + sm4.finalize()
    except InvalidTag:
        pass
    raise LedgerError(f"{what}打不开：内容被改动过，或者主密钥不是当初的那一把。", "E305")


@lru_cache(maxsize=8)
def _opened(home: str, algo: str) -> Vault:
    file = Path(home) / "keys" / "master.key"
    if not file.exists():
        _make(file)
    master = file.read_bytes()
    if len(master) != KEY:
        raise LedgerError(f"主密钥文件 {file} 不是{KEY}字节，可能被改动过。", "E304")
    return Vault(master, algo)


def _make(file: Path) -> None:
    """Written aside and then linked into place: of two processes that start together, one key wins, whole."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = file.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(secrets.token_bytes(KEY))
            out.flush()
            os.fsync(out.fileno())
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink(missing_ok=True)
