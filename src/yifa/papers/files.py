"""Files that people hand in or offices keep, stored under the hash of what they hold.

A name somebody typed never reaches the file system. What a file is, its first bytes say, not its ending; what may
carry programs is refused.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import filetype
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .document import PaperError, clean

LARGEST = 20 * 1024 * 1024  # bytes a file may have
UNPACKED = 200 * 1024 * 1024  # bytes an office file may unfold to
PARTS = 5000  # parts it may have
NAME_LENGTH = 120
NONCE = 12
LABEL = b"yifa file 1"  # what the cipher is bound to


class FileRefused(ValueError):
    """A file that is not kept; the message is for the person who handed it in."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.id = id
        self.sentence = sentence


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept: how people call it, the endings it may have, its media type."""

    label: str
    endings: tuple[str, ...]
    media: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("PDF", ("pdf",), "application/pdf"),
    "docx": Kind("Word文档", ("docx",), f"{_OFFICE}wordprocessingml.document"),
    "xlsx": Kind("Excel工作簿", ("xlsx",), f"{_OFFICE}spreadsheetml.sheet"),
    "ofd": Kind("OFD版式文件", ("ofd",), "application/ofd"),
    "png": Kind("PNG图片", ("png",), "image/png"),
    "jpg": Kind("JPEG图片", ("jpg", "jpeg"), "image/jpeg"),
    "txt": Kind("文本文件", ("txt",), "text/plain"),  # in whatever encoding: whoever opens it sees to that
}
# Which part makes a zip file a document of this kind.
_CONTENTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "OFD.xml": "ofd"}
_PROGRAM = re.compile(
    r"(^|/)vbaProject.*\.bin$|\.(exe|dll|js|vbs|jse|hta|scr|bat|cmd|ps1|jar|class|lnk)$", re.I
)


@dataclass(frozen=True)
class Kept:
    """A stored file: where to find it again (`sha`), what it is, and a name fit to show."""

    sha: str
    size: int
    kind: str
    name: str

    @property
    def media(self) -> str:
        return KINDS[self.kind].media


class Store:
    """A folder of files named by their hash; with a `key`, each is encrypted and named by the hash of the cipher."""

    def __init__(self, folder: Path, *, largest: int = LARGEST) -> None:
        self.folder = folder
        self.largest = largest

    def keep(self, data: bytes, name: str = "", *, key: bytes | None = None) -> Kept:
        """Store a file somebody handed in, if it is of a kind that is kept. The same file is stored once."""
        kind = recognise(data, name, self.largest)
        stored = seal(key, data) if key is not None else data
        sha = hashlib.sha256(stored).hexdigest()
        self._write(sha, stored)
        return Kept(sha, len(data), kind, shown_name(name, kind))

    def keep_text(self, text: str) -> str:
        """Store a text the program wrote itself; its SHA-256."""
        data = text.encode()
        sha = hashlib.sha256(data).hexdigest()
        self._write(sha, data)
        return sha

    def open(self, sha: str, *, key: bytes | None = None) -> bytes:
        """The file, exactly as it was handed in."""
        try:
            stored = self._path(sha).read_bytes()
        except FileNotFoundError:
            raise FileRefused("E446", "文件不在档案中，可能已随案件销毁") from None
        if hashlib.sha256(stored).hexdigest() != sha:
            raise FileRefused("E447", "文件内容与登记的指纹不符，已被改动，请立即报告系统管理员")
        return unseal(key, stored) if key is not None else stored

    def bring(self, sha: str, other: Store) -> None:
        """Take over a file that another store keeps."""
        self._write(sha, other.open(sha))

    def sweep(self, before: float) -> int:
        """Destroy what was stored before a moment (seconds since 1970); how many files that were."""
        gone = 0
        for path in self.folder.glob("??/*") if self.folder.is_dir() else ():
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def has(self, sha: str) -> bool:
        return self._path(sha).is_file()

    def remove(self, sha: str) -> None:
        """Destroy a file; nothing happens if it is gone already."""
        self._path(sha).unlink(missing_ok=True)

    def _path(self, sha: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha):
            raise PaperError(
                "E440", "A stored file is named by its SHA-256, 64 hexadecimal digits, and by nothing else."
            )
        return self.folder / sha[:2] / sha

    def _write(self, sha: str, stored: bytes) -> None:
        """All or nothing: a reader never sees half a file, and after a power cut it is there whole or not at all."""
        path = self._path(sha)
        if path.is_file():
            path.touch()  # handed in again today
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{sha}.{secrets.token_hex(6)}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(stored)
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make the name as lasting as the content, where the system knows how."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# ── What a file is ───────────────────────────────────────────────────────────


def recognise(data: bytes, name: str = "", largest: int = LARGEST) -> str:
    """The kind of a file by its content, or `FileRefused`."""
    if not data:
        raise FileRefused("E441", "文件是空的，请重新选择")
    if len(data) > largest:
        raise FileRefused(
            "E442", f"文件大小{_megabytes(len(data))}，超过上限{_megabytes(largest)}，请压缩或者分开提交"
        )
    ending = PurePosixPath(clean(name).replace("\\", "/")).suffix.lower().lstrip(".")
    kind = "txt" if ending == "txt" and _is_text(data) else _by_content(data)
    if kind not in KINDS:
        known = "、".join(k.label for k in KINDS.values())
        raise FileRefused("E443", f"不能接收这种文件，请另存为以下格式之一：{known}")
    if ending and ending not in KINDS[kind].endings:
        raise FileRefused(
            "E444", f"文件名以“.{ending[:12]}”结尾，内容却是{KINDS[kind].label}，请核对后重新提交"
        )
    return kind


def _by_content(data: bytes) -> str:
    if data.startswith(b"PK"):
        return _in_the_zip(data)
    guess = filetype.guess(data)
    return str(guess.extension) if guess else ""


_NO_TEXT = (b"%PDF-", b"PK\3\4", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_USUAL = re.compile("[\t\n\r -~\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_SAMPLE = 64 * 1024


def _is_text(data: bytes) -> bool:
    """Only its name can say that a file is text, so its content must not say otherwise: no other kind's mark, hardly a control byte."""
    if data.startswith(_NO_TEXT):
        return False
    if data.startswith(_UTF16) or wide(data):
        return True
    sample = data[:_SAMPLE]
    control = sum(sample.count(code) for code in (*range(9), *range(14, 26), *range(28, 32)))
    return control <= len(sample) // 100 + 10


def wide(data: bytes) -> str:
    """The byte order of UTF-16 without its mark; nothing for any other encoding, which has no zero bytes."""
    sample = data[:_SAMPLE]
    zeros = sample.count(0)
    if len(data) % 2 or not zeros or (zeros * 4 < len(sample) and _utf8(sample)):
        return ""
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample.decode(codec, "replace")
        if len(_USUAL.findall(text)) * 10 >= len(text) * 9:
            return codec
    return ""


def _utf8(sample: bytes) -> bool:
    """Could it be the beginning of a text in UTF-8?"""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _in_the_zip(data: bytes) -> str:
    """An office file is a zip file; look inside without unfolding it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            parts = folder.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileRefused("E445", "文件已损坏，打不开，请重新导出后提交") from None
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise FileRefused("E445", "文件展开后过大，可能有害，不予接收")
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("E445", "文件设有密码，请去除密码后提交")
    if any(_PROGRAM.search(part.filename) for part in parts):
        raise FileRefused("E445", "文件中含有宏或者程序，请另存为不含宏的格式后提交")
    names = {part.filename.lstrip("/") for part in parts}
    return next((kind for part, kind in _CONTENTS.items() if part in names), "zip")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}兆"


def shown_name(name: str, kind: str) -> str:
    """A name fit to show and to offer for download: no folders, no invisible marks, the ending its content has."""
    last = clean(name).replace("\\", "/").rpartition("/")[2]
    last = re.sub(r'[<>:"|?*\n]', "", last).strip()
    stem, dot, ending = last.rpartition(".")
    if not dot or ending.lower() not in KINDS[kind].endings:
        stem, ending = last, KINDS[kind].endings[0]
    return f"{stem.strip(' .')[:NAME_LENGTH] or '文件'}.{ending.lower()}"


# ── Sealed files ─────────────────────────────────────────────────────────────


def seal(key: bytes, data: bytes) -> bytes:
    """AES-GCM under a key of the case: without the key the file is gone, and its hash still stands in the ledger."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, LABEL)


def unseal(key: bytes, stored: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(stored[:NONCE], stored[NONCE:], LABEL)
    except (InvalidTag, ValueError):
        raise FileRefused("E448", "文件打不开：密钥不符或者已经销毁") from None
