"""Which procedures this county works under, and in which edition on which day."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable
from datetime import date
from functools import cache

from .facts import found_of
from .kinds import Procedure
from .mistakes import ProcedureError, Reason, Refused


class Registry:
    """The procedures of the matters listed, in their order; of each, its editions by date."""

    def __init__(self, matters: Iterable[str]) -> None:
        self._editions: dict[str, list[type[Procedure]]] = {}
        self._names: dict[tuple[str, str], type[Procedure]] = {}
        for matter in matters:
            for procedure in _procedures_in(matter):
                self.add(procedure)

    def add(self, procedure: type[Procedure]) -> None:
        """Take in one procedure; two families may not share a key."""
        _finds_what_it_says(procedure)
        editions = self._editions.setdefault(procedure.key, [])
        if any(e.since == procedure.since for e in editions):
            raise ProcedureError(
                "E132",
                procedure.__name__,
                f"a procedure “{procedure.key}” since {procedure.since} is registered already.",
                "Rename the class, or give the edition its own day.",
            )
        editions.append(procedure)
        editions.sort(key=lambda e: e.since)
        self._names[procedure.key, procedure.edition] = procedure

    def families(self) -> list[type[Procedure]]:
        """The newest edition of each family, in the order the matters are listed."""
        return [editions[-1] for editions in self._editions.values()]

    def family(self, key: str) -> type[Procedure]:
        """The newest edition; KeyError for an unknown family."""
        return self._editions[key][-1]

    def on(self, key: str, day: date) -> type[Procedure]:
        """The edition a case begun that day runs under; `Refused` before the first."""
        editions = self._editions[key]
        for edition in reversed(editions):
            if edition.since <= day:
                return edition
        first = editions[0]
        begun = f"{first.since.year}年{first.since.month}月{first.since.day}日"
        raise Refused(
            Reason(
                f"{first.title}的规定自{begun}起施行，不能登记此前的事项",
                first.opening()[0].cite,
                "yifa.R008",
            )
        )

    def edition(self, key: str, name: str) -> type[Procedure]:
        """The edition of this name; KeyError when the county no longer lists it."""
        return self._names[key, name]

    def editions(self) -> list[type[Procedure]]:
        return [e for editions in self._editions.values() for e in editions]


def _procedures_in(matter: str) -> list[type[Procedure]]:
    """The procedures declared in a matter: a package with procedure.py, or a single module."""
    module = importlib.import_module(matter)
    if hasattr(module, "__path__"):
        module = importlib.import_module(f"{matter}.procedure")
        for beside in ("machine", "effects"):
            if importlib.util.find_spec(f"{matter}.{beside}"):
                importlib.import_module(f"{matter}.{beside}")
    return [
        v
        for v in vars(module).values()
        if isinstance(v, type) and issubclass(v, Procedure) and v.__module__ == module.__name__
    ]


def _finds_what_it_says(procedure: type[Procedure]) -> None:
    for step in procedure.steps.values():
        if found_of(step.asks) and step.seeker is None:
            raise ProcedureError(
                "E133",
                procedure.__name__,
                f"nobody finds {'、'.join(sorted(found_of(step.asks)))} of step “{step.key}”.",
                f"Write @{procedure.__name__}.{step.key}.finds in machine.py.",
            )


_matters: list[str] = []


def use(matters: Iterable[str]) -> None:
    """Say which matters the county works under; the site does, once, at start."""
    _matters[:] = matters
    registry.cache_clear()


@cache
def registry() -> Registry:
    """The county's registry."""
    return Registry(_matters)
