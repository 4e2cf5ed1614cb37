"""One person, several posts: nothing that waits is out of sight."""

from django.test import Client

from .conftest import HEAD, OTHER, WATCH


def test_before_a_choice_the_desk_opens_at_the_post_where_most_is_pressing(application, li):
    application(days_ago=40)  # in the government office, which only the county-wide post reaches
    client = Client()
    client.force_login(li)
    assert "证件管理员" in client.get("/desk/").content.decode().split("post-title")[1][:80]


def test_the_inbox_says_what_waits_in_the_persons_other_posts(application, stranger):
    application(days_ago=40)
    page = stranger.get("/desk/").content.decode()
    assert "您的其他职务也有待办" in page
    assert "1件逾期" in page
    stranger.post("/desk/post/", {"post": WATCH, "next": "/desk/"})
    assert "您的其他职务也有待办" not in stranger.get("/desk/").content.decode()


def test_a_choice_once_made_stays_even_when_another_post_presses_more(application, stranger):
    application(days_ago=40)
    stranger.get("/desk/")
    assert stranger.session["post"] == OTHER


def test_the_page_of_matters_says_what_the_persons_other_posts_deal_with_and_leads_there(clerk):
    mine, _, others = clerk.get("/desk/p/").content.decode().partition("您的其他职务还办理")
    assert "行政执法证件" not in mine
    assert "行政执法证件" in others
    assert f'value="{HEAD}"' in others
    assert clerk.post("/desk/post/", {"post": HEAD, "next": "/desk/p/"}).url == "/desk/p/"
    mine, _, others = clerk.get("/desk/p/").content.decode().partition("您的其他职务还办理")
    assert "行政执法证件" in mine
    assert not others, "the head deals with all that the clerk does"
