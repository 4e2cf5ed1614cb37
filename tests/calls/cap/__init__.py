"""Messages of our own making, for the county the demonstration is about."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent / "samples"


def sample(name: str) -> bytes:
    return (HERE / name).read_bytes()
