"""The form on the spot when the line fails: nothing typed is lost, and it is sent exactly once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Site, hold

pytestmark = pytest.mark.walk

CLERK = "xinxian-market.inspection-clerk"
SEEN = "灭火器压力正常，台账齐全"


@pytest.fixture
def phone(site: Site, browser: Browser, signed_in: dict[str, object]) -> Iterator[Page]:
    """An inspector's telephone."""
    context = browser.new_context(
        base_url=site.url,
        locale="zh-CN",
        storage_state=signed_in,  # type: ignore[arg-type]
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
    )
    yield context.new_page()
    context.close()


def to_be_inspected(page: Page) -> str:
    """The address of the form of an approved inspection."""
    page.goto("/desk/p/inspection/?state=approved")
    page.locator("a.row-title").first.click()
    page.locator("a[href$='/do/visit/']").first.click()
    expect(page.locator("#f-record")).to_be_visible()
    return page.url


def fill(page: Page) -> None:
    page.locator("input[name=shown][value=是]").check()
    page.get_by_label("检查情况").fill(SEEN)
    page.locator("input[name=finding][value=NOTHING]").check()


def acts(page: Page, case: str) -> int:
    page.goto(case)
    return page.locator("ol.acts > li.act .act-name", has_text=re.compile("^现场检查$")).count()


def test_with_no_line_it_waits_on_the_phone_and_is_sent_once_when_there_is_one(phone: Page) -> None:
    hold(phone, CLERK)
    form = to_be_inspected(phone)
    case = form.replace("do/visit/", "")
    fill(phone)
    expect(phone.locator("[data-afield]")).to_contain_text("存在本机")
    phone.reload()
    expect(phone.locator("#f-record")).to_have_value(SEEN)
    phone.wait_for_function("caches.open('yifa-afield').then(c => c.keys()).then(k => k.length > 3)")

    phone.context.set_offline(True)
    phone.locator("button[name=_do][value=act]").click()
    expect(phone.locator("[data-afield]")).to_contain_text("联网后自动发送")
    phone.reload()
    expect(phone.locator("#f-record")).to_have_value(SEEN)
    expect(phone.locator("[data-afield]")).to_contain_text("联网后自动发送")

    phone.context.set_offline(False)
    phone.wait_for_url(case, timeout=30_000)
    expect(phone.locator("body")).to_contain_text("已检查")
    assert acts(phone, case) == 1
    assert phone.evaluate("Object.keys(localStorage).filter(k => k.startsWith('yifa:afield:')).length") == 0


def test_what_waits_is_said_on_every_page_and_an_answer_that_got_lost_is_not_taken_twice(
    phone: Page,
) -> None:
    """The server took the step, but the line broke before its answer came: the second sending finds the first."""
    hold(phone, CLERK)
    phone.goto("/desk/p/inspection/?state=assigned")
    phone.locator("a.row-title").first.click()
    case = phone.url
    hold(phone, "xinxian-market.inspection-head")
    phone.goto(case)
    phone.locator("a[href$='/do/approve/']").first.click()
    phone.get_by_label("拟检查日期").fill(phone.locator("#f-on").input_value())
    phone.get_by_label("仍须检查的理由").fill("合并进门")
    phone.locator("button[name=_do][value=act]").click()
    hold(phone, CLERK)
    phone.goto(f"{case}do/visit/")
    fill(phone)
    lost = []

    def take_and_lose(route):  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    phone.route("**/do/visit/", take_and_lose)
    phone.locator("button[name=_do][value=act]").click()
    expect(phone.locator("[data-afield]")).to_contain_text("联网后自动发送")
    assert lost == [302]
    phone.goto("/desk/")
    expect(phone.locator("[data-waiting]")).to_be_visible()
    phone.locator("[data-waiting] a").click()
    phone.wait_for_url(case, timeout=30_000)
    assert acts(phone, case) == 1


def test_logging_out_asks_and_takes_everything_away(phone: Page) -> None:
    hold(phone, CLERK)
    phone.goto("/desk/")
    phone.evaluate("localStorage.setItem('yifa:afield:1.x:/desk/case/1/do/visit/', '{\"waits\": true}')")
    phone.reload()
    phone.once("dialog", lambda dialog: dialog.dismiss())
    phone.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    assert phone.evaluate("localStorage.length") == 1
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.evaluate(
        "document.querySelector('form[action$=\"/logout/\"]').addEventListener('submit', e => e.preventDefault())"
    )
    phone.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    assert phone.evaluate("localStorage.length") == 0
