"""By whom a draft is examined before a person reads it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from yifa.procedure import Case, Scene
from yifa.texts import machine
from yifa.texts.examine import Examiner, examiners, rules_used
from yifa.texts.finding import Finding, in_order
from yifa.texts.reading import Reading
from yifa.texts.repeats.alike import Other
from yifa.texts.told import Submission

from . import facts
from .procedure import LegalityReview

PACKS: Mapping[facts.Kind, tuple[str, ...]] = {
    facts.Kind.NORMATIVE: ("normative", "competition"),
    facts.Kind.DECISION: ("normative", "competition"),
    facts.Kind.OTHER: ("normative", "competition"),
    facts.Kind.CONTRACT: (),
}


REGISTER = "normative_document"  # the register of normative documents, by its key


def examiners_of(kind: facts.Kind, on: date, scene: Scene | None = None) -> list[Examiner]:
    """A contract is held to the law it cites, not to what normative documents may not contain."""
    beside = in_force(scene) if scene and kind is facts.Kind.NORMATIVE else ()
    return examiners(on, PACKS[kind], beside)


def in_force(scene: Scene) -> Iterator[Other]:
    """The county's normative documents in force, in full text."""
    for _, _, _, number, name, body in scene.listed(REGISTER, ("name", "body"), states=("in_force",)):
        if body:
            yield Other(name, Reading.load(scene.kept(body)).text, number)


def examined(text: str, kind: facts.Kind, on: date) -> list[Finding]:
    """What the machine points at in a text of this kind, without the register of documents in force."""
    return in_order(_all(text, examiners_of(kind, on)))


def _all(text: str, by: Iterable[Examiner]) -> Iterable[Finding]:
    return (finding for examine in by for finding in examine(text))


@LegalityReview.submit.finds
def examine(case: Case, told: Submission, scene: Scene) -> Mapping[str, Any]:
    opened = told if isinstance(told, facts.Received) else case.opening
    assert isinstance(opened, facts.Received)
    return machine.examined(
        told, scene, examiners_of(opened.kind, told.on, scene), rules_used(PACKS[opened.kind])
    )
