"""kill -9 of senders and web processes at any moment loses nobody and leaves nothing half done; what repeats keeps its key.

What is promised of time, exactly: a rung ends at the first look a living sender takes after its time is over, whoever
died with the person in hand; so everybody is answered, or lies with a person, within the ladder's bound and, for each
rung, the time nobody looked. A key is claimed again only after its claim's window, and never after its rung is over.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.cases.test_two_processes import _database

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("killed.py")
ROUNDS = 100  # for each seed
RUNGS = (
    (2, 1000, "138"),
    (1, 500, "139"),
    (2, 800, "137"),
)  # tries, within, whose number: as killed.py has them
BOUND = sum(within for _, within, _ in RUNGS)
KINDS = [
    pytest.param("sqlite", marks=pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite")),
    pytest.param("postgres", marks=pytest.mark.postgres),
]
pytestmark = pytest.mark.slow


@contextmanager
def county(kind: str, home: Path) -> Iterator[dict[str, str]]:
    """The environment of a county of its own, on a file or on the tests' server."""
    env = {k: v for k, v in os.environ.items() if k != "YIFA_DATABASE_URL"}
    env |= {"DJANGO_SETTINGS_MODULE": "yifa.site.settings", "YIFA_HOME": str(home)}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), env.get("PYTHONPATH", ""))))
    if kind == "sqlite":
        yield env
        return
    with _database() as address:
        yield env | {"YIFA_DATABASE_URL": address}


class Told:
    """What everybody did and what became of it, as killed.py tells it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.__dict__ |= told
        self.looks = sorted(int(line[1]) for line in told["senders"] if line[0] == "look")
        self.claims: dict[str, list[int]] = defaultdict(list)
        for line in told["senders"]:
            if line[0] == "claim":
                self.claims[line[2]].append(int(line[1]))
        self.end = {id: end for id, _, _, _, _, end, _ in told["callings"]}
        self.steps = [
            (
                e["step"],
                e["case"],
                e["facts"].get("callee"),
                e["facts"].get("about"),
                e["facts"].get("people"),
            )
            for e in told["ledger"]
        ]

    def ended_by(self, step: str) -> set[int]:
        return {callee for name, _, callee, _, _ in self.steps if name == step}


def run(kind: str, seed: int, home: Path) -> Told:
    sides = "1" if kind == "sqlite" else "2"  # on a server several share the work
    with county(kind, home) as env:
        command = [sys.executable, str(SCRIPT), str(home), str(seed), str(ROUNDS), sides]
        done = subprocess.run(
            command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
        )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return Told(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_killed_nobody_is_lost_and_nothing_is_half_done(
    kind: str, seed: int, tmp_path: Path
) -> None:
    told = run(kind, seed, tmp_path)
    print(f"seed {seed}: {told.kills}")
    assert sum(told.kills.values()) >= ROUNDS
    assert min(told.kills.values()) >= ROUNDS // 3
    acts_are_whole_or_not_there(told)
    everybody_has_ended_or_lies_with_a_person_in_time(told)
    keys_are_kept(told)
    answers_stay(told)
    assert told.ends == [0] * len(told.ends), "told to stop in the middle of its work, a sender ends well"
    assert (told.wrong, told.different) == ("", [])


def acts_are_whole_or_not_there(told: Told) -> None:
    """Case, ledger entry and rows together; and whatever was confirmed is there."""
    entered = sorted((about, case, people) for step, case, _, about, people in told.steps if step == "begin")
    assert entered == sorted(map(tuple, told.call_outs))
    assert len({about for about, _, _ in entered}) == len(entered)
    begun = {(about, what[0], people) for name, about, people, what in of("begin", told.done)}
    assert begun
    assert begun <= set(entered), "what a client was told was begun is there, with all its people"
    for name, end in (("answer", "ANSWERED"), ("hand_over", "HANDED"), ("give_up", "GIVEN_UP")):
        confirmed, written = {callee for _, _, callee, _ in of(name, told.done)}, told.ended_by(name)
        assert confirmed <= written
        rows = {id for id, now in told.end.items() if now == end}
        if name == "answer":
            assert written <= rows
        elif name == "hand_over":
            assert rows <= written <= rows | told.ended_by("answer")
        else:
            assert rows == written


def of(name: str, done: list[list[Any]]) -> list[list[Any]]:
    return [job for job in done if job[0] == name]


def everybody_has_ended_or_lies_with_a_person_in_time(told: Told) -> None:
    gap = max(after - before for before, after in pairwise(told.looks))
    for id, rung, since, begun, due, end, ended in told.callings:
        assert due is None, f"{id} is still being called"
        assert (end == "") == (ended is None)
        if end == "":
            assert rung == len(RUNGS)
            assert since - begun <= BOUND + len(RUNGS) * gap


def keys_are_kept(told: Told) -> None:
    numbers: dict[str, set[str]] = defaultdict(set)
    on_rung: dict[tuple[str, int], list[int]] = defaultdict(list)
    for key, claims in told.claims.items():
        calling, rung, n, _ = key.split("-")
        assert 1 <= int(n) <= RUNGS[int(rung)][0], "nobody is called oftener than the ladder says"
        assert all(after - before >= told.window for before, after in pairwise(sorted(claims)))
        on_rung[calling, int(rung)] += claims
    for (_, rung), claims in on_rung.items():
        assert max(claims) - min(claims) < RUNGS[rung][1], "no key is sent again after its rung"
    for key, to, at in told.handed:
        numbers[key].add(to)
        assert to.removeprefix("+86").startswith(RUNGS[int(key.split("-")[1])][2])
        assert min(told.claims[key]) <= float(at) * 1000, "handed over by whoever had claimed it"
    assert all(len(found) == 1 for found in numbers.values()), "one key, one number"
    times = Counter(key for key, _, _ in told.handed)
    assert all(n <= len(told.claims[key]) for key, n in times.items()), (
        "handed over once for each claim at most"
    )
    kept = {key for key, _, _ in told.tries}
    counted = {key for key, claims in told.claims.items() if key in numbers}
    assert kept <= set(told.claims)
    assert {key for key, _, _ in told.handed} == counted


def answers_stay(told: Told) -> None:
    assert told.undone == []
    news = {key: name for key, name, _ in told.tries}
    by_desk = told.ended_by("answer")
    replied = {int(key.split("-")[0]) for key in told.answers}
    for key in told.answers:
        assert news[key] == "REPLIED"
        assert told.end[int(key.split("-")[0])] != "", "who answered is not called on"
    for id, end in told.end.items():
        if end == "ANSWERED":
            assert id in replied | by_desk, "nobody is answered who did not answer"
