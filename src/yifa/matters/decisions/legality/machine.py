"""By whom a draft is examined before a person reads it, and from what is built what they find."""

from collections.abc import Mapping
from typing import Any

from yifa.procedure import Case, Scene
from yifa.texts import machine

from . import facts
from .procedure import LegalityReview


@LegalityReview.submit.finds
def examine(case: Case, told: facts.Received, scene: Scene) -> Mapping[str, Any]:
    """A contract is not held to what normative documents may not contain."""
    return machine.examined(told, scene, [], "")
