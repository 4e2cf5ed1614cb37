"""The inbox says what is due and what to do next; a list is filtered, sorted, turned page by page."""

import re
from datetime import date, timedelta

import pytest

from yifa.cases.kernel import act
from yifa.cases.models import Case
from yifa.cases.rebuild import rebuild
from yifa.desk import listing
from yifa.matters.enforcement.certificate import facts as c
from yifa.matters.leadership.study import facts as s
from yifa.people import posts
from yifa.procedure import registry

from .conftest import CLERK, TODAY, WATCH


def titles(page: bytes) -> list[str]:
    return re.findall(r'<a class="row-title" href="/desk/case/\d+/">([^<]+)</a>', page.decode())


def test_the_inbox_is_ordered_by_what_is_due_and_names_the_next_step(application, clerk):
    application(days_ago=1, wanted="后到的")
    application(days_ago=90, wanted="逾期的")
    page = clerk.get("/desk/")
    assert titles(page.content) == ["逾期的", "后到的"]
    text = page.content.decode()
    assert text.index("已逾期") < text.index("逾期的")
    assert "有 1 件已经逾期，请先办理。" in text
    assert re.search(r"答复期限.*?class=\"next-step\">答复<", text, re.DOTALL)


def test_the_inbox_can_be_narrowed_to_one_light(application, clerk):
    application(days_ago=1, wanted="后到的")
    application(days_ago=90, wanted="逾期的")
    assert titles(clerk.get("/desk/?light=red").content) == ["逾期的"]
    assert titles(clerk.get("/desk/?light=green").content) == ["后到的"]
    assert titles(clerk.get("/desk/?light=purple").content) == ["逾期的", "后到的"]


def test_an_empty_inbox_says_so_and_what_may_be_begun(clerk):
    page = clerk.get("/desk/").content.decode()
    assert "眼下没有待办" in page
    assert "/desk/p/disclosure/new/receive/" in page


def test_a_case_that_waits_for_the_other_side_is_not_mine_to_do(application, clerk, head, take):
    done = application(wanted="等补正的")
    until = (TODAY + timedelta(days=10)).isoformat()
    take(f"/desk/case/{done.case}/do/request_correction/", missing="写明年份", until=until)
    assert "等补正的" in clerk.get("/desk/").content.decode()  # the clerk records the answer
    assert "等补正的" not in head.get("/desk/").content.decode()


def test_a_list_is_filtered_by_state_words_days_and_choices(application, clerk, take):
    first = application(days_ago=9, wanted="道路预算")
    application(days_ago=2, wanted="学校划片")
    take(f"/desk/case/{first.case}/do/answer/", answer="GRANTED", content="见附件")

    def found(query: str) -> list[str]:
        return titles(clerk.get(f"/desk/p/disclosure/?{query}").content)

    assert found("state=answered") == ["道路预算"]
    assert found("state=open") == ["学校划片"]
    assert found(f"from={TODAY - timedelta(days=5)}") == ["学校划片"]
    assert found(f"to={TODAY - timedelta(days=5)}") == ["道路预算"]
    assert found("kind=PERSON") == ["学校划片", "道路预算"]
    Case.objects.update(facts="{}")
    rebuild()
    assert found("kind=PERSON") == ["学校划片", "道路预算"], "rows written anew are found as before"
    assert found("kind=OTHER") == []
    assert found("order=opened") == ["道路预算", "学校划片"]
    assert found("order=nonsense&from=yesterday&light=x") == ["学校划片", "道路预算"]


def test_what_is_not_found_says_how_to_widen(application, clerk):
    application()
    page = clerk.get("/desk/p/disclosure/?q=没有这样的").content.decode()
    assert "没有符合条件的记录" in page
    assert "清除筛选" in page


def test_a_list_turns_its_pages_by_key_and_loses_none(application, clerk):
    for n in range(53):
        application(days_ago=n % 5, wanted=f"第{n}件")
    first = clerk.get("/desk/p/disclosure/?state=handling")
    following = re.search(r'href="([^"]+)" rel="next"', first.content.decode())[1].replace("&amp;", "&")
    assert "state=handling" in following
    second = clerk.get(following)
    both = titles(first.content) + titles(second.content)
    assert len(both) == len(set(both)) == 53
    assert "回到首页" in second.content.decode()


@pytest.fixture
def certificates(li):
    """Three certificates; one was cancelled in September."""
    keeper = posts.actor_in(WATCH, TODAY, li)
    register = registry().family("certificate")
    for n, name in enumerate(("张某", "刘某", "陈某")):
        holder = c.Holder(on=date(2023, 3, 1 + n), holder=name, number=f"豫S{n}", passed=date(2023, 2, 1))
        done = act(register.issue, holder, keeper)
    told = {"on": date(2023, 9, 1), "cause": c.Cause.RETIRED}
    act(register.cancel, register.cancel.asks(**told), keeper, case=done.case)


def test_a_register_tells_who_was_on_it_on_a_day(certificates, registrar):
    then = registrar.get("/desk/p/certificate/?day=2023-08-31")
    assert titles(then.content) == ["张某 · 豫S0", "刘某 · 豫S1", "陈某 · 豫S2"]
    assert "2023年8月31日在册 3 条" in then.content.decode()
    assert titles(registrar.get("/desk/p/certificate/?day=2023-09-01").content) == [
        "张某 · 豫S0",
        "刘某 · 豫S1",
    ]
    assert titles(registrar.get("/desk/p/certificate/?day=2023-03-01").content) == ["张某 · 豫S0"]


def test_a_long_register_of_a_day_is_turned_page_by_page_and_nobody_is_passed_over(
    li, registrar, monkeypatch
):
    monkeypatch.setattr(listing, "ON_A_PAGE", 3)
    keeper, issue = posts.actor_in(WATCH, TODAY, li), registry().family("certificate").issue
    for n in range(7):
        act(
            issue,
            c.Holder(on=date(2023, 3, 1), holder=f"{n}", number=f"{n}", passed=date(2023, 2, 1)),
            keeper,
        )
    seen, address = [], "/desk/p/certificate/?day=2023-08-31"
    while address:
        page = registrar.get(address).content
        seen.append(titles(page))
        found = re.search(r'href="([^"]*after=[^"]*)"', page.decode())
        address = found[1].replace("&amp;", "&") if found else ""
        assert "在册 7 条" in page.decode()
    assert [len(some) for some in seen] == [3, 3, 1]
    assert [t[0] for some in seen for t in some] == list("0123456")


def test_a_register_shows_its_facts_as_columns(certificates, registrar):
    page = registrar.get("/desk/p/certificate/").content.decode()
    for words in ("发证日期", "人员身份", "在编在职", "考试合格日期", "2023年2月1日", "已注销"):
        assert words in page
    assert "身份证号码" not in page


def test_a_list_goes_out_as_a_workbook_with_its_filters(certificates, registrar):
    from io import BytesIO

    from openpyxl import load_workbook

    answer = registrar.get("/desk/p/certificate/export.xlsx?state=in_force")
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert "豫S0" in cells
    assert "豫S2" not in cells
    assert registrar.get("/desk/p/certificate/export.pdf").status_code == 404


@pytest.fixture
def session(wang):
    """One entry of the study journal."""
    told = s.Session(on=date(2023, 3, 5), body=s.Body.PARTY_GROUP, form=s.Form.TOPIC, topic="宪法")
    return act(registry().family("study").hold, told, posts.actor_in(CLERK, TODAY, wang))


def test_a_journal_does_not_repeat_its_state_nor_one_office_its_name(session, registrar, clerk):
    page = registrar.get("/desk/p/study/").content.decode()
    assert '<th scope="col">状态</th>' not in page
    assert '<th scope="col">承办机关</th>' in page, "the registrar sees several offices"
    assert '<th scope="col">承办机关</th>' not in clerk.get("/desk/p/study/").content.decode()


def test_an_entry_taken_back_says_so_beneath_its_name(session, clerk, take):
    take(f"/desk/case/{session.case}/do/withdraw/", why="登记重复")
    page = clerk.get("/desk/p/study/").content.decode()
    assert '<tr class="gone">' in page
    assert '<span class="row-sub">登记已撤回</span>' in page


def test_a_list_can_be_sorted_without_its_headings(application, clerk):
    page = clerk.get("/desk/p/disclosure/?order=opened").content.decode()
    assert '<option value="opened" selected>收到日期，早的在前</option>' in page
    assert '<option value="due">到期早的在前</option>' in page
    assert "到期早的在前" not in clerk.get("/desk/p/study/").content.decode(), "no periods run there"


def test_a_printed_list_says_what_it_is_and_what_it_was_narrowed_to(application, clerk):
    application()
    page = clerk.get("/desk/p/disclosure/?state=open&from=2020-01-01&kind=PERSON").content.decode()
    head = page.partition('<div class="print-head">')[2].partition("</div>")[0]
    assert "新县 政府信息公开申请" in head
    assert "状态：在办的；收到日期自 2020年1月1日；申请人类型：自然人；" in head
