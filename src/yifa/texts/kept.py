"""Readings as they are kept: what the value of a document fact stands for."""

from __future__ import annotations

from yifa.cases import documents
from yifa.cases.scene import files

from .reader import read
from .reading import Reading

__all__ = ["hand_in", "reading_of"]


def hand_in(data: bytes, name: str) -> str:
    """Read a file and keep it with its reading: the value of a document fact. For programs; the desk's forms put files aside first."""
    reading = read(data, name)
    files().keep(data, name)
    return files().keep_text(reading.dump())


def reading_of(sha: str) -> Reading:
    """The reading a document fact names; `FileRefused` where it was destroyed or altered."""
    return Reading.load(documents.reading(sha))
