"""A firm that was drawn checks it at home: the browser draws again, a spoiled file is found out, a name is looked up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Route, expect

from yifa.people.models import Office

from ..matters.inspections.conftest import county  # noqa: F401
from ..portal import test_draws as draws

pytestmark = [pytest.mark.walk, pytest.mark.usefixtures("county")]
AGAIN = "在您的浏览器里重新抽取"
FRIEND = "关系户（911500000000000000）"


@pytest.fixture(scope="module", autouse=True)
def _beside_the_loop() -> Iterator[None]:
    """The browser's driver keeps a loop running in this thread, and Django would not touch its database beside one."""
    with pytest.MonkeyPatch.context() as here:
        here.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def served(county: None, settings: Any) -> Iterator[str]:  # noqa: F811
    """The address of a site over this test's own database, which is never committed."""
    settings.ALLOWED_HOSTS = ["localhost"]
    connection = connections["default"]
    connection.inc_thread_sharing()  # and never less: a thread may outlive the test
    thread = LiveServerThread("localhost", StaticFilesHandler, connections_override={"default": connection})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://localhost:{thread.port}"
    thread.terminate()


@pytest.fixture
def closed(served: str) -> str:
    """The address of a draw with all its results."""
    return f"{served}/draws/{draws.closed()}/"


@pytest.fixture
def firm(served: str, browser: Browser) -> Iterator[Page]:
    """The telephone of a small restaurant."""
    made = browser.new_context(
        locale="zh-CN", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    yield made.new_page()
    made.close()


def test_the_browser_draws_again_and_agrees(firm: Page, closed: str) -> None:
    firm.goto(closed)
    firm.get_by_role("button", name=AGAIN).click()
    verdict = firm.locator("[data-verdict]")
    expect(verdict).to_contain_text("相符")
    expect(verdict).to_contain_text("60户")
    expect(verdict).to_contain_text("5户")


def test_a_file_in_which_one_name_was_changed_is_found_out(firm: Page, closed: str) -> None:
    def spoiled(route: Route) -> None:
        told = route.fetch().json()
        told["now"][0]["name"] = FRIEND
        route.fulfill(body=json.dumps(told, ensure_ascii=False), content_type="application/json")

    firm.route("**/draw.json", spoiled)
    firm.goto(closed)
    firm.get_by_role("button", name=AGAIN).click()
    verdict = firm.locator("[data-verdict]")
    expect(verdict).to_contain_text("不符")
    expect(verdict).to_contain_text(FRIEND)
    expect(verdict).not_to_contain_text("相符")


def test_a_page_that_lists_somebody_else_is_found_out(firm: Page, closed: str) -> None:
    def spoiled(route: Route) -> None:
        page = route.fetch()
        listed = re.sub(r'data-object="[^"]+"', f'data-object="{FRIEND}"', page.text(), count=1)
        route.fulfill(response=page, body=listed)

    firm.route(closed, spoiled)
    firm.goto(closed)
    firm.get_by_role("button", name=AGAIN).click()
    expect(firm.locator("[data-verdict]")).to_contain_text(f"本页列出的“{FRIEND}”不在重新抽取的结果里")


def test_a_file_that_cannot_be_fetched_is_said(firm: Page, closed: str) -> None:
    firm.route("**/draw.json", lambda route: route.abort())
    firm.goto(closed)
    firm.get_by_role("button", name=AGAIN).click()
    expect(firm.locator("[data-verdict]")).to_contain_text("没有取到抽取文件")
    firm.unroute("**/draw.json")
    firm.get_by_role("button", name=AGAIN).click()
    expect(firm.locator("[data-verdict]")).to_contain_text("相符")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_firm_looks_itself_up_with_scripts_and_without(
    browser: Browser, closed: str, *, scripts: bool
) -> None:
    made = browser.new_context(locale="zh-CN", java_script_enabled=scripts)
    page = made.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(closed)
    drawn = page.locator("[data-object]").first.inner_text()
    place = page.locator("[data-place]")

    def search(text: str) -> None:
        page.locator("#q").fill(text)
        page.get_by_role("button", name="查询").last.click()

    search(drawn[-10:-1])
    expect(place).to_contain_text(drawn)
    expect(place.locator("[data-slot=verdict]")).to_have_text("抽中")
    assert (
        place.locator("[data-slot=ticket]").inner_text() <= place.locator("[data-slot=cutoff]").inner_text()
    )
    expect(place.locator("[data-slot=sent]")).to_contain_text("新县应急管理局：")
    search("号店")
    expect(place.locator("li")).to_have_count(12)
    place.locator("li a").first.click()
    expect(place.locator("[data-slot=rank]")).to_have_text(
        page.locator("[data-slot=rank]").first.inner_text()
    )
    search("老王面馆")
    expect(place).to_contain_text("没有参加这次抽取")
    assert any("?q=" in url for url in asked) is not scripts, (
        "with scripts the server does not learn who looks"
    )
    made.close()


def test_the_digest_is_copied(browser: Browser, closed: str) -> None:
    made = browser.new_context(locale="zh-CN", permissions=["clipboard-read", "clipboard-write"])
    page = made.new_page()
    page.goto(closed)
    page.locator("[data-copy=digest]").click()
    expect(page.locator("[data-copy=digest]")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("[data-digest]").inner_text()
    made.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_nothing_is_broken_or_out_of_reach(browser: Browser, served: str, width: int, locale: str) -> None:
    Office.objects.create(code="xinxian", name="新县", kind="county", since="2010-01-01")
    made = browser.new_context(locale=locale, viewport={"width": width, "height": 844})
    page = made.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in draws.pages():
        page.goto(served + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        said += [f"{path}: {wide}px too wide"] * (wide > 1)
        said += [f"{path}: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
    assert said == []
    made.close()
