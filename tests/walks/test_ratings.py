"""A finished case is rated on a telephone; the receipt is found in the published list, which is worked out anew in the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import hold

pytestmark = pytest.mark.walk
CODE = re.compile(r"[2-9A-HJ-NP-Z]{16}")


def entered(desk: Page, number: str) -> str:
    """The office enters a finished case and reads the code it hands to the person."""
    hold(desk, "xinxian-market.rating-clerk")
    desk.goto("/desk/p/service_rating/new/register/")
    desk.get_by_label("办件编号").fill(number)
    desk.get_by_label("事项", exact=True).fill("社会保障卡补换（虚构）")
    desk.get_by_role("button", name="登记办结").click()
    desk.wait_for_url(re.compile("/desk/case/"))
    found = CODE.search(desk.locator("main").inner_text())
    assert found, "the code is told once, on the page that follows"
    return found[0]


def test_the_worst_grade_is_given_published_and_an_order_at_once(desk: Page, citizen: Page) -> None:
    code = entered(desk, "走查-1")
    citizen.goto("/follow/")
    citizen.locator("#code").fill(code)
    citizen.get_by_role("button", name="查询").click()
    citizen.get_by_role("link", name=re.compile("^评价")).click()
    for grade in ("非常满意", "满意", "基本满意", "不满意", "非常不满意"):
        expect(citizen.get_by_label(grade, exact=True)).to_be_enabled()
    citizen.get_by_label("非常不满意", exact=True).check()
    citizen.get_by_role("button", name="确认评价").click()
    receipt = citizen.locator(".receipt-code").inner_text()
    assert re.fullmatch("[2-9A-HJ-NP-Z]{10}", receipt)

    citizen.get_by_role("link", name="去公示里找到它").click()
    citizen.get_by_label("评价回执").fill(receipt)
    citizen.get_by_role("button", name="在我的浏览器里重算").click()
    expect(citizen.locator("[data-verdict]")).to_contain_text("对上了")
    expect(citizen.locator("[data-verdict]")).to_contain_text("评价，非常不满意")
    citizen.get_by_role("button", name="查找").click()
    expect(citizen.locator("main")).to_contain_text("在下面公布的树根之下")

    desk.goto("/desk/p/bad_rating_order/")
    expect(desk.locator("main")).to_contain_text("走查-1")


def test_the_page_of_the_satisfaction_says_of_whom_it_is(citizen: Page) -> None:
    citizen.goto("/report/2023/figures/call_back.satisfaction/")
    expect(citizen.locator("main")).to_contain_text("99.9%")
    expect(citizen.locator(".funnel")).to_contain_text("18,735")
    expect(citizen.locator(".funnel-bounds")).to_contain_text("真实的比例在 59.6%")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert citizen.evaluate(wide) <= 0
