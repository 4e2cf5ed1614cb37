"""Plain text in whatever encoding it came. What is not UTF-8 is said, so that nobody reviews garbled words unknowingly."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from yifa.papers.files import wide

from .pieces import Piece, Unread, bounded

_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
BOMS = ((codecs.BOM_UTF8, "utf-8", "UTF-8"), (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"))  # fmt: skip
SAMPLE = 4000  # characters by which an encoding is judged
# The characters an official text cannot do without, as the mainland and as Taiwan write them.
COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "第条款项章应当规定县政府办关部门单位本制依予以及或者自之日起施行通知各乡镇按照实施意见管理工作"
)
COMMON_BIG5 = frozenset(
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經"
    "第條款項章應當規定縣政府辦關部門單位本制依予以及或者自之日起施行通知各鄉鎮按照實施意見管理工作"
)
LEAST = 0.04  # of the Han characters of a text are common ones


def read(data: bytes) -> tuple[list[Piece], list[str]]:
    text, doubts = decoded(data)
    return list(bounded(_lines(text))), doubts


def _lines(text: str) -> Iterator[Piece]:
    """One by one: a file may be nothing but line ends."""
    begin = 0
    for n, end in enumerate(_ENDS.finditer(text + "\n"), 1):
        if line := text[begin : end.start()].strip():
            yield Piece(line, f"第{n}行")
        begin = end.end()


def decoded(data: bytes) -> tuple[str, list[str]]:
    """The text and what is to be said of how it was decoded."""
    for mark, codec, name in BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(codec), []
            except UnicodeDecodeError:
                raise _garbled(f"文件自称是{name}编码，内容却不是") from None
    if codec := wide(data):
        try:
            return data.decode(codec), ["文件没有标明编码，按UTF-16读取，请核对文字有无错乱"]
        except UnicodeDecodeError:
            raise _garbled() from None
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        return _legacy(data)


def _legacy(data: bytes) -> tuple[str, list[str]]:
    """GB 18030, or Big5 where that reads clearly better."""
    found = []
    for codec, name, common in (
        ("gb18030", "GB18030（GBK）", COMMON),
        ("big5hkscs", "Big5（繁体）", COMMON_BIG5),
    ):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        found.append((_likeness(text, common), text, name))
    if not found:
        raise _garbled()
    best = found[0] if len(found) == 1 or found[0][0] * 2 >= found[1][0] else found[1]
    if best[0] < LEAST:
        raise _garbled()
    return best[1], [f"文件不是UTF-8编码，按{best[2]}读取，请核对文字有无错乱"]


def _likeness(text: str, common: frozenset[str]) -> float:
    """The part of a text's non-ASCII characters that are common Han; a short text need only be Han."""
    strange = [c for c in text[: 4 * SAMPLE] if ord(c) > 0x7F and not "\u3000" <= c <= "\u303f" and not "\uff00" <= c <= "\uffef"][:SAMPLE]  # fmt: skip
    if not strange:
        return 1.0
    han = sum("\u4e00" <= c <= "\u9fff" for c in strange)
    if len(strange) < 20:
        return 1.0 if han == len(strange) else 0.0
    return sum(c in common for c in strange) / len(strange)


def _garbled(what: str = "认不出文件的文字编码") -> Unread:
    return Unread("E886", f"{what}，读出来会是乱码；请用记事本打开，另存为UTF-8编码后提交")
