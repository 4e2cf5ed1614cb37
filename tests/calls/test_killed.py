"""kill -9 at any moment loses nobody: each is answered or lies with a person within the bound; what repeats keeps its key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

SCRIPT = Path(__file__).with_name("killed.py")
WINDOW = 0.3
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite"),
]


def run(home: Path, seed: int) -> dict[str, Any]:
    command = [sys.executable, str(SCRIPT), str(home), str(seed), "120"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("seed", range(5))
def test_senders_that_are_killed_all_the_time_lose_nobody(tmp_path: Path, seed: int) -> None:
    told = run(tmp_path, seed)
    assert told["kills"] >= 8
    assert told["open"] == 0
    assert told["lost"] == [], "who answered is answered, whoever was killed meanwhile"
    assert told["invented"] == [], "nobody is answered who did not answer"
    # Each rung may wait for one claim to run out and for the next sender to come.
    assert told["over_after"] <= told["bound"] + 2 * 3 * (WINDOW + told["longest"])

    by_key = defaultdict(list)
    for key, to, at in told["handed"]:
        by_key[key].append(at)
        calling, rung, _ = key.split("-")
        assert to == f"{'su'[int(rung)]}{told['to'][calling]}", "every try goes where its rung says"
    for times in by_key.values():
        waits = [after - before for before, after in pairwise(times)]
        assert all(wait >= WINDOW * 0.9 for wait in waits), "not again before the claim has run out"
