"""The pages speak Chinese; this room knows the same words in English.

Each room with pages keeps its sentences in words.toml, each matter (and each kind of procedure) its labels in en.toml. All are
flat: "中文" = "English". A word without an English one is printed in Chinese: a page never fails for want of a word.
"""

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.translation import get_language

from yifa.procedure import Procedure, registry

ROOM_FILE, MATTER_FILE = "words.toml", "en.toml"


def language() -> str:
    """The reader's language: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def tag() -> str:
    """The same for the page's lang attribute."""
    return "en" if language() == "en" else "zh-CN"


def _table(file: Path) -> dict[str, str]:
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _rooms() -> list[Path]:
    """The rooms that may have pages, this one last: its words are everybody's."""
    rooms = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("yifa.")]
    return sorted(rooms, key=lambda room: room == Path(__file__).parent)


def _matters() -> list[Path]:
    """The folders of procedures, and of the kinds of procedure they are."""
    classes = (base for p in registry().editions() for base in p.__mro__ if issubclass(base, Procedure))
    return list(dict.fromkeys(Path(str(sys.modules[c.__module__].__file__)).parent for c in classes))


@cache
def english() -> dict[str, str]:
    """Every Chinese word with its English one; what all pages share wins over a room's, a room's over a matter's."""
    known: dict[str, str] = {}
    for place in _matters():
        known = _table(place / MATTER_FILE) | known
    for room in _rooms():
        known |= _table(room / ROOM_FILE)
    return known


def word(text: Any, /, **parts: Any) -> str:
    """`_("共{n}件", n=5)` in the reader's language."""
    said = str(text)
    if language() == "en":
        said = english().get(said, said)
    return said.format(**parts) if parts else said
