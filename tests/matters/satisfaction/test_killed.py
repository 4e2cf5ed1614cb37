"""kill -9 at any moment: everybody on the list has one record, and everybody dissatisfied one order; none twice, none lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

SCRIPT = Path(__file__).with_name("killed.py")
PEOPLE = 150
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite"),
]


@pytest.mark.parametrize("seed", range(3))
def test_senders_that_are_killed_all_the_time_make_one_record_each(tmp_path: Path, seed: int) -> None:
    command = [sys.executable, str(SCRIPT), str(tmp_path), str(seed), str(PEOPLE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["kills"] >= 6
    assert told["state"] == "done"
    assert told["numbers"] == sorted(f"B{n}" for n in range(PEOPLE))
    assert told["orders"] == told["bad"] > 0
