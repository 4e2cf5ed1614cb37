"""The product's main job: from an application on a telephone to a figure in the annual report."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import hold

pytestmark = pytest.mark.walk

CLERK = "xinxian-gov-office.disclosure-clerk"


def figure(page: Page, year: int, id: str) -> dict[str, Any]:
    told = json.loads(page.request.get(f"/report/{year}/figures.json").text())
    return next(f for f in told["figures"] if f["id"] == id)


def step(page: Page, key: str) -> None:
    """Follow the button of a step; its label carries the article too."""
    page.locator(f"a[href$='/do/{key}/']").first.click()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value={value}]").check()


def apply(page: Page, wanted: str) -> str:
    """A person applies on the portal; the receipt code."""
    page.goto("/")
    page.get_by_role("link", name="在网上申请").first.click()
    page.get_by_label("向哪个机关提出").select_option(label="新县人民政府办公室")
    page.get_by_label("自然人").check()
    page.get_by_label("申请人姓名或者名称").fill("王某试")
    page.get_by_label("身份证明").fill("411523199001010011")
    page.get_by_label("联系方式").fill("13900001111")
    page.get_by_label("所需信息的名称").fill(wanted)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    found = re.search(r"\b([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})\b", page.inner_text("body"))
    assert found
    return found.group(1)


def test_from_an_application_to_a_figure_that_opens_on_it(citizen: Page, desk: Page) -> None:
    year = date.today().year
    before = figure(desk, year, "F117")["value"]
    wanted = f"农村公路养护资金安排（{date.today().isoformat()}）"
    code = apply(citizen, wanted)

    # The official accepts, and asks for a correction.
    hold(desk, CLERK)
    desk.get_by_role("link", name=re.compile("农村公路养护资金安排")).first.click()
    step(desk, "confirm")
    desk.locator("button[name=_do][value=act]").click()
    expect(desk.locator("body")).to_contain_text("办理中")
    case = re.search(r"/desk/case/(\d+)/", desk.url)
    assert case
    step(desk, "request_correction")
    desk.get_by_label("需要补正的事项").fill("请说明年份")
    desk.get_by_label("补正期限").fill(f"{year + 1}-01-15")
    desk.locator("button[name=_do][value=act]").click()
    expect(desk.locator("body")).to_contain_text("待补正")

    # The person follows, and puts it right.
    citizen.goto("/follow/")
    citizen.get_by_label("查询码").first.fill(code)
    citizen.get_by_role("button", name="查询").first.click()
    expect(citizen.locator("body")).to_contain_text("待补正")
    step(citizen, "correct")
    citizen.get_by_label("补正后的描述").fill(f"{wanted}，{year}年")
    citizen.get_by_role("button", name="确认补正").click()
    expect(citizen.locator("body")).to_contain_text("办理中")

    # The official answers; the figure rises by one and opens on this very case.
    desk.goto(f"/desk/case/{case.group(1)}/")
    step(desk, "answer")
    choose(desk, "answer", "GRANTED")
    desk.get_by_label("提供的信息或者获取的途径").fill("随函附上资金安排表")
    desk.locator("button[name=_do][value=act]").click()
    expect(desk.locator("body")).to_contain_text("已答复")

    after = figure(desk, year, "F117")
    assert after["value"] == before + 1
    assert after["records"] == after["value"]
    desk.goto(f"/report/{year}/")
    desk.get_by_role("row", name=re.compile("F117")).get_by_role("link").last.click()
    expect(desk.locator(f"a[href*='/desk/case/{case.group(1)}/']").first).to_be_visible()

    # The person reads the answer.
    citizen.goto("/follow/case/")
    expect(citizen.locator("body")).to_contain_text("政府信息公开告知书")


def test_what_somebody_wrote_without_a_blank_does_not_widen_a_page_on_a_phone(
    citizen: Page, desk: Page
) -> None:
    word = "x" * 40
    apply(citizen, f"网址{word * 4}的原件")
    hold(desk, CLERK)
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto("/desk/")
    desk.get_by_role("link", name=re.compile(word)).first.click()
    case = desk.url
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for path in ("/desk/", "/desk/p/disclosure/", case, f"{case}do/confirm/"):
        desk.goto(path)
        expect(desk.locator("main")).to_contain_text(word)
        assert desk.evaluate(wide) <= 1, path


def test_a_step_the_law_does_not_allow_is_refused_on_the_desk_with_its_article(
    citizen: Page, desk: Page
) -> None:
    apply(citizen, "关于某会议纪要")
    hold(desk, CLERK)
    desk.get_by_role("link", name=re.compile("关于某会议纪要")).first.click()
    step(desk, "confirm")
    desk.locator("button[name=_do][value=act]").click()
    step(desk, "answer")
    choose(desk, "answer", "STATE_SECRET")
    desk.locator("button[name=_do][value=act]").click()
    refused = desk.get_by_role("alert")
    expect(refused).to_contain_text("告知申请人不予公开并说明理由")
    expect(refused).to_contain_text("《政府信息公开条例》第三十六条第（三）项")
    expect(desk.locator("input[name=answer][value=STATE_SECRET]")).to_be_checked()
