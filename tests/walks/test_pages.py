"""Every page: nothing broken in the browser, nothing an assistive program trips over, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from .conftest import hold

pytestmark = pytest.mark.walk

OUTSIDE = [
    "/", "/guide/", "/guide/disclosure/", "/apply/disclosure/", "/follow/", "/answers/", "/data/", "/ledger/",
    "/report/2023/", "/report/2023/figures/disclosure.received/", "/report/2023/print/", "/accounts/login/",
]  # fmt: skip
INSIDE = {
    "xinxian-gov-office.disclosure-clerk": [
        "/desk/", "/desk/p/", "/desk/p/disclosure/", "/desk/p/disclosure/new/receive/",
        "/desk/p/disclosure/import/", "/desk/account/", "/desk/posts/", "/desk/people/",
    ],
    "xinxian-law-office.study-clerk": ["/desk/p/study/", "/desk/p/study/new/hold/", "/desk/p/study/import/"],
}  # fmt: skip


def faults(page: Page, path: str) -> list[str]:
    """What is wrong with a page as the browser, an assistive program and a narrow screen find it."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{path}: console: {message.text}")

    page.on("console", listen)
    answer = page.goto(path)
    page.remove_listener("console", listen)
    if answer is None or answer.status != 200:
        return [f"{path}: {answer.status if answer else 'no answer'}", *said]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 1:
        said.append(f"{path}: {wide}px wider than the screen")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return said + [f"{path}: {v['id']}: {v['help']}: {v['nodes'][0]['html'][:120]}" for v in found]


def swept(page: Page, paths: list[str]) -> list[str]:
    return [fault for path in paths for fault in faults(page, path)]


def test_the_portal_on_a_phone(citizen: Page) -> None:
    assert "\n".join(swept(citizen, OUTSIDE)) == ""


def test_the_portal_on_a_desk(desk: Page) -> None:
    assert "\n".join(swept(desk, OUTSIDE[:-1])) == ""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_desk(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    found: list[str] = []
    for post, paths in INSIDE.items():
        desk.set_viewport_size({"width": 1280, "height": 900})
        hold(desk, post)
        desk.set_viewport_size({"width": width, "height": 844})
        found += swept(desk, paths)
    assert "\n".join(found) == ""


def test_a_page_can_be_read_with_scripts_off(site: object, browser: Callable[..., Page]) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="zh-CN")  # type: ignore[attr-defined]
    page = context.new_page()
    for path in OUTSIDE:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1, path
    context.close()
