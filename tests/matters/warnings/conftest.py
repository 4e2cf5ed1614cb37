"""The county of `tests.matters.emergency`, recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yifa.people import offices

from ..emergency import founded


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    founded(tmp_path, settings)
    yield
    offices.forget()
