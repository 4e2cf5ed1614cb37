"""Somebody answers in the moment between what a step found and what it does: it is refused whole, in words, and can be taken again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from yifa.calls import queue
from yifa.calls.channel import News, Report
from yifa.calls.ladder import End
from yifa.calls.models import Calling
from yifa.cases import kernel
from yifa.cases.store import Store
from yifa.matters.emergency.warnings import facts as f
from yifa.matters.emergency.warnings.procedure import Rousing
from yifa.people.actor import Actor
from yifa.people.models import Office
from yifa.procedure import Lost, Refused

TODAY = date.today()
OFFICE = "x-emergency"


def actor(role: str) -> Actor:
    return Actor(None, "李某", f"{OFFICE}.{role}", OFFICE, frozenset({role}), None)


@pytest.fixture
def case(db: None) -> Iterator[int]:
    from yifa.people import offices

    Office.objects.create(
        code=OFFICE, name="新县应急管理局", kind="department", mark="新急", since=date(2010, 1, 1)
    )
    offices.forget()
    told = f.Rouse(
        on=TODAY, about="试", words="请立即转移", only_more=True, more="张某，13800000001\n李某，13800000002"
    )
    yield kernel.act(Rousing.begin, told, actor("clerk")).case
    offices.forget()


def let_everybody_be_unanswered() -> None:
    Calling.objects.update(next=None, rung=3)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], None]], None]:
    """Have something happen after a step was found lawful and before it does anything: as another process would."""

    def happen(step: str, what: Callable[[], None]) -> None:
        own = Rousing.steps[step]

        def first(*_: Any) -> Iterator[Any]:
            what()
            yield from ()

        monkeypatch.setattr(own, "bringers", [first, *own.bringers])

    return happen


def entries() -> int:
    row = Store().cursor().one("SELECT count(*) FROM ledger_entry")
    assert row
    return int(row[0])


def test_who_answers_while_being_handed_over_is_said_to_have_answered(
    case: int, meanwhile: Callable[..., None]
) -> None:
    now = datetime.now(UTC)
    one = queue.claim("甲", queue.ms(now))[0]
    first, report = one.calling, Report(one.attempt.key, News.REPLIED, now, "1")
    meanwhile("hand_over", lambda: queue.learn([report]))
    before = entries()
    with pytest.raises(Refused, match="已叫应"), transaction.atomic():
        kernel.act(
            Rousing.hand_over,
            Rousing.hand_over.asks(on=TODAY, callee=first, to="王某"),
            actor("clerk"),
            case=case,
        )
    assert entries() == before


@pytest.mark.parametrize(
    ("step", "role", "told"),
    [("hand_over", "clerk", {"to": "王某"}), ("give_up", "head", {"reason": "误报"})],
)
def test_how_many_are_handed_over_or_given_up_is_how_many_the_ledger_says(
    case: int, meanwhile: Callable[..., None], step: str, role: str, told: dict[str, str]
) -> None:
    let_everybody_be_unanswered()
    first = Calling.objects.order_by("pk")[0].pk
    own = Rousing.steps[step]
    close = lambda: queue.close(first, End.ANSWERED, "值班员", "来电", datetime.now(UTC))  # noqa: E731
    meanwhile(step, close)
    before = entries()
    with pytest.raises(Lost), transaction.atomic():
        kernel.act(own, own.asks(on=TODAY, **told), actor(role), case=case)
    assert entries() == before


def test_after_personal_facts_are_destroyed_what_comes_late_brings_none_back(case: int) -> None:
    callings = list(Calling.objects.values_list("pk", flat=True))
    slow = queue.claim("慢", queue.ms(datetime.now(UTC)))
    kernel.act(
        Rousing.give_up,
        Rousing.give_up.asks(on=TODAY, callee=callings[0], reason="误报"),
        actor("head"),
        case=case,
    )
    kernel.act(
        Rousing.answer,
        Rousing.answer.asks(on=TODAY, callee=callings[1], how="来电"),
        actor("clerk"),
        case=case,
    )
    kernel.act(Rousing.finish, Rousing.finish.asks(on=TODAY), actor("clerk"), case=case)
    kernel.act(Rousing.destroy, Rousing.destroy.asks(on=TODAY), actor("head"), case=case)
    now = datetime.now(UTC)
    queue.record(
        "慢", [(one, Report(one.attempt.key, News.REPLIED, now, "我是张某")) for one in slow], queue.ms(now)
    )
    queue.learn([Report(one.attempt.key, News.REPLIED, now, "13800000001") for one in slow])
    kept = Store().cursor().all('SELECT "to", said, detail FROM calls_try')
    assert [tuple(row) for row in kept] == [("", "", "")] * 2
    assert set(Calling.objects.values_list("name", "addresses", "why")) == {("", "{}", "")}
