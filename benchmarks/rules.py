"""G1–G4: do reasons and offsets make searching for prohibited content slow?

    python -m benchmarks.rules [--size small|full] [--json] [--documents N]

2,000 phrases and 200 gap rules (“应当 …12… 缴纳保证金”) over documents of some 1,200 characters made of sentences. The sentences are
those of the statutes `YIFA_STATUTES` names, or made ones; the phrases come from sentences that are in no document, and a few
documents hold one; measured once more where half of them do.

G1  Hyperscan: findings with reasons and offsets, beside `re` alternation of the literals, and beside bare Hyperscan on the same
    patterns, which gives numbers and byte offsets a document
G2  without Hyperscan: beside bare ahocorasick-rs on the same words (offsets a document), and beside `re`
G3  without any package: beside `re` alternation
G4  findings that differ between the engines, and from the packs of the library
Besides: pyahocorasick, `bytes.find` of one word that is nowhere (the limit), ten times the documents.

`re` alternation runs over a sample of the documents: it would take minutes. Rates are per character, so the sample is fair.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.harness import Report, arguments, interleave
from yifa.texts.content.engines import Scanner, available, gap_expression
from yifa.texts.content.rarity import anchor
from yifa.texts.content.rules import Pack, Pattern, Rule, packs, pattern
from yifa.texts.finding import Severity

DOCUMENTS = {"small": 4_000, "full": 100_000}
LENGTH = 1_215
LITERALS, GAPS = 2_000, 200
SAMPLE = 40  # documents for `re`
HEADS = ("应当", "必须", "不得", "可以", "一律", "需要", "未经", "按照")


def sentences() -> list[str]:
    """Sentences of statutes, or made ones where no texts are at hand."""
    folder = Path(os.environ.get("YIFA_STATUTES", "."))
    found: list[str] = []
    for path in sorted(folder.glob("*.md")) if os.environ.get("YIFA_STATUTES") else []:
        body = re.sub(r"^[#\-].*$|\*\*.*?\*\*", "", path.read_text("utf-8"), flags=re.M)
        found += [s.strip() for s in re.split(r"(?<=[。；])|\n", body) if len(s.strip()) > 12]
    if found:
        return found
    pick = random.Random(5)
    words = [
        "".join(chr(pick.randrange(0x4E00, 0x5200)) for _ in range(pick.randint(1, 3))) for _ in range(6_000)
    ]
    return ["".join(pick.choices(words, k=pick.randint(8, 25))) + "。" for _ in range(6_000)]


class Made:
    """Documents and the patterns looked for in them."""

    def __init__(self, documents: int, dense: float) -> None:
        pick = random.Random(11)
        every = sorted(set(sentences()))
        pick.shuffle(every)
        kept, source = every[: len(every) * 4 // 5], every[len(every) * 4 // 5 :]
        together = "\n".join(kept)
        self.phrases = self._phrases(source, together, LITERALS + GAPS, pick)
        self.literals, tails = self.phrases[:LITERALS], self.phrases[LITERALS:]
        self.gaps = [(HEADS[n % len(HEADS)], tail) for n, tail in enumerate(tails)]
        self.documents = [self._document(kept, pick, dense) for _ in range(documents)]
        self.blobs = [one.encode() for one in self.documents]
        self.characters = sum(map(len, self.documents))
        found = [pattern(word) for word in self.literals] + [pattern(f"{a} …12… {b}") for a, b in self.gaps]
        self.patterns: list[Pattern] = found
        self.rules = tuple(
            Rule(f"R{n}", f"规则{n}", "不得含有这样的内容。", Severity.CHECK, (), (one,))
            for n, one in enumerate(found)
        )

    @staticmethod
    def _phrases(source: list[str], together: str, wanted: int, pick: random.Random) -> list[str]:
        """Pieces of 4 to 8 characters of sentences that are in no document, and are themselves in none."""
        found: dict[str, None] = {}
        while len(found) < wanted:
            sentence = re.sub(r"[^\u4e00-\u9fff]", "", pick.choice(source))
            size = pick.randint(4, 8)
            if len(sentence) > size:
                place = pick.randrange(len(sentence) - size)
                piece = sentence[place : place + size]
                if piece not in together:
                    found[piece] = None
        return list(found)

    def _document(self, kept: list[str], pick: random.Random, dense: float) -> str:
        parts: list[str] = []
        size = 0
        while size < LENGTH:
            parts.append(pick.choice(kept))
            size += len(parts[-1]) + 1
        if pick.random() < dense:
            one = pick.choice(self.phrases[:LITERALS])
            if pick.random() < 0.5:
                head, tail = pick.choice(self.gaps)
                one = f"各单位{head}按期{tail}。"
            parts.insert(pick.randrange(len(parts)), one)
        return "\n".join(parts)

    def scanner(self, engine: str) -> Callable[[], object]:
        made = Scanner([Pack("测", "测", self.rules)], engine)
        return lambda: sum(map(len, made.examine_many(self.documents)))


def bare_hyperscan(made: Made) -> Callable[[], object]:
    """The same patterns, numbers and byte offsets only, document by document."""
    import hyperscan

    expressions = [gap_expression(one) or re.escape(one.parts[0][0]) for one in made.patterns]
    flags = [hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_UTF8 if p.gaps else 0) for p in made.patterns]
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[one.encode() for one in expressions],
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=flags,
    )

    def run() -> int:
        found: list[tuple[int, int]] = []

        def keep(word: int, start: int, end: int, flags: int, context: object) -> None:
            found.append((word, end))

        for text in made.documents:
            database.scan(text.encode(), match_event_handler=keep)
        return len(found)

    return run


def bare_ahocorasick(made: Made) -> Callable[[], object]:
    import ahocorasick_rs

    machine = ahocorasick_rs.AhoCorasick([anchor(one)[0] for one in made.patterns])
    return lambda: sum(
        len(machine.find_matches_as_indexes(text, overlapping=True)) for text in made.documents
    )


def bare_pyahocorasick(made: Made) -> Callable[[], object]:
    import ahocorasick

    machine = ahocorasick.Automaton()
    for n, one in enumerate(made.patterns):
        machine.add_word(anchor(one)[0], n)
    machine.make_automaton()
    return lambda: sum(1 for text in made.documents[: SAMPLE * 20] for _ in machine.iter(text))


def alternation(made: Made) -> Callable[[], object]:
    """What one would write first: all phrases with | between them."""
    compiled = re.compile("|".join(map(re.escape, made.literals)))
    return lambda: sum(1 for text in made.documents[:SAMPLE] for _ in compiled.finditer(text))


def limit(made: Made) -> Callable[[], object]:
    return lambda: sum(blob.find("龘龘龘龘".encode()) for blob in made.blobs)


def measure(report: Report, made: Made, name: str, rounds: int, *, bare: bool = True) -> None:
    """`bare`: also hold against the bare packages, which give no reasons: a promise only where findings are rare."""
    have = available()
    whole = made.characters
    share = {"re": sum(map(len, made.documents[:SAMPLE])) / whole}
    share["pyahocorasick"] = sum(map(len, made.documents[: SAMPLE * 20])) / whole
    variants: dict[str, Callable[[], object]] = {"re": alternation(made), "limit": limit(made)}
    variants |= {engine: made.scanner(engine) for engine in have}
    peers = {
        "bare hyperscan": ("hyperscan", bare_hyperscan),
        "bare ahocorasick": ("ahocorasick_rs", bare_ahocorasick),
        "pyahocorasick": ("ahocorasick", bare_pyahocorasick),
    }
    for called, (package, make) in peers.items():
        try:
            variants[called] = make(made)
        except ImportError:
            report.left_out(f"{called}: the package {package} is not installed")
    took = {key: seconds / share.get(key, 1) for key, seconds in interleave(variants, rounds).items()}
    if not report.given.json:
        size = sum(map(len, made.blobs)) / 1e6
        rates = "  ".join(f"{key} {size / seconds:.0f}" for key, seconds in took.items())
        print(f"{name}: {len(made.documents)} documents, {size:.0f} MB; MB/s: {rates}")
    if "hyperscan" in took:
        report.at_least(f"G1 Hyperscan, {name} / re alternation", took["hyperscan"], took["re"], 100)
    if bare and "hyperscan" in took and "bare hyperscan" in took:
        report.at_most(
            f"G1 Hyperscan, {name} / bare Hyperscan", took["hyperscan"], took["bare hyperscan"], 1 / 0.7
        )
    if "ahocorasick" in took:
        report.at_least(f"G2 ahocorasick-rs, {name} / re alternation", took["ahocorasick"], took["re"], 60)
        peer = took.get("bare ahocorasick", 0.0)
        if bare and peer:
            report.at_most(f"G2 ahocorasick-rs, {name} / bare", took["ahocorasick"], peer, 1 / 0.7)
    report.at_least(f"G3 plain Python, {name} / re alternation", took["plain"], took["re"], 2)


def g4(report: Report, made: Made) -> None:
    """The same findings from all engines: the made rules, and the library's packs."""
    texts = made.documents[:1_000]
    for name, chosen in (("made rules", [Pack("测", "测", made.rules)]), ("the packs", list(packs()))):
        scanners = [Scanner(chosen, engine) for engine in available()]
        found = [[tuple(each) for each in scanner.examine_many(texts)] for scanner in scanners]
        differ = sum(len(set(each)) > 1 for each in zip(*found, strict=True))
        report.no_more_than(f"G4 documents with differing findings, {name}", differ, 0)


def desk(report: Report, made: Made) -> None:
    """A draft of fifty pages against the packs: milliseconds, told and not promised."""
    text = "\n".join(made.documents[:33])
    scanners = {engine: Scanner(engine=engine) for engine in available()}
    for scanner in scanners.values():
        scanner.examine(text)
    took = interleave({engine: (lambda s=s: s.examine(text)) for engine, s in scanners.items()})  # type: ignore[misc]
    if not report.given.json:
        said = ", ".join(f"{engine} {seconds * 1e3:.0f} ms" for engine, seconds in took.items())
        print(f"a draft of {len(text)} characters against the packs: {said}")


def growth(report: Report, dense: float, documents: int) -> None:
    engine = available()[0]
    small, large = Made(documents // 10, dense), Made(documents, dense)
    took = interleave({"small": small.scanner(engine), "large": large.scanner(engine)}, rounds=3)
    report.at_most("   ten times the documents", took["large"], took["small"], 12)


def main() -> int:
    def add(words: argparse.ArgumentParser) -> None:
        words.add_argument("--documents", type=int, default=0)

    given = arguments(__doc__ or "", add)
    documents = given.documents or DOCUMENTS[given.size]
    rounds = 5
    report = Report("G. Prohibited content", given)
    for missing in sorted({"hyperscan", "ahocorasick"} - set(available())):
        report.left_out(f"{missing}: not installed (the extra `texts` has it)")
    made = Made(documents, 0.05)
    measure(report, made, "one document in 20", rounds)
    measure(report, Made(documents // 4, 0.5), "one in 2", rounds, bare=False)
    g4(report, made)
    desk(report, made)
    growth(report, 0.05, documents)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
