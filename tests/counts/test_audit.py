"""The cube computed again from all acts must equal the live one, cell for cell."""

from datetime import date

import pytest
from django.db import connection

from yifa.counts import compare, recompute, year

pytestmark = pytest.mark.django_db


@pytest.fixture
def some_acts(acted):
    acted("study", "hold", date(2023, 1, 10), body="STUDY_GROUP", form="TOPIC")
    acted("study", "hold", date(2023, 1, 20), body="STUDY_GROUP", form="TOPIC")
    acted("disclosure", "pay", date(2023, 5, 4), amounts={"fee": 10_000})
    acted("disclosure", "pay", date(2022, 5, 4), amounts={"fee": 500})


@pytest.mark.usefixtures("some_acts")
def test_a_cube_that_was_kept_well_agrees():
    assert compare(engine="sql") == []
    assert recompute(engine="sql")["disclosure", "pay", 202305, "A", "{}", "fee"] == 10_000


@pytest.mark.usefixtures("some_acts")
def test_a_cell_that_was_changed_is_named():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_cell SET n = 3 WHERE family = 'study'")
    (wrong,) = compare(engine="sql")
    assert (wrong.step, wrong.live, wrong.counted) == ("hold", 3, 2)
    assert str(wrong).endswith("现有3，重算2")


@pytest.mark.usefixtures("some_acts")
def test_a_cell_that_was_lost_is_named():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_cell WHERE measure = 'fee' AND month = 202305")
    (wrong,) = compare(engine="sql")
    assert (wrong.measure, wrong.live, wrong.counted) == ("fee", 0, 10_000)
    assert compare(year(2022), engine="sql") == []


@pytest.mark.usefixtures("some_acts")
def test_a_voided_act_counts_no_more():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_act SET voided = %s WHERE family = 'study'", [True])
        cursor.execute("UPDATE cases_cell SET n = 0 WHERE family = 'study'")
    assert compare(engine="sql") == []


def test_duckdb_reads_the_same_from_the_live_file_without_troubling_it(tmp_path):
    """In a process of its own: two copies of SQLite in one process undo each other's locks."""
    import sqlite3
    import subprocess
    import sys
    from pathlib import Path

    pytest.importorskip("duckdb_extension_sqlite")
    from yifa.counts import audit

    file = tmp_path / "it's.sqlite3"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE cases_act (step TEXT, voided BOOL)")
        db.executemany("INSERT INTO cases_act VALUES (?, ?)", [("a", False), ("a", False), ("b", True)])
    sql = "SELECT step, count(*) FROM record.cases_act WHERE NOT voided GROUP BY step"
    script = Path(audit.__file__).with_name("duck.py")
    out = subprocess.run([sys.executable, "-I", str(script), str(file), sql], capture_output=True, check=True)
    assert __import__("marshal").loads(out.stdout) == [("a", 2)]
