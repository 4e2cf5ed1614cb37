"""F6: are the near-duplicates among a million clauses found ten times as quickly as with datasketch, and all of them?

    python -m benchmarks.alike [--size small|full] [--json]

F6  pairs() end to end (identical ones collapsed, signed, put into buckets, compared exactly), beside datasketch:
    MinHash of 128 permutations over the same triples of characters, and its LSH at 0.7, insert and query, on a part of the
    same clauses, extrapolated; and beside rensa for the signatures
    recall: of the planted copies whose Jaccard similarity to their original is 0.7 or more, those that have a representative
    precision: of the pairs reported, those that are what they are said to be, counted again with sets
--  the desk: a draft of 300 clauses beside 200 documents of 50, in plain Python, beside cutting the same texts into clauses,
    below which it cannot fall; and again with the documents kept
--  ten times the clauses: the growth

Clauses are made of pieces of the sentences of the statutes (YIFA_STATUTES), or of random characters where these are not; a
fifth of them are copies in which one to four places were changed.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.harness import Report, arguments, interleave
from yifa.texts.repeats.alike import Kept, Other, clauses, examine, pairs, signatures
from yifa.texts.repeats.pairs import similarity
from yifa.texts.repeats.sketch import ROADS, road_for

COUNT = {"small": 30_000, "full": 1_000_000}
PART = {"small": 1_500, "full": 3_000}  # for datasketch
NEAR = 0.7


def pieces(chance: random.Random) -> list[str]:
    """What stands between two commas of a law."""
    folder = os.environ.get("YIFA_STATUTES", "")
    files = sorted(Path(folder).glob("*.md")) if folder else []
    lines = [line for file in files for line in file.read_text("utf-8").split("\n")]
    found = [
        p for line in lines if not line.startswith(("#", "-")) for p in re.split("[，。；：]", line[:2000])
    ]
    kept = [p for p in (re.sub(r"\*\*.*?\*\*|\s", "", p) for p in found) if 5 <= len(p) <= 40]
    characters = [chr(0x4E00 + n) for n in range(2_000)]
    return kept or ["".join(chance.choices(characters, k=chance.randint(5, 40))) for _ in range(20_000)]


class Made:
    """`n` clauses: four fifths of their own, then copies, each of an original it is told of."""

    def __init__(self, n: int) -> None:
        chance = random.Random(n)
        every = pieces(chance)
        own = n * 4 // 5
        self.texts = ["，".join(chance.choices(every, k=chance.randint(2, 6))) + "。" for _ in range(own)]
        self.of: dict[int, int] = {}
        for i in range(own, n):
            self.of[i] = chance.randrange(own)
            self.texts.append(self._changed(self.texts[self.of[i]], every, chance))

    @staticmethod
    def _changed(text: str, every: Sequence[str], chance: random.Random) -> str:
        points = list(text)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(points))
            points[at : at + chance.randint(0, 2)] = chance.choice(every)[: chance.randint(0, 3)]
        return "".join(points)


def f6(report: Report, made: Made, part: int) -> None:
    texts = made.texts
    road = road_for(len(texts))
    pairs(texts[:2_000], NEAR, road)  # numba compiles
    # The peer goes before and after: a machine that is busy in between is busy for both.
    some = random.Random(2).sample(texts, part)
    theirs = _datasketch(some)
    began = time.perf_counter()
    found = pairs(texts, NEAR, road)
    took = time.perf_counter() - began
    if theirs is None:
        report.left_out("F6: datasketch is not installed (extra bench)")
    else:
        theirs = (theirs + (_datasketch(some) or 0)) / 2 * len(texts) / part
        report.at_least(f"F6 {len(texts):,} clauses by {road} / datasketch", took, theirs, 10)
    _rensa(report, some, texts[: 10 * part], road)

    represented = {p.second for p in found}
    planted = [i for i, of in made.of.items() if similarity(texts[i], texts[of]) >= NEAR]
    missed = sum(i not in represented for i in planted)
    report.no_more_than(
        f"F6 of {len(planted):,} planted copies (≥ 0.7) not found", missed, len(planted) // 100
    )
    sample = random.Random(1).sample(found, min(len(found), 100_000))
    untrue = sum(similarity(texts[a], texts[b]) != s or s < NEAR for a, b, s in sample)
    report.no_more_than(f"F6 of {len(sample):,} pairs, those that are not what is said", untrue, 0)


def _triples(text: str) -> list[str]:
    return [text[k : k + 3] for k in range(len(text) - 2)]


def _datasketch(texts: list[str]) -> float | None:
    """Seconds for signing, asking and entering these one after another."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        return None
    began = time.perf_counter()
    index = MinHashLSH(threshold=NEAR, num_perm=128)
    for i, text in enumerate(texts):
        hashed = MinHash(num_perm=128)
        hashed.update_batch([triple.encode() for triple in _triples(text)])
        index.query(hashed)
        index.insert(str(i), hashed)
    return time.perf_counter() - began


def _rensa(report: Report, some: list[str], more: list[str], road: str) -> None:
    try:
        from rensa import RMinHash
    except ImportError:
        report.left_out("F6 signatures: rensa is not installed (extra bench)")
        return

    def sign() -> None:
        for text in some:
            hashed = RMinHash(128, 42)
            hashed.update(_triples(text))
            hashed.digest()

    took = interleave({"rensa": sign, "ours": partial(signatures, more, road)}, rounds=3)
    ours = took["ours"] * len(some) / len(more)
    report.at_least(f"   signatures by {road} / rensa", ours, took["rensa"], 1)


def desk(report: Report) -> None:
    chance = random.Random(3)
    every = pieces(chance)

    def document(n: int) -> str:
        lines = (f"第{i}条　{'，'.join(chance.choices(every, k=3))}。" for i in range(1, n + 1))
        return "\n".join(lines)

    others = [Other(f"办法{n}", document(50)) for n in range(200)]
    draft = document(300)
    kept = Kept()
    examine(draft, others, kept)
    drafts = iter([document(300) for _ in range(5)])
    took = interleave(
        {
            "python": lambda: examine(draft, others, road="python"),
            "kept": lambda: examine(next(drafts), others, kept),
            "cut": lambda: [clauses(text) for text in (draft, *(o.text for o in others))],
        },
        rounds=3,
    )
    report.at_most("   a draft beside 10,000 clauses, plain Python / a second", took["python"], 1.0, 1)
    report.at_most("   … / cutting the texts", took["python"], took["cut"], 12)
    report.at_most(
        "   … another draft, the documents kept / plain Python", took["kept"], took["python"], 0.75
    )


def growth(report: Report, n: int) -> None:
    small, large = Made(n // 10), Made(n)
    road = road_for(n)
    took = interleave(
        {"small": lambda: pairs(small.texts, NEAR, road), "large": lambda: pairs(large.texts, NEAR, road)},
        rounds=1 if n > 100_000 else 3,
    )
    report.at_most("   ten times the clauses", took["large"], took["small"], 20)


def main() -> int:
    given = arguments(__doc__ or "")
    report = Report("F6. Near-duplicates", given)
    best = road_for(1_000_000)
    if best != ROADS[0]:
        report.left_out(f"numba is not installed (extra texts): measured by {best}")
    made = Made(COUNT[given.size])
    f6(report, made, PART[given.size])
    desk(report)
    growth(report, min(COUNT[given.size], 100_000))
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
