"""The cube computed again from all acts must equal the live one, cell for cell."""

import json
import sqlite3
from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.counts import audit, compare, month, recompute, year

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


amounts = st.dictionaries(
    st.sampled_from(["fee", "件数", "pieces"]), st.integers(-(10**12), 10**12), max_size=2
)
acts = st.tuples(
    st.sampled_from(["study", "disclosure"]),
    st.sampled_from(["hold", "pay"]),
    st.sampled_from([202212, 202301, 202302]),
    st.sampled_from(["A", "乙"]),
    st.sampled_from(["{}", '{"form":"TOPIC"}', '{"form":"专题\'"}']),
    amounts.map(json.dumps),
    st.booleans(),
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(acts, max_size=60))
def test_duckdb_counts_the_same_cells_from_the_live_file(tmp_path_factory, found):
    """Also while another program holds the file open for writing."""
    pytest.importorskip("duckdb_extension_sqlite")
    file = tmp_path_factory.mktemp("record") / "it's.sqlite3"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(
            "CREATE TABLE cases_act (family TEXT, step TEXT, month INTEGER, office TEXT, dims TEXT, amounts TEXT,"
            " voided BOOL)"
        )
        db.executemany("INSERT INTO cases_act VALUES (?, ?, ?, ?, ?, ?, ?)", found)
        db.commit()
        for span, months in ((None, ""), (month(202301), " AND month BETWEEN 202301 AND 202301")):
            sql = audit.GROUPED.format(hint=audit.IN_ORDER, span=months)
            assert audit.through_duckdb(str(file), span) == audit.cube_of(db.execute(sql).fetchall())


@pytest.mark.usefixtures("some_acts")
def test_a_small_record_is_not_worth_the_start_of_another_program(monkeypatch):
    monkeypatch.setattr(audit, "duckdb_at_hand", lambda: True)
    assert audit.quicker() == "sql"
    monkeypatch.setattr(audit, "CROSSOVER", 4)
    assert audit.quicker() == "duckdb"
    monkeypatch.setattr(audit, "CROSSOVER", 5)
    assert audit.quicker() == "sql"
    monkeypatch.setattr(audit, "duckdb_at_hand", lambda: False)
    monkeypatch.setattr(audit, "CROSSOVER", 1)
    assert audit.quicker() == "sql"
