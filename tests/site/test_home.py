"""The home folder, the secret, and the database's address."""

from pathlib import Path

import pytest
from django.db import connection

from yifa.site.home import database, made_home, postgresql, secret


def test_the_home_folder_and_the_secret_are_their_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIFA_HOME", str(tmp_path / "county"))
    monkeypatch.delenv("YIFA_SECRET", raising=False)
    home = made_home()
    first = secret(home)
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "secret").stat().st_mode & 0o077 == 0
    assert len(first) > 80


def test_the_secret_stays_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIFA_SECRET", raising=False)
    assert secret(tmp_path) == secret(tmp_path)


def test_several_machines_may_share_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIFA_SECRET", "shared")
    assert secret(tmp_path) == "shared"
    assert not (tmp_path / "secret").exists()


def test_a_postgresql_address_is_taken_apart() -> None:
    address = postgresql("postgresql://li:p%40ss@db.example:6432/yifa?sslmode=require")
    assert (address["USER"], address["PASSWORD"], address["HOST"], address["PORT"], address["NAME"]) == (
        "li",
        "p@ss",
        "db.example",
        "6432",
        "yifa",
    )
    assert address["OPTIONS"] == {"sslmode": "require"}


def test_an_address_of_something_else_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match=r"postgresql://user:password@host:port/name.*\[yifa.E701\]"):
        postgresql("mysql://localhost/yifa")


def test_the_way_of_syncing_is_one_that_sqlite_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIFA_DATABASE_URL", raising=False)
    monkeypatch.setenv("YIFA_SYNCHRONOUS", "SOMETIMES; DROP TABLE x")
    with pytest.raises(ValueError, match="E702"):
        database(tmp_path)


@pytest.mark.django_db
def test_sqlite_keeps_foreign_keys_and_overwrites_what_is_deleted() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite")
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("foreign_keys", "secure_delete", "synchronous", "wal_autocheckpoint")
        }
    assert pragmas == {"foreign_keys": 1, "secure_delete": 1, "synchronous": 2, "wal_autocheckpoint": 4000}
