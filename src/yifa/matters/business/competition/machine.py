"""By whom a measure is examined, and how its nineteen items come out."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from yifa.procedure import Case, Scene
from yifa.texts import machine
from yifa.texts.examine import examiners, rules_used

from . import facts
from .procedure import FairCompetitionReview

PACKS = ("competition",)


@FairCompetitionReview.submit.finds
def examine(case: Case, told: facts.Measure, scene: Scene) -> Mapping[str, Any]:
    return machine.examined(told, scene, examiners(told.on, PACKS), rules_used(PACKS))


@FairCompetitionReview.conclude.finds
def concluded(case: Case, told: facts.Concluded, scene: Scene) -> Mapping[str, Any]:
    """What is made of every place, and so what every one of the nineteen items comes to."""
    found = machine.concluded(case, told, scene)
    n = Counter(row.finding.code for row in machine.accepted(case, scene))
    breaches = [item for item in facts.Item if n[item.code]]
    answers = tuple(
        f"{item.cite} {item.label}：{f'有（{n[item.code]}处）' if n[item.code] else '未发现'}"
        for item in facts.Item
    )
    return {**found, "breaches": tuple(item.label for item in breaches), "answers": answers}
