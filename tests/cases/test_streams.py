"""What a stream says in one case waits in memory: all of it is remembered, and nothing twice."""

from __future__ import annotations

import gc
import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from yifa.cases import loaded
from yifa.cases.kernel import Do, act, act_many, patience
from yifa.cases.rebuild import compare
from yifa.matters.enforcement.certificate import facts as f
from yifa.matters.enforcement.certificate.procedure import Certificate as C
from yifa.people.actor import Actor
from yifa.procedure import Refused

pytestmark = pytest.mark.django_db
FIRST = date(2023, 5, 4)


def issued(on: date = FIRST, **told: Any) -> Any:
    return f.Holder(on=on, holder="李某", number="16001", passed=date(2023, 4, 1), **told)


def turn(n: int, who: Actor, case: int | None = None) -> Do:
    """The `n`-th of a case's suspensions and returns."""
    step = C.give_back if n % 2 else C.suspend
    return Do(
        step,
        step.asks(on=FIRST + timedelta(days=n), reason="例行核查"),
        who,
        case=case,
        ref="" if case else "甲",
    )


def corrected(on: date, dated: date) -> Any:
    told = {k: v for k, v in vars(issued()).items() if k != "on"}
    return C.steps["correct"].asks(**told, on=on, dated=dated, why="登记有误")


def test_a_case_of_very_many_acts_in_one_batch_can_still_be_corrected(registrar: Actor) -> None:
    """A correction asks for all that was said since."""
    many = 700
    last = FIRST + timedelta(days=many)
    stream = [
        Do(C.issue, issued(), registrar, ref="甲"),
        *(turn(n, registrar) for n in range(many)),
        Do(C.steps["correct"], corrected(last, FIRST - timedelta(days=1)), registrar, ref="甲"),
    ]
    assert act_many(stream).acts == many + 2
    assert compare() == []


@pytest.mark.parametrize("batch", [1, 2, 2000])
def test_a_correction_in_the_middle_of_a_batch_is_not_remembered_twice(
    registrar: Actor, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """It is written at once, before the guard of the next one reads what the ledger holds."""
    case = act(C.issue, issued(), registrar).case
    act(C.suspend, f.Suspension(on=FIRST, reason="例行核查"), registrar, case=case)
    remembered: list[int] = []
    asked = loaded.Said.__call__

    def spied(said: loaded.Said) -> Any:
        found = asked(said)
        remembered.append(len(found))
        return found

    monkeypatch.setattr(loaded.Said, "__call__", spied)
    mend = [
        Do(
            C.steps["correct"],
            corrected(FIRST + timedelta(days=n), FIRST - timedelta(days=n)),
            registrar,
            case=case,
        )
        for n in (1, 3)
    ]
    assert (
        act_many([turn(1, registrar, case), mend[0], turn(2, registrar, case), mend[1]], batch=batch).acts
        == 4
    )
    assert remembered == [3, 5]
    assert compare() == []


@pytest.mark.parametrize("many", [59, 60, 61, 181])
def test_sixty_rows_a_statement_lose_none(registrar: Actor, many: int) -> None:
    stream = (Do(C.issue, issued(), registrar) for _ in range(many))
    assert act_many(stream).cases == many
    assert compare() == []


def test_the_collector_of_cycles_is_set_back_whatever_becomes_of_a_stream(registrar: Actor) -> None:
    usual = gc.get_threshold()
    seen = []

    def stream() -> Any:
        for n in itertools.count():
            seen.append(gc.get_threshold())
            yield Do(C.issue, issued(date(2010, 1, 1) if n else FIRST), registrar)

    with pytest.raises(Refused):
        act_many(stream())
    assert seen[0][0] > usual[0]
    assert gc.get_threshold() == usual
    with patience():
        with patience():
            pass
        assert gc.get_threshold() == seen[0]
    assert gc.get_threshold() == usual
