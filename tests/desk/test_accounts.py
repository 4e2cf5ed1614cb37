"""Coming in: no default password, a second factor for who wants one, every page in the same look."""

import pytest
from django.test import Client

PASSWORD = "Long-enough-2023"


@pytest.fixture
def official(wang):
    wang.set_password(PASSWORD)
    wang.save()
    return wang


def login(client: Client) -> object:
    return client.post("/accounts/login/", {"login": "wang", "password": PASSWORD})


def test_an_official_logs_in_and_sees_the_inbox(official):
    client = Client()
    assert "seal" in client.get("/accounts/login/").content.decode()
    assert login(client).url == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_a_wrong_password_is_answered_in_a_sentence(official):
    answer = Client().post("/accounts/login/", {"login": "wang", "password": "wrong"})
    assert answer.status_code == 200
    assert "field-problem" in answer.content.decode()


def test_nobody_signs_up_from_outside(db):
    answer = Client().get("/accounts/signup/")
    assert "请找本单位管理员" in answer.content.decode()


def test_every_account_page_is_drawn_in_the_same_look(official):
    client = Client()
    login(client)
    for path in (
        "/desk/account/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/password/change/",
        "/accounts/reauthenticate/", "/accounts/password/reset/",
    ):  # fmt: skip
        page = client.get(path, follow=True)
        assert page.status_code == 200, path
        assert "look/yifa.css" in page.content.decode(), path


def test_logging_out_ends_it(official):
    client = Client()
    login(client)
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/desk/").status_code == 302


def test_the_language_is_chosen_and_kept_in_a_cookie(official):
    client = Client()
    login(client)
    client.post("/language/", {"language": "en", "next": "/desk/"})
    assert "Inbox" in client.get("/desk/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/desk/"})
    assert "待办" in client.get("/desk/").content.decode()
