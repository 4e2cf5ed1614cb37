"""A warning is answered at the address in its message: by the button, not by a look, and once."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from yifa.calls import queue
from yifa.calls.channels.gateway import sign
from yifa.calls.ladder import MIAN, End
from yifa.calls.models import Calling, CallOut
from yifa.calls.tokens import token

pytestmark = pytest.mark.django_db
SECRET = "a long enough secret"


@pytest.fixture
def calling() -> Calling:
    cache.clear()
    callee = queue.Callee("某村防汛责任人（虚构）", {"SELF": {"voice": "10000000001"}})
    queue.begin(
        label="暴雨红色预警叫应", text="请立即转移群众。", ladder=MIAN, callees=[callee], office="nowhere", by="",
        at=datetime.now(UTC),
    )  # fmt: skip
    return Calling.objects.get()


def address(calling: Calling) -> str:
    return f"/a/{token(settings.SECRET_KEY, calling.pk)}/"


def test_looking_is_no_answer_and_the_button_is(client: Client, calling: Calling) -> None:
    shown = client.get(address(calling))
    assert "请立即转移群众" in shown.text
    assert "我已收到" in shown.text
    assert shown["Cache-Control"].find("no-store") >= 0
    client.head(address(calling))
    calling.refresh_from_db()
    assert calling.end == ""
    done = client.post(address(calling), follow=True)
    calling.refresh_from_db()
    assert (calling.end, calling.why, calling.next) == (End.ANSWERED.name, "点开链接确认收到", None)
    assert "您已经回应" in done.text
    assert "我已收到" not in done.text


def test_answering_twice_keeps_the_first_moment(client: Client, calling: Calling) -> None:
    client.post(address(calling))
    calling.refresh_from_db()
    first = calling.ended
    assert client.post(address(calling)).status_code == 302
    calling.refresh_from_db()
    assert calling.ended == first


def test_one_who_was_sent_for_on_foot_still_answers_and_one_given_up_stays_so(
    client: Client, calling: Calling
) -> None:
    queue.close(calling.pk, End.HANDED, "村支书", "", datetime.now(UTC))
    client.post(address(calling))
    calling.refresh_from_db()
    assert calling.end == End.ANSWERED.name
    Calling.objects.update(end="")
    queue.close(calling.pk, End.GIVEN_UP, "值班领导", "预警已解除", datetime.now(UTC))
    assert "已经终止" in client.post(address(calling), follow=True).text
    calling.refresh_from_db()
    assert (calling.end, calling.why) == (End.GIVEN_UP.name, "预警已解除")


@pytest.mark.parametrize(
    "told", ["1-AAAAAAAAAA", "x", "ZZZZZZZZZZZZ-AAAAAAAAAA", "一-二", "-", "1-", "%00-1"]
)
def test_an_address_nobody_was_given_leads_nowhere(client: Client, calling: Calling, told: str) -> None:
    assert client.get(f"/a/{told}/").status_code == 404
    assert client.post(f"/a/{told}/").status_code == 404


def test_guessing_is_stopped(client: Client, calling: Calling) -> None:
    for _ in range(40):
        last = client.get("/a/1-AAAAAAAAAA/").status_code
    assert last == 429
    assert client.post(address(calling)).status_code == 429


# ── News brought by a gateway ────────────────────────────────────────────────


@pytest.fixture
def gateway(tmp_path: Path, settings: Any) -> None:
    settings.YIFA_HOME = tmp_path
    (tmp_path / "channels.toml").write_text(
        f'[sms]\nkind = "sms"\nurl = "http://127.0.0.1:9/v1"\naccount = "county"\nsecret = "{SECRET}"\n',
        "utf-8",
    )


def brought(client: Client, key: str, path: str = "/news/sms/", secret: str = SECRET) -> int:
    body = json.dumps({"news": [{"key": key, "news": "replied", "said": "收到"}]}).encode()
    now = str(int(time.time()))
    signed = {"X-Yifa-Time": now, "X-Yifa-Signature": sign(secret, now, "POST", path, body)}
    return client.post(path, body, "application/json", headers=signed).status_code


def test_news_a_gateway_brings_is_believed_with_its_signature_only(
    client: Client, calling: Calling, gateway: None
) -> None:
    begun = CallOut.objects.get(pk=calling.callout_id).begun
    key = queue.key_of(calling.pk, 0, 1, begun)
    assert brought(client, key, secret="somebody else's secret") == 403
    assert client.post("/news/sms/", b"{}", "application/json").status_code == 403
    calling.refresh_from_db()
    assert calling.end == ""
    assert brought(client, key) == 204
    assert brought(client, key) == 204  # told twice does no harm
    calling.refresh_from_db()
    assert (calling.end, calling.why) == (End.ANSWERED.name, "收到")


def test_a_line_there_is_not_hears_nothing(client: Client, calling: Calling, gateway: None) -> None:
    assert brought(client, "1-0-1", "/news/voice/") == 404
    assert client.get("/news/sms/").status_code == 405
