"""The real statutes, where `YIFA_STATUTES` names a folder of them."""

import os
from pathlib import Path

import pytest

from yifa.law import texts

GIVEN = os.environ.get("YIFA_STATUTES")


@pytest.fixture
def real_texts(monkeypatch) -> Path:
    """The folder of real statutes; such tests are skipped where there is none."""
    if not GIVEN or not Path(GIVEN).is_dir():
        pytest.skip("YIFA_STATUTES names no folder of statute texts")
    monkeypatch.setenv("YIFA_STATUTES", GIVEN)
    texts.forget()
    return Path(GIVEN)
