"""The procedures by chapter, as menus and the guide list them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yifa.procedure import Procedure, registry

NAMES = Path(__file__).with_name("chapters.toml")
OTHER = "其他事项", "folder"


@dataclass(frozen=True)
class Chapter:
    """A chapter of the work with the procedures this county has in it."""

    key: str
    label: str
    icon: str
    procedures: tuple[type[Procedure], ...]


def chapter_of(procedure: type[Procedure]) -> str:
    """The folder above the matter: yifa.matters.<chapter>.<matter>."""
    parts = procedure.__module__.split(".")
    return parts[parts.index("matters") + 1] if "matters" in parts[:-1] else ""


@cache
def names() -> dict[str, tuple[str, str]]:
    told = tomllib.loads(NAMES.read_text("utf-8"))
    return {key: (c["label"], c["icon"]) for key, c in told.items()}


def chapters() -> list[Chapter]:
    """The chapters that have procedures, in the report's order; what has no chapter comes last."""
    found: dict[str, list[type[Procedure]]] = {}
    for procedure in registry().families():
        found.setdefault(chapter_of(procedure), []).append(procedure)
    order = [*(k for k in names() if k in found), *(k for k in found if k not in names())]
    return [Chapter(k, *names().get(k, OTHER), tuple(found[k])) for k in order]
