"""A draft in the browser: handed in as a Word file, read beside what was pointed at, answered place by place, the opinion given."""

from __future__ import annotations

import io
import re

import docx
import pytest
from playwright.sync_api import Page, expect

from .conftest import hold
from .test_application import choose
from .test_pages import swept

pytestmark = pytest.mark.walk

REVIEWER, CHIEF = "xinxian-justice.legality-clerk", "xinxian-justice.legality-head"
DRAFT = (
    "新县城区停车管理办法（送审稿，虚构）",
    "第一条 为了规范停车秩序，根据《中华人民共和国行政处罚法》第一百条，制定本办法。",
    "第二条 停车场经营者应当在显著位置公示收费标准。",
    "第三条 违反本办法规定乱停乱放的，由城市管理局处二百元以上一千元以下罚款。",
    "第四条 不得设置限制外地车辆停放的条件。",
    "第五条 本办法自公布之日起施行。",
)
WHY = "县政府规范性文件不得设定行政处罚，请删去本条"


def word_file() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in DRAFT:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def hand_in(page: Page) -> None:
    hold(page, REVIEWER)
    page.goto("/desk/p/legality_review/new/submit/")
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    file = {"name": "停车办法.docx", "mimeType": media, "buffer": word_file()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("文件名称").fill("新县城区停车管理办法（虚构）")
    choose(page, "kind", "NORMATIVE")
    page.locator("button[name=_do][value=act]").click()
    # Something was left out: the file stays with the form.
    expect(page.locator("body")).to_contain_text("停车办法.docx")
    choose(page, "level", "COUNTY")
    page.locator("#f-drafter").select_option(index=1)
    page.locator("button[name=_do][value=act]").click()
    expect(page.locator(".messages, .notes, body").first).to_contain_text("已办理：收到送审")


def test_a_draft_is_read_answered_and_an_opinion_given(desk: Page) -> None:
    page = desk
    hand_in(page)
    page.get_by_role("link", name="逐处审查").first.click()
    expect(page).to_have_url(re.compile(r"/review/$"))
    sheet = re.sub(r"^https?://[^/]+", "", page.url)
    assert "\n".join(swept(page, [sheet])) == ""

    # What was pointed at stands beside its paragraph.
    card = page.locator(".rv-card", has_text="第一百条").first
    expect(card).to_contain_text("共86条，没有第一百条")
    fine = page.locator(".rv-card", has_text="罚款").first
    expect(fine).to_contain_text("N1")
    expect(
        page.locator(".rv-row", has_text="不得设置限制外地车辆").locator("mark", has_text="外地")
    ).to_have_count(0)

    # A reason is needed to dismiss; the page says so and keeps the place.
    card.get_by_role("button", name="不采纳").click()
    expect(page.get_by_role("alert")).to_contain_text("不采纳的要写明理由")
    page.locator(".rv-card", has_text="第一百条").get_by_role("button", name="采纳", exact=True).click()
    fine = page.locator(".rv-card", has_text="罚款").first
    fine.locator("textarea").fill(WHY)
    fine.get_by_role("button", name="采纳", exact=True).click()
    while (left := page.locator(".rv-card:not(.rv-done)")).count():
        left.first.locator("textarea").fill("属于依法表述，可以保留")
        left.first.get_by_role("button", name="不采纳").click()
    expect(page.locator("#progress")).to_contain_text("各处都已处理")

    # What the machine did not see, the reviewer adds.
    page.get_by_role("link", name="补充意见").click()
    page.get_by_label("所涉文字").fill("第二条 停车场经营者")
    page.get_by_label("修改意见").fill("收费标准由谁核定应当写明")
    page.locator("button[name=_do][value=act]").click()
    expect(page.locator("body")).to_contain_text("已办理：补充意见")
    case = page.url

    hold(page, CHIEF)
    page.goto(case)
    page.get_by_role("link", name=re.compile("出具审查意见")).first.click()
    choose(page, "conclusion", "CHANGES")
    page.get_by_role("button", name="先看文书").click()
    expect(page.locator(".paper-sheet")).to_contain_text(WHY)
    page.locator("button[name=_do][value=act]").click()
    page.get_by_role("link", name=re.compile("合法性审查意见书")).first.click()
    paper = page.locator(".paper-sheet")
    expect(paper).to_contain_text("合法性审查意见书")
    expect(paper).to_contain_text("收费标准由谁核定应当写明")
    expect(paper).to_contain_text(WHY)
