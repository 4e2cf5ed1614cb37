"""What every contestant gets, must do, and is asked. An act: check role, state and condition, move the case, keep a trace.

Written traces differ, and each module says which it keeps: that is what the ratios are about.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

STATES = ("received", "registered", "assigned", "drafted", "reviewed", "signed", "served")
STEPS = ("register", "assign", "draft", "review", "sign", "serve", "receive_again")
ROLE = "clerk"
DAY = "2023-06-01"
FACTS: dict[str, Any] = {"pieces": 3, "remark": "材料齐全，按规定办理"}
GENESIS = "0" * 64


@dataclass(frozen=True)
class Ground:
    """Where a contestant acts: a database of its own, with cases numbered from 1, all in the first state.

    `postgres` is an address, or empty for a SQLite file in the folder `home`; `synchronous` is SQLite's. Who is
    not to `make` it finds it made: the second process at the same database.
    """

    home: str
    synchronous: str = "NORMAL"
    postgres: str = ""
    cases: int = 1000
    make: bool = True

    @property
    def file(self) -> Path:
        return Path(self.home) / "db.sqlite3"

    def text(self) -> str:
        return json.dumps(asdict(self))


class Contestant(ABC):
    """Opens its ground when made. `act` takes the n-th step of the circle in a case, and commits."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    @abstractmethod
    def act(self, case: int, n: int) -> None: ...

    def acts(self, steps: Sequence[tuple[int, int]]) -> None:
        """Several acts, (case, n) each, in one commit; only who offers it."""
        raise NotImplementedError

    def round_trips(self, steps: Sequence[tuple[int, int]]) -> int:
        """Take these steps, and say how often the last waited for the server; only who can tell."""
        raise NotImplementedError


def allowed(state: str, n: int, roles: frozenset[str]) -> str:
    """The state after the n-th step, once role, state and condition are found right."""
    if ROLE not in roles or state != STATES[n] or FACTS["pieces"] <= 0:
        raise ValueError(f"{STEPS[n]} is not allowed in {state}")
    return STATES[(n + 1) % len(STATES)]


def body_of(case: int, seq: int, n: int) -> str:
    """What the hashed trace of an act says."""
    said = {
        "case": case,
        "seq": seq,
        "step": STEPS[n],
        "on": DAY,
        "facts": FACTS,
        "post": "p",
        "office": "o01",
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(head: str, body: str) -> str:
    return hashlib.sha256((head + body).encode()).hexdigest()


def sqlite_at(ground: Ground) -> sqlite3.Connection:
    """The driver alone, under the settings that Yifa itself gives its database."""
    from yifa.site.home import sqlite

    options = sqlite(Path(ground.home), ground.synchronous)["OPTIONS"]
    db = sqlite3.connect(ground.file, isolation_level=None, timeout=options["timeout"])
    db.executescript(options["init_command"])
    return db


def django_at(ground: Ground, apps: Sequence[str] = ()) -> None:
    """Django with nothing but these apps, at this ground, under the settings that Yifa itself gives its database."""
    import django
    from django.conf import settings

    from yifa.site.home import postgresql, sqlite

    database = (
        postgresql(ground.postgres) if ground.postgres else sqlite(Path(ground.home), ground.synchronous)
    )
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "benchmarks.peers", *apps],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SECRET_KEY=os.urandom(16).hex(),
    )
    django.setup()


def make_tables(*models: Any) -> None:
    """The tables of the installed apps, and of these models, which belong to none."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
