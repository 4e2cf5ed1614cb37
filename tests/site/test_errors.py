"""When something cannot be shown, the page says so in the reader's language and offers a way on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site
from django.core.signals import got_request_exception
from django.test import Client

from yifa.people.models import User
from yifa.portal import views

from ..look.leftovers import leftovers

pytestmark = pytest.mark.django_db
EN = {"Accept-Language": "en"}
CAME = {"Referer": "http://testserver/guide/"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Errors are what is wanted here; nobody needs to be told."""
    kept, got_request_exception.receivers = got_request_exception.receivers, []
    yield
    got_request_exception.receivers = kept


def too_large(_: Client, headers: dict[str, str]) -> Any:
    text = "x=" + "y" * (site.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    form = "application/x-www-form-urlencoded"
    return Client().post("/apply/disclosure/", text, content_type=form, headers=headers)


def broken(client: Client, headers: dict[str, str]) -> Any:
    client.raise_request_exception = False
    return client.get("/answers/", headers=headers)


ERRORS = {
    404: (lambda c, h: c.get("/nonesuch/", headers=h), "没有这一页", "No such page"),
    413: (too_large, "提交的内容太大", "Too much was sent"),
    403: (lambda c, h: c.post("/follow/", {}, headers=h), "页面已经过期", "This page is out of date"),
    500: (broken, "系统出错了", "Something went wrong here"),
}


@pytest.mark.parametrize("status", ERRORS)
def test_every_error_is_said_in_both_languages_with_a_way_on(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(views.published, "answers", fail)
    ask, chinese, english = ERRORS[status]
    client = Client(enforce_csrf_checks=True)
    zh = ask(client, {})
    assert zh.status_code == status
    assert f"<h1>{chinese}</h1>" in zh.content.decode()
    assert '<a class="btn" href="/">' in zh.content.decode()
    en = ask(client, EN)
    assert f"<h1>{english}</h1>" in en.content.decode()
    assert leftovers(en.content) == []


@pytest.mark.parametrize("status", [404, 413, 403])
def test_one_gets_back_to_where_one_was_and_nowhere_else(status: int) -> None:
    ask, client = ERRORS[status][0], Client(enforce_csrf_checks=True)
    assert 'href="http://testserver/guide/"' in ask(client, CAME).content.decode()
    assert (
        "elsewhere" not in ask(client, {"Referer": "http://testserver.elsewhere.example/"}).content.decode()
    )


def test_an_official_gets_back_to_the_desk_and_a_citizen_is_not_sent_there() -> None:
    assert 'href="/desk/"' not in Client().get("/nonesuch/").content.decode()
    client = Client()
    client.force_login(User.objects.create(username="wang", name="王某"))
    assert 'href="/desk/"' in client.get("/nonesuch/").content.decode()


def test_what_the_page_itself_says_is_said_in_the_readers_language() -> None:
    page = Client().get("/guide/nonesuch/")
    assert "没有这一办事事项。" in page.content.decode()
    english = Client().get("/guide/nonesuch/", headers=EN)
    assert "There is no such matter." in english.content.decode()
    assert leftovers(english.content) == []


def test_a_request_to_a_host_that_is_not_ours_is_refused_with_a_page(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    answer = Client().get("/", headers={"Host": "elsewhere.example"} | CAME)
    assert answer.status_code == 400
    assert "看不懂这个请求" in answer.content.decode()
    assert "elsewhere.example" not in answer.content.decode()
