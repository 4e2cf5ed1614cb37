"""Who examines a draft: citations, content, repetition, in one call; the same for the desk, the command line and the demonstration."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache, partial

from yifa.law.folders import library_folder

from .citing import citations
from .content.engines import Scanner
from .content.rules import Pack, packs
from .finding import Finding
from .repeats import alike
from .repeats.alike import Other

__all__ = ["Examiner", "examiners", "rules_used"]

Examiner = Callable[[str], Sequence[Finding]]
_own = threading.local()  # an engine's working memory belongs to one thread


def examiners(
    on: date, content: Sequence[str] = (), in_force: Iterable[Other] = (), *, own_title: str = ""
) -> list[Examiner]:
    """Those for a text handed in on this day.

    `content` names the rule packs it is held against, `in_force` the documents it may repeat or contradict; `own_title` is what
    本办法 means in it.
    """
    found: list[Examiner] = [partial(citations.examine, on=on, own_title=own_title)]
    if content:
        found.append(_scanner(tuple(content)).examine)
    if others := list(in_force):
        found.append(partial(alike.examine, others=others, kept=_cut()))
    return found


def _cut() -> alike.Kept:
    kept: alike.Kept = _own.__dict__.setdefault("cut", alike.Kept())
    return kept


def _scanner(names: tuple[str, ...]) -> Scanner:
    made: dict[tuple[str, ...], Scanner] = _own.__dict__.setdefault("scanners", {})
    if names not in made:
        made[names] = Scanner(_chosen(names))
    return made[names]


def _chosen(names: Sequence[str]) -> list[Pack]:
    known = {pack.name: pack for pack in packs()}
    return [known[name] for name in names]


def rules_used(names: Sequence[str]) -> str:
    """The packs by title and the first digits of what their files hold: under which rules a text was examined."""
    return "、".join(f"{pack.title}（{_digest(pack.name)}）" for pack in _chosen(names))


@cache
def _digest(name: str) -> str:
    """A pack's own file alone; the lists of words it uses from others have digests of their own."""
    return hashlib.sha256((library_folder() / "rules" / f"{name}.toml").read_bytes()).hexdigest()[:8]
