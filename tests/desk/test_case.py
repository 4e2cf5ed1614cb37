"""The case's page says where it stands, when what is due and why, what can be done and what cannot."""

import pytest
from django.db import connection

from .conftest import CLERK, HEAD, TODAY

MOST = {"/desk/case/{id}/": 14, "/desk/": 12, "/desk/p/disclosure/": 10}
PATHS = list(MOST)


def test_the_page_holds_the_case(application, clerk):
    page = clerk.get(f"/desk/case/{application().case}/").content.decode()
    for words in (
        "2022年村级公路预算", "办理中", "补正告知期限", "答复期限", "《政府信息公开条例》第三十三条第二款", "王某甲",
        "411523199001010011", "登记申请", "王某 · 县政府办公室 经办人", "登记回执", "不能收到第三方意见",
    ):  # fmt: skip
        assert words in page, words


def test_a_due_day_shows_its_sum_in_sentences(application, clerk):
    done = application()
    page = clerk.get(f"/desk/case/{done.case}/").content.decode()
    assert "这一天是怎么算出来的" in page
    assert "工作日" in page.split("这一天是怎么算出来的")[1]


def test_what_the_nearest_period_waits_for_comes_first(application, clerk):
    page = clerk.get(f"/desk/case/{application().case}/").content.decode()
    buttons = page[page.index('class="dos"') :]
    assert buttons.index("答复") < buttons.index("告知补正") < buttons.index("更正登记申请")


def test_a_step_that_need_not_be_taken_is_never_late(application, clerk):
    page = clerk.get(f"/desk/case/{application(days_ago=60).case}/").content.decode()
    notice = page[page.index("补正告知期限") : page.index("答复期限")]
    assert "逾期" not in notice
    assert "已经过去" in notice


def test_a_page_that_did_not_change_is_not_read_again(application, clerk):
    done = application()
    address = f"/desk/case/{done.case}/"
    tag = clerk.get(address)["ETag"]
    unchanged = clerk.get(address, headers={"if-none-match": tag})
    assert unchanged.status_code == 304
    assert unchanged.content == b""


def test_a_page_is_read_again_for_another_post_language_or_login(application, clerk, wang):
    from django.test import Client

    address = f"/desk/case/{application().case}/"
    tag = clerk.get(address)["ETag"]
    clerk.post("/desk/post/", {"post": HEAD})
    assert clerk.get(address, headers={"if-none-match": tag}).status_code == 200
    clerk.post("/desk/post/", {"post": CLERK})
    assert clerk.get(address, headers={"if-none-match": tag}).status_code == 304
    assert clerk.get(address, headers={"if-none-match": tag, "accept-language": "en"}).status_code == 200
    other = Client()
    other.force_login(wang)
    assert other.get(address, headers={"if-none-match": tag}).status_code == 200


def test_a_page_is_read_again_after_an_act(application, clerk, take):
    done = application()
    address = f"/desk/case/{done.case}/"
    tag = clerk.get(address)["ETag"]
    take(f"{address}do/answer/", answer="GRANTED", content="见附件")
    said = clerk.get(address, headers={"if-none-match": tag})
    assert said.status_code == 200
    assert "ETag" not in said  # it carries a sentence that is said once
    assert clerk.get(address)["ETag"] != tag


def test_an_etag_of_a_case_one_may_not_see_gives_nothing_away(application, clerk, stranger):
    address = f"/desk/case/{application().case}/"
    tag = clerk.get(address)["ETag"]
    assert stranger.get(address, headers={"if-none-match": tag}).status_code == 404


def test_english_readers_find_the_page_in_english(application, clerk):
    page = clerk.get(f"/desk/case/{application().case}/", headers={"accept-language": "en"}).content.decode()
    for words in (
        "Request for government information",
        "In hand",
        "To answer",
        "Ask for clarification",
        "Natural person",
    ):
        assert words in page
    assert '<html lang="en">' in page


def asked(client, path: str) -> list[str]:
    """Every statement the page sends, the kernel's own included."""
    said: list[str] = []
    connection.connection.set_trace_callback(said.append)
    try:
        client.get(path)
    finally:
        connection.connection.set_trace_callback(None)
    return said


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite: counted by its own trace")
def test_the_pages_ask_the_database_a_fixed_number_of_questions(application, clerk, take):
    first = application(days_ago=9)
    for path in PATHS:
        clerk.get(path.format(id=first.case))
    few = {path: len(asked(clerk, path.format(id=first.case))) for path in PATHS}
    for n in range(12):
        application(days_ago=n % 9 + 1)
    for path in PATHS:
        said = asked(clerk, path.format(id=first.case))
        assert len(said) <= min(few[path] + 1, MOST[path]), (path, said)


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/p/disclosure/", "/desk/p/study/", "/desk/p/", "/desk/account/"]
)
def test_the_policy_allows_no_script_but_the_sites_own(path, clerk):
    answer = clerk.get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_today_is_the_day_a_form_offers(application, clerk):
    page = clerk.get(f"/desk/case/{application().case}/do/answer/").content.decode()
    assert f'name="on" value="{TODAY.isoformat()}"' in page


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite: counted by its own trace")
def test_a_long_case_costs_no_more_questions_than_a_short_one(application, clerk, take):
    done = application(days_ago=9)
    address = f"/desk/case/{done.case}/"
    clerk.get(address)
    short = len(asked(clerk, address))
    for reply in ("是", "否"):
        take(f"{address}do/consult/", party="某公司")
        take(f"{address}do/hear/", agrees=reply, reason="商业秘密")
    clerk.get(address)
    assert len(asked(clerk, address)) <= short
