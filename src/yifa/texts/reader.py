"""A file somebody handed in, read into a `Reading`: its text in paragraphs, and where each of them stands.

What is read is what stands on the page. Whatever could not be read is said, in the doubts or in the refusal; nothing is
guessed silently. The same bytes give the same reading.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from yifa.papers.files import FileRefused, recognise, shown_name
from yifa.procedure.reading import FORBIDDEN, LINE_ENDS, UNSEEN

from .formats import docx, ofd, pdf, plain, xlsx
from .formats.pieces import Piece, Unread, bounded
from .reading import Place, Reading

__all__ = ["ACCEPT", "Unread", "pasted", "read"]

PASTED = "粘贴的文字.txt"
ACCEPT = ".docx,.pdf,.txt,.xlsx,.ofd"  # what a file field offers
LONGEST_LABEL = 200
NO_TEXT = "扫描件，没有文字，不能审查；请提交电子稿"

_READERS: dict[str, Callable[[bytes], tuple[list[Piece], list[str]]]] = {
    "docx": docx.read,
    "pdf": pdf.read,
    "txt": plain.read,
    "xlsx": xlsx.read,
    "ofd": ofd.read,
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(data: bytes, name: str) -> Reading:
    """The text of a file, or `Unread` with a sentence for whoever handed it in."""
    _is_none_of_the_old_ones(data, name)
    try:
        kind = recognise(data, name)
    except FileRefused as refused:
        raise Unread("E880", refused.sentence) from None
    if kind not in _READERS:
        raise Unread("E885", f"图片里没有文字可读：{NO_TEXT}")
    pieces, doubts = _READERS[kind](data)
    text, places, lost = _put_together(bounded(pieces))
    if lost:
        doubts.append(f"有{lost}个看不见的控制字符，已略去")
    if not text:
        raise Unread("E885", NO_TEXT if kind in ("pdf", "ofd") else _nothing(kind, doubts))
    return Reading(
        text=text,
        places=places,
        name=shown_name(name, kind),
        file=hashlib.sha256(data).hexdigest(),
        kind=kind,
        doubts=tuple(map(_shown, doubts)),
    )


def pasted(text: str) -> tuple[bytes, str]:
    """Words typed or pasted, as the file they are kept as."""
    return text.encode("utf-8", "replace"), PASTED


def _nothing(kind: str, doubts: list[str]) -> str:
    said = f"（{'；'.join(doubts)}）" if doubts else ""
    return f"文件里没有文字{said}，不能审查；请核对后重新提交"


def _is_none_of_the_old_ones(data: bytes, name: str) -> None:
    """What a town hall still has on its disks, and how to bring it along."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unread("E883", "文件设有密码，请去除密码后提交")
        if ending in (".xls", ".et"):
            raise Unread("E880", "这是旧格式的表格（.xls、.et），请用Excel或者WPS打开，另存为.xlsx后提交")
        raise Unread("E880", "这是旧格式的文档（.doc、.wps），请用Word或者WPS打开，另存为.docx后提交")
    if data.startswith(b"{\\rtf"):
        raise Unread("E880", "这是RTF文件，请用Word或者WPS打开，另存为.docx后提交")
    if ending in (".doc", ".wps", ".rtf", ".odt", ".uot", ".html", ".htm", ".mht", ".md"):
        raise Unread("E880", f"不读{ending}文件，请用Word或者WPS打开，另存为.docx后提交")


def _put_together(pieces: Iterable[Piece]) -> tuple[str, tuple[Place, ...], int]:
    """Paragraphs parted by one line feed, the places they stand in, and how many characters were left out."""
    text: list[str] = []
    places: list[Place] = []
    size = lost = 0
    for piece in pieces:
        for n, told in enumerate(LINE_ENDS.sub("\n", piece.text).split("\n")):
            line, gone = _plain(told)
            lost += gone
            goes_on = piece.goes_on and not n and bool(text)
            line = line.rstrip() if goes_on else line.strip()
            if not line:
                continue
            if text and not goes_on:
                text.append("\n")
                size += 1
            label = _shown(piece.label)
            if label and (not places or places[-1].label != label):
                places.append(Place(size if places else 0, label))
            text.append(line)
            size += len(line)
    return "".join(text), tuple(places), lost


def _shown(text: str) -> str:
    """A label or a doubt, which may name what a stranger named."""
    return _plain(LINE_ENDS.sub(" ", text).replace("\n", " "))[0].strip()[:LONGEST_LABEL]


def _plain(text: str) -> tuple[str, int]:
    """A line without what nobody sees; how many of these characters were no mere joiners."""
    text = re.sub("[\t\xa0]", " ", UNSEEN.sub("", text))
    return FORBIDDEN.subn("", text)
