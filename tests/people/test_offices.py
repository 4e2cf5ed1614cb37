"""Offices as the database keeps them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.signals import request_started
from django.db import close_old_connections, connection

from yifa.people import models, offices
from yifa.people.mistakes import PeopleError
from yifa.people.offices import change, close, found, office, office_name, subtree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]

BEFORE, SINCE = date(2023, 6, 30), date(2023, 7, 1)


def codes(on: date) -> list[str]:
    return [o.code for o in offices.offices(on)]


def test_a_renamed_office_keeps_its_old_name_for_earlier_days() -> None:
    change("justice", SINCE, name="新县司法和法治局")
    assert (office_name("justice", BEFORE), office_name("justice", SINCE)) == (
        "新县司法局",
        "新县司法和法治局",
    )
    assert office_name("justice") == "新县司法和法治局"
    assert office("justice", SINCE).mark == "新司"


def test_an_office_that_is_moved_leaves_the_old_branch_on_its_day() -> None:
    change("market", SINCE, parent="justice")
    assert "market" not in subtree("justice", BEFORE)
    assert "market" in subtree("justice", SINCE)


def test_an_office_that_is_merged_ends_and_is_taken_over() -> None:
    close("market", BEFORE, into="justice")
    assert codes(SINCE) == ["county", "government", "justice"]
    assert "market" in codes(BEFORE)
    assert subtree("justice", SINCE) == {"justice", "market"}


def test_an_office_may_be_founded_between_two_days() -> None:
    found("park", SINCE, name="新县产业园管委会", parent="government")
    assert "park" not in codes(BEFORE)
    assert "park" in codes(SINCE)


def test_every_change_leaves_the_rows_before_it_as_they_were() -> None:
    written = list(models.Office.objects.order_by("id").values())
    change("justice", SINCE, name="甲")
    change("justice", SINCE, name="乙")
    close("market", BEFORE, into="justice")
    assert list(models.Office.objects.order_by("id").values())[: len(written)] == written
    assert office_name("justice", SINCE) == "乙"


def test_a_row_can_be_neither_rewritten_nor_deleted() -> None:
    row = models.Office.objects.get(code="justice")
    row.name = "别的局"
    with pytest.raises(PeopleError, match="E201"):
        row.save()
    with pytest.raises(PeopleError, match="E202"):
        row.delete()


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        (lambda: found("justice", SINCE, name="又一个司法局"), "E204"),
        (lambda: close("government", BEFORE), "E205"),
        (lambda: change("nowhere", SINCE, name="甲"), "E206"),
        (lambda: change("government", SINCE, parent="justice"), "E207"),
        (lambda: found("park", SINCE, name="园区", parent="nowhere"), "E207"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(wrong: object, id: str) -> None:
    count = models.Office.objects.count()
    with pytest.raises(PeopleError, match=id):
        wrong()  # type: ignore[operator]
    assert models.Office.objects.count() == count
    assert office_name("government") == "新县人民政府"
    assert offices.tree().complaints() == []


def test_names_come_from_memory_until_something_changes(django_assert_num_queries: object) -> None:
    office_name("justice")
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert office_name("justice") == "新县司法局"
    change("justice", SINCE, name="新名字")
    assert office_name("justice") == "新名字"


def test_a_change_made_by_another_process_is_seen_at_the_next_request() -> None:
    assert office_name("justice") == "新县司法局"
    with connection.cursor() as cursor:  # behind this process's back
        cursor.execute(
            'INSERT INTO people_office (code, name, short, name_en, kind, parent, "into", mark, area, contact, note,'
            " since, recorded_at) VALUES ('justice', '新名字', '', '', 'department', 'government', '', '', '', '', '',"
            " '2023-07-01', '2023-07-01 08:00:00+00:00')"
        )
    assert office_name("justice") == "新县司法局"
    request_begins()
    assert office_name("justice") == "新名字"


def request_begins() -> None:
    """As Django's own test client does it: the test's connection stays open."""
    request_started.disconnect(close_old_connections)
    request_started.send(sender=None)
    request_started.connect(close_old_connections)


def test_an_unknown_office_is_called_by_its_code() -> None:
    assert office_name("somewhere-else") == "somewhere-else"
    with pytest.raises(KeyError):
        office("somewhere-else")


def test_the_county_says_its_name_in_both_languages() -> None:
    assert (offices.county_name(), offices.county_name("en")) == ("新县", "Xin County")
    assert (
        office_name("justice", lang="en") == "新县司法局"
    )  # no English name is told: better the Chinese than none
