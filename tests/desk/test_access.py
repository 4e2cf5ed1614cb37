"""One rule of sight on every path: list, count, case, paper, download, export, form."""

import pytest
from django.test import Client

from .conftest import HEAD, OTHER, TODAY

PATHS = [
    "/desk/case/{id}/",
    "/desk/case/{id}/do/answer/",
    "/desk/case/{id}/paper/{entry}/",
    "/desk/case/{id}/paper/{entry}.pdf",
    "/desk/case/{id}/paper/{entry}.docx",
    "/desk/case/{id}/erase/",
]
PAGES = [
    "/desk/", "/desk/p/", "/desk/p/disclosure/", "/desk/p/disclosure/export.xlsx", "/desk/p/disclosure/import/",
    "/desk/p/disclosure/import/form.xlsx", "/desk/p/disclosure/new/receive/", "/desk/account/", "/desk/posts/",
    "/desk/people/",
]  # fmt: skip


@pytest.mark.parametrize("path", [*PATHS, *PAGES])
def test_nobody_sees_the_desk_without_logging_in(path, application):
    done = application()
    answer = Client().get(path.format(id=done.case, entry=done.entry))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("path", PATHS)
def test_a_case_of_another_office_does_not_exist_for_a_clerk(path, application, stranger):
    done = application()
    assert stranger.get(path.format(id=done.case, entry=done.entry)).status_code == 404


@pytest.mark.parametrize("path", PATHS[:5])
def test_the_office_in_charge_sees_its_case(path, application, clerk):
    done = application()
    assert clerk.get(path.format(id=done.case, entry=done.entry)).status_code == 200


def test_a_list_its_counts_and_its_export_hold_only_what_the_post_may_see(application, clerk, stranger):
    application(wanted="征地批准文件")
    mine, theirs = clerk.get("/desk/p/disclosure/"), stranger.get("/desk/p/disclosure/")
    assert "征地批准文件" in mine.content.decode()
    assert "征地批准文件" not in theirs.content.decode()
    assert "办理中（1）" in mine.content.decode()
    assert "办理中（1）" not in theirs.content.decode()
    assert "办理中" in clerk.get("/desk/p/disclosure/export.csv").content.decode("utf-8-sig")
    assert "办理中" not in stranger.get("/desk/p/disclosure/export.csv").content.decode("utf-8-sig")


def test_the_inbox_holds_only_what_the_post_may_do(application, clerk, stranger):
    application(wanted="征地批准文件")
    assert "征地批准文件" in clerk.get("/desk/").content.decode()
    assert "征地批准文件" not in stranger.get("/desk/").content.decode()


def test_sealed_facts_never_leave_in_an_export(application, clerk):
    application()
    text = clerk.get("/desk/p/disclosure/export.csv").content.decode("utf-8-sig")
    assert "自然人" in text
    assert "411523199001010011" not in text
    assert "王某甲" not in text


def test_a_post_that_does_not_deal_with_a_matter_is_told_so(clerk):
    answer = clerk.get("/desk/p/certificate/")
    assert answer.status_code == 403
    assert "以您现在的职务不办理这一事项" in answer.content.decode()
    mine, _, other_posts = clerk.get("/desk/p/").content.decode().partition("您的其他职务还办理")
    assert "行政执法证件" not in mine
    assert other_posts, "the head, whom the same person is, deals with it"


@pytest.mark.parametrize(
    "path", ["", "?order=number", "export.xlsx", "export.csv", "import/", "import/form.xlsx", "new/issue/"]
)
def test_a_post_bound_to_other_matters_neither_lists_exports_imports_nor_begins(path, clerk, registrar):
    address = f"/desk/p/certificate/{path}"
    assert clerk.get(address).status_code == 403
    assert registrar.get(address).status_code == 200
    assert clerk.post("/desk/p/certificate/import/", {"token": "x"}).status_code == 403


def test_nobody_takes_a_post_they_do_not_hold(clerk):
    clerk.post("/desk/post/", {"post": OTHER})
    assert "经办人" in clerk.get("/desk/").content.decode()
    clerk.post("/desk/post/", {"post": HEAD})
    assert "县政府办公室 主任" in clerk.get("/desk/").content.decode()


def test_a_switch_of_posts_leads_back_to_this_site_only(clerk):
    assert clerk.post("/desk/post/", {"post": HEAD, "next": "/desk/p/"}).url == "/desk/p/"
    assert clerk.post("/desk/post/", {"post": HEAD, "next": "https://elsewhere.example/"}).url == "/desk/"


def test_a_holding_that_ended_ends_what_its_holder_sees(application, clerk, wang):
    from yifa.people import posts

    done = application()
    for held in posts.held_by(wang):
        posts.end(held.id, TODAY.replace(year=TODAY.year - 1))
    assert clerk.get(f"/desk/case/{done.case}/").status_code == 403


def test_somebody_without_a_post_is_told_what_to_do(idle):
    answer = idle.get("/desk/")
    assert answer.status_code == 403
    assert "您眼下没有担任职务" in answer.content.decode()


@pytest.mark.parametrize("path", ["/desk/posts/", "/desk/posts/gov.clerk/", "/desk/people/"])
def test_posts_are_kept_by_administrators_only(path, clerk, keeper):
    assert clerk.get(path).status_code == 403
    assert keeper.get(path).status_code == 200


def test_the_page_and_its_facts_are_kept_by_no_one_else(application, clerk):
    answer = clerk.get(f"/desk/case/{application().case}/")
    assert "private" in answer["Cache-Control"]
    assert "no-cache" in answer["Cache-Control"]
