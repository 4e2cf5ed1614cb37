"""The parts of an office file: a zip of XML, opened against limits and without declarations.

A DOCTYPE is refused before anything in it is looked at: office programs write none, and every entity bomb needs one.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .pieces import Unread, damaged

LARGEST_PART = 100 * 1024 * 1024  # bytes of one part
DEEPEST = 150  # elements within elements
MOST_IN_A_TREE = 500_000  # elements held in memory at a time


class Parts:
    """An office file's parts by their names."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._infos = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise damaged() from None

    def names(self) -> list[str]:
        return list(self._infos)

    def bytes_of(self, name: str) -> bytes:
        """One part whole; b"" where there is none."""
        info = self._infos.get(name)
        if info is None:
            return b""
        if info.file_size > LARGEST_PART:
            raise Unread("E882", "文件展开后过大，可能有害，不予接收")
        try:
            return self._zip.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ):
            raise damaged() from None

    def tree(self, name: str) -> Element | None:
        """A small part as a tree."""
        data = self.bytes_of(name)
        if not data.strip():
            return None
        builder = Tree()
        walk(data, builder.start, builder.data, builder.end)
        return builder.close()


class Tree:
    """A tree being built, refused when it would become a forest: empty elements pack a thousand to one."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._count = 0
        self.data, self.end, self.close = self._builder.data, self._builder.end, self._builder.close

    def start(self, tag: str, about: dict[str, str], depth: int = 0) -> None:
        self._count += 1
        if self._count > MOST_IN_A_TREE:
            raise Unread("E882", "文件展开后过大，可能有害，不予接收")
        self._builder.start(tag, about)


def walk(
    data: bytes,
    start: Callable[[str, dict[str, str], int], object],
    text: Callable[[str], object],
    end: Callable[[str], object],
) -> None:
    """Go through XML; names come without their namespaces (an office file's names are its own, whichever edition)."""
    depth = 0

    def opened(name: str, about: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unread("E884", "文件的结构层层嵌套，可能有害，不予接收")
        start(local(name), {local(key): value for key, value in about.items()}, depth)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(local(name))

    def declared(*_: object) -> None:
        raise Unread("E884", "文件中含有外部实体声明，可能有害，不予接收")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as wrong:
        if isinstance(wrong, Unread):
            raise
        raise damaged() from None


def local(name: str) -> str:
    return name.rpartition(" ")[2]
