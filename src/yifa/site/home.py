"""The home folder as the site uses it: the secret that signs sessions, the database's address."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yifa.law.folders import home_folder

BUSY_SECONDS = 20
WAL_PAGES = 4000  # 16 MB of log before it is moved into the file: four times the usual, so a page written often moves once


def made_home() -> Path:
    """The folder of this county's data; made on first use, for its owner only."""
    folder = home_folder().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret(home: Path) -> str:
    """The key that signs cookies and forms: 64 random bytes, kept beside the data, readable by the owner only."""
    if given := os.environ.get("YIFA_SECRET"):
        return given
    file = home / "secret"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(64) + "\n")
    return file.read_text("ascii").strip()


def sqlite(home: Path, synchronous: str) -> dict[str, Any]:
    """One file. Writers queue up at BEGIN, readers never wait; what is deleted is overwritten."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "db.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;"
            f"PRAGMA synchronous={synchronous};"
            f"PRAGMA busy_timeout={BUSY_SECONDS * 1000};"
            f"PRAGMA wal_autocheckpoint={WAL_PAGES};"
            "PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON",
        },
    }


def postgresql(address: str) -> dict[str, Any]:
    """The same program on a server: postgresql://user:password@host:port/name?sslmode=require."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ValueError(
            "YIFA_DATABASE_URL is not an address of a PostgreSQL database. "
            "Write postgresql://user:password@host:port/name. [yifa.E701]"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def database(home: Path) -> dict[str, Any]:
    """PostgreSQL when YIFA_DATABASE_URL names one, else the file in the home folder."""
    if address := os.environ.get("YIFA_DATABASE_URL"):
        return postgresql(address)
    synchronous = os.environ.get("YIFA_SYNCHRONOUS", "FULL").upper()
    if synchronous not in ("FULL", "EXTRA", "NORMAL", "OFF"):
        raise ValueError("YIFA_SYNCHRONOUS is FULL (the default), EXTRA, NORMAL or OFF. [yifa.E702]")
    return sqlite(home, synchronous)
