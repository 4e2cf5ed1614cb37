"""Whether an article fits what is said of it.

Implementing regulations quote their parent law by article number: 审计法第二十二条所称政府投资…建设项目. When the law is
renumbered the numbers stay behind. What is said beside such a citation is compared with every article of the law in force: where
the cited one has next to nothing of it and another one nearly all, the other one is named. The words are pairs of characters,
weighed by how few articles use them, so that 审计机关 says little in a law about audits and 社会捐赠 says much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import log

from yifa.law import Statute

from .mentions import Mention, Part

__all__ = ["Better", "Said", "better", "said"]

HAN = re.compile(r"[\u4e00-\u9fff]+")
ENDS = "。；;\n！？"
EMPTY = frozenset(
    [
        "规定",
        "依照",
        "按照",
        "根据",
        "依据",
        "违反",
        "应当",
        "可以",
        "情形",
        "下列",
        "之一",
        "有关",
        "包括",
        "所称",
        "适用",
        "不得",
        "或者",
        "以及",
        "其他",
        "进行",
        "法规",
        "法律",
        "处理",
        "本条",
        "条例",
        "行处",
        "办理",
        "执行",
        "行为",
        "事项",
        "条件",
        "除外",
        "以外",
        "措施",
    ]
)
GAP = "……"  # where a citation was taken out
LEAST = 3  # pairs of characters below which nothing can be told
REACH = 220  # characters to either side of a citation
TERM = re.compile(r"(?P<how>所称(?:的)?|(?:的)?规定的?|所列(?:的)?|的)(?P<what>[^，,。；;：:（）()\n]{2,60})")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said beside a citation. `term`: what the article is said to speak of, word for word where `exact` (所称)."""

    words: str
    term: str = ""
    exact: bool = False
    alone: bool = True  # the sentence cites this statute once


@dataclass(frozen=True, slots=True)
class Better:
    """The articles that fit, the best first, and the words they fit by; how much of these the cited and the best one have."""

    articles: tuple[int, ...]
    words: str
    cited: float
    found: float


@dataclass(frozen=True)
class _Index:
    pairs: dict[int, frozenset[str]]
    weight: dict[str, float]


def said(text: str, one: Mention, part: Part) -> Said:
    """The sentence a citation stands in, citations taken out of it; and the term that follows it."""
    first = max((text.rfind(sign, max(0, one.start - REACH), one.start) for sign in ENDS), default=-1) + 1
    first = max(first, one.start - REACH)
    last = min(
        (n for sign in ENDS if (n := text.find(sign, one.end, one.end + REACH)) >= 0), default=one.end + REACH
    )
    around = text[first : one.start] + GAP + text[one.end : last]
    sentence = re.sub(
        r"《[^《》]{1,80}》|第[（(]?[零一二三四五六七八九十百0-9]{1,9}[）)]?[条款项]", GAP, around
    )
    named = TERM.match(text, one.end)
    term = named["what"] if named and part.end == one.end else ""
    term = re.sub("(?:的)?(?:是指|包括|为|的)$", "", term)
    alone = len(one.parts) == 1 and one.title.removeprefix("中华人民共和国") not in around
    return Said(sentence, term, bool(named and "所称" in named["how"]), alone)


def pairs(text: str) -> frozenset[str]:
    return frozenset(run[n : n + 2] for run in HAN.findall(text) for n in range(len(run) - 1))


@lru_cache(maxsize=64)
def _index(key: str, edition: str, articles: tuple[tuple[int, str], ...]) -> _Index:
    found = {n: pairs(words) for n, words in articles}
    counts: dict[str, int] = {}
    for several in found.values():
        for pair in several:
            counts[pair] = counts.get(pair, 0) + 1
    return _Index(found, {pair: log(1 + len(found) / count) for pair, count in counts.items()})


def index(law: Statute) -> _Index | None:
    text = law.text
    if text is None:
        return None
    return _index(
        law.key, law.edition, tuple((n, article.text() or "") for n, article in text.articles.items())
    )


def scores(law: Statute, words: str) -> dict[int, float]:
    """How much of these words each article has: 1 all of what the statute speaks of at all."""
    known = index(law)
    if known is None:
        return {}
    wanted = {pair: known.weight[pair] for pair in pairs(words) - EMPTY if pair in known.weight}
    whole = sum(wanted.values())
    if len(wanted) < LEAST:
        return {}
    return {
        n: sum(w for pair, w in wanted.items() if pair in have) / whole for n, have in known.pairs.items()
    }


NOTHING = _Index({}, {})


def better(law: Statute, articles: frozenset[int], said: Said, *, stale: bool) -> Better | None:
    """Other articles that what is said fits, where it does not fit the cited ones.

    `stale`: the law in force is newer than the text that cites it, so that its numbers may well have moved; where it is not,
    only what is beyond doubt is told. How the limits were found is told in the manual.
    """
    if not articles <= (index(law) or NOTHING).pairs.keys():
        return None
    if said.term and (said.exact or stale):
        fits = _fits(law, articles, said.term)
        if (
            fits
            and len(pairs(said.term) - EMPTY) >= 3
            and fits.cited <= 0.3
            and fits.found >= (0.9 if stale else 0.98)
        ):
            return fits
    fits = _fits(law, articles, said.words)
    if fits is None or len(pairs(fits.words) - EMPTY) < 2 * LEAST:
        return None
    if stale and fits.found >= 0.33 and fits.cited <= 0.55 * fits.found:
        return fits
    sure = said.alone and fits.found >= 0.5 and fits.cited <= 0.2 * fits.found
    return fits if not stale and sure else None


def _fits(law: Statute, articles: frozenset[int], words: str) -> Better | None:
    found = scores(law, words)
    if not found:
        return None
    cited = max(found[n] for n in articles)
    others = sorted((-score, n) for n, score in found.items() if n not in articles)
    if not others:
        return None
    best = -others[0][0]
    near = tuple(sorted(n for score, n in others[:3] if -score >= 0.97 * best))
    return Better(near, re.sub(r"^[，,、*\s　…]+|[，,、*\s　]+$", "", words), cited, best)
