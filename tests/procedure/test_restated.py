"""What the law demands of an entry it demands of the entry put right or changed: no correction is a way around."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.clock import national
from yifa.matters.enforcement.certificate.facts import Holder, Standing
from yifa.matters.enforcement.certificate.procedure import Certificate
from yifa.procedure import Case, Refused, registry

ON = date(2023, 3, 1)
TOLD = {"holder": "王某", "number": "1", "passed": date(2023, 2, 1)}
NOT_ON_THE_ESTABLISHMENT = "不得申请取得行政执法资格"
NOT_PASSED = "经考试合格，取得行政执法证后，方可上岗执法"


def issued() -> Case:
    return Case(Certificate, national()).do(Certificate.issue, Holder(on=ON, **TOLD))


def correction(**told: Any) -> Any:
    return Certificate.correct.asks(**{"on": date(2023, 6, 1), "dated": ON, "why": "登记有误", **TOLD} | told)  # type: ignore[attr-defined]


def test_a_change_is_held_to_what_the_entry_was_held_to() -> None:
    changed = Holder(on=date(2023, 6, 1), **TOLD | {"standing": Standing.CONTRACT})
    with pytest.raises(Refused, match=NOT_ON_THE_ESTABLISHMENT):
        issued().do(Certificate.amend, changed)  # type: ignore[attr-defined]


def test_a_correction_is_held_to_what_the_entry_was_held_to() -> None:
    with pytest.raises(Refused, match=NOT_ON_THE_ESTABLISHMENT):
        issued().do(Certificate.correct, correction(standing=Standing.TEMPORARY))  # type: ignore[attr-defined]


def test_a_correction_is_judged_by_the_day_it_names_and_not_by_its_own() -> None:
    """Passed in April, corrected in June, issued in March: nobody may hold a certificate before passing."""
    with pytest.raises(Refused, match=NOT_PASSED):
        issued().do(Certificate.correct, correction(passed=date(2023, 4, 1)))  # type: ignore[attr-defined]
    case = issued().do(Certificate.correct, correction(passed=date(2023, 4, 1), dated=date(2023, 5, 1)))  # type: ignore[attr-defined]
    assert case.standing.seq == 2


def test_what_the_law_allows_may_be_changed_and_put_right() -> None:
    case = issued().do(Certificate.amend, Holder(on=date(2023, 6, 1), **TOLD | {"holder": "王某某"}))  # type: ignore[attr-defined]
    assert case.do(Certificate.correct, correction(holder="王某某")).standing.seq == 3  # type: ignore[attr-defined]


def test_every_step_that_restates_an_entry_says_which() -> None:
    for procedure in registry().families():
        for step in procedure.steps.values():
            if step.restates is not None:
                assert step.restates.key in procedure.steps
                assert not step.opens
        if procedure.kind == "register":
            assert procedure.steps["amend"].changes is procedure.opening()[0]
            assert procedure.steps["correct"].amends is procedure.opening()[0]
