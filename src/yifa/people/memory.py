"""What every page asks, kept in memory until its table has grown.

Tables of dated rows only ever grow, so the newest row tells whether what is kept is still true. That is asked once
a request, and once a second where there are no requests: a change takes effect at the next request of every process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, TypeVar

from django.core.signals import request_started
from django.db import connection

T = TypeVar("T")
SECOND = 1.0


class _Asked(threading.local):
    """When this thread last looked at each table."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}


_asked = _Asked()


def _new_request(**_: Any) -> None:
    _asked.at.clear()


request_started.connect(_new_request, dispatch_uid="yifa.people.memory")


class Kept(Generic[T]):
    """What `read` made of a table, until the table has a newer row."""

    def __init__(self, table: str, read: Callable[[], T]) -> None:
        self.table, self.read = table, read
        self._kept: tuple[object, T] | None = None

    def get(self) -> T:
        kept, now = self._kept, monotonic()
        if kept is not None and now - _asked.at.get(self.table, -SECOND) < SECOND:
            return kept[1]
        newest = self._newest()
        if kept is None or kept[0] != newest:
            kept = self._kept = (newest, self.read())
        _asked.at[self.table] = now
        return kept[1]

    def forget(self) -> None:
        """Read anew at the next question."""
        self._kept = None

    def _newest(self) -> object:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, recorded_at FROM {self.table} ORDER BY id DESC LIMIT 1")
            return cursor.fetchone()
