"""From a telephone to an order: somebody says 不满意 into it, and their office has it on its desk before they have hung up."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tests.calls.telephone.citizen import SCRIPT, Citizen, aloud
from tests.calls.telephone.far import Baresip
from yifa.calls.collecting import collect
from yifa.calls.dialogue.calling import TalkChannel
from yifa.calls.sender import Sender
from yifa.calls.speech.local import LocalEar, LocalVoice
from yifa.calls.speech.spoken import Prepared
from yifa.calls.telephone.settings import TalkSettings
from yifa.cases.kernel import act
from yifa.cases.models import Link
from yifa.matters.services.satisfaction import facts as f
from yifa.matters.services.satisfaction.callbacks import CallBackRound

from .conftest import BUREAU, standing

pytestmark = [*aloud, pytest.mark.django_db]
TODAY = date.today()
ANSWERS = ("可以，您问吧。", "不满意。", "一直没有人给我打电话。")
PLAN = "回访电话，本人，1次，限10分钟"


def round_of_one() -> int:
    told = f.Round(
        on=TODAY, about="六月办结件回访", people_list="BJ-00001，个体工商户注册登记，8001，市场监管局", plan=PLAN,
        hours="00:00-23:59",
    )  # fmt: skip
    return act(CallBackRound.begin, told, BUREAU).case


def test_a_spoken_complaint_becomes_an_order_of_the_office_it_is_about(
    county: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # the citizen has a loop of their own around the sender
    round_of_one()
    voice, ear, far = Prepared(LocalVoice()), LocalEar(), Baresip(tmp_path / "far")
    citizen = Citizen(far, voice, tmp_path)

    async def hear(pcm: bytes, *, hints: str = "") -> str:
        words = await ear(pcm, hints=hints)
        citizen.heard.append(words)
        return words

    there, over = threading.Event(), threading.Event()

    async def at_home() -> None:
        """The citizen, in a thread of their own: the sender's is the one that asks the database."""
        for words in (*SCRIPT.texts(), *ANSWERS):
            await voice(words)
        await ear(await voice("您好。"))  # loaded before anybody waits for it
        async with far.ready():
            there.set()
            await citizen.talks(*ANSWERS)
            await asyncio.to_thread(over.wait, 90)

    settings = TalkSettings(server=f"127.0.0.1:{far.port}", register=False)
    with (
        ThreadPoolExecutor(1) as home,
        Sender("甲", {"talk": TalkChannel(settings, SCRIPT, hear, voice)}) as sender,
    ):
        living = home.submit(asyncio.run, at_home())
        assert there.wait(120)
        until = time.monotonic() + 240
        while not standing("call_back") and time.monotonic() < until and not living.done():
            sender.tick()
            collect(TODAY)
            time.sleep(0.2)
        over.set()
        living.result(100)
    (back,), (order,) = standing("call_back"), standing("bad_rating_order")
    told = back.facts if isinstance(back.facts, dict) else json.loads(back.facts)
    assert (told["grade"], told["number"], back.office) == ("BAD", "BJ-00001", "xinxian-market"), (
        citizen.heard
    )
    assert (order.office, order.final) == ("xinxian-market", False)
    assert Link.objects.filter(from_case=back.id, to_case=order.id).exists()
