"""Every citation of a text resolved: to the edition in force on a day, to the article, to its words; or the reason why not.

`cited` gives all citations, the good ones with the words they point at; `examine` only what there is to say about the others.
Nothing is called wrong because the library does not hold it.

Codes of the findings: C1 not in the library; C2 the title is not quite right; C3 not in force yet on that day; C4 a former
edition; C5 no longer in force; C6 no such article, 款 or 项; C7 amended after the citing text was written; C8 the quotation
differs; C9 the article does not fit what is said of it; C10 the document number; C11 the text's own article does not exist;
C12 the library knows the statute but has not read the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from enum import Enum
from functools import lru_cache

from yifa.law import Citation, LawError, Statute, numeral, statutes
from yifa.law.statutes import plain, quoted

from ..difference import difference, printed
from ..finding import Finding, Severity, Source, in_order
from . import fit
from .mentions import Kind, Mention, Outline, Part, find, outline, tidy

__all__ = [
    "Link",
    "Outcome",
    "Resolved",
    "cited",
    "examine",
    "find",
    "key_of",
    "names",
    "resolve",
    "statute_named",
]


class Outcome(Enum):
    """What became of a citation, the best first."""

    GOOD = "核对无误"
    WHOLE = "只引名称"
    UNNAMED = "未写明法规"
    UNREAD = "法规库没有条文"
    UNKNOWN = "法规库没有这部法规"
    AMENDED = "被引法规后来有新版本"
    DOUBTFUL = "应当核实"
    WRONG = "应当修改"


@dataclass(frozen=True, slots=True)
class Link:
    """One place a citation points at. `citation` is None where the place is in the text itself, or cannot be told to exist."""

    start: int
    end: int
    article: int | None
    para: int | None
    item: int | None
    citation: Citation | None = None
    own: bool = False

    @property
    def words(self) -> str:
        """What stands there, where a text is at hand."""
        return (self.citation.text if self.citation else None) or ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A citation, the statute it names and what came of it. `reason` says why where it is not good."""

    mention: Mention
    outcome: Outcome
    reason: str = ""
    statute: Statute | None = None
    links: tuple[Link, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), repr=False)


def examine(
    text: str, on: date, *, own_title: str = "", edition: str = "", written: date | None = None
) -> list[Finding]:
    """What there is to say about the citations of a text, held against the law as it stands `on` a day.

    `own_title` and `edition`: what the text itself is, so that 本办法 is understood; `written`: the day it was written or
    issued, where that is not `on`: what was amended in between is then pointed out.
    """
    resolved = cited(text, on, own_title=own_title, edition=edition, written=written)
    return in_order(finding for one in resolved for finding in one.findings)


def cited(
    text: str, on: date, *, own_title: str = "", edition: str = "", written: date | None = None
) -> list[Resolved]:
    """Every citation of a text, in order, resolved."""
    own = outline(text)
    return resolve(
        find(text, names(), own),
        on,
        text=text,
        own=own,
        own_title=own_title,
        edition=edition,
        written=written,
    )


def resolve(
    citations: Iterable[Mention],
    on: date,
    *,
    text: str,
    own: Outline | None = None,
    own_title: str = "",
    edition: str = "",
    written: date | None = None,
) -> list[Resolved]:
    """Resolve citations found in a text."""
    own = outline(text) if own is None else own
    at_work = _Resolver(text, on, written or on, own, own_title, edition)
    return _suspected([at_work.resolved(one) for one in citations])


def _suspected(resolved: list[Resolved]) -> list[Resolved]:
    """Where several citations of a statute by a text older than its edition in force do not hold, the rest of them are suspect.

    Nothing can be proved of these without the old edition; but a text that follows the old numbers follows them throughout.
    """
    counts: dict[Statute, int] = {}
    for one in resolved:
        codes = {f.code for f in one.findings}
        if one.statute and codes & {"C6", "C9"}:
            counts[one.statute] = counts.get(one.statute, 0) + 1
    told: list[Resolved] = []
    for one in resolved:
        others = counts.get(one.statute, 0) if one.statute else 0
        if others >= 2 and one.outcome is Outcome.AMENDED:
            findings = tuple(
                replace(
                    f,
                    severity=Severity.CHECK,
                    why=f"{f.why}本文另有{others}处引用同一部法规对不上，这一处也应当核实。",
                )
                if f.code == "C7"
                else f
                for f in one.findings
            )
            reason = next(f.why for f in findings if f.code == "C7")
            one = replace(one, outcome=Outcome.DOUBTFUL, reason=reason, findings=findings)
        told.append(one)
    return told


# What statutes are called


ORGANS = re.compile("^(?:最高人民法院|最高人民检察院|国务院办公厅|国务院|全国人民代表大会常务委员会)(?=.{6})")
PURPOSE = re.compile("制[定订]本")
SUFFIX = re.compile(
    "(?:暂行|试行)?(?:实施条例|实施办法|实施细则|法|条例|办法|规定|细则|规则|解释|意见|通知)$"
)


def _bare(title: str) -> str:
    """A title by which its spellings are the same: 中华人民共和国 and the issuing organ left out, no brackets' width."""
    title = tidy(title).replace("中华人民共和国", "")
    return re.sub("（[^（）]{1,6}）$", "", ORGANS.sub("", title))


@dataclass(frozen=True)
class _Names:
    """What every statute of the library is called."""

    keys: dict[str, str]
    spoken: frozenset[str]
    numbers: dict[str, tuple[str, str]]
    editions: dict[str, tuple[Statute, ...]]


def _library() -> _Names:
    return _names(tuple(statutes()))


@lru_cache(maxsize=4)
def _names(all_editions: tuple[Statute, ...]) -> _Names:
    keys: dict[str, str] = {}
    numbers: dict[str, tuple[str, str]] = {}
    spoken: set[str] = set()
    editions: dict[str, list[Statute]] = {}
    for one in all_editions:
        editions.setdefault(one.key, []).append(one)
        called = one.called.split()
        for name in (one.title, one.short, *called):
            keys.setdefault(_bare(name), one.key)
        spoken |= {tidy(one.title), tidy(one.short), *called}
        if one.number:
            numbers[_number(one.number)] = (one.key, one.edition)
    ordered = {key: tuple(sorted(found, key=lambda one: one.since)) for key, found in editions.items()}
    spoken = {name for name in spoken if len(name) >= 3 and "〈" not in name}
    return _Names(keys, frozenset(spoken), numbers, ordered)


def names() -> frozenset[str]:
    """What the statutes of the library are called without 《》."""
    return _library().spoken


def key_of(title: str) -> str:
    """The statute of the library a title or a short name means; empty for none."""
    return _library().keys.get(_bare(title), "")


def _number(number: str) -> str:
    """国办发[2018] 37号 as 国办发〔2018〕37号; 国务院令第711号 and 第711号令 alike."""
    number = re.sub(r"[\s　]", "", number)
    number = re.sub(r"[\[［【(（]((?:19|20)[0-9]{2})[\]］】)）]", r"〔\1〕", number)
    decree = re.fullmatch(r"(.*?)令?[（(]?第?([0-9]{1,4})号[）)]?令?", number)
    if decree and "令" in number:
        return f"{decree[1].removeprefix('中华人民共和国')}令第{decree[2]}号"
    return number.replace("第", "") if "〕" in number else number


def statute_named(title: str, on: date) -> Statute | None:
    """The edition in force on a day of the statute a title names."""
    known = _library()
    key = known.keys.get(_bare(title))
    return next((one for one in known.editions.get(key or "", ()) if one.in_force(on)), None)


@lru_cache(maxsize=2048)
def _meant(title: str, among: tuple[str, ...]) -> str:
    """The statute somebody probably meant: the same words with another ending, or a letter or two off."""
    bare = _bare(title)
    if len(bare) < 4:
        return ""
    stem = SUFFIX.sub("", bare)
    near: list[tuple[float, str]] = []
    for name in among:
        if abs(len(name) - len(bare)) > 4 or name == bare:
            continue
        other = SUFFIX.sub("", name)
        if len(stem) >= 4 and stem == other:
            near.append((1.0, name))
        elif (
            len(bare) >= 5
            and len(set(bare) & set(name)) >= len(set(name)) - 2
            and _place(bare) == _place(name)
        ):
            edits = _edits(bare, name)
            allowed = 2 if len(bare) >= 12 else 1 if len(bare) >= 6 or len(bare) == len(name) else 0
            if edits <= allowed:
                near.append((1 - edits / len(bare), name))
    return max(near)[1] if near else ""


def _edits(a: str, b: str) -> int:
    runs = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return sum(max(j - i, m - k) for op, i, j, k, m in runs if op != "equal")


def _place(title: str) -> str:
    """The province or city a title begins with: 河北省… is no slip for 河南省…."""
    found = re.match("[\u4e00-\u9fff]{1,8}?[省市县区州]", title)
    return found[0] if found else ""


# One text


class _Resolver:
    """What is known of the text while its citations are resolved."""

    def __init__(
        self, text: str, on: date, written: date, own: Outline, own_title: str, edition: str
    ) -> None:
        self.text, self.on, self.written, self.own = text, on, written, own
        self.library = _library()
        self.own_key = self.library.keys.get(_bare(own_title), "") if own_title else ""
        self.own_title = own_title
        editions = self.library.editions.get(self.own_key, ())
        self.own_statute = next(
            (one for one in editions if one.edition == edition),
            next((one for one in editions if one.in_force(written)), None),
        )
        self.titles = tuple(self.library.keys)
        self.told: set[str] = set()

    def resolved(self, one: Mention) -> Resolved:
        if one.kind is Kind.NUMBER:
            return self._document(one)
        if one.kind in {Kind.OWN, Kind.BARE} or (one.kind is Kind.SAME and not one.meant):
            return self._in_itself(one)
        title = one.meant or one.title
        key = self.library.keys.get(_bare(title))
        if key is None:
            return self._not_known(one, title)
        if key == self.own_key and self.own.articles:
            return self._in_itself(one)
        return self._in(one, key)

    # a statute of the library

    def _in(self, one: Mention, key: str) -> Resolved:
        editions = self.library.editions[key]
        law = next((e for e in editions if e.in_force(self.on)), None)
        findings: list[Finding] = []
        if law is None:
            law, finding = self._not_in_force(one, editions)
            findings.append(finding)
        elif former := self._former(one, editions, law):
            findings.append(former)
        if one.number:
            findings += self._number_beside(one, key)
        links: list[Link] = []
        unread = 0
        if not findings or findings[0].code not in {"C3", "C5"}:
            for part in one.parts:
                found, wrong, unknown = self._places(one, law, part)
                links += found
                findings += wrong
                unread += unknown
        if links and not any(f.code in {"C3", "C4", "C5"} for f in findings):
            if not any(f.code == "C6" for f in findings):
                findings += self._quotation(one, law, links)
            if not any(f.code == "C8" for f in findings):
                findings += self._misfit(one, law, links)
            told = {f.start for f in findings if f.code in {"C6", "C9"}}
            findings += self._amended(one, law, editions, [link for link in links if link.start not in told])
        return self._told(one, law, links, findings, unread)

    def _told(
        self,
        one: Mention,
        law: Statute | None,
        links: Sequence[Link],
        findings: list[Finding],
        unread: int = 0,
    ) -> Resolved:
        """The worst of what was found is the outcome."""
        hard = next((f for f in findings if f.severity is Severity.MUST), None)
        soft = next((f for f in findings if f.severity is Severity.CHECK), None)
        amended = next((f for f in findings if f.code == "C7"), None)
        if hard:
            outcome, reason = Outcome.WRONG, hard.why
        elif soft:
            outcome, reason = Outcome.DOUBTFUL, soft.why
        elif amended:
            outcome, reason = Outcome.AMENDED, amended.why
        elif unread:
            note = next((f for f in findings if f.code == "C12"), None)
            outcome, reason = Outcome.UNREAD, note.why if note else ""
        else:
            outcome, reason = Outcome.GOOD if one.parts else Outcome.WHOLE, ""
        return Resolved(one, outcome, reason, law, tuple(links), tuple(findings))

    def _not_in_force(self, one: Mention, editions: tuple[Statute, ...]) -> tuple[Statute, Finding]:
        later = next((e for e in editions if e.since > self.on), None)
        if later:
            why = (
                f"《{later.short}》（{later.edition}版）自{_day(later.since)}起施行，{_day(self.on)}还没有施行；"
                "法规库没有在此之前施行的版本，请核对当时施行的是哪一版。"
            )
            return later, self._finding(one, "C3", "引用时尚未施行", why, Severity.CHECK, (str(later),))
        last = editions[-1]
        until = f"，{_day(last.until)}是最后一天" if last.until else ""
        why = f"《{last.short}》（{last.edition}版）{_day(self.on)}已经不再施行{until}，法规库没有接替它的版本。"
        return last, self._finding(one, "C5", "已经不再施行", why, Severity.MUST, (str(last),))

    def _former(self, one: Mention, editions: tuple[Statute, ...], law: Statute) -> Finding | None:
        """An edition named by its year, or a title the statute no longer has."""
        if one.year and not law.edition.startswith(one.year):
            known = next((e for e in editions if e.edition.startswith(one.year)), None)
            held = "" if known else f"法规库没有{one.year}年的版本。"
            why = f"引用的是{one.year}年的版本，{_day(self.on)}施行的是{law.edition}版（自{_day(law.since)}起）。{held}"
            return self._finding(
                one, "C4", "引用的是旧版本", why, Severity.MUST, (str(law),), law.title, "现行名称"
            )
        title = one.meant or one.title
        others = {_bare(name) for name in (law.title, law.short, *law.called.split())}
        former = next((e for e in editions if _bare(e.title) == _bare(title)), None)
        if former and former != law and _bare(title) not in others:
            why = f"《{former.title}》是{former.edition}版的名称，{_day(self.on)}施行的是《{law.title}》（{law.edition}版）。"
            return self._finding(one, "C4", "引用的是旧名称", why, Severity.MUST, (str(law),))
        return None

    def _number_beside(self, one: Mention, key: str) -> list[Finding]:
        """The document number written behind a title."""
        written = _number(one.number)
        told = self.library.numbers.get(written)
        numbers = [e.number for e in self.library.editions[key] if e.number]
        if told and told[0] != key:
            other = next(e for e in self.library.editions[told[0]] if e.edition == told[1])
            why = f"{one.number}是《{other.title}》的文号。"
        elif not told and numbers and "〔" in written and all("〔" in n for n in numbers):
            why = f"法规库登记的文号是{'、'.join(numbers)}，文中写的是{one.number}。"
        else:
            return self._brackets(one)
        return [self._finding(one, "C10", "文号与名称不符", why, Severity.CHECK, at=one.number_at)]

    def _brackets(self, one: Mention) -> list[Finding]:
        """[2018] where a document number has 〔2018〕."""
        if not re.search(r"[\[［【(（](?:19|20)[0-9]{2}[\]］】)）]", one.number):
            return []
        why = "发文字号的年份用六角括号“〔〕”括入（GB/T 9704—2012）。"
        return [self._finding(one, "C10", "文号的括号", why, Severity.NOTE, at=one.number_at)]

    def _places(self, one: Mention, law: Statute, part: Part) -> tuple[list[Link], list[Finding], int]:
        """The places one part names, as far as they exist; what is wrong with it; how many could not be looked up."""
        if part.article is None:
            return [], [], 0
        links: list[Link] = []
        unread = 0
        for article, para, item in part.places():
            if part.sub:
                if law.articles and _shape(law, article or 0) is not None:
                    why = f"《{law.short}》（{law.edition}版）没有第{numeral(article or 0)}条之{numeral(part.sub)}。"
                    return (
                        links,
                        [self._at(part, "C6", "条款不存在", why, Severity.MUST, (str(law),))],
                        unread,
                    )
                unread += 1
                continue
            try:
                place = law(article, para=para, item=item)
            except LawError as wrong:
                return links, [self._no_place(law, part, str(wrong))], unread
            if _shape(law, article or 0) is None:
                unread += 1
            links.append(Link(part.start, part.end, article, para, item, place))
        if not unread:
            return links, [], 0
        why = f"法规库登记了《{law.short}》，但没有读过所引的条文，无法核对。"
        return links, [self._at(part, "C12", "没有条文可核对", why, Severity.NOTE, (str(law),))], unread

    def _no_place(self, law: Statute, part: Part, told: str) -> Finding:
        sentence = told.rpartition(" [")[0]
        if "要写明第几款" in sentence:
            return self._at(part, "C6", "没有写明第几款", f"{sentence}。", Severity.CHECK, (str(law),))
        words, named = "", ""
        if part.article and 1 <= part.article <= len(law.shapes):
            place = law(part.article)
            words, named = place.text or "", str(place)
        why = f"{sentence}（{law.edition}版）。"
        return self._at(part, "C6", "条款不存在", why, Severity.MUST, (str(law),), words, named)

    # quotations

    def _quotation(self, one: Mention, law: Statute, links: Sequence[Link]) -> list[Finding]:
        quotation = _quotation_beside(self.text, one)
        if quotation is None or not all(link.words for link in links):
            return []
        start, end = quotation
        words = self.text[start:end]
        pieces = [p for p in ELLIPSIS.split(words) if plain(p)]
        said = "\n".join(link.words for link in links)
        if not pieces or all(_stands(piece, said) for piece in pieces):
            return []
        basis = tuple(str(link.citation) for link in links)
        elsewhere = self._elsewhere(law, pieces, links)
        if elsewhere:
            why = f"这句话不在{'、'.join(basis)}，在{elsewhere}。"
            return [
                Finding(
                    start, end, words, Source.CITATION, "C8", "引文不在所引条款", why, Severity.MUST, basis,
                    elsewhere.text or "", str(elsewhere),
                )
            ]  # fmt: skip
        wrong = next(p for p in pieces if not _stands(p, said))
        if len(plain(wrong)) < 4:
            return []  # a word in inverted commas, not a quotation
        near = _nearest(wrong, said)
        if near:
            shown = printed(difference(near, wrong.strip()))
            why = f"引文与条文不一致：{shown}（“删”是条文有而引文没有的，“增”是引文有而条文没有的）。"
            severity = Severity.MUST
        else:
            near, severity = said, Severity.CHECK
            why = f"引号里的话没有在{'、'.join(basis)}里找到，请核对是不是引文。"
        return [
            Finding(
                start,
                end,
                words,
                Source.CITATION,
                "C8",
                "引文与条文不一致",
                why,
                severity,
                basis,
                near,
                basis[0],
            )
        ]

    def _elsewhere(self, law: Statute, pieces: list[str], links: Sequence[Link]) -> Citation | None:
        """Another place of the same statute where all of a quotation stands: the same article first."""
        held = law.text
        if sum(len(plain(p)) for p in pieces) < 6 or held is None:
            return None
        near = sorted(held.articles, key=lambda n: (n not in {link.article for link in links}, n))
        for nth in near:
            if nth <= (law.articles or nth) and all(
                _stands(p, held.articles[nth].text() or "") for p in pieces
            ):
                return law(nth)
        return None

    # what is said of the article

    def _misfit(self, one: Mention, law: Statute, links: Sequence[Link]) -> list[Finding]:
        """The words beside a citation belong to another article of the same statute."""
        then = next((e for e in self.library.editions[law.key] if e.in_force(self.written)), None)
        stale = law.since > self.written and (
            then is None or then.text is None
        )  # else `_amended` knows for certain
        found: list[Finding] = []
        for part in one.parts:
            articles = {link.article for link in links if link.start == part.start and link.article}
            if not articles:
                continue
            said = fit.said(self.text, one, part)
            if PURPOSE.search(said.words):  # the ground of the whole, not of what is said in the sentence
                continue
            better = fit.better(law, frozenset(articles), said, stale=stale)
            if better is None:
                continue
            now = law(min(articles))
            places = [law(n) for n in better.articles]
            named = "、".join(map(str, places))
            why = (
                f"这里说的是“{_short(better.words)}”，{now}里几乎没有这些话，{named}里有。"
                + (f"《{law.short}》{law.edition}版在本文之后施行，条文序号可能变了。" if stale else "")
                + "请核对。"
            )
            beside = "\n".join(f"{place}：{place.text}" for place in (now, *places))
            basis = tuple(map(str, (now, *places)))
            found.append(
                self._at(
                    part,
                    "C9",
                    "条文与所说的事对不上",
                    why,
                    Severity.CHECK,
                    basis,
                    beside,
                    "所引的条文和说到这件事的条文",
                )
            )
        return found

    def _amended(
        self, one: Mention, law: Statute, editions: tuple[Statute, ...], links: Sequence[Link]
    ) -> list[Finding]:
        """The article as it read when the citing text was written, against the article in force."""
        if law.since <= self.written or not links:
            return []
        then = next((e for e in editions if e.in_force(self.written)), None)
        found: list[Finding] = []
        if then is None or then.text is None:
            why = (
                f"《{law.short}》{law.edition}版自{_day(law.since)}起施行，在本文（{_day(self.written)}）之后；"
                "法规库没有本文所依据的旧版条文，不能断定所引条文没有变化。"
            )
            named = tuple(str(link.citation) for link in links[:1])
            return [
                self._finding(
                    one, "C7", "本文之后有新版本", why, Severity.NOTE, named, links[0].words, named[0]
                )
            ]
        for link in links:
            before = then.text.articles.get(link.article or 0)
            old = before.text(link.para, link.item) if before else None
            if old is not None and plain(old) == plain(link.words):
                continue
            shown = printed(difference(old or "", link.words))
            why = f"{link.citation}在本文之后改过：{shown}"
            both = f"{then.edition}版：{old or '没有这一条款'}\n{law.edition}版：{link.words}"
            found.append(
                Finding(
                    link.start, link.end, self.text[link.start : link.end], Source.CITATION, "C7", "条文已经修改", why,
                    Severity.CHECK, (str(link.citation),), both, "前后两版的条文",
                )
            )  # fmt: skip
        return found

    # the text itself, and what nobody knows

    def _in_itself(self, one: Mention) -> Resolved:
        links: list[Link] = []
        findings: list[Finding] = []
        if not self.own.articles and self.own_statute is None:
            reason = "没有写明是哪一部法规" if one.kind is Kind.BARE else "不知道本文是什么，或者本文不分条"
            return Resolved(one, Outcome.UNNAMED, reason)
        for part in one.parts:
            for article, para, item in part.places():
                if article is None or part.sub:
                    continue
                wrong = self._missing(article, para, item)
                if wrong:
                    findings.append(self._at(part, "C11", "本文没有所引的条款", wrong, Severity.MUST))
                    break
                links.append(
                    Link(
                        part.start,
                        part.end,
                        article,
                        para,
                        item,
                        self._own_citation(article, para, item),
                        True,
                    )
                )
        return self._told(one, self.own_statute, links, findings)

    def _own_citation(self, article: int, para: int | None, item: int | None) -> Citation | None:
        try:
            return self.own_statute(article, para=para, item=item) if self.own_statute else None
        except LawError:
            return None

    def _missing(self, article: int, para: int | None, item: int | None) -> str:
        """What the text itself does not have; empty where it has it."""
        if not self.own.articles:
            try:
                assert self.own_statute
                self.own_statute(article, para=para, item=item)
            except LawError as wrong:
                return str(wrong).rpartition(" [")[0] + "。"
            return ""
        count = len(self.own.articles)
        if not 1 <= article <= count:
            return f"本文共{count}条，没有第{numeral(max(article, 0))}条。"
        if para == 0 or item == 0:
            return f"本文第{numeral(article)}条的这一{'款' if para == 0 else '项'}前面没有可指的{'款' if para == 0 else '项'}。"
        shape = self.own.shape(article)
        where = f"本文第{numeral(article)}条"
        if para is not None and not 1 <= para <= len(shape):
            return f"{where}共{len(shape)}款，没有第{numeral(max(para, 0))}款。"
        if item is None:
            return ""
        have = shape[para - 1] if para else max(shape, default=0)
        if 1 <= item <= have:
            return ""
        return f"{where}{'第' + numeral(para) + '款' if para else ''}{f'共{have}项' if have else '不分项'}，没有第（{numeral(max(item, 0))}）项。"

    def _not_known(self, one: Mention, title: str) -> Resolved:
        if one.kind is Kind.TITLE and not _lawlike(title):
            return Resolved(one, Outcome.UNKNOWN, "不是法规名称")
        meant = _meant(title, self.titles) if one.kind is Kind.TITLE else ""
        if meant:
            editions = self.library.editions[self.library.keys[meant]]
            law = next((e for e in editions if e.in_force(self.on)), editions[-1])
            why = f"法规库没有《{title}》，有《{law.title}》，请核对名称。"
            finding = self._finding(
                one, "C2", "法规名称可能写错", why, Severity.CHECK, (str(law),), law.title, "法规库里的名称",
                (one.title_start, one.title_end),
            )  # fmt: skip
            return Resolved(one, Outcome.DOUBTFUL, why, None, (), (finding,))
        why = "法规库没有这部法规，无法核对。"
        findings: tuple[Finding, ...] = ()
        if title not in self.told:  # once a text: the review sheet need not say it at every mention
            self.told.add(title)
            findings = (self._finding(one, "C1", f"《{title[:40]}》", why, Severity.NOTE),)
        return Resolved(one, Outcome.UNKNOWN, why, None, (), findings)

    def _document(self, one: Mention) -> Resolved:
        known = self.library.numbers.get(_number(one.number))
        findings = self._brackets(one)
        if known is None:
            return Resolved(one, Outcome.UNKNOWN, "法规库没有这个文号", None, (), tuple(findings))
        law = next(e for e in self.library.editions[known[0]] if e.edition == known[1])
        if not law.in_force(self.on) and law.until and law.until < self.on:
            why = f"{one.number}是《{law.short}》{law.edition}版的文号，{_day(law.until)}是它施行的最后一天。"
            findings.append(self._finding(one, "C4", "引用的是旧版本", why, Severity.CHECK, (str(law),)))
        return self._told(one, law, (), findings)

    # findings

    def _finding(
        self, one: Mention, code: str, title: str, why: str, severity: Severity,
        basis: tuple[str, ...] = (), beside: str = "", beside_of: str = "", at: tuple[int, int] | None = None,
    ) -> Finding:  # fmt: skip
        start, end = at or (one.start, one.end)
        words = self.text[start:end]
        return Finding(
            start, end, words, Source.CITATION, code, title, why, severity, basis, beside, beside_of
        )

    def _at(
        self, part: Part, code: str, title: str, why: str, severity: Severity,
        basis: tuple[str, ...] = (), beside: str = "", beside_of: str = "",
    ) -> Finding:  # fmt: skip
        words = self.text[part.start : part.end]
        return Finding(
            part.start, part.end, words, Source.CITATION, code, title, why, severity, basis, beside, beside_of
        )


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _shape(law: Statute, article: int) -> tuple[int, ...] | None:
    shapes = law.shapes
    return shapes[article - 1] if 1 <= article <= len(shapes) else None


LAWLIKE_TITLE = re.compile(
    r"(?:法|法典|宪法|条例|办法|规定|细则|规则|解释|决定|意见|通知|公约|准则|章程|规程|批复)(?:（[^（）]*）)?$"
)


def _lawlike(title: str) -> bool:
    return LAWLIKE_TITLE.search(title) is not None


# Quotations


ELLIPSIS = re.compile(r"…+|\.{3,}|。{3,}|·{3,}")
OPENS = re.compile(
    r"[\s　]{0,3}[）)]?(?:的?(?:明确)?(?:规定|要求|指出|明确|载明|表述为))?(?:的是)?[\s　]{0,3}[：:，,]?[\s　]{0,3}[“「\"]"
)
CLOSES = {"“": "”", "「": "」", '"': '"'}
CLOSED_BEFORE = re.compile(
    r"[”」\"][。；，]?[\s　]{0,3}(?:[（(]|——|—)[\s　]{0,3}(?:见|参见|引自|依据|根据)?[\s　]{0,3}$"
)
QUOTED_LONGEST = 3000


def _quotation_beside(text: str, one: Mention) -> tuple[int, int] | None:
    """The words between inverted commas that stand right behind a citation, or right before its bracket."""
    opened = OPENS.match(text, one.end)
    if opened:
        start = opened.end()
        end = _closing(text, start, text[start - 1])
        return (start, end) if end else None
    before = CLOSED_BEFORE.search(text, max(0, one.start - 12), one.start)
    if before:
        end = before.start()
        sign = {closing: opening for opening, closing in CLOSES.items()}[text[end]]
        start = text.rfind(sign, max(0, end - QUOTED_LONGEST), end)
        return (start + 1, end) if start >= 0 else None
    return None


def _closing(text: str, start: int, sign: str) -> int:
    """Where a quotation ends; inverted commas inside it are counted."""
    closing, depth = CLOSES[sign], 1
    for mark in re.compile(f"[{closing}{sign}]").finditer(text, start, start + QUOTED_LONGEST):
        depth += -1 if mark[0] == closing else 1
        if not depth:
            return mark.start()
    return 0


def _stands(piece: str, said: str) -> bool:
    """Whether quoted words stand in an article; a last full stop may be the quoting sentence's own."""
    piece = plain(piece).strip("。；，,;、")
    bare = re.sub("[\"']", "", piece)
    whole, without = _plainly(said)
    return (
        not piece or (piece in whole and quoted(piece, whole)) or (bare in without and quoted(bare, without))
    )


@lru_cache(maxsize=4096)
def _plainly(said: str) -> tuple[str, str]:
    """The words of an article as quotations are compared with them: with and without inverted commas."""
    whole = plain(said)
    return whole, re.sub("[\"']", "", whole)


@lru_cache(maxsize=1024)
def _nearest(piece: str, said: str) -> str:
    """The sentences of an article that a wrong quotation was probably taken from; empty where nothing is near enough."""
    sentences = [s for s in re.findall("[^。；;\n]+[。；;\n]?", said) if s.strip()]
    long = len(plain(piece))
    best, words = 0.0, ""
    for first in range(min(len(sentences), 200)):
        window = ""
        for sentence in sentences[first : first + 8]:
            window += sentence
            if len(window) < long * 0.5:
                continue
            if len(window) > long * 2 + 40:
                break
            score = SequenceMatcher(None, plain(piece)[:600], plain(window)[:600], autojunk=False).ratio()
            if score > best:
                best, words = score, window
    if best < 0.55:
        clauses = [c for c in re.findall("[^，,。；;：:\n]+", said) if len(plain(c)) >= 4]
        for clause in clauses[:300]:
            score = SequenceMatcher(None, plain(piece)[:600], plain(clause)[:600], autojunk=False).ratio()
            if score > best:
                best, words = score, clause
    return words.strip() if best >= 0.6 else ""
