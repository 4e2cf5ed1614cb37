"""Looking for something with the keyboard, while typing, on a phone; and reading a statute."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from yifa.law import texts

from .conftest import hold
from .test_pages import faults

pytestmark = pytest.mark.walk


def test_from_any_page_by_the_keyboard_to_a_case(desk: Page) -> None:
    hold(desk, "xinxian-market.inspection-clerk")
    desk.goto("/desk/")
    desk.keyboard.press("/")
    expect(desk.locator(".top-search input[name=q]")).to_be_focused()
    desk.keyboard.type("一般检查")
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"/desk/search/\?q="))
    hits = desk.locator(".hit")
    expect(hits.first).to_be_visible()
    expect(hits.locator("mark").first).to_have_text("一般检查")
    desk.locator(".hit a[href*='/desk/case/']").first.click()
    desk.wait_for_url(re.compile(r"/desk/case/\d+/"))


def test_results_come_while_one_types(desk: Page) -> None:
    hold(desk, "xinxian-market.inspection-clerk")
    desk.goto("/desk/search/")
    expect(desk.locator("#q")).to_be_focused()
    expect(desk.locator(".find-help")).to_be_visible()
    desk.keyboard.type("一般检查")
    expect(desk.locator(".hit mark").first).to_have_text("一般检查")
    assert "q=" in desk.url
    expect(desk.locator("#q")).to_be_focused()
    desk.locator("#q").fill("没有这样的一句话")
    expect(desk.locator(".nothing-title")).to_be_visible()


@pytest.mark.skipif(not texts.at_hand(), reason="no statute texts at hand (YIFA_STATUTES)")
def test_a_statute_is_found_and_read_on_a_phone(citizen: Page) -> None:
    citizen.goto("/search/")
    citizen.locator("#q").fill("较大数额罚款 听证")
    citizen.locator(".find-row button").click()
    citizen.get_by_role("link", name="中华人民共和国行政处罚法 第六十三条").click()
    citizen.wait_for_url(re.compile(r"/law/.+#a63"))
    expect(citizen.locator("#a63")).to_be_in_viewport()
    expect(citizen.locator("#a63 mark").first).to_be_visible()
    assert faults(citizen, citizen.url.partition("#")[0], axe=True) == []
