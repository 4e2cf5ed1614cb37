"""A published draw as one file: everything a stranger needs to draw again.

Canonical JSON: {"commitment": its text, "veil", "values", "strata": {name: [lines]}, "groups": {name: [lines]},
"recusals": [lines], "exclusions": [lines], "picked": […], "outs": […], "now": […]}; values in their one form.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yifa.ledger.chain import canonical

from .commitment import Commitment
from .drawing import Lists, Out, Standing, draw, replaced
from .errors import DrawError
from .lists import read_lines
from .seed import normal

VERIFIER = Path(__file__).with_name("verify_draw.py")


@dataclass(frozen=True, slots=True)
class DrawFile:
    """A draw that has been carried out."""

    commitment: Commitment
    lists: Lists
    veil: str
    values: tuple[str, ...]
    outs: tuple[Out, ...] = ()

    @property
    def text(self) -> str:
        result = draw(self.commitment, self.lists, self.veil, self.values, reserves=0)
        told: dict[str, Any] = {
            "commitment": self.commitment.text,
            "veil": self.veil,
            "values": normal(self.commitment.sources, self.values),
            "strata": {name: list(names.lines()) for name, names in self.lists.strata.items()},
            "groups": {name: list(names.lines()) for name, names in self.lists.groups.items()},
            "recusals": list(self.lists.recusals),
            "exclusions": list(self.lists.exclusions),
            "picked": result.plain()["picked"],
            "outs": [out.plain() for out in self.outs],
            "now": plain(replaced(self.commitment, self.lists, self.veil, self.values, self.outs)),
        }
        return canonical(told)


def plain(standing: Standing) -> list[dict[str, Any]]:
    return [
        {"stratum": p.stratum, "name": p.name, "sent": {d.group: list(d.sent) for d in p.details}}
        for p in standing.picked
    ]


def read(text: str) -> tuple[DrawFile, dict[str, Any]]:
    """A draw file, and what it says came out. Refuses (E594) a file that is not one."""
    try:
        told = json.loads(text)
        commitment = Commitment.read(told["commitment"])
        algo = commitment.algo
        lists = Lists(
            {s.name: read_lines(told["strata"][s.name], algo=algo, where=s.name) for s in commitment.strata},
            {g.name: read_lines(told["groups"][g.name], algo=algo, where=g.name) for g in commitment.groups},
            tuple(told["recusals"]),
            tuple(told["exclusions"]),
        )
        outs = tuple(Out(o["name"], o["why"], o.get("officer", "")) for o in told["outs"])
        file = DrawFile(commitment, lists, told["veil"], tuple(told["values"]), outs)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise DrawError("E594", f"这不是一份完整的抽取文件：{error}") from None
    return file, told


def verify(text: str, known: Sequence[str] = ()) -> list[str]:
    """What does not fit in a draw file; empty: it was drawn as it says. `known`: digests published at the time."""
    try:
        file, told = read(text)
        wrong = []
        if known and file.commitment.digest not in known:
            wrong.append("抽取办法的摘要不是当时公布的那一个")
        result = draw(file.commitment, file.lists, file.veil, file.values, reserves=0)
        if result.plain()["picked"] != told["picked"]:
            wrong.append("重新抽取得到的结果与文件所写不同")
        now = replaced(file.commitment, file.lists, file.veil, file.values, file.outs)
        if plain(now) != told["now"]:
            wrong.append("递补没有按照抽取的顺序")
    except DrawError as error:
        return [error.sentence]
    except (UnicodeError, RecursionError, TypeError, AttributeError, KeyError, ValueError) as error:
        return [f"抽取文件读不懂：{type(error).__name__}"]  # whatever a stranger's file may hold
    return wrong
