"""Who holds which post: given, ended, never overwritten; a new person comes in with a code shown once."""

import re
from datetime import timedelta

from django.test import Client

from yifa.people import posts
from yifa.people.models import User

from .conftest import BEGIN, CLERK, HEAD, OTHER, TODAY


def test_the_page_lists_every_post_with_its_holder_and_what_is_vacant(keeper, wang):
    page = keeper.get("/desk/posts/").content.decode()
    assert "县政府办公室" in page or "新县人民政府办公室" in page
    assert "王某" in page
    assert "空缺" in page
    assert "有 2 个职务眼下没有人担任" in page


def test_the_posts_are_found_by_office_title_or_name_and_the_vacant_ones_alone(keeper, wang):
    def listed(query: str) -> set[str]:
        page = keeper.get(f"/desk/posts/?{query}").content.decode()
        return {code for code in (CLERK, HEAD, OTHER) if f'href="/desk/posts/{code}/"' in page}

    assert listed("") == {CLERK, HEAD, OTHER}
    assert listed("q=司法局") == listed("show=vacant") == {OTHER}
    assert listed("q=王某") == listed("show=held") == {CLERK, HEAD}
    assert listed("q=主任") == {HEAD}
    assert listed("q=主任&show=vacant") == set()
    assert "没有符合条件的职务" in keeper.get("/desk/posts/?q=没有的").content.decode()


def test_a_post_is_given_and_acted_in(keeper, li):
    answer = keeper.post(f"/desk/posts/{HEAD}/", {"user": li.pk, "since": TODAY.isoformat(), "deputy": "否"})
    assert answer.status_code == 302
    assert HEAD in {a.post for a in posts.actors_of(li, TODAY)}
    assert HEAD not in {a.post for a in posts.actors_of(li, TODAY - timedelta(days=1))}


def test_a_holding_is_ended_and_stays_in_the_record(keeper, wang):
    held = next(h for h in posts.holders(CLERK) if h.person == wang.pk)
    yesterday = TODAY - timedelta(days=1)
    keeper.post(f"/desk/posts/{CLERK}/", {"holding": held.id, "last": yesterday.isoformat()})
    assert CLERK not in {a.post for a in posts.actors_of(wang, TODAY)}
    assert [(h.since, h.until) for h in posts.holders(CLERK)] == [(BEGIN, yesterday)]
    assert "王某" in keeper.get(f"/desk/posts/{CLERK}/").content.decode()


def test_what_is_wrong_is_said_beside_its_field(keeper, li):
    answer = keeper.post(f"/desk/posts/{HEAD}/", {"user": "", "since": "", "until": "x", "deputy": "否"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("请选择任职的人", "请填写任职日期", "免职日期不是日期"):
        assert words in page
    wrong = {"user": li.pk, "since": TODAY.isoformat(), "until": BEGIN.isoformat(), "deputy": "否"}
    assert keeper.post(f"/desk/posts/{HEAD}/", wrong).status_code == 422
    assert not posts.holders(HEAD)


def test_a_holding_of_another_post_is_not_ended_here(keeper, wang, li):
    theirs = next(h for h in posts.holders(OTHER))
    assert (
        keeper.post(f"/desk/posts/{CLERK}/", {"holding": theirs.id, "last": TODAY.isoformat()}).status_code
        == 422
    )
    assert posts.holders(OTHER)[0].until is None


def test_a_new_person_gets_a_code_that_lets_them_in_once(keeper):
    page = keeper.post("/desk/people/", {"name": "周某", "username": "zhou"}).content.decode()
    code = re.search(r'<p class="code">([^<]+)</p>', page)[1]
    user = User.objects.get(username="zhou")
    assert not user.has_usable_password()
    assert Client().post("/accounts/once/", {"code": code}).url == "/accounts/password/set/"
    assert Client().post("/accounts/once/", {"code": code}).status_code == 400
    assert code not in keeper.get("/desk/people/").content.decode()


def test_two_people_do_not_share_a_login(keeper, wang):
    answer = keeper.post("/desk/people/", {"name": "又一位", "username": "WANG"})
    assert answer.status_code == 422
    assert "这个登录名已经有人使用" in answer.content.decode()
    assert keeper.post("/desk/people/", {"name": "", "username": "王"}).status_code == 422
