"""What a step may look at while it is being taken: `yifa.procedure.Scene`, over the database."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from functools import partial
from random import Random
from typing import Any

from django.conf import settings

from yifa.clock import SHANGHAI
from yifa.ledger.vault import Vault
from yifa.papers import numbers
from yifa.papers.files import FileRefused
from yifa.papers.files import Store as Files
from yifa.people.offices import office, office_name, offices
from yifa.procedure import Step

from .history import opened_words
from .store import Cursor

_secret: Callable[[], str] = partial(secrets.token_hex, 32)


@contextmanager
def invented(by: Random) -> Iterator[None]:
    """Where nothing is real, secrets are not either: the demonstration comes out the same each time."""
    global _secret
    real, _secret = _secret, lambda: by.randbytes(32).hex()
    try:
        yield
    finally:
        _secret = real


def files() -> Files:
    """Texts and files of this home, by the hash of what they hold."""
    return Files(settings.YIFA_HOME / "files")


def handed() -> Files:
    """What was handed in with a form that has not been carried out yet; it goes to `files` with the act, or is swept away."""
    return Files(settings.YIFA_HOME / "handed")


def kept(sha: str) -> bytes:
    """A kept file or text, also one whose form is still being filled in."""
    if not files().has(sha) and handed().has(sha):
        with suppress(FileRefused):  # it was moved between two looks
            return handed().open(sha)
    return files().open(sha)


class Stage:
    """The scene of one step. Nothing is read before it is asked for."""

    def __init__(
        self,
        cursor: Cursor,
        case: int,
        office: str,
        step: Step[Any],
        on: date,
        *,
        tried: bool,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """`ready`: called before the database is looked into, so that what waits to be written is there."""
        self._cursor, self.case, self.office, self.step, self.on = cursor, case, office, step, on
        self.tried, self._ready = tried, ready
        self._number: str | None = None
        self._tried: dict[str, str] = {}

    @property
    def cursor(self) -> Cursor:
        """The transaction the step is taken in."""
        self._ready()
        return self._cursor

    def offices(self, on: date) -> dict[str, str]:
        return {name: o.code for o in offices(on) for name in (o.name, o.short) if name}

    def name_of(self, office: str, on: date) -> str:
        return office_name(office, on)

    @property
    def algo(self) -> str:
        return str(getattr(settings, "YIFA_LEDGER_ALGO", "sha256"))

    @property
    def number(self) -> str:
        """The kernel sees to it that the paper does get this number, or nothing is taken."""
        if self._number is None:
            self._number = self._following()
        return self._number

    @property
    def promised(self) -> str | None:
        """The number somebody counted on; None when nobody asked."""
        return self._number

    def _following(self) -> str:
        paper = self.step.gives
        if paper is None or not paper.series:
            return ""
        vendor = "postgresql" if self.cursor.on_postgres else "sqlite"
        n = numbers.following(self.cursor.raw, vendor, self.office, paper.series, self.on.year)
        return numbers.written(office(self.office, self.on).mark, paper.series, self.on.year, n)

    def moment(self, on: date) -> str:
        now = datetime.now(SHANGHAI).replace(microsecond=0)
        return (now if on == now.date() else datetime.combine(on, time(23, 59, 59), SHANGHAI)).isoformat()

    def secret(self) -> str:
        return _secret()

    def digest(self, text: str) -> str:
        return Vault.open(settings.YIFA_HOME, self.algo).digest(text)

    def keep(self, text: str) -> str:
        if not self.tried:
            return files().keep_text(text)
        sha = hashlib.sha256(text.encode()).hexdigest()
        self._tried[sha] = text
        return sha

    def kept(self, sha: str) -> str:
        return self._tried[sha] if sha in self._tried else kept(sha).decode()

    def opened(self, cases: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, str]]:
        return opened_words(self.cursor, cases, names)

    def listed(
        self,
        family: str,
        fields: Sequence[str],
        *,
        states: Collection[str] = (),
        where: Mapping[str, Collection[str]] | None = None,
        office: str = "",
        number: str = "",
        since: date | None = None,
        until: date | None = None,
        grown_from: int = 0,
    ) -> list[tuple[Any, ...]]:
        fact = self._fact
        conditions: list[str] = ["c.family = ?"]
        params: list[Any] = [family]
        if states:
            conditions.append(f"c.state IN ({_marks(states)})")
            params += states
        if office:
            conditions.append("c.office = ?")
            params.append(office)
        for name, values in (where or {}).items():
            conditions.append(f"{fact(name)} IN ({_marks(values)})")
            params += values
        if number:
            conditions.append("c.number = ?")
            params.append(number)
        if since:
            conditions.append("c.opened >= ?")
            params.append(since.isoformat())
        joined = ""
        if until:
            conditions.append("c.opened <= ?")
            params.append(until.isoformat())
        if grown_from:
            joined = " JOIN cases_link l ON l.to_case = c.id"
            conditions.append("l.from_case = ?")
            params.append(grown_from)
        columns = ", ".join(["c.id", "c.office", "c.state", "c.number", *map(fact, fields)])
        sql = f"SELECT {columns} FROM cases_case c{joined} WHERE {' AND '.join(conditions)} ORDER BY c.id"
        return [tuple(row) for row in self.cursor.all(sql, params)]

    def _fact(self, name: str) -> str:
        if not name.isidentifier():
            raise ValueError(name)
        return (
            f"c.facts::json->>'{name}'" if self.cursor.on_postgres else f"json_extract(c.facts, '$.{name}')"
        )


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))
