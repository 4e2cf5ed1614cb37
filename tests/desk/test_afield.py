"""What the page of a step taken afield carries, and what it does not."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from yifa.cases.kernel import act
from yifa.matters.business.inspections import told as t
from yifa.matters.business.inspections.procedure import Inspection

from ..matters.inspections.conftest import HEAD, county, drawn, inspections
from .test_picks import clerk

__all__ = ["clerk", "county"]
pytestmark = pytest.mark.usefixtures("county")


def approved() -> int:
    id = inspections(drawn())[0]
    approval = t.Approval(on=date(2023, 6, 6), visit_on=date(2023, 6, 6), although="合并进门")
    act(Inspection.approve, approval, HEAD, case=id)
    return id


def test_its_form_is_kept_on_the_device_but_not_what_is_sealed(clerk: Client) -> None:
    page = clerk.get(f"/desk/case/{approved()}/do/visit/").content.decode()
    assert "look/afield" in page
    assert 'data-worker="/desk/worker.js"' in page
    assert page.count('<div class="field" data-sealed>') == 1
    assert "data-once" not in page.partition('id="form"')[2].partition(">")[0]


def test_no_other_form_is_kept(clerk: Client) -> None:
    page = clerk.get("/desk/p/sampling_task/new/plan/").content.decode()
    assert "look/afield" not in page
    assert "data-afield" not in page


def test_a_form_that_is_closed_still_lets_what_waits_be_sent(clerk: Client) -> None:
    """The step was taken already: the page has no form, but a token, and a second sending finds the first."""
    id = inspections(drawn())[0]
    page = clerk.get(f"/desk/case/{id}/do/visit/")
    assert page.status_code == 409
    assert b"data-afield-csrf" in page.content


def test_the_worker_watches_the_desk_and_is_never_stale(clerk: Client) -> None:
    answer = clerk.get("/desk/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert b"yifa-afield" in answer.content
    assert Client().get("/desk/worker.js").status_code == 302
