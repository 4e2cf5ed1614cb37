"""What the machine finds at each step of a review, and the review sheet it keeps: places in order, and what was made of each.

It points at places. What becomes of them a person says, with a reason, and no opinion is given while one is unanswered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from yifa.procedure import Act, Case, Reason, Refused, Scene

from .finding import Finding, Severity, Source, dump, in_order, load
from .reading import Reading
from .told import Opinion, Remark, Settled, Submission, Verdict

LONGEST = 60  # characters of a place that an entry of the ledger repeats
Kept = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """A place of the sheet. `id`: 2-13 is the thirteenth of the second draft, 2-补1 the first the reviewer added to it.

    `before`: what was made of the same words under the same rule in the draft before.
    """

    id: str
    finding: Finding
    verdict: Verdict | None = None
    reason: str = ""
    on: date | None = None
    before: Row | None = None

    @property
    def own(self) -> bool:
        """Was it the reviewer who pointed at it?"""
        return self.finding.source is Source.PERSON

    @property
    def same(self) -> tuple[str, str, str]:
        """By what it is known again in another draft."""
        return self.finding.source.name, self.finding.code, self.finding.words


@dataclass(frozen=True)
class Sheet:
    """The review sheet of the last draft handed in, `on` which day it was."""

    draft: int
    on: date
    reading: Reading
    rows: tuple[Row, ...] = ()
    left: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "left", sum(row.verdict is None for row in self.rows))

    def made(self, verdict: Verdict) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict is verdict)


def examined(
    submission: Submission, scene: Scene, examiners: Sequence[Callable[[str], Sequence[Finding]]], rules: str
) -> Mapping[str, Any]:
    """What a draft's examiners find in it, kept under its digest: for `finds` of the step that hands it in.

    `examiners` take the text and give findings; `rules` says under which rules, as the ledger is to remember it.
    """
    reading = Reading.load(scene.kept(submission.draft))
    found = in_order(finding for examine in examiners for finding in examine(reading.text))
    return {"findings": scene.keep(dump(found)), "pointed": len(found), "rules": rules}


def sheet(acts: Sequence[Act], kept: Kept) -> Sheet | None:
    """The sheet as these acts leave it; None before anything was handed in. `kept` gives a text by its digest."""
    rows: dict[str, Row] = {}
    reading, draft, own, on = Reading(""), 0, 0, date.min
    for act in acts:
        told = act.facts
        if isinstance(told, Submission):
            earlier = {row.same: row for row in rows.values() if row.verdict}
            reading, draft, own = Reading.load(kept(told.draft)), draft + 1, 0
            on = told.on
            found = load(kept(told.findings)) if told.findings else []
            rows = {}
            for n, finding in enumerate(found, 1):
                row = Row(f"{draft}-{n}", finding)
                rows[row.id] = replace(row, before=earlier.get(row.same))
        elif isinstance(told, Settled):
            for place in told.places:
                if place in rows:
                    rows[place] = replace(rows[place], verdict=told.verdict, reason=told.reason, on=told.on)
        elif isinstance(told, Remark):
            own += 1
            name = f"{draft}-补{own}"
            rows[name] = Row(name, _pointed(told, reading.text), Verdict.ACCEPTED, told.opinion, told.on)
    if not draft:
        return None
    order = sorted(rows.values(), key=lambda row: (row.finding.start, row.finding.end))
    return Sheet(draft, on, reading, tuple(order))


def _pointed(remark: Remark, text: str) -> Finding:
    """A remark as a place of the sheet; on the text as a whole, it stands at its end."""
    start = text.find(remark.words) if remark.words else len(text)
    start = start if start >= 0 else len(text)
    basis = (remark.basis,) if remark.basis else ()
    return Finding(
        start,
        start + len(remark.words),
        remark.words,
        Source.PERSON,
        remark.code,
        "审查人提出",
        remark.opinion,
        Severity.MUST,
        basis,
    )


def said(row: Row, reading: Reading) -> str:
    """A place as the opinion names it: where, which words, what is to be done, by which rule."""
    where = reading.place(row.finding.start) if row.finding.words else "全文"
    words = f"“{short(row.finding.words)}”" if row.finding.words else ""
    basis = f"（依据：{'、'.join(row.finding.basis)}）" if row.finding.basis else ""
    reason = row.reason.strip().rstrip("。")
    return f"{where}{words}：{reason}{basis}。"


def short(words: str) -> str:
    """Words cut to what a line holds."""
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


# ── At the steps ─────────────────────────────────────────────────────────────


def again(case: Case, told: Submission, scene: Scene) -> Mapping[str, Any]:
    """A changed draft is examined by whoever examined the first; what the case is about, its opening says."""
    examine = case.procedure.steps["submit"].finder
    if examine is None:
        raise LookupError("submit has no finder")
    return examine(case, told, scene)


def settled(case: Case, told: Settled, scene: Scene) -> Mapping[str, Any]:
    """What the places answered are about; a place that is not on the sheet is refused."""
    now = _sheet(case, scene)
    rows = {row.id: row for row in now.rows}
    strange = [place for place in told.places if place not in rows]
    if strange or not told.places:
        named = f"没有{'、'.join(strange)[:200]}" if strange else "没有写明是哪一处"
        raise _refused(case, "settle", f"第{now.draft}稿的审查表上{named}", "yifa.E890")
    if not told.reason.strip():
        raise _refused(case, "settle", "采纳的要写明修改意见，不采纳的要写明理由", "yifa.E891")
    lines = [f"{place} {_about(rows[place], now.reading)}" for place in told.places]
    return {"about": "\n".join(lines)}


def remarked(case: Case, told: Remark, scene: Scene) -> Mapping[str, Any]:
    """The words a remark is about stand in the draft."""
    if told.words and told.words not in _sheet(case, scene).reading.text:
        sentence = f"送审稿里没有“{short(told.words)}”，请照录原文，或者留空作为对全文的意见"
        raise _refused(case, "remark", sentence, "yifa.E892")
    return {}


def concluded(case: Case, told: Opinion, scene: Scene) -> Mapping[str, Any]:
    """Everything that was made of the places; refused while one of them is unanswered."""
    now = _sheet(case, scene)
    if now.left:
        sentence = f"审查表上还有{now.left}处没有处理，逐处采纳或者不采纳后才能出具意见"
        raise _refused(case, "conclude", sentence, "yifa.E893")
    return {
        "accepted": tuple(said(row, now.reading) for row in now.made(Verdict.ACCEPTED)),
        "dismissed": tuple(said(row, now.reading) for row in now.made(Verdict.DISMISSED)),
        "answered": sum(not row.own for row in now.rows),
    }


def accepted(case: Case, scene: Scene) -> Iterator[Row]:
    """The places accepted so far, for what a matter's own finder makes of them."""
    yield from _sheet(case, scene).made(Verdict.ACCEPTED)


def _about(row: Row, reading: Reading) -> str:
    code = f"{row.finding.code} " if row.finding.code else ""
    return f"{code}{row.finding.title}：{reading.place(row.finding.start)}“{short(row.finding.words)}”"


def _sheet(case: Case, scene: Scene) -> Sheet:
    now = sheet(case.acts, scene.kept)
    if now is None:
        raise LookupError("nothing was handed in")
    return now


def _refused(case: Case, step: str, sentence: str, id: str) -> Refused:
    return Refused(Reason(sentence, case.procedure.steps[step].cite, id))


__all__ = [
    "Row",
    "Sheet",
    "accepted",
    "again",
    "concluded",
    "examined",
    "remarked",
    "said",
    "settled",
    "sheet",
    "short",
]
