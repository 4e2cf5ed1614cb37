"""Where published facts and this office's own data lie."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import yifa

__all__ = ["home_folder", "library_folder"]


def library_folder() -> Path:
    """What the State and a county publish: statutes, calendars, counties. Data, no code.

    `YIFA_LIBRARY` names another one; an installed wheel carries its own; a checkout has it at its root.
    """
    return _library(os.environ.get("YIFA_LIBRARY"))


@cache
def _library(named: str | None) -> Path:
    if named:
        return Path(named).expanduser()
    package = Path(yifa.__file__).resolve().parent
    packed = package / "_library"
    return packed if packed.is_dir() else package.parents[1] / "library"


def home_folder() -> Path:
    """What this office keeps: database, keys, files, imported statute texts. `YIFA_HOME` names another one."""
    named = os.environ.get("YIFA_HOME")
    return Path(named).expanduser() if named else Path.home() / ".yifa"
