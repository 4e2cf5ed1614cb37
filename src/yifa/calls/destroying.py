"""After an emergency: the key of what a call-out had sealed is destroyed, in the name of whoever took the step."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.cases.history import entries
from yifa.cases.store import Store
from yifa.ledger.erase import erase

BASIS = "《中华人民共和国个人信息保护法》第四十七条；《中华人民共和国突发事件应对法》第八十五条"
REASON = "应急处置结束，销毁个人信息"


@dataclass(frozen=True)
class Taker:
    """Who took a step, as its entry says."""

    person: int | None
    name: str
    post: str


def destroy_key(case: int) -> None:
    """Everything sealed in the case becomes unreadable; the entries and their proofs stay."""
    body = entries(Store().cursor(), case, unseal=False)[-1].body
    erase(case, Taker(body["person"], "", body["post"]), REASON, basis=BASIS)
