"""Clauses of a draft that repeat clauses of documents in force, or say something else about the same thing.

A1  word for word the same
A2  nearly the same
A3  nearly the same, but for a number, a period, an amount, a date, may or must or must not, or who: a contradiction, perhaps
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from ..finding import Finding, Severity, Source, in_order
from .clauses import Clause, clauses
from .pairs import Pair, pairs, similarity
from .sketch import AlikeError, bands, grams, signatures
from .wording import bones, differences, plain

__all__ = [
    "AlikeError",
    "Clause",
    "Kept",
    "Other",
    "Pair",
    "clauses",
    "examine",
    "pairs",
    "signatures",
]

NEAR = 0.7
SHORT = 10  # characters of bones; what is shorter says too little to be a repetition
TRIED = 256  # clauses that share a band are compared with one of the draft's at most, those that share most first,
COMPARED = 32  # and of those that are near so many are read for what differs
SHOWN = 3  # contradictions reported of one clause

# 施行、解释、废止、目的: every document has these, and they differ as they should.
_FORMAL = re.compile(
    r"^本件(?:自|由\w{2,30}解释|从)|^自(?:公布|发布|印发|期|数)\w{0,12}施行"
    r"|^(?:为了?|根据)\w{0,200}制定本件|(?:同时)?废止$|^有效期\w{0,6}$"
)


@dataclass(frozen=True, slots=True)
class Other:
    """A document in force. `name`: its title; `ref`: what it is known by besides (文号), may be empty."""

    name: str
    text: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text's clauses as they are compared: those that say something, their words, their bones."""

    clauses: tuple[Clause, ...]
    words: tuple[str, ...]
    bones: tuple[str, ...]


class Kept:
    """Documents as they were cut, under the digest of their text: hand in the same one again and again.

    Holds as many documents as it is told and forgets the one longest not asked for. Not shared between threads.
    """

    def __init__(self, documents: int = 2_000) -> None:
        self._documents, self._limit = OrderedDict[bytes, _Cut](), documents

    def __len__(self) -> int:
        return len(self._documents)

    def cut(self, text: str) -> _Cut:
        key = sha256(text.encode("utf-8", "surrogatepass")).digest()
        known = self._documents.get(key) or _cut(text)
        self._documents[key] = known
        self._documents.move_to_end(key)
        while len(self._documents) > self._limit:
            self._documents.popitem(last=False)
        return known


def examine(text: str, others: Iterable[Other], kept: Kept | None = None, road: str = "") -> list[Finding]:
    """What of the draft stands in the others already, or stands there otherwise; in order of place.

    A clause gets at most one A1 or A2 (the nearest) and three A3. Titles, headings, clauses of fewer than ten characters and
    what every document has (when it comes into force, who interprets it, why it was made) are not compared.
    """
    documents = list(others)
    draft = _cut(text)
    cuts = [kept.cut(d.text) if kept is not None else _cut(d.text) for d in documents]
    places: dict[str, dict[str, list[tuple[int, int]]]] = {}  # bones → words → document and clause
    for d, cut in enumerate(cuts):
        for c, (bone, words) in enumerate(zip(cut.bones, cut.words, strict=True)):
            places.setdefault(bone, {}).setdefault(words, []).append((d, c))
    met = _met(list(dict.fromkeys(draft.bones)), list(places), road)
    found: list[Finding] = []
    for clause, words, bone in zip(draft.clauses, draft.words, draft.bones, strict=True):
        exact = places.get(bone, {}).get(words)
        near: list[_Near] = [(1.0, words, exact)] if exact else []
        for alike, other in met[bone]:
            some = islice(places[other].items(), COMPARED)
            near += [(alike, each, where) for each, where in some if each != words]
        found += _said(clause, words, near[:COMPARED], documents, cuts)
    return in_order(found)


def _met(draft: list[str], others: list[str], road: str) -> dict[str, list[tuple[float, str]]]:
    """For every bones of the draft those of the others that are near, the nearest first."""
    # What has not that many triples in common with the whole draft has not with one clause of it.
    common = set().union(*map(grams, draft))
    others = [o for o in others if len((own := grams(o)) & common) >= NEAR * len(own)]
    every = bands(signatures([*draft, *others], road))
    bucket: dict[tuple[int, int], list[str]] = defaultdict(list)
    for bone, numbers in zip(others, every[len(draft) :], strict=True):
        for key in enumerate(numbers):
            bucket[key].append(bone)
    met = {}
    for bone, numbers in zip(draft, every, strict=False):
        shared = Counter(other for key in enumerate(numbers) for other in bucket.get(key, ()))
        some = ((similarity(bone, other), other) for other, _ in shared.most_common(TRIED))
        met[bone] = sorted((one for one in some if one[0] >= NEAR), key=lambda one: -one[0])[:COMPARED]
    return met


_Near = tuple[float, str, list[tuple[int, int]]]


def _said(
    clause: Clause, words: str, near: list[_Near], documents: list[Other], cuts: list[_Cut]
) -> Iterator[Finding]:
    same: list[tuple[bool, float, _Near]] = []
    otherwise: list[tuple[float, _Near, list[str]]] = []
    for one in near:
        alike, theirs, places = one
        if theirs == words:
            same.append((True, alike, one))
            continue
        told = differences(clause.text, _clause(cuts, places[0]).text)
        if told:
            otherwise.append((alike, one, told))
        else:
            same.append((False, alike, one))
    if same:
        exact, alike, (_, _, places) = max(same, key=lambda s: s[:2])
        yield _repeats(clause, places, documents, cuts, share=1.0 if exact else alike, exact=exact)
    for _, (_, _, places), told in sorted(otherwise, key=lambda s: -s[0])[:SHOWN]:
        yield _differs(clause, places, documents, cuts, told)


def _repeats(
    clause: Clause,
    places: list[tuple[int, int]],
    documents: list[Other],
    cuts: list[_Cut],
    *,
    share: float,
    exact: bool,
) -> Finding:
    where, more = _where(places, documents, cuts)
    how = "文字相同" if exact else f"相近（相似度{share:.0%}），数量、期限和要求未见不同"
    return Finding(
        start=clause.start,
        end=clause.end,
        words=clause.text,
        source=Source.ALIKE,
        code="A1" if exact else "A2",
        title="与现行文件重复" if exact else "与现行文件相近",
        why=f"与{where}{more}{how}。已有规定的不必重复，可以删去或者改为引用；另作规定的，请说明理由。",
        severity=Severity.NOTE,
        beside=_clause(cuts, places[0]).text,
        beside_of=where,
    )


def _differs(
    clause: Clause,
    places: list[tuple[int, int]],
    documents: list[Other],
    cuts: list[_Cut],
    told: list[str],
) -> Finding:
    where, more = _where(places, documents, cuts)
    return Finding(
        start=clause.start,
        end=clause.end,
        words=clause.text,
        source=Source.ALIKE,
        code="A3",
        title="可能与现行文件不一致",
        why=f"与{where}{more}说的像是同一件事，但{'；'.join(told)}。请核实：是另一件事，还是前后不一致。",
        severity=Severity.CHECK,
        beside=_clause(cuts, places[0]).text,
        beside_of=where,
    )


def _clause(cuts: list[_Cut], place: tuple[int, int]) -> Clause:
    document, clause = place
    return cuts[document].clauses[clause]


def _where(places: list[tuple[int, int]], documents: list[Other], cuts: list[_Cut]) -> tuple[str, str]:
    """“《某办法》（某政〔2023〕1号）第三条”, and how many places more."""
    other = documents[places[0][0]]
    name = other.name
    if not (name.startswith("《") and name.endswith("》")):
        name = f"《{name.replace('《', '〈').replace('》', '〉')}》"
    ref = f"（{other.ref}）" if other.ref else ""
    more = f"等{len(places)}处" if len(places) > 1 else ""
    return f"{name}{ref}{_clause(cuts, places[0]).place}", more


def _cut(text: str) -> _Cut:
    pieces = ((clause, bones(clause.text)) for clause in clauses(text))
    told = [(c, bone) for c, bone in pieces if len(bone) >= SHORT and not _FORMAL.search(bone)]
    return _Cut(tuple(c for c, _ in told), tuple(plain(c.text) for c, _ in told), tuple(b for _, b in told))
