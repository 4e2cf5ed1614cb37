"""What a machine found in a text: for a person to accept or to dismiss."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

__all__ = ["Finding", "Severity", "Source", "dump", "in_order", "load"]


class Severity(Enum):
    """How much there is to it, in the reviewer's eyes, not in the machine's."""

    MUST = "应当修改"
    CHECK = "应当核实"
    NOTE = "请注意"


class Source(Enum):
    """What found it."""

    CITATION = "引用"
    CONTENT = "内容"
    ALIKE = "重复"
    PERSON = "审查人"


@dataclass(frozen=True, slots=True)
class Finding:
    """Some words of a text and what is to be said of them.

    `start`, `end`: character offsets into the text, the end not included; `words` is what stands between them.
    `code`: the rule's own (N2, 8-3, C3, …), unique within its source. `title` says in a few words what it is about, `why` in
    one or two sentences what is wrong and what may be done. `basis`: the articles it rests on, as written.
    `beside`: another text to be read beside it (the article as it reads, the clause it repeats); `beside_of`: what that is.
    """

    start: int
    end: int
    words: str
    source: Source
    code: str
    title: str
    why: str
    severity: Severity
    basis: tuple[str, ...] = ()
    beside: str = ""
    beside_of: str = ""


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By place, then by weight: the order of a review sheet. The same for the same findings, whatever engine brought them."""
    weight = list(Severity)
    sources = list(Source)
    return sorted(
        set(findings),
        key=lambda f: (f.start, f.end, weight.index(f.severity), sources.index(f.source), f.code, f.why),
    )


def dump(findings: Iterable[Finding]) -> str:
    """Findings as one canonical text, to be kept under its digest."""
    rows = [asdict(f) | {"source": f.source.name, "severity": f.severity.name} for f in findings]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> list[Finding]:
    """Read back what `dump` wrote."""
    rows: list[dict[str, Any]] = json.loads(text)
    return [
        Finding(
            **row
            | {
                "source": Source[row["source"]],
                "severity": Severity[row["severity"]],
                "basis": tuple(row["basis"]),
            }
        )
        for row in rows
    ]
