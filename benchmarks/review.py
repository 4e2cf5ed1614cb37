"""Are the rule packs any good? Precision and recall on labelled clauses: those they were tuned on and those never looked at.

    python -m benchmarks.review [--size small|full] [--json] [--show] [--engine NAME] [--corpus FOLDER]

`tuning.toml`, `heldout-1.toml`, `heldout-2.toml` and `heldout.toml` in `benchmarks/corpus` hold [[clause]] tables: `text`; `codes`
that must be found (none: innocent); `also`, codes that may be found without penalty; `kind`. Two readings of the same run:

clause  a clause that holds something, and anything but `also` was found in it, beside clauses in which something was found
code    (clause, code) pairs, those of `also` left aside

Only the held-out set has an aim. `heldout-1` and `heldout-2` were held out once and have been read by the author of the rules since,
as tuning was: what is reached there says nothing about new texts. `--show` prints the misses and false alarms of these three; of the
held-out set numbers only.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.harness import CODES, LEFT_OUT, MISSED, NOISE, REACHED, arguments
from yifa.texts.content.engines import Scanner

CORPUS = Path(__file__).parent / "corpus"
HELDOUT = "heldout"
SETS = {
    "tuning": "tuning",
    "heldout-1": "heldout-1 (used up)",
    "heldout-2": "heldout-2 (used up)",
    HELDOUT: HELDOUT,
}
AIM = 0.9


@dataclass(frozen=True)
class Clause:
    text: str
    codes: frozenset[str]
    also: frozenset[str]
    kind: str


@dataclass
class Score:
    """Right, missed and falsely alarmed."""

    right: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass
class Judged:
    clauses: Score = field(default_factory=Score)
    pairs: Score = field(default_factory=Score)
    missed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, bool]] = field(default_factory=Counter)
    texts: list[str] = field(default_factory=list)


def read(path: Path) -> list[Clause]:
    return [
        Clause(one["text"], frozenset(one["codes"]), frozenset(one.get("also", ())), one.get("kind", ""))
        for one in tomllib.loads(path.read_text("utf-8"))["clause"]
    ]


def judge(scanner: Scanner, clauses: Iterable[Clause]) -> Judged:
    told = Judged()
    for clause in clauses:
        findings = scanner.examine(clause.text)
        found = {one.code for one in findings} - clause.also
        missed, false = clause.codes - found, found - clause.codes
        told.pairs.right += len(found & clause.codes)
        told.pairs.missed += len(missed)
        told.pairs.false += len(false)
        told.missed.update(missed)
        told.false.update(false)
        if clause.codes:
            told.clauses.right += bool(found)
            told.clauses.missed += not found
        else:
            told.clauses.false += bool(found)
        well = bool(found) == bool(clause.codes)
        told.kinds[clause.kind, well] += 1
        if missed or false:
            said = "；".join(f"{one.code}“{one.words}”" for one in findings if one.code in false)
            told.texts.append(
                f"{clause.kind} 漏{sorted(missed)} 误{sorted(false)} {clause.text}\n      {said}"
            )
    return told


def table(name: str, told: Judged) -> None:
    print(f"{name}: clauses {sum(told.kinds.values())}")
    for what, score in (("clause", told.clauses), ("code", told.pairs)):
        print(
            f"  {what:7} precision {score.precision:.3f}  recall {score.recall:.3f}"
            f"  (right {score.right}, missed {score.missed}, false {score.false})"
        )
    for kind in sorted({kind for kind, _ in told.kinds}):
        well, ill = told.kinds[kind, True], told.kinds[kind, False]
        print(f"  {kind:10} {well:4} judged rightly, {ill:3} not")
    for code in sorted({*told.missed, *told.false}, key=lambda c: (c[0] != "N", len(c), c)):
        print(f"    {code:5} missed {told.missed[code]:3}  false {told.false[code]:3}")


def main() -> int:
    def add(words: argparse.ArgumentParser) -> None:
        words.add_argument("--show", action="store_true")
        words.add_argument("--engine", default=None)
        words.add_argument("--corpus", type=Path, default=CORPUS)

    given = arguments(__doc__ or "", add)
    scanner = Scanner(engine=given.engine)
    print(f"Rule packs on labelled clauses ({len(scanner.rules)} rules, {scanner.engine_name})")
    verdicts = [REACHED]
    for name, title in SETS.items():
        path = given.corpus / f"{name}.toml"
        if not path.is_file():
            print(f"  {LEFT_OUT} {title}: {path} is not there")
            continue
        told = judge(scanner, read(path))
        table(title, told)
        if name != HELDOUT:
            if given.show:
                print(*told.texts, sep="\n")
            continue
        for what, score in (("clause", told.clauses), ("code", told.pairs)):
            for measure, value in (("precision", score.precision), ("recall", score.recall)):
                verdict = REACHED if value >= AIM else NOISE if value >= AIM / 1.1 else MISSED
                verdicts.append(verdict)
                print(f"  {title} {what} {measure} {value:.3f}, aim {AIM}  {verdict}")
    return max(CODES[verdict] for verdict in verdicts)


if __name__ == "__main__":
    sys.exit(main())
