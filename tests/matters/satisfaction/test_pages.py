"""What an official and everybody else see of rounds and orders."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from yifa.calls import queue
from yifa.calls.channel import News, Report
from yifa.calls.collecting import collect
from yifa.calls.models import Calling, CallOut
from yifa.cases.kernel import act
from yifa.matters.services.satisfaction import facts as f
from yifa.matters.services.satisfaction.callbacks import CallBack, CallBackRound

from .conftest import BUREAU, CLERK, ON, SERVICES, standing

pytestmark = pytest.mark.django_db
TODAY = date.today()


@pytest.fixture
def official(county: None) -> Client:
    """Somebody who runs rounds over the whole county."""
    from yifa.people import posts
    from yifa.people.duties import Post

    posts.forget()
    families = frozenset({"call_back_round", "call_back", "bad_rating_order"})
    post = Post(
        code="services.clerk",
        since=date(2016, 1, 1),
        office=SERVICES,
        title="回访管理员",
        roles=frozenset({"clerk"}),
        scope="county",
        families=families,
    )
    posts.found_post(post)
    user = posts.person("zhang", "张某")
    posts.give("services.clerk", user, date(2016, 1, 1))
    client = Client()
    client.force_login(user)
    return client


def a_round() -> int:
    told = f.Round(
        on=TODAY,
        about="六月办结件回访",
        people_list="B1，某事，10000000001\nB2，某事，10000000002\nB3，某事",
        plan="回访电话，本人，1次，限1小时",
        hours="00:00-23:59",
    )
    return act(CallBackRound.begin, told, BUREAU).case


def test_a_rounds_page_shows_how_far_it_is_and_who_has_no_result_yet(official: Client) -> None:
    case = a_round()
    one, two = Calling.objects.order_by("id").values_list("id", flat=True)
    said = {"script": "s", "version": 1, "ending": "DONE", "grade": "满意", "seconds": 20}
    begun = CallOut.objects.get().begun
    queue.learn([Report(queue.key_of(one, 0, 1, begun), News.REPLIED, datetime.now(UTC), outcome=said)])
    collect(TODAY)
    page = official.get(f"/desk/case/{case}/").content.decode()
    assert "本批次回访漏斗" in page
    assert "还没有结果的" in page
    assert f"/desk/case/{case}/do/call_by_hand/?calling={two}" in page
    assert f"?calling={one}" not in page
    assert "33.3%" in page, "one of three due is satisfied, whatever is known of the others"
    form = official.get(f"/desk/case/{case}/do/call_by_hand/?calling={two}").content.decode()
    assert f'value="{two}"' in form


def test_an_order_and_what_it_grew_from_lead_to_each_other(official: Client) -> None:
    told = {"on": ON, "number": "B1", "item": "某事", "result": f.Result.GRADED, "grade": f.Grade.BAD}
    act(CallBack.enter, f.CalledBack(**told), CLERK)
    (record,), (order,) = standing("call_back"), standing("bad_rating_order")
    assert f"/desk/case/{order.id}/" in official.get(f"/desk/case/{record.id}/").content.decode()
    assert f"/desk/case/{record.id}/" in official.get(f"/desk/case/{order.id}/").content.decode()


@pytest.mark.parametrize("key", ["satisfaction", "dialled"])
def test_the_figures_page_says_of_whom_it_is(county: None, key: str) -> None:
    told = {"on": ON, "number": "B1", "item": "某事"}
    for n in range(3):
        graded = f.CalledBack(**told, result=f.Result.GRADED, grade=f.Grade.GOOD)
        act(CallBack.enter, graded if n == 0 else f.CalledBack(**told, result=f.Result.BUSY), CLERK)
    page = Client().get(f"/report/2023/figures/call_back.{key}/").content.decode()
    assert "回访漏斗" in page
    assert "真实的比例在 33.3%（他们都不满意）和 100%（他们都满意）之间" in page


def test_before_anybody_was_called_the_page_is_there_and_says_so(county: None) -> None:
    page = Client().get("/report/2023/figures/call_back.satisfaction/").content.decode()
    assert "不适用" in page
