"""What words found together mean: a command, or a prohibition of it, a quotation of the law, a definition.

The engines only say in which sentence a pattern may stand. Everything that decides is here, so all engines find the same.
All of it is linear in the text: sentences are cut at `LONGEST` characters, occurrences are found once a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from ..finding import Finding, Source
from .rarity import met
from .rules import Pattern, Rule, Speech, Words

__all__ = ["LONGEST", "Page", "Sense", "Span", "matches", "occurrences"]

Span = tuple[int, int]

LONGEST = 2000  # characters of one sentence; what is longer is cut
LONGEST_MATCH = 400
MOST_TRIED = 64  # beginnings of one pattern in one sentence
LIST_BACK = 40  # items between a list's head and the item looked at
NONE = -1
HEAD = 60  # characters of a list's head that are looked at

END = re.compile(r"[。；！？\n;!?]")
PARAGRAPH = re.compile(r"\n")
CLAUSE = re.compile(r"[，,：:。；;！!？?\n]")
ITEM = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十百0-9０-９]{1,3}[）)、.．]|[①-⑳]|[一二三四五六七八九十]{1,2}[是要]|第[一二三四五六七八九十]{1,2}[，、])"
)
LAW_TITLE = re.compile(r"《([^《》\n]{2,60})》")
STATE = ("中华人民共和国", "国务院", "最高人民", "国家", "河南省", "河南人民", "全国人大", "财政部", "司法部")
LAW_END = re.compile(
    r"(?:法|法典|条例|解释)(?:（[^（）]{1,12}）)?$|(?:法|条例).{0,6}(?:实施办法|实施细则|实施条例|规定)$"
)
ARTICLE = re.compile(r"\s*(?:（[^（）]{0,30}）)?第[一二三四五六七八九十百零〇0-9]{1,7}条")
CITES = re.compile(r"(?:明确|规定|指出|要求|提出)")
BY = re.compile(r"(?:根据|依据|依照|按照|按|遵照|违反|对照|落实|执行|贯彻|结合|适用)[^，。；《》]{0,6}$")
OWN = re.compile(r"(?:本|我)(?:县|市|区|乡|镇|局)(?!域)|结合.{0,10}实际")
NAMES = re.compile(r"所称|所指")
MEANS = re.compile(r"是指|系指|，指|指的是|定义为")
FAILED = re.compile(r"未|没有(?!.{0,8}(?:依据|规定))|拒不|拒绝|欠|不足|不够|达不到|不合格")
WHO_FAILED = re.compile(r"[\s凡]{0,3}(?:未|没有)[^，]{1,24}(?:的|者)")
WITHOUT = re.compile(r"[\s凡]{0,3}未(?:经|取得|获|办|领|报|缴|通过|列入|加入)")
OPENING, CLOSING = "“「『", "”」』"


def cut(text: str, at: re.Pattern[str]) -> list[Span]:
    """The pieces between the marks, each at most `LONGEST` long; no piece holds its mark."""
    found: list[Span] = []
    start = 0
    ends = [m.start() for m in at.finditer(text)]
    for end in (*ends, len(text)):
        while end - start > LONGEST:
            found.append((start, start + LONGEST))
            start += LONGEST
        if end > start:
            found.append((start, end))
        start = end + 1
    return found


class Alternation:
    """Every place where one of some words stands; at one place, the longest of them."""

    __slots__ = ("_find", "words")

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._find: Callable[[str, int, int], re.Match[str] | None] | None = None

    def within(self, text: str, start: int, end: int) -> list[Span]:
        found: list[Span] = []
        find = self._find
        if find is None:  # compiled when it is first asked for: a scanner is ready at once
            if not self.words:
                return found
            find = self._find = re.compile(branches(self.words)).search
        place = start
        while m := find(text, place, end):
            found.append(m.span())
            place = m.start() + 1
        return found


def branches(words: AbstractSet[str]) -> str:
    """A regular expression for one of the words, the longest, with common beginnings written once."""
    tails: dict[str, set[str]] = {}
    for word in words - {""}:
        tails.setdefault(word[0], set()).add(word[1:])
    each = [re.escape(first) + branches(rest) for first, rest in sorted(tails.items())]
    if not each:
        return ""
    joined = each[0] if len(each) == 1 else f"(?:{'|'.join(each)})"
    return f"(?:{joined})?" if "" in words else joined


def occurrences(words: Words, text: str) -> list[Span]:
    """The same by itself, for tests."""
    return Alternation(words).within(text, 0, len(text))


def matches(pattern: Pattern, parts: list[list[Span]]) -> Iterator[tuple[Span, ...]]:
    """For each place where the pattern can begin, the nearest words that complete it. `parts`: where each part stands."""
    if pattern.gaps:
        yield from _ordered(pattern.gaps, parts)
    elif len(parts) == 1:
        for span in parts[0]:
            yield (span,)
    else:
        yield from _any_order(pattern.within, parts)


def _ordered(gaps: tuple[int, ...], parts: list[list[Span]]) -> Iterator[tuple[Span, ...]]:
    """From the last part backwards, keep what can be completed: no way is tried twice."""
    alive = parts[-1]
    following: list[dict[Span, Span]] = []
    for part, gap in zip(reversed(parts[:-1]), reversed(gaps), strict=True):
        starts = [span[0] for span in alive]
        chosen: dict[Span, Span] = {}
        for span in part:
            nearest = bisect_left(starts, span[1])
            if nearest < len(starts) and starts[nearest] <= span[1] + gap:
                chosen[span] = alive[nearest]
        following.append(chosen)
        alive = list(chosen)
        if not alive:
            return
    following.reverse()
    for first in alive:
        path = [first]
        for chosen in following:
            path.append(chosen[path[-1]])
        yield tuple(path)


def _any_order(within: int, parts: list[list[Span]]) -> Iterator[tuple[Span, ...]]:
    starts = [[span[0] for span in part] for part in parts]
    for nth, part in enumerate(parts):
        for first in part:
            found = [first]
            for other, begins in enumerate(starts):
                if other == nth:
                    continue
                nearest = bisect_left(begins, first[1])
                if nearest == len(begins) or parts[other][nearest][1] > first[0] + within:
                    break
                found.append(parts[other][nearest])
            else:
                yield tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Hearing:
    """The vocabulary of negation, ready to search with."""

    forbid: Alternation
    undo: Alternation
    double: Alternation
    carry: re.Pattern[str]
    opens: re.Pattern[str]
    link: re.Pattern[str]
    after: re.Pattern[str]
    kinds: re.Pattern[str]
    heads: Alternation
    spare: Alternation
    begin: re.Pattern[str]

    @staticmethod
    def of(speech: Speech) -> Hearing:
        def words(listed: Words) -> str:
            ordered = sorted(listed, key=lambda w: (-len(w), w))
            return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else r"(?!)"

        return Hearing(
            forbid=Alternation(speech.forbid),
            undo=Alternation(speech.undo),
            double=Alternation(speech.double),
            carry=re.compile(r"\s*" + words(speech.carry)),
            opens=re.compile(rf"\s{{0,3}}(?:{words(speech.opens)})"),
            link=re.compile(words(speech.link) + r"\s{0,3}$"),
            after=re.compile(words(speech.after)),
            kinds=re.compile(rf"等[^，。；]{{0,10}}?{words(speech.kinds)}"),
            heads=Alternation(speech.heads),
            spare=Alternation(speech.spare),
            begin=re.compile(
                r"(?:\s*[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．])?[\s“]*" + words(speech.begin)
            ),
        )


class Page:
    """One text while it is being examined: its sentences, found when the first hit asks for them."""

    __slots__ = ("_paragraphs", "_quoted", "_sentences", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._sentences: tuple[list[int], list[Span]] | None = None
        self._paragraphs: tuple[list[int], list[Span]] | None = None

    @property
    def sentences(self) -> tuple[list[int], list[Span]]:
        if self._sentences is None:
            spans = cut(self.text, END)
            self._sentences = ([span[0] for span in spans], spans)
        return self._sentences

    @property
    def paragraphs(self) -> tuple[list[int], list[Span]]:
        if self._paragraphs is None:
            spans = cut(self.text, PARAGRAPH)
            self._paragraphs = ([span[0] for span in spans], spans)
        return self._paragraphs

    def sentence(self, offset: int) -> int:
        """Which sentence a character stands in."""
        return bisect_right(self.sentences[0], offset) - 1

    def paragraph(self, offset: int) -> Span:
        starts, spans = self.paragraphs
        return spans[bisect_right(starts, offset) - 1]


@dataclass(frozen=True, slots=True)
class Plan:
    """A pattern by the numbers of its word lists: what is looked up for every hit must not be hashed word by word."""

    of: int
    parts: tuple[int, ...]
    order: tuple[int, ...]  # of the parts, the rarest first: where it is missing, nothing else is looked for
    needs: int
    unless: tuple[int, ...]
    innocent: int


class Standing:
    """Where words stand in one sentence, each list looked for once."""

    __slots__ = ("alternations", "known", "text", "unit")

    def __init__(self, alternations: list[Alternation], text: str, unit: Span) -> None:
        self.alternations, self.text, self.unit = alternations, text, unit
        self.known: dict[tuple[int, int], list[Span]] = {}

    def of(self, words: int, innocent: int) -> list[Span]:
        """Without what lies in a longer, innocent word."""
        found = self.known.get((words, innocent))
        if found is None:
            if innocent == NONE:
                found = self.alternations[words].within(self.text, *self.unit)
            else:
                found = self.of(words, NONE)
                if found:
                    found = outside(found, self.of(innocent, NONE))
            self.known[words, innocent] = found
        return found


class Sense:
    """Judges patterns in sentences. One for a scanner; it keeps nothing of a text."""

    def __init__(self, rules: list[Rule], speech: Speech, order: Iterable[int] | None = None) -> None:
        """`order`: the numbers of the rules, each after those it is quiet beside."""
        self.rules = rules
        at = {rule.code: nth for nth, rule in enumerate(rules)}
        self.quiet = {
            nth: louder
            for nth in (range(len(rules)) if order is None else order)
            if (louder := [at[code] for code in rules[nth].quiet_beside if code in at])
        }
        self.patterns: list[tuple[int, Pattern]] = [
            (nth, pattern) for nth, rule in enumerate(rules) for pattern in rule.patterns
        ]
        self.across = [pattern.across for _, pattern in self.patterns]
        self.hearing = Hearing.of(speech)
        self.alternations: list[Alternation] = []
        numbered: dict[Words, int] = {(): NONE}

        def number(words: Words) -> int:
            if words not in numbered:
                numbered[words] = len(self.alternations)
                self.alternations.append(Alternation(words))
            return numbered[words]

        self.plans = [
            Plan(
                of=of,
                parts=tuple(number(part) for part in pattern.parts),
                order=tuple(sorted(range(len(pattern.parts)), key=lambda n: met(pattern.parts[n]))),
                needs=number(pattern.needs),
                unless=tuple(number(words) for words in (pattern.unless, rules[of].unless) if words),
                innocent=number(rules[of].innocent),
            )
            for of, pattern in self.patterns
        ]
        self.told = [(rule.told, rule.cited) for rule in rules]

    def findings(self, text: str, hits: Iterable[tuple[int, int]]) -> list[Finding]:
        """`hits`: numbers of patterns, and for each an offset in the sentence where it may stand."""
        page = Page(text)
        starts, sentences = page.sentences
        across = self.across
        asked: dict[Span, set[int]] = {}
        for nth, offset in set(hits):
            unit = page.paragraph(offset) if across[nth] else sentences[bisect_right(starts, offset) - 1]
            if unit in asked:
                asked[unit].add(nth)
            else:
                asked[unit] = {nth}
        spans: dict[int, list[Span]] = {}
        for unit in sorted(asked):
            standing = Standing(self.alternations, text, unit)
            for nth in sorted(asked[unit]):
                for found in self._in_unit(page, standing, nth):
                    spans.setdefault(self.plans[nth].of, []).append(found)
        said = {of: merged(text, found) for of, found in spans.items()}
        if self.quiet and len(said) > 1:
            self._hush(page, said)
        return [self._finding(text, of, span) for of, found in said.items() for span in found]

    def _hush(self, page: Page, said: dict[int, list[Span]]) -> None:
        """A rule says nothing in a sentence where a more exact one speaks. Those that silence others come first."""
        for of, louder in self.quiet.items():
            if of not in said:
                continue
            taken = {
                here for one in louder for span in said.get(one, ()) for here in _sentences_of(page, span)
            }
            said[of] = [span for span in said[of] if taken.isdisjoint(_sentences_of(page, span))]

    def _finding(self, text: str, of: int, span: Span) -> Finding:
        rule = self.rules[of]
        why, basis = self.told[of]
        return Finding(
            start=span[0],
            end=span[1],
            words=text[span[0] : span[1]],
            source=Source.CONTENT,
            code=rule.code,
            title=rule.title,
            why=why,
            severity=rule.severity,
            basis=basis,
        )

    def _in_unit(self, page: Page, standing: Standing, nth: int) -> Iterator[Span]:
        plan = self.plans[nth]
        parts: list[list[Span]] = [[]] * len(plan.parts)
        for part in plan.order:
            found = standing.of(plan.parts[part], plan.innocent)
            if not found:
                return
            parts[part] = found
        if plan.needs != NONE and not standing.of(plan.needs, plan.innocent):
            return
        if any(standing.of(words, NONE) for words in plan.unless):
            return
        rule, pattern = self.rules[plan.of], self.patterns[nth][1]
        for chain in islice(matches(pattern, parts), MOST_TRIED):
            start, end = chain[0][0], max(span[1] for span in chain)
            if end - start <= LONGEST_MATCH and not self._innocent(page, chain, end, rule, pattern):
                yield start, end

    # What takes the edge off

    def _innocent(self, page: Page, chain: tuple[Span, ...], end: int, rule: Rule, pattern: Pattern) -> bool:
        spans = page.sentences[1]
        here = page.sentence(chain[-1][0])
        sentence = spans[here]
        if reported(page, sentence, chain, end):
            return True
        if rule.negation == "无":
            return False
        undo = rule.negation == "全部"
        if undo and self.hearing.begin.match(page.text, *sentence):
            return True
        if pattern.plain:
            return self._spared(page.text, sentence, chain, end) or self._listed(
                page, here, sentence, undo=undo
            )
        return self._negated(page.text, sentence, chain, end, undo=undo) or self._listed(
            page, here, sentence, undo=undo
        )

    def _forbidding(self, text: str, start: int, end: int, *, undo: bool) -> list[Span]:
        """Where a word forbids (or takes back), unless it stands in a double negation. A word may end at `end`."""
        found = self.hearing.forbid.within(text, start, end)
        if undo:
            found = found + self.hearing.undo.within(text, start, end)
        return (
            outside(found, self.hearing.double.within(text, start, min(len(text), end + 4))) if found else []
        )

    def _spared(self, text: str, sentence: Span, chain: tuple[Span, ...], end: int) -> bool:
        """“不得限制外地企业投标”: a restriction is forbidden, in this clause or in the one this clause goes on from."""
        begin = max(sentence[0], chain[0][0] - LONGEST_MATCH)
        marks = [m.start() for m in CLAUSE.finditer(text, begin, chain[-1][0])]
        clause = marks[-1] + 1 if marks else begin
        spares = self.hearing.spare.within(text, clause, min(sentence[1], end + 2))
        if any(not on_default(text, begin, at) for at, _ in spares):
            return True
        if marks and (len(marks) == 1 or self.hearing.carry.match(text, clause)):
            before = marks[-2] + 1 if len(marks) > 1 else begin
            return bool(self.hearing.spare.within(text, before, marks[-1]))
        return False

    def _negated(self, text: str, sentence: Span, chain: tuple[Span, ...], end: int, *, undo: bool) -> bool:
        begin = max(sentence[0], chain[0][0] - LONGEST_MATCH)
        limit = min(sentence[1], end + LONGEST_MATCH)
        key = chain[-1][0]
        marks = [m.start() for m in CLAUSE.finditer(text, begin, limit)]
        nth = bisect_left(marks, key)
        clause = marks[nth - 1] + 1 if nth else begin
        # In the clause of the last word, before it, not among the matched words themselves.
        if apart(self._forbidding(text, clause, key, undo=undo), chain):
            return True
        if any(text[s - 1 : s] in ("不", "未", "免", "勿") and s > begin for s, _ in (chain[0], chain[-1])):
            return True
        # “得” is no command in 不得, nor 须 in 无须.
        if any(e - s == 1 and text[s - 1 : s] in ("不", "无", "毋") and s > begin for s, e in chain[1:-1]):
            return True
        if self._carried(text, begin, marks[:nth], clause, chain, undo=undo):
            return True
        closes = marks[bisect_left(marks, end)] if bisect_left(marks, end) < len(marks) else limit
        # “…等行为”: one word forbade the whole list.
        kinds = self.hearing.kinds.search(text, end, min(limit, end + 80))
        if kinds and apart(self._forbidding(text, begin, chain[0][0], undo=undo), chain):
            return True
        return undo and self._taken_back(text, end, closes, limit)

    def _carried(
        self, text: str, begin: int, marks: list[int], clause: int, chain: tuple[Span, ...], *, undo: bool
    ) -> bool:
        """A clause that goes on from the one before, or whose prohibition is still open (“不得以…方式，…”)."""
        for back in range(len(marks) - 1, -1, -1):
            start = marks[back - 1] + 1 if back else begin
            stop = marks[back]
            found = self._forbidding(text, start, stop, undo=undo)
            found = apart(found, chain)
            if text[stop] in "：:":
                return bool(found) or bool(
                    undo and self.hearing.heads.within(text, max(start, stop - HEAD), stop)
                )
            if found and any(self.hearing.opens.match(text, e, stop) for _, e in found):
                return True
            if not self.hearing.carry.match(text, clause):
                # A list under a head further left: “不得有下列行为：甲，乙，丙”.
                head = text.rfind("：", begin, stop)
                if head < 0:
                    return False
                left = max(begin, head - HEAD)
                return bool(apart(self._forbidding(text, left, head, undo=undo), chain)) or bool(
                    undo and self.hearing.heads.within(text, left, head)
                )
            if found:
                return True
            clause = start
        return False

    def _taken_back(self, text: str, end: int, closes: int, limit: int) -> bool:
        """“…的规定予以取消”, “…的，依法追究责任”."""
        if self.hearing.after.search(text, end, closes):
            return True
        if closes >= limit or not self.hearing.link.search(text, end, closes):
            return False
        beyond = CLAUSE.search(text, closes + 1, limit)
        return bool(self.hearing.after.search(text, closes, beyond.start() if beyond else limit))

    def _listed(self, page: Page, here: int, sentence: Span, *, undo: bool) -> bool:
        """An item under a head that forbids: “不得有下列行为：” and its （一）（二）."""
        text, (_, spans) = page.text, page.sentences
        if not ITEM.match(text, *sentence):
            return False
        for back in range(here - 1, max(-1, here - LIST_BACK), -1):
            start, end = spans[back]
            colon = text.rfind("：", start, end)
            if colon < 0 and ITEM.match(text, start, end):
                continue
            if colon < 0:
                return False
            left = max(start, colon - HEAD)
            if self._forbidding(text, left, colon, undo=undo):
                return True
            return bool(self.hearing.heads.within(text, left, colon))
        return False


def _sentences_of(page: Page, span: Span) -> range:
    return range(page.sentence(span[0]), page.sentence(span[1] - 1) + 1)


def on_default(text: str, begin: int, at: int) -> bool:
    """“未入库的，不得向工地供货”, “未备案的商家不得对外出租”: forbidden is he who has failed, so nothing is spared."""
    start = max(begin, at - HEAD)
    if text[max(start, at - 2) : at] in ("的，", "的,"):
        return bool(FAILED.search(text, start, at))
    marks = [start, *(m.end() for m in CLAUSE.finditer(text, start, at))]
    if marks[-1] == at and len(marks) > 1:  # “未经批准，不得将…运往县外”
        return bool(WITHOUT.match(text, marks[-2], at))
    return bool(WHO_FAILED.match(text, marks[-1], at))


def outside(found: list[Span], longer: list[Span]) -> list[Span]:
    """Without those that lie within one of the longer words."""
    if not longer:
        return found
    starts = [span[0] for span in longer]
    ends: list[int] = []
    for _, end in longer:
        ends.append(max(end, ends[-1]) if ends else end)
    kept = []
    for span in found:
        last = bisect_right(starts, span[0]) - 1
        if last < 0 or ends[last] < span[1]:
            kept.append(span)
    return kept


def apart(found: list[Span], chain: tuple[Span, ...]) -> list[Span]:
    """Those that touch none of the matched words."""
    return [(s, e) for s, e in found if all(e <= a or s >= b for a, b in chain)]


def reported(page: Page, sentence: Span, chain: tuple[Span, ...], end: int) -> bool:
    """Said of the law or of a word, not commanded: within a title, a quotation, after “《…法》第…条规定”, a definition."""
    text, begin = page.text, max(sentence[0], chain[0][0] - LONGEST_MATCH)
    key = chain[-1][0]
    if text.rfind("《", begin, chain[0][0]) > text.rfind("》", begin, chain[0][0]):
        closing = text.find("》", chain[0][0], sentence[1])
        if closing >= end:
            return True
    if MEANS.search(text, begin, chain[0][0]) or (
        NAMES.search(text, begin, chain[0][0]) and MEANS.search(text, chain[0][0], sentence[1])
    ):
        return True
    for title in LAW_TITLE.finditer(text, begin, chain[0][0]):
        if not of_the_state(title[1]):
            continue
        rest = (title.end(), key)
        if OWN.search(text, *rest):
            continue
        article = ARTICLE.match(text, title.end(), key)
        if article:
            return True
        if CITES.match(text, title.end(), key) and not BY.search(text, begin, title.start()):
            return True
    return _in_quotation(page, chain[0][0], end)


def of_the_state(title: str) -> bool:
    """A title of a law or of a superior's document, not of the county's own."""
    return title.startswith(STATE) or bool(LAW_END.search(title))


def _in_quotation(page: Page, start: int, end: int) -> bool:
    """Between the marks of a quotation that follows a title."""
    text = page.text
    begin = max(0, start - LONGEST)
    begin = max(begin, text.rfind("\n", begin, start) + 1)
    stop = min(len(text), end + LONGEST)
    line = text.find("\n", end, stop)
    stop = line if line >= 0 else stop
    opened = max(text.rfind(mark, begin, start) for mark in OPENING)
    if opened < 0 or any(text.find(mark, opened, start) >= 0 for mark in CLOSING):
        return False
    closed = [place for mark in CLOSING if (place := text.find(mark, start, stop)) >= 0]
    if not closed or min(closed) < end:
        return False
    title = None
    for title in LAW_TITLE.finditer(text, max(begin, opened - 80), opened):  # noqa: B007
        pass
    return bool(title and of_the_state(title[1]))


def merged(text: str, found: list[Span]) -> list[Span]:
    """One finding a clause: what overlaps, or stands in the same clause, is one."""
    out: list[Span] = []
    for start, end in sorted(set(found)):
        near = out and (start < out[-1][1] or not CLAUSE.search(text, out[-1][1], start))
        if near and max(out[-1][1], end) - out[-1][0] <= LONGEST_MATCH:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out
