"""Several programs at one record: who comes second is told so, nothing is lost, numbered twice or half done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HAND = "import django; django.setup(); from tests.cases.hand import main; main()"
PATIENCE = 60  # seconds of silence after which a program is ended
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


class Hand:
    """A program started at a record; it does one job after another."""

    def __init__(self, env: dict[str, str]) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-c", HAND],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        """The next line it says; its end, or a long silence, is a failure."""
        assert self.program.stdout
        waiting = Timer(PATIENCE, self.program.kill)
        waiting.start()
        said = self.program.stdout.readline()
        waiting.cancel()
        assert said, "the program ended"
        return said.strip()

    def take(self, *job: object) -> None:
        self.send(json.dumps(job))

    def send(self, line: str = "") -> None:
        assert self.program.stdin
        self.program.stdin.write(line + "\n")
        self.program.stdin.flush()

    def came_to(self) -> Any:
        """What its job came to, in the end."""
        while not (said := self.line()).startswith("="):
            pass
        return json.loads(said[1:])

    def kill(self) -> None:
        self.program.kill()
        self.program.communicate()


@dataclass
class Record:
    """A county's record of its own, and those who work at it."""

    env: dict[str, str]
    hands: list[Hand] = field(default_factory=list)

    @property
    def on_a_server(self) -> bool:
        """On a file a second writer begins after the first has ended; on a server they meet at a row."""
        return "YIFA_DATABASE_URL" in self.env

    def at_hand(self, n: int) -> list[Hand]:
        """So many that are free; more are started where they are too few."""
        self.hands = [hand for hand in self.hands if hand.program.poll() is None]
        new = [Hand(self.env) for _ in range(len(self.hands), n)]
        assert [hand.line() for hand in new] == ["ready"] * len(new)
        self.hands += new
        return self.hands[:n]

    def begin(self, *jobs: tuple[object, ...]) -> list[Hand]:
        """Send as many off together as there are jobs."""
        hands = self.at_hand(len(jobs))
        for hand, job in zip(hands, jobs, strict=True):
            hand.take(*job)
        return hands

    def together(self, *jobs: tuple[object, ...]) -> list[Any]:
        return [hand.came_to() for hand in self.begin(*jobs)]

    def ask(self, *job: object) -> Any:
        return self.together(job)[0]

    def looked_at(self) -> Look:
        return Look(**self.ask("look"))


@dataclass
class Look:
    """The record as a program finds it that reads all of it."""

    wrong: str
    different: list[str]
    rows: list[tuple[int, int, str]]
    entries: int
    numbers: list[tuple[str, str, int]]
    cells: dict[str, int]
    sealed: list[int]

    @property
    def cases(self) -> dict[int, list[Any]]:
        """How many entries each case has, and where it stands."""
        return {id: [seq, state] for id, seq, state in self.rows}

    def received(self) -> int:
        return sum(n for key, n in self.cells.items() if key.startswith("receive "))

    def whole(self) -> bool:
        """The chain fits, the rows are the ledger's, and papers are numbered from 1 on in each series."""
        series = Counter((office, name) for office, name, _ in self.numbers)
        should = [[office, name, n] for (office, name), last in series.items() for n in range(1, last + 1)]
        assert (self.wrong, self.different) == ("", [])
        assert sorted(self.numbers) == sorted(should)
        assert self.entries == sum(seq for _, seq, _ in self.rows)
        return True


# ── A record on a file, and one on a server ──────────────────────────────────


@pytest.fixture(scope="module", params=KINDS)
def record(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """One for all tests below: they look at their own cases, and at the whole record's being whole."""
    env = {k: v for k, v in os.environ.items() if k != "YIFA_DATABASE_URL"}
    env |= {
        "DJANGO_SETTINGS_MODULE": "yifa.site.settings",
        "YIFA_HOME": str(tmp_path_factory.mktemp("county")),
    }
    with ExitStack() as stack:
        record = Record(env)
        if request.param == "postgres":
            address = stack.enter_context(_database())
            record = Record(env | {"YIFA_DATABASE_URL": address})
        record.ask("found")
        yield record
        for hand in record.hands:
            hand.kill()


@contextmanager
def _database() -> Iterator[str]:
    """A new database on the tests' server; gone afterwards."""
    address = os.environ.get("YIFA_TEST_POSTGRES")
    if not address:
        pytest.skip("YIFA_TEST_POSTGRES names no server")
    psycopg = pytest.importorskip("psycopg")
    server, name = address.rpartition("/")[0], f"yifa_cases_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


# ── What is promised ─────────────────────────────────────────────────────────


def test_of_two_who_take_the_same_step_one_wins_and_the_other_is_told(record: Record) -> None:
    cases, before = record.ask("enter", 12), record.looked_at()
    told = record.together(*[("consult", cases)] * 3)
    for said in zip(*told, strict=True):
        assert Counter(said)["done"] == 1
        assert set(said) <= {"done", "yifa.R001", "yifa.R003"}
    look = record.looked_at()
    assert look.whole()
    assert [look.cases[c] for c in cases] == [[2, "consulting"]] * 12
    assert look.cells["consult 202303"] == before.cells.get("consult 202303", 0) + 12


@pytest.mark.parametrize("end", ["commit", "undo"])
def test_whoever_comes_second_waits_for_the_first_and_then_stands_before_what_became_of_it(
    record: Record, end: str
) -> None:
    (case,) = record.ask("enter", 1)
    first, second = record.at_hand(2)
    first.take("hold", case, end)
    assert first.line() == "held"
    second.take("consult", [case])
    assert first.came_to() == end
    too_late = "yifa.R003" if record.on_a_server else "yifa.R001"
    assert second.came_to() == [too_late if end == "commit" else "done"]
    look = record.looked_at()
    assert look.whole()
    assert look.cases[case] == [2, "consulting"]


def test_of_two_in_each_others_way_one_is_told_to_come_again(record: Record) -> None:
    before = record.looked_at()
    first, second = record.at_hand(2)
    first.take("cross", 0, 1)
    assert first.line() == "held"
    second.take("cross", 1, 0)
    if not record.on_a_server:
        first.send()
    assert second.line() == "held"
    if record.on_a_server:
        first.send()
    second.send()
    told = [first.came_to(), second.came_to()]
    assert sorted(told) == ["done", "yifa.R003" if record.on_a_server else "done"]
    look = record.looked_at()
    assert look.whole()
    assert look.received() == before.received() + 2 * told.count("done")


def test_corrections_at_once_are_all_counted_or_told_to_come_again(record: Record) -> None:
    before = record.looked_at()
    (case,) = record.ask("enter", 1)
    told = [said for said in record.together(*[("rectify", case, 15)] * 3) for said in said]
    assert set(told) <= {"done", "yifa.R003"}
    look = record.looked_at()
    assert look.whole()
    assert look.cases[case] == [1 + told.count("done"), "handling"]
    assert look.received() == before.received() + 1


def test_papers_issued_at_once_are_numbered_without_a_gap_and_without_a_double(record: Record) -> None:
    before = record.looked_at()
    told = record.together(*[("enter", 25)] * 4)
    look = record.looked_at()
    assert len({case for cases in told for case in cases}) == 100
    assert look.whole()
    assert len(look.numbers) == len(before.numbers) + 100


@pytest.mark.parametrize("batches", [1, 3])
def test_a_program_killed_in_a_stream_leaves_whole_batches(record: Record, batches: int) -> None:
    before = record.looked_at()
    (hand,) = record.begin(("stream", 5000, 40))
    assert [hand.line() for _ in range(batches)] == [f"at {40 * n}" for n in range(1, batches + 1)]
    hand.kill()
    look = record.looked_at()
    assert look.whole()
    assert (look.entries - before.entries) % 40 == 0
    assert look.entries - before.entries >= 40 * (
        batches - 1
    )  # the last one told of may not have been committed
    assert record.ask("stream", 20, 40) == 40
    assert record.looked_at().whole()


def test_a_program_killed_in_a_stream_of_all_or_nothing_leaves_nothing(record: Record) -> None:
    before = record.looked_at()
    (hand,) = record.begin(("stream", 5000, 40, "whole"))
    assert [hand.line() for _ in range(2)] == ["at 40", "at 80"]
    hand.kill()
    assert record.looked_at() == before
    assert record.ask("stream", 20, 40, "whole") == 40
    assert record.looked_at().whole()


def test_streams_that_meet_each_other_at_two_offices_both_arrive(record: Record) -> None:
    before = record.looked_at()
    there, back = ("stream", 200, 50, "batches", "01"), ("stream", 200, 50, "batches", "10")
    assert record.together(there, back) == [400, 400]
    look = record.looked_at()
    assert look.whole()
    assert look.entries == before.entries + 800


def test_a_seal_set_while_others_write_misses_no_entry(record: Record) -> None:
    before = record.looked_at().entries
    *writers, sealer = record.begin(*[("write_on",)] * 3, ("seal", 12))
    sealed = sealer.came_to()
    for hand in writers:
        hand.send()
    written = sum(hand.came_to() for hand in writers)
    look = record.looked_at()
    assert look.whole()
    assert look.sealed == sealed == sorted(set(sealed))
    assert look.entries == before + written >= sealed[-1]


def test_rows_compared_with_the_ledger_while_others_write_are_those_of_one_moment(record: Record) -> None:
    *writers, reader = record.begin(*[("write_on",)] * 3, ("check_rows", 8))
    assert reader.came_to() == []
    for hand in writers:
        hand.send()
    assert all(hand.came_to() for hand in writers)
    assert record.looked_at().whole()


def test_rows_made_anew_while_others_write_lose_nothing(record: Record) -> None:
    before = record.looked_at().entries
    *writers, mender = record.begin(*[("write_on",)] * 3, ("mend", 3))
    assert mender.came_to() == [True] * 3
    for hand in writers:
        hand.send()
    written = sum(hand.came_to() for hand in writers)
    look = record.looked_at()
    assert look.whole()
    assert look.entries == before + written


def test_the_law_takes_each_of_its_steps_once_however_often_it_is_asked(record: Record) -> None:
    cases = record.ask("enter", 15)
    record.ask("consult", cases)
    told = record.together(*[("law", "2023-06-01")] * 3)
    done = [tuple(done) for said in told for done in said]
    assert len(done) == len(set(done))
    assert set(done) >= {(case, "silence") for case in cases}
    look = record.looked_at()
    assert look.whole()
    assert [look.cases[c] for c in cases] == [[3, "handling"]] * 15


def test_days_reckoned_again_while_a_case_moves_do_not_undo_its_move(record: Record) -> None:
    (case,) = record.ask("enter", 1)
    assert record.ask("unsettle", case) == 2
    first, second = record.at_hand(2)
    first.take("hold", case, "commit")
    assert first.line() == "held"
    second.take("law", "2023-03-08")
    assert (first.came_to(), second.came_to()) == ("commit", [])
    assert record.ask("law", "2023-03-08") == []
    look = record.looked_at()
    assert look.whole()
    assert look.cases[case] == [2, "consulting"]
