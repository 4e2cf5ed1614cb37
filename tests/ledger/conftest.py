"""A ledger of its own for each test, in real files: SQLite in a fresh home, and PostgreSQL where a server is named."""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import load_backend

from yifa.ledger.chain import GENESIS, canonical, digest
from yifa.ledger.vault import Vault, _opened
from yifa.site.home import postgresql, sqlite

CASES = (
    "CREATE TABLE cases_case (id bigint NOT NULL PRIMARY KEY, seq integer NOT NULL, head varchar(64) NOT NULL,"
    " standing text NOT NULL, number text NOT NULL)"
)


@dataclass
class Clerk:
    """张三 at the justice bureau."""

    person: int | None = 7
    name: str = "张三"
    post: str = "justice.clerk"


class Book:
    """A hand that writes entries as the kernel does, and one that damages them as nobody should."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.heads: dict[int, tuple[int, str]] = {}

    def write(
        self, case: int, algo: str = "sha256", sealed: dict[str, str] | None = None, **facts: Any
    ) -> int:
        """Append an entry to a case; its number is returned."""
        vault = Vault.open(self.home, algo)
        seq, prev = self.heads.get(case, (0, GENESIS))
        boxes, commitments = [], {}
        for name, text in (sealed or {}).items():
            *box, commitments[name] = vault.seal(self._key(vault, case), name, text)
            boxes.append((name, *box))
        body = canonical(
            {
                "v": 1, "case": case, "seq": seq + 1, "proc": "disclosure", "edition": "disclosure", "print": "0123456789ab",
                "step": "receive", "on": "2023-01-03", "at": "2026-11-23T02:03:04.567Z", "office": "411523-sfj",
                "post": "clerk", "person": 7, "facts": facts or {"内容": "2022年度部门预算"}, "sealed": commitments, "paper": None,
            }
        )  # fmt: skip
        hash = digest(prev, body, algo)
        id = self.one(
            "INSERT INTO ledger_entry (case_id, seq, algo, prev, hash, body) VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            case, seq + 1, algo, prev, hash, body,
        )  # fmt: skip
        for name, salt, box in boxes:
            self.run(
                "INSERT INTO ledger_sealed (entry_id, name, salt, box) VALUES (%s, %s, %s, %s)",
                id,
                name,
                salt,
                box,
            )
        self._case(case, seq + 1, hash)
        self.heads[case] = seq + 1, hash
        return int(id)

    def _key(self, vault: Vault, case: int) -> bytes:
        if wrapped := self.one("SELECT wrapped FROM ledger_key WHERE case_id = %s", case):
            return vault.unwrap(bytes(wrapped))
        key, wrapped = vault.new_key()
        self.run("INSERT INTO ledger_key (case_id, wrapped) VALUES (%s, %s)", case, wrapped)
        return key

    def _case(self, case: int, seq: int, head: str) -> None:
        if seq == 1:
            standing = json.dumps({"state": "handling", "seq": 1})
            self.run(
                "INSERT INTO cases_case VALUES (%s, %s, %s, %s, %s)", case, seq, head, standing, f"{case}号"
            )
        else:
            self.run("UPDATE cases_case SET seq = %s, head = %s WHERE id = %s", seq, head, case)

    def run(self, sql: str, *params: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params or None)

    def one(self, sql: str, *params: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, params or None)
            row = cursor.fetchone()
        return row[0] if row else None

    def unguard(self) -> None:
        """Take the refusals down, as a thief with the database's password would."""
        from yifa.ledger import guards

        with connection.cursor() as cursor:
            guards.take_down(cursor, connection.vendor)

    def year(self, cases: int = 12, days: int = 3) -> None:
        """A small year: cases that take turns, a seal at the end of each day, and an open day after."""
        from yifa.ledger import checkpoints

        for day in range(1, days + 2):
            for case in range(1, cases + 1):
                if case % (day + 1) != day:
                    sealed = (
                        {"申请人姓名": f"王某{case}", "联系电话": f"1380000{case:04}"}
                        if case % 3 == 0
                        else None
                    )
                    self.write(case, "sm3" if case % 5 == 0 else "sha256", sealed, 内容=f"第{day}日")
            if day <= days:
                checkpoints.make(date(2023, 1, day))


def _migrated() -> None:
    MigrationExecutor(connection).migrate([("ledger", "0002_only_grows")])
    with connection.cursor() as cursor:
        cursor.execute(CASES)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """A database file with the ledger's tables, made once and copied for each test."""
    home = tmp_path_factory.mktemp("empty")
    with django_db_blocker.unblock(), _connected(sqlite(home, "OFF")):
        _migrated()
        connection.close()
    return home / "db.sqlite3"


class _connected:
    """Django's default connection, for a while another one."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = {**connections.settings["default"], **config}

    def __enter__(self) -> None:
        self.before = connections["default"]
        connections["default"] = load_backend(self.config["ENGINE"]).DatabaseWrapper(self.config, "default")

    def __exit__(self, *_: object) -> None:
        connections["default"].close()
        connections["default"] = self.before


def _home(tmp_path: Path, settings: Any) -> Path:
    settings.YIFA_HOME = tmp_path
    _opened.cache_clear()
    return tmp_path


@pytest.fixture
def sqlite_book(empty_sqlite: Path, tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Book]:
    home = _home(tmp_path, settings)
    shutil.copy(empty_sqlite, home / "db.sqlite3")
    with django_db_blocker.unblock(), _connected(sqlite(home, "NORMAL")):
        yield Book(home)


@pytest.fixture
def postgres_book(tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Book]:
    address = os.environ.get("YIFA_TEST_POSTGRES")
    if not address:
        pytest.skip("YIFA_TEST_POSTGRES names no server")
    home, name = _home(tmp_path, settings), f"yifa_ledger_{uuid.uuid4().hex[:12]}"
    server = postgresql(address)
    with django_db_blocker.unblock():
        with _connected(server), connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        try:
            with _connected({**server, "NAME": name}):
                _migrated()
                yield Book(home)
        finally:
            with _connected(server), connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def book(request: pytest.FixtureRequest) -> Book:
    found: Book = request.getfixturevalue(f"{request.param}_book")
    return found
