"""What the machine finds: how many incidents an office entered in a month, who was hurt in all, whether all six are there."""

from collections.abc import Iterator
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
    first = month.on.replace(day=1)
    rows = scene.listed("incident", (), office=scene.office, since=first, until=month.on)
    return {"registered": len(rows), "month": f"{month.on.year}年{month.on.month}月"}


@Incident.close.finds
def hurt(case: Case, final: facts.Final, scene: Scene) -> dict[str, Any]:
    return {"casualties": final.deaths + final.missing + final.injured}


@SixHaves.check.finds
def all_six(case: Case, six: facts.Six, scene: Scene) -> dict[str, Any]:
    had = (six.body, six.staff, six.place, six.equipment, six.funds, six.rules)
    return {"complete": all(had)}
