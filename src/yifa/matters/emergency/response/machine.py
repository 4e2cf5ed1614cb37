"""What the machine finds: how many incidents an office entered in a month, who was hurt in all, whether all six are there."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from yifa.procedure import Brought, Case, Reason, Refused, Scene

from . import facts
from .procedure import Incident, Instruction, Response, SixHaves, ZeroReport


@Response.order.finds
def somebody_is_told(case: Case, order: facts.Order, scene: Scene) -> dict[str, Any]:
    if order.to not in scene.offices(order.on):
        cite = case.procedure.steps["order"].cite
        raise Refused(Reason(f"没有叫“{order.to}”的机关，请写全称或者规范简称", cite, "yifa.R010"))
    return {}


@Response.order.brings
def given(case: Case, order: facts.Order, scene: Scene) -> Iterator[Brought[Any]]:
    """The order becomes a case of the office that has to carry it out."""
    yield Brought(Instruction.give, order, office=scene.offices(order.on)[order.to])


@ZeroReport.file.finds
def registered(case: Case, month: facts.Month, scene: Scene) -> dict[str, Any]:
    end: date = getattr(month, "dated", month.on)  # a correction is of the month it names, not of its own day
    rows = scene.listed("incident", (), office=scene.office, since=end.replace(day=1), until=end)
    told = scene.listed(
        "zero_report", (), office=scene.office, since=end, until=end, states=(ZeroReport.recorded.key,)
    )
    return {
        "registered": len(rows),
        "month": f"{end.year}年{end.month}月",
        "already": any(row[0] != scene.case for row in told),
    }


@Incident.close.finds
def hurt(case: Case, final: facts.Final, scene: Scene) -> dict[str, Any]:
    return {"casualties": final.deaths + final.missing + final.injured}


@SixHaves.check.finds
def all_six(case: Case, six: facts.Six, scene: Scene) -> dict[str, Any]:
    had = (six.body, six.staff, six.place, six.equipment, six.funds, six.rules)
    return {"complete": all(had)}
