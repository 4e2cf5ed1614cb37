"""双随机、一公开 in the browser: a joint task is planned, committed, drawn, inspected and published; anyone can draw it again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from .conftest import hold
from .test_application import choose, figure, step

pytestmark = pytest.mark.walk

CLERK, HEAD = "xinxian-market.inspection-clerk", "xinxian-market.inspection-head"
SOON = timedelta(seconds=20)  # from drawing up the scheme until the number is out: time enough to commit


def now() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))


def act(page: Page) -> None:
    page.locator("button[name=_do][value=act]").click()
    page.wait_for_load_state()


def plan(page: Page) -> str:
    """A joint task of the yearly plan; the address of its page."""
    page.goto("/desk/p/sampling_task/new/plan/")
    page.get_by_label("任务名称").fill("汽车维修企业联合抽查（浏览器）")
    choose(page, "scope", "JOINT")
    page.locator("#f-partners [data-find]").fill("交通")
    page.get_by_label("新县交通运输局").check()
    page.locator("#f-items .option").first.click()
    choose(page, "objects", "ENTERPRISE")
    page.get_by_label("行业").fill("居民服务业")
    page.get_by_label("计划完成日期").fill(f"{now().year}-12-31")
    act(page)
    expect(page.locator("body")).to_contain_text("已列入计划")
    return page.url


def prepare(page: Page) -> datetime:
    """The scheme, tried first; when its number will be out."""
    step(page, "prepare")
    page.get_by_label("抽取户数").fill("2")
    page.get_by_label("随机来源", exact=True).fill("演示彩票第1期红球（虚构）")
    out = now() + SOON
    page.get_by_label("开出之日").first.fill(out.date().isoformat())
    page.get_by_label("开出时刻").first.fill(f"{out:%H:%M:%S}")
    page.get_by_role("button", name="先试算").click()
    expect(page.locator("#paper")).to_contain_text("每个对象派1人")
    act(page)
    expect(page.locator("body")).to_contain_text("方案待批")
    return out


def inspect(page: Page, case: str, *, problem: bool = False) -> None:
    """Approved by the head, visited and published by the clerk."""
    hold(page, HEAD)
    page.goto(case)
    step(page, "approve")
    page.get_by_label("拟检查日期").fill(now().date().isoformat())
    page.get_by_label("仍须检查的理由").fill("与其他检查合并进门")
    act(page)
    expect(page.locator("body")).to_contain_text("待检查")
    hold(page, CLERK)
    page.goto(case)
    step(page, "visit")
    choose(page, "shown", "是")
    page.get_by_label("检查情况").fill("查看了维修台账和作业现场")
    choose(page, "finding", "RECTIFY" if problem else "NOTHING")
    if problem:
        page.get_by_label("发现的问题").fill("台账缺三月记录")
    act(page)
    expect(page.locator("body")).to_contain_text("已检查")
    step(page, "publish")
    act(page)
    expect(page.locator("body")).to_contain_text("公示检查结果")


def test_a_joint_task_from_the_plan_to_the_file_anyone_can_verify(
    desk: Page, citizen: Page, tmp_path: Path
) -> None:
    year = now().year
    before = figure(desk, year, "F038")["value"]
    hold(desk, CLERK)
    task = plan(desk)
    id = task.rstrip("/").rsplit("/", 1)[1]
    out = prepare(desk)

    # The head commits; the number is not out yet, so nothing can be drawn.
    hold(desk, HEAD)
    desk.goto(task)
    step(desk, "commit")
    act(desk)
    expect(desk.locator("body")).to_contain_text("已公布，待开号")
    digest = re.search(r"\b[0-9a-f]{64}\b", desk.inner_text("main"))
    citizen.goto(f"/draws/{id}/")
    expect(citizen.locator("body")).to_contain_text("汽车维修企业联合抽查")
    hold(desk, CLERK)
    desk.goto(task)
    step(desk, "draw")
    desk.get_by_label("开出的号码").fill("03 08 12 19 25 31")
    if now() < out:
        act(desk)
        expect(desk.locator("#refusal")).to_contain_text("还不能抽取")
    desk.wait_for_timeout(max(0, (out - now()).total_seconds() + 1) * 1000)
    act(desk)
    expect(desk.locator("main")).to_contain_text("抽中的对象")

    # Nobody outside learns who was drawn before the results are public.
    links = desk.locator(".table a[href*='/desk/case/']")
    cases = [str(links.nth(n).get_attribute("href")) for n in range(links.count())]
    names = [links.nth(n).inner_text() for n in range(links.count())]
    assert len(cases) == 2
    citizen.goto(f"/draws/{id}/")
    assert not any(name.split("（")[0] in citizen.inner_text("body") for name in names)

    inspect(desk, cases[0], problem=True)
    inspect(desk, cases[1])
    hold(desk, HEAD)
    desk.goto(task)
    step(desk, "close")
    act(desk)
    expect(desk.locator("body")).to_contain_text("已公开")
    assert figure(desk, year, "F038")["value"] == before + 1

    # The public page shows it, and both programs agree.
    citizen.goto(f"/draws/{id}/")
    expect(citizen.locator("body")).to_contain_text(names[0].split("（")[0])
    expect(citizen.locator("body")).to_contain_text("发现问题，责令改正")
    citizen.get_by_role("button", name="在您的浏览器里重新抽取").click()
    expect(citizen.locator("[data-verdict]")).to_contain_text("相符")
    file = tmp_path / "draw.json"
    file.write_bytes(citizen.request.get(f"/draws/{id}/draw.json").body())
    published = re.search(r"\b[0-9a-f]{64}\b", citizen.inner_text("main"))
    assert published
    command = [
        sys.executable,
        "-m",
        "yifa.site.cli",
        "draw",
        "verify",
        str(file),
        "--published",
        published[0],
    ]
    assert "相符" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    script = tmp_path / "verify_draw.py"
    script.write_bytes(citizen.request.get("/draws/verify_draw.py").body())
    alone = [sys.executable, "-I", str(script), str(file), published[0]]
    subprocess.run(alone, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert (
        json.loads(json.loads(file.read_text("utf-8"))["commitment"])["title"]
        == "汽车维修企业联合抽查（浏览器）"
    )
    assert digest is None or digest[0] == published[0]


def test_a_firm_cannot_be_drawn_twice_in_a_year_beyond_what_was_published(desk: Page) -> None:
    """The page of the task says who was left out, and the scheme refuses more than the ratio leaves."""
    hold(desk, CLERK)
    desk.goto("/desk/p/sampling_task/?state=planned")
    desk.locator("a.row-title").first.click()
    step(desk, "prepare")
    desk.get_by_label("抽取户数").fill("400")
    desk.get_by_label("随机来源", exact=True).fill("演示彩票第2期红球（虚构）")
    desk.get_by_label("开出之日").first.fill(f"{now().year + 1}-01-05")
    desk.get_by_role("button", name="先试算").click()
    expect(desk.locator("#refusal")).to_contain_text("一般检查事项不得超过公布的年度抽查比例")
    expect(desk.get_by_label("抽取户数")).to_have_value("400")
