"""The desk in English: every word is English, or marked as Chinese where a name, a record or the law is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yifa.calls.models import Calling
from yifa.cases.kernel import Done, act
from yifa.matters.leadership.study import facts as s
from yifa.people import posts
from yifa.people.models import User
from yifa.procedure import registry

from ..look.leftovers import leftovers
from .conftest import CLERK, TODAY

pytestmark = pytest.mark.django_db
MESSAGE = Path(__file__).resolve().parents[1] / "calls" / "cap" / "samples" / "rain-orange.xml"
EN = {"Accept-Language": "en"}
PAGES = (
    "/desk/", "/desk/p/", "/desk/p/disclosure/?state=open&q=预算", "/desk/p/disclosure/new/receive/", "/desk/p/study/",
    "/desk/p/study/import/", "/desk/account/", "/desk/case/{id}/", "/desk/case/{id}/do/answer/",
    "/desk/case/{id}/do/request_correction/", "/desk/p/study/new/hold/?from={id}",
)  # fmt: skip
KEEPERS = ("/desk/posts/", "/desk/posts/gov.clerk/", "/desk/people/", "/desk/absences/")


@pytest.fixture
def worked(application: Callable[..., Done], wang: User, take: Any) -> int:
    """A request in hand with a paper, a session of study, somebody away: something of everything."""
    told = s.Session(
        on=date(2023, 3, 5), body=s.Body.PARTY_GROUP, form=s.Form.TOPIC, topic="宪法", attendees=25
    )
    act(registry().family("study").hold, told, posts.actor_in(CLERK, TODAY, wang))
    posts.give(CLERK, posts.person("zhou", "周某"), TODAY, deputy=True)
    posts.absent(wang, TODAY + timedelta(days=1), None, "培训")
    return application().case


@pytest.mark.parametrize("address", PAGES)
def test_an_officials_page_has_no_chinese_left_over(clerk: Client, worked: int, address: str) -> None:
    page = clerk.get(address.format(id=worked), headers=EN)
    assert page.status_code == 200
    assert leftovers(page.content) == []


@pytest.mark.parametrize("address", KEEPERS)
def test_an_administrators_page_has_no_chinese_left_over(keeper: Client, worked: int, address: str) -> None:
    page = keeper.get(address, headers=EN)
    assert page.status_code == 200
    assert leftovers(page.content) == []


def test_a_list_says_dates_and_quantities_in_english(clerk: Client, worked: int) -> None:
    page = clerk.get("/desk/p/study/", headers=EN).content.decode()
    assert "5 Mar 2023" in page
    assert "25 persons" in page


# ── The duty room ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "/desk/room/", "/desk/room/?wall=1", "/desk/drop/", "/desk/room/{1}/", "/desk/room/{1}/?stand=all&q=王",
        "/desk/room/{1}/{2}/", "/desk/case/{0}/", "/desk/case/{1}/",
        "/desk/case/{1}/do/give_up/", "/desk/case/{1}/do/hand_over/", "/desk/p/rousing/new/begin/?from={0}",
        "/desk/p/warning/", "/desk/p/zero_report/new/file/", "/desk/p/",
    ],
)  # fmt: skip
def test_a_page_of_the_duty_room_has_no_chinese_left_over(
    watch: Client, alarm: tuple[int, int], address: str
) -> None:
    page = watch.get(address.format(*alarm, Calling.objects.earliest("pk").pk), headers=EN)
    assert page.status_code == 200
    assert leftovers(page.content) == []


def test_a_message_dropped_is_answered_in_english(watch: Client) -> None:
    with MESSAGE.open("rb") as file:
        page = watch.post("/desk/drop/", {"file": file}, headers=EN)
    assert page.status_code == 200
    assert "Filled in from rain-orange.xml; please check it." in page.content.decode()
    assert leftovers(page.content) == []


def test_an_official_without_a_watch_is_told_so_in_english(clerk: Client) -> None:
    for address in ("/desk/room/", "/desk/drop/"):
        page = clerk.get(address, headers=EN)
        assert "If you hold one that does, switch to it" in page.content.decode()
        assert leftovers(page.content) == []
