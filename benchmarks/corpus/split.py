"""The labelled corpus: the first 539 clauses in two halves, and two sets written later, the last of them held out.

    python -m benchmarks.corpus.split            say how the four sets are made up
    python -m benchmarks.corpus.split --again    put the first two together and divide them anew (they come out the same)

Within each stratum (the code a clause was written for, and whether it is a positive) the clauses stand in the order of the
SHA-256 of their text and go to the halves in turns. Nobody chooses, and a clause that is added moves few others.
The later sets are each a whole and are never divided: none of the held-out one may go where the author of the rules reads.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TUNING, USED, USED_LATER = HERE / "tuning.toml", HERE / "heldout-1.toml", HERE / "heldout-2.toml"
HELDOUT = HERE / "heldout.toml"
NOTE = "# Clauses with what must be found in them. Made and divided as README.md says; written by split.py.\n"

CODES = (
    *(f"N{n}" for n in range(1, 20)),
    *(f"8-{n}" for n in range(1, 6)),
    *(f"9-{n}" for n in range(1, 7)),
    *(f"10-{n}" for n in range(1, 5)),
    *(f"11-{n}" for n in range(1, 5)),
)


@dataclass(frozen=True, slots=True)
class Clause:
    """`codes` must be found, `also` may be; with neither, anything found is wrong. `about`: the code it was written for."""

    text: str
    codes: tuple[str, ...]
    also: tuple[str, ...]
    kind: str  # positive, negation, quotation, definition, other
    about: str


def read(file: Path) -> list[Clause]:
    told = tomllib.loads(file.read_text("utf-8"))["clause"]
    return [Clause(c["text"], tuple(c["codes"]), tuple(c["also"]), c["kind"], c["about"]) for c in told]


def halves(clauses: Iterable[Clause]) -> tuple[list[Clause], list[Clause]]:
    strata: dict[tuple[str, bool], list[Clause]] = defaultdict(list)
    for clause in clauses:
        strata[clause.about, bool(clause.codes)].append(clause)
    tuning: list[Clause] = []
    other: list[Clause] = []
    for n, key in enumerate(sorted(strata, key=lambda k: (CODES.index(k[0]), not k[1]))):
        inside = sorted(strata[key], key=lambda c: hashlib.sha256(c.text.encode()).digest())
        # An odd one goes to one half in one stratum and to the other in the next.
        for i, clause in enumerate(inside):
            (tuning if (i + n // 2) % 2 == 0 else other).append(clause)
    return tuning, other


def write(file: Path, clauses: Iterable[Clause]) -> None:
    def words(values: Iterable[str]) -> str:
        return "[" + ", ".join(f'"{v}"' for v in values) + "]"

    blocks = [NOTE]
    for c in clauses:
        if '"' in c.text or "\\" in c.text or not c.text.isprintable():
            raise ValueError(f"not to be written between plain quotation marks: {c.text!r}")
        blocks.append(
            f'[[clause]]\ntext = "{c.text}"\ncodes = {words(c.codes)}\nalso = {words(c.also)}\n'
            f'kind = "{c.kind}"\nabout = "{c.about}"\n'
        )
    file.write_text("\n".join(blocks), "utf-8")


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    words.add_argument("--again", action="store_true")
    if words.parse_args().again:
        for file, half in zip((TUNING, USED), halves([*read(TUNING), *read(USED)]), strict=True):
            write(file, half)
    for file in (TUNING, USED, USED_LATER, HELDOUT):
        some = read(file)
        print(f"{file.name}: {len(some)} clauses, {sum(not c.codes for c in some)} of them innocent")
    return 0


if __name__ == "__main__":
    sys.exit(main())
