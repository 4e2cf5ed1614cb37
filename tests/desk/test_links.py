"""A case opened from another: the relation is recorded in the ledger and shown on both pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from yifa.cases.kernel import Done
from yifa.cases.models import Link
from yifa.cases.rebuild import compare
from yifa.ledger.models import Entry

from .conftest import TODAY, hidden

pytestmark = pytest.mark.django_db
NEW = "/desk/p/disclosure/new/receive/"
TYPED = {
    "kind": "PERSON", "name": "王某甲", "identity": "411523199001010011", "contact": "13900000000",
    "wanted": "2023年村级公路预算",
}  # fmt: skip


def opened_from(client: Client, case: int, **told: str) -> Any:
    address = f"{NEW}?from={case}"
    typed = TYPED | {"on": TODAY.isoformat(), "_do": "act"} | told
    return client.post(address, hidden(client.get(address).content) | typed)


def test_the_case_page_offers_what_this_post_may_open_from_it(
    clerk: Client, application: Callable[..., Done]
) -> None:
    case = application().case
    page = clerk.get(f"/desk/case/{case}/").content.decode()
    assert "由此新开一件" in page
    assert f'href="{NEW}?from={case}"' in page
    assert f'href="/desk/p/study/new/hold/?from={case}"' in page
    assert "/desk/p/certificate/new/issue/" not in page, "the post does not deal with certificates"


def test_a_case_opened_from_another_is_linked_both_ways_with_its_relation(
    clerk: Client, application: Callable[..., Done]
) -> None:
    first = application().case
    assert "由这一件新开：" in clerk.get(f"{NEW}?from={first}").content.decode()
    answer = opened_from(clerk, first, _relation="再次提出")
    second = int(answer.url.split("/")[3])
    link = Link.objects.get()
    assert (link.from_case, link.to_case, link.kind) == (first, second, "再次提出")
    assert '"再次提出"' in Entry.objects.get(pk=link.entry_id).body, "in the ledger, not only in a table"
    here, there = (clerk.get(f"/desk/case/{n}/").content.decode() for n in (first, second))
    assert f'href="/desk/case/{second}/"' in here
    assert "再次提出 · 由本案新开" in here
    assert f'href="/desk/case/{first}/"' in there
    assert "再次提出 · 本案由此新开" in there
    assert compare() == []


def test_the_first_cases_page_is_drawn_anew_when_another_grows_out_of_it(
    clerk: Client, application: Callable[..., Done]
) -> None:
    first = application().case
    address = f"/desk/case/{first}/"
    tag = clerk.get(address)["ETag"]
    assert clerk.get(address, headers={"If-None-Match": tag}).status_code == 304
    opened_from(clerk, first)
    again = clerk.get(address, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "由此引起 · 由本案新开" in again.content.decode(), (
        "a relation nobody chose is the first of the list"
    )


def test_sending_the_form_twice_opens_and_links_one_case(
    clerk: Client, application: Callable[..., Done]
) -> None:
    first = application().case
    address = f"{NEW}?from={first}"
    form = hidden(clerk.get(address).content) | TYPED | {"on": TODAY.isoformat(), "_do": "act"}
    assert clerk.post(address, form).url == clerk.post(address, form).url
    assert Link.objects.count() == 1


def test_nothing_is_opened_from_a_case_one_may_not_see(
    stranger: Client, clerk: Client, application: Callable[..., Done]
) -> None:
    case = application().case
    for told in (str(case), "0", "x"):
        assert stranger.get(f"{NEW}?from={told}").status_code == 404
    assert stranger.post(f"{NEW}?from={case}", TYPED).status_code == 404
    assert Link.objects.count() == 0


def test_what_is_wrong_keeps_the_relation_that_was_chosen(
    clerk: Client, application: Callable[..., Done]
) -> None:
    answer = opened_from(clerk, application().case, _relation="移送办理", name="")
    assert answer.status_code == 422
    assert '<option value="移送办理" selected>' in answer.content.decode()
    assert Link.objects.count() == 0
