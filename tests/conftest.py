"""What every test may lean on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# No test fails for being slow. In CI the same examples are tried each time; everywhere else, new ones.
settings.register_profile("yifa", deadline=None, derandomize="YIFA_CI" in os.environ)
settings.load_profile("yifa")


# What keeps time with a telephone or a browser shares two cores with its neighbours, and may be late by itself: it has a
# second try, and pytest's summary names it (RERUN). Whatever else wavers has a fault: nothing else is tried twice.
BY_THE_CLOCK = ("clock", "walk", "voice")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.get_closest_marker(name) for name in BY_THE_CLOCK):
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))


@pytest.fixture
def _guards_back(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After the tables were emptied, the ledger refuses changes again."""
    from django.db import connection

    from yifa.ledger import guards

    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        guards.put_up(cursor, connection.vendor)


@pytest.fixture
def committed(_guards_back: None, transactional_db: None) -> Iterator[None]:
    """A database whose transactions really commit; afterwards the ledger lets itself be emptied, this once."""
    from django.db import connection

    from yifa.ledger import guards

    yield
    with connection.cursor() as cursor:
        guards.take_down(cursor, connection.vendor)
