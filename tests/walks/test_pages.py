"""Every page: nothing broken in the browser, nothing an assistive program trips over, nothing wider than a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from .conftest import Site, hold

pytestmark = pytest.mark.walk

FIRST_CASE = "/desk/case/{id}/"  # a case of the list, put in when the list has been seen
ID = "{id}"
OUTSIDE = [
    "/", "/guide/", "/guide/disclosure/", "/apply/disclosure/", "/follow/", "/answers/", "/answers/?about=inspection", "/search/", "/search/?q=检查", "/law/", "/draws/", "/data/", "/ledger/",
    "/report/2023/", "/report/2023/figures/disclosure.received/", "/report/2023/print/", "/accounts/login/",
]  # fmt: skip
INSIDE = {
    "xinxian-gov-office.disclosure-clerk": [
        "/desk/", "/desk/p/", "/desk/p/disclosure/", "/desk/p/disclosure/new/receive/",
        "/desk/search/", "/desk/search/?q=公开&from=2020-01-01", "/desk/search/?q=没有这样的话", "/desk/law/", "/desk/p/disclosure/import/", "/desk/account/", "/desk/posts/?show=held", "/desk/people/", "/desk/absences/",
        "/desk/posts/xinxian-gov-office.disclosure-clerk/", FIRST_CASE, f"/desk/p/disclosure/new/receive/?from={ID}",
    ],
    "xinxian-market.inspection-clerk": [
        "/desk/p/sampling_task/", "/desk/p/sampling_task/new/plan/", "/desk/p/inspection/?state=approved",
        "/desk/p/inspection/new/trigger/",
    ],
    "xinxian-emergency.duty-officer": [
        "/desk/room/", "/desk/room/?wall=1", "/desk/drop/", "/desk/p/warning/", "/desk/p/warning/new/receive/",
        "/desk/p/rousing/new/begin/", "/desk/p/zero_report/", "/report/2023/figures/zero_report.no_casualties/",
    ],
    "xinxian-law-office.study-clerk": ["/desk/p/study/", "/desk/p/study/new/hold/", "/desk/p/study/import/"],
}  # fmt: skip


def faults(page: Page, path: str, axe: bool) -> list[str]:
    """What is wrong with a page as the browser, an assistive program (if `axe`) and a narrow screen find it."""
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
    if not axe:
        return said
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return said + [f"{path}: {v['id']}: {v['help']}: {v['nodes'][0]['html'][:120]}" for v in found]


def swept(page: Page, paths: list[str], *, axe: bool = True, id: str = "") -> list[str]:
    return [fault for path in paths for fault in faults(page, path.format(id=id), axe)]


def first_case(page: Page, family: str) -> str:
    """The number of the case that heads a list."""
    page.goto(f"/desk/p/{family}/")
    address = page.locator("a.row-title").first.get_attribute("href")
    assert address
    return address.split("/")[3]


def test_the_portal_on_a_phone(citizen: Page) -> None:
    assert "\n".join(swept(citizen, OUTSIDE)) == ""


def test_the_portal_on_a_desk(desk: Page) -> None:
    assert "\n".join(swept(desk, OUTSIDE[:-1], axe=False)) == ""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_desk(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    found: list[str] = []
    for post, paths in INSIDE.items():
        desk.set_viewport_size({"width": 1280, "height": 900})
        hold(desk, post)
        id = first_case(desk, "disclosure") if FIRST_CASE in paths else ""
        desk.set_viewport_size({"width": width, "height": 844})
        found += swept(desk, paths, id=id, axe=width > 1000)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_in_english(site: Site, browser: Browser, width: int) -> None:
    """English words are longer: what fits in Chinese may not."""
    context = browser.new_context(base_url=site.url, locale="en-US", viewport={"width": width, "height": 844})
    page = context.new_page()
    paths = ["/", "/guide/disclosure/", "/apply/disclosure/", "/ledger/", "/report/2023/"]
    assert "\n".join(swept(page, paths, axe=width > 1000)) == ""
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


def test_the_keyboard_reaches_the_search_the_content_and_out_of_a_menu(desk: Page) -> None:
    hold(desk, "xinxian-gov-office.disclosure-clerk")
    desk.goto("/desk/p/disclosure/")
    desk.keyboard.press("Tab")
    expect(desk.locator(".skip")).to_be_focused()
    expect(desk.locator(".skip")).to_be_in_viewport()
    desk.keyboard.press("Enter")
    expect(desk.locator("#main")).to_be_focused()
    search = desk.locator("main input[name=q]")
    desk.keyboard.press("/")
    expect(search).to_be_focused()
    desk.keyboard.type("1/2")
    expect(search).to_have_value("1/2")
    desk.keyboard.press("Escape")
    expect(search).not_to_be_focused()
    menu = desk.locator("details:has(button[name=post])")
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    desk.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_the_head_of_a_long_list_stays_in_sight_beneath_the_top_bar(desk: Page) -> None:
    hold(desk, "xinxian-justice.certificate-officer")
    desk.goto("/desk/p/certificate/")
    desk.mouse.wheel(0, 1500)
    desk.wait_for_function("window.scrollY > 900")
    bar, head = (desk.locator(css).bounding_box() for css in (".topbar", ".sheet thead th >> nth=0"))
    assert bar
    assert head
    assert abs(head["y"] - (bar["y"] + bar["height"])) < 3, "neither hidden behind the bar nor scrolled away"


def test_a_printed_case_is_unfolded_and_folded_again(desk: Page) -> None:
    hold(desk, "xinxian-gov-office.disclosure-clerk")
    desk.goto("/desk/p/disclosure/?state=answered")
    desk.locator("a.row-title").first.click()
    folds, opened = desk.locator(".acts details.fold"), desk.locator(".acts details.fold[open]")
    every = folds.count()
    assert every > 1
    before = opened.count()
    desk.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.count() == every
    desk.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert opened.count() == before
    desk.emulate_media(media="print")
    expect(desk.locator(".topbar")).to_be_hidden()
    expect(desk.locator(".print-title")).to_be_visible()


def test_a_page_can_be_read_with_scripts_off(site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    for path in OUTSIDE:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1, path
    context.close()
