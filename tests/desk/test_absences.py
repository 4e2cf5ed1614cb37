"""Who is away and who stands in: recorded and ended on one page, and at once true of who may act."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from yifa.people import posts
from yifa.people.models import Absence, Holding, User

from .conftest import CLERK, HEAD, TODAY

pytestmark = pytest.mark.django_db
PAGE = "/desk/absences/"
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def send(keeper: Client, wish: str, **told: Any) -> Any:
    plain = {k.rstrip("_"): v.isoformat() if isinstance(v, date) else str(v) for k, v in told.items()}
    return keeper.post(PAGE, {"_do": wish, **plain})


def acts_in(user: User, on: date = TODAY) -> set[str]:
    return {a.post for a in posts.actors_of(user, on)}


@pytest.fixture
def zhou(county: None) -> User:
    return posts.person("zhou", "周某")


def test_a_deputy_acts_from_the_day_the_holder_is_away_until_the_holder_is_back(
    keeper: Client, wang: User, zhou: User
) -> None:
    assert send(keeper, "deputy", post=CLERK, deputy=zhou.pk, from_=TODAY).status_code == 302
    assert acts_in(zhou) == set(), "the holder is there"
    assert "担任的人在岗，不代理" in keeper.get(PAGE).content.decode()

    assert send(keeper, "absent", user=wang.pk, since=TODAY, until=TOMORROW, reason="培训").status_code == 302
    assert acts_in(zhou) == {CLERK}
    page = keeper.get(PAGE).content.decode()
    assert "培训" in page
    assert "可以办理" in page

    absence = Absence.objects.get()
    assert send(keeper, "back", absence=absence.pk, on=TODAY).status_code == 302
    assert acts_in(zhou) == set()
    assert "眼下没有人请假" in keeper.get(PAGE).content.decode()


def test_the_work_of_somebody_away_without_a_deputy_is_pointed_out(
    keeper: Client, wang: User, zhou: User
) -> None:
    posts.give(HEAD, zhou, TODAY, deputy=True)
    send(keeper, "absent", user=wang.pk, since=TODAY)
    page = keeper.get(PAGE).content.decode()
    assert "有 1 个职务，担任的人请假，又没有代理人" in page
    assert "没有代理人" in page
    assert "周某" in page


def test_a_deputys_time_is_ended_and_stays_in_the_record(keeper: Client, wang: User, zhou: User) -> None:
    held = posts.give(CLERK, zhou, TODAY - timedelta(days=9), deputy=True)
    assert send(keeper, "end", holding=held.id, last=YESTERDAY).status_code == 302
    row = Holding.objects.get(pk=held.id)
    assert (row.since, row.until) == (TODAY - timedelta(days=9), YESTERDAY)
    assert "还没有登记代理人" in keeper.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("wish", "told", "said"),
    [
        ("absent", {"user": "", "since": ""}, ["请选择请假的人", "请填写从哪一天起"]),
        ("absent", {"user": "wang", "since": TODAY, "until": "x"}, ["不是日期，例如 2023-03-05"]),
        ("absent", {"user": "wang", "since": TODAY, "until": YESTERDAY}, ["早于开始的"]),
        ("absent", {"user": "wang", "since": TODAY, "reason": "事" * 201}, ["事由请控制在 200 字以内"]),
        ("deputy", {"post": "", "deputy": "", "from_": TODAY}, ["请选择代理哪个职务", "请选择代理人"]),
        ("deputy", {"post": CLERK, "deputy": "wang", "from_": TODAY}, ["这个人就担任这个职务"]),
        ("deputy", {"post": HEAD, "deputy": "zhou", "from_": TODAY, "to": YESTERDAY}, ["早于开始的"]),
        ("back", {"absence": "9", "on": TODAY}, ["请填写回来的日期"]),
        ("end", {"holding": "9", "last": TODAY}, ["请填写代理的最后一天"]),
        ("dance", {}, ["请重新填写后提交"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    keeper: Client, wang: User, zhou: User, wish: str, told: dict[str, Any], said: list[str]
) -> None:
    known = {"wang": wang.pk, "zhou": zhou.pk}
    answer = send(keeper, wish, **{k: known.get(v, v) for k, v in told.items()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert [words for words in said if words not in page] == []
    assert Absence.objects.count() == 0
    assert not Holding.objects.filter(deputy=True).exists()


def test_one_comes_back_within_the_absence(keeper: Client, wang: User) -> None:
    row = posts.absent(wang, TODAY, TOMORROW)
    assert send(keeper, "back", absence=row.pk, on=TOMORROW + timedelta(days=1)).status_code == 422
    assert send(keeper, "back", absence=row.pk, on=YESTERDAY).status_code == 422
    assert Absence.objects.get().until == TOMORROW


def test_a_holding_that_is_nobodys_deputyship_is_not_ended_here(keeper: Client, wang: User) -> None:
    held = next(h for h in posts.holders(CLERK) if h.person == wang.pk)
    assert send(keeper, "end", holding=held.id, last=TODAY).status_code == 422
    assert Holding.objects.get(pk=held.id).until is None


def test_only_an_administrator_says_who_stands_in(clerk: Client, keeper: Client) -> None:
    assert clerk.get(PAGE).status_code == 403
    assert clerk.post(PAGE, {"_do": "absent"}).status_code == 403
    assert f'href="{PAGE}"' in keeper.get("/desk/posts/").content.decode()


def test_ones_own_page_says_who_stands_in_for_whom(clerk: Client, wang: User, zhou: User) -> None:
    assert "没有代理人" in clerk.get("/desk/account/").content.decode()
    posts.give(CLERK, zhou, TODAY, deputy=True)
    assert "由周某代理" in clerk.get("/desk/account/").content.decode()
    posts.absent(wang, TODAY, TODAY)
    deputy = Client()
    deputy.force_login(zhou)
    assert "代理王某" in deputy.get("/desk/account/").content.decode()
