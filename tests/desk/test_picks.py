"""What a form lets one pick, its folded parts, and the trial of what the machine would find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import QueryDict
from django.test import Client

from yifa.cases import read
from yifa.cases.kernel import act
from yifa.cases.models import Case
from yifa.look.fields import answers
from yifa.matters.business.inspections.procedure import SamplingTask
from yifa.people import posts
from yifa.people.duties import Post

from ..matters.inspections.conftest import (
    CLERK,
    MARKET,
    committed,
    county,
    drawn,
    inspections,
    planned,
    scheme,
)
from .conftest import BEGIN, _at_desk, _person

__all__ = ["county"]
pytestmark = pytest.mark.usefixtures("county")


def seated(role: str) -> Client:
    """Somebody at the market bureau's desk."""
    post = Post(code=f"market.{role}", since=BEGIN, office=MARKET, title="检查", roles=frozenset({role}))
    posts.record_all([post])
    return _at_desk(_person(f"market-{role}", "李某", post.code))


@pytest.fixture
def clerk() -> Iterator[Client]:
    yield seated("clerk")
    posts.forget()


@pytest.fixture
def head() -> Client:
    return seated("head")


def test_departments_and_items_are_picked_and_one_s_own_office_is_not_among_them(clerk: Client) -> None:
    page = clerk.get("/desk/p/sampling_task/new/plan/").content.decode()
    assert 'type="checkbox"' in page
    assert "新县应急管理局" in page
    assert 'value="新县市场监督管理局"' not in page
    assert "YS001 餐饮安全" in page


def test_what_was_picked_stays_picked_when_something_else_is_wrong(clerk: Client) -> None:
    typed = {
        "_do": "act",
        "on": "2023-06-01",
        "partners": ["", "新县应急管理局"],
        "items": ["", "YS001 餐饮安全"],
    }
    page = clerk.post("/desk/p/sampling_task/new/plan/", typed).content.decode()
    assert 'value="新县应急管理局" checked' in page
    assert 'value="YS001 餐饮安全" checked' in page


def test_a_value_that_holds_a_comma_is_one_value() -> None:
    post = QueryDict("items=&items=1%20甲，乙&items=2%20丙")
    assert answers(SamplingTask.plan, post) == {"items": ["1 甲，乙", "2 丙"]}
    assert answers(SamplingTask.plan, QueryDict("items=")) == {"items": ""}
    assert answers(SamplingTask.plan, QueryDict("items=甲、乙")) == {"items": "甲、乙"}


def test_a_trial_shows_the_strata_and_enters_nothing(clerk: Client) -> None:
    case = planned().case
    told = vars(scheme()) | {"_do": "preview"}
    typed = {k: str(getattr(v, "name", v)) for k, v in told.items() if v not in (None, (), "")}
    page = clerk.post(f"/desk/case/{case}/do/prepare/", typed).content.decode()
    assert "试算结果" in page
    assert "企业B级：名录24个" in page
    assert Case.objects.get(pk=case).state == "planned"


def test_the_seldom_needed_parts_of_a_form_are_folded(clerk: Client) -> None:
    page = clerk.get(f"/desk/case/{planned().case}/do/prepare/").content.decode()
    assert page.index("抽取多少") < page.index('id="f-wanted"') < page.index('id="f-source"')
    fold = page.index('<details class="fold form-fold">')
    assert page.index('id="f-source"') < fold < page.index('id="f-second"')


def test_the_page_of_a_draw_says_how_far_it_is_and_never_shows_the_secret_number(clerk: Client) -> None:
    case = committed()
    page = clerk.get(f"/desk/case/{case}/").content.decode()
    assert "号码开出后" in page
    assert "（加密保存）" in page
    assert read.live(case).last(SamplingTask.commit).veil not in page


def test_a_drawn_firm_leads_to_its_inspection_and_who_fell_out_is_picked(clerk: Client, head: Client) -> None:
    case = drawn()
    page = clerk.get(f"/desk/case/{case}/").content.decode()
    assert all(f'href="/desk/case/{id}/"' in page for id in inspections(case))
    form = head.get(f"/desk/case/{case}/do/replace/").content.decode()
    assert form.count("<option") >= 5 + 1


def test_a_scheme_drawn_up_again_starts_from_the_one_before(clerk: Client) -> None:
    case = planned().case
    act(SamplingTask.prepare, scheme(wanted=4, source="某期号码"), CLERK, case=case)
    page = clerk.get(f"/desk/case/{case}/do/reprepare/").content.decode()
    assert 'value="某期号码"' in page
    assert 'value="4"' in page
