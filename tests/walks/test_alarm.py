"""叫应 in the browser: a message dropped on the desk, ten thousand people called, who has not answered, and the minutes afterwards."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from .conftest import hold
from .test_application import choose, step
from .test_pages import swept

pytestmark = pytest.mark.walk

OFFICER, HEAD = "xinxian-emergency.duty-officer", "xinxian-emergency.duty-head"
SAMPLE = Path(__file__).resolve().parents[1] / "calls" / "cap" / "samples" / "rain-orange.xml"
PEOPLE = 10_000
PATIENCE = 90_000  # milliseconds for two short rungs on a loaded machine


def act(page: Page) -> None:
    page.locator("button[name=_do][value=act]").click()
    page.wait_for_load_state()


def message() -> bytes:
    """The sample as if it had come just now."""
    now = datetime.now(ZoneInfo("Asia/Shanghai")).replace(microsecond=0)
    text = SAMPLE.read_text("utf-8").replace("20261123140500", f"{now:%Y%m%d%H%M%S}")
    text = text.replace("2026-11-23T14:05:00+08:00", now.isoformat())
    return text.replace("2026-11-24T02:05:00+08:00", (now + timedelta(hours=12)).isoformat()).encode()


def lay_down_a_short_rule(page: Page) -> None:
    hold(page, HEAD)
    page.goto("/desk/p/call_ladder/new/lay_down/")
    page.get_by_label("规则名称").fill("半分钟走完（浏览器）")
    page.get_by_label("逐级叫应").fill("语音，本人，1次，限12秒\n语音，替补，1次，限10秒")
    page.get_by_role("textbox", name="依据").fill("浏览器里试用")
    act(page)
    expect(page.locator("body")).to_contain_text("现行有效")


def receive(page: Page) -> None:
    """Dropped on the desk, looked at, entered."""
    hold(page, OFFICER)
    page.goto("/desk/room/")
    page.get_by_role("link", name="接收预警报文").click()
    file = {"name": "暴雨橙色.xml", "mimeType": "application/xml", "buffer": message()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator(".notice.tone-blue")).to_contain_text("已由“暴雨橙色.xml”填好")
    expect(page.get_by_label("预警名称")).to_have_value("暴雨")
    act(page)
    expect(page.locator("body")).to_contain_text("生效中")


def rouse(page: Page) -> None:
    """Ten thousand people by the short rule, from the warning's own page."""
    page.get_by_role("link", name=re.compile("发起叫应")).click()
    expect(page.get_by_label("事由")).to_have_value("暴雨橙色预警叫应")
    expect(page.get_by_label("新县田铺乡人民政府")).to_be_checked()
    page.locator("#f-ladder").select_option(label="半分钟走完（浏览器）")
    people = "\n".join(f"住户{n}（虚构）\t100{n:08}\t100{n + 20000:08}" for n in range(PEOPLE))
    page.locator("#f-more").evaluate("(field, text) => { field.value = text }", people)
    choose(page, "only_more", "是")
    page.get_by_role("button", name="先试算").click()
    expect(page.locator("#paper")).to_contain_text("10,000人")
    act(page)
    expect(page.locator("body")).to_contain_text("正在叫应")


def test_a_warning_is_followed_until_everybody_is_accounted_for(desk: Page) -> None:
    lay_down_a_short_rule(desk)
    receive(desk)
    rouse(desk)
    case = desk.url
    desk.goto("/desk/room/")
    card = desk.locator(".room-call", has_text="暴雨橙色预警叫应")
    expect(card.locator(".room-numbers li").first).to_contain_text("10,000")
    first = card.locator(".tone-green b").inner_text()
    # The room goes on by itself: nobody reloads it.
    expect(card.locator(".tone-green b")).not_to_have_text(first, timeout=PATIENCE)
    expect(card.locator(".tone-red b")).not_to_have_text("0", timeout=PATIENCE)
    expect(desk.locator(".room-lies").first).to_contain_text("各级都叫过，无人应答")
    one_person(desk, card.get_by_role("link", name="暴雨橙色预警叫应"))
    everybody_else(desk)
    the_minutes(desk, case)
    nothing_is_broken(desk, case)
    forget(desk, case)


def nothing_is_broken(page: Page, case: str) -> None:
    """The pages of a call-out for an assistive program, and on a phone."""
    ladder = case.replace("/desk/case/", "/desk/room/")
    page.goto(ladder + "?stand=all")
    one = page.locator("[id^=p-]").first.get_attribute("href")
    assert one is not None
    pages = ["/desk/room/", ladder, f"{ladder}?stand=handed", one, case]
    assert "\n".join(swept(page, pages)) == ""
    page.set_viewport_size({"width": 390, "height": 844})
    assert "\n".join(swept(page, pages, axe=False)) == ""
    page.set_viewport_size({"width": 1280, "height": 900})


def one_person(page: Page, way: object) -> None:
    """One who rings back is entered by hand."""
    way.click()  # type: ignore[attr-defined]
    page.wait_for_load_state()
    page.locator("[id^=p-]").first.click()
    expect(page.locator("table")).to_contain_text("语音")
    page.get_by_role("link", name="登记应答").click()
    page.get_by_label("怎样确认").fill("本人来电，正在转移")
    act(page)
    page.get_by_role("link", name="查看进度，逐人办理").click()


def everybody_else(page: Page) -> None:
    """Once no rung is left for anybody, somebody goes to all of them; those who answer late still count."""
    expect(page.locator(".room-numbers .tone-blue")).to_have_count(0, timeout=PATIENCE)
    page.locator("#all-over").click()
    page.get_by_label("由谁上门").fill("各村包村干部（虚构）")
    act(page)


def the_minutes(page: Page, case: str) -> None:
    page.goto(case)
    step(page, "finish")
    page.get_by_role("button", name="先看文书").click()
    expect(page.locator("#paper").first).to_contain_text("逐分钟情况")
    act(page)
    page.get_by_role("link", name="叫应情况报告").first.click()
    paper = page.locator("body").inner_text()
    told = re.search(r"已叫应(\d+)人，转人工上门(\d+)人，经负责人终止(\d+)人", paper)
    assert told is not None
    assert sum(map(int, told.groups())) == PEOPLE
    minutes = re.findall(r"\d\d:\d\d：.*?尚余(\d+)人", paper)
    assert minutes[-1] == "0"
    assert [int(left) for left in minutes] == sorted((int(left) for left in minutes), reverse=True)


def forget(page: Page, case: str) -> None:
    """Afterwards nobody is named any more; how it went stays."""
    hold(page, HEAD)
    page.goto(case)
    step(page, "destroy")
    act(page)
    expect(page.locator("body")).to_contain_text("个人信息已销毁")
    assert "10000000001" not in page.content()
    page.goto(case.replace("/desk/case/", "/desk/room/") + "?stand=all")
    expect(page.locator(".room-numbers")).to_contain_text("10,000")
    assert "住户" not in page.locator("#people").locator("..").locator("..").inner_text()
