"""Files handed in as facts: the fact is the digest of a reading, kept beside the file it was read from.

A reading is written by `yifa.texts` and is plain JSON; here only its head is needed: what the file is called and how
long it is.
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from yifa.papers.files import FileRefused
from yifa.papers.files import Store as Files
from yifa.procedure import Facts, asks_of

from .scene import files, handed, kept

DAYS = 7  # a form may lie half filled in
PAGED = ("pdf", "ofd")  # kinds of file that have pages
FIRST = 600  # characters by which one sees whether it was read rightly
GONE = "（文件不在档案中）"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a document wherever it is mentioned; `file` is the digest of the original."""

    sha: str
    name: str
    kind: str
    characters: int
    pages: int
    file: str
    doubts: tuple[str, ...]
    begins: str = ""  # its first words


def told(sha: str) -> Told | None:
    """A kept reading in short; None when there is none, or it was destroyed."""
    if not re.fullmatch("[0-9a-f]{64}", sha):
        return None
    store = next((s for s in (files(), handed()) if s.has(sha)), None)
    return _told(store.folder, sha) if store else None


@lru_cache(maxsize=4096)
def _told(folder: Path, sha: str) -> Told | None:
    """What is named by its digest never changes, so it is read once."""
    try:
        reading = json.loads(Files(folder).open(sha))
        paged = reading["kind"] in PAGED
        labels = {place["label"] for place in reading["places"]} if paged else set()
        pages = {found[1] for label in labels if (found := re.match(r"第(\d+)页", label))}
        return Told(
            sha, reading["name"], reading["kind"], len(reading["text"].replace("\n", "")), len(pages), reading["file"],
            tuple(reading["doubts"]), reading["text"][:FIRST],
        )  # fmt: skip
    except (FileRefused, ValueError, KeyError, TypeError):
        return None


def name_of(sha: str) -> str:
    """How people know it: never by its digest."""
    if not sha:
        return ""
    found = told(sha)
    return found.name if found else GONE


def reading(sha: str) -> str:
    """The kept reading itself, as JSON (`yifa.texts.reading.Reading.load`); `FileRefused` where there is none."""
    return kept(sha).decode()


def settle(facts: Facts) -> None:
    """Bring what was handed in with a form to where files stay; called when the step is taken, before it is committed."""
    waiting = handed()
    for name in documents_of(type(facts)):
        sha = getattr(facts, name)
        if (about := told(sha)) and waiting.has(sha):
            for part in (about.file, sha):  # the reading last: where it is, the original is
                if waiting.has(part):
                    files().bring(part, waiting)
                    waiting.remove(part)


def sweep() -> int:
    """Destroy what lies with no form any more; how many files."""
    return handed().sweep(time.time() - DAYS * 24 * 3600)


@cache
def documents_of(facts: type[Facts]) -> tuple[str, ...]:
    """Which facts of a class are documents."""
    return tuple(a.name for a in asks_of(facts) if a.document)


def named(facts: Facts) -> Facts:
    """The facts with documents by their names: for papers, which people read."""
    names: dict[str, Any] = {n: name_of(getattr(facts, n)) for n in documents_of(type(facts))}
    return dataclasses.replace(facts, **names) if names else facts
