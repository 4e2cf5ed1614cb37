"""Where a text cites: 《…》第…条第…款第（…）项, short names, 本法 and 前款, lists, ranges, document numbers.

Nothing here knows any statute but by the names it is handed. Offsets are those of the text as given; line breaks and spaces
inside a citation do not matter. Every pattern is bounded, so that the time grows with the text and with nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from yifa.law.numerals import number as numbered

__all__ = ["Kind", "Mention", "Outline", "Part", "find", "outline", "tidy"]


class Kind(Enum):
    """How what is cited is named."""

    TITLE = "书名号"
    NAME = "简称"
    OWN = "本文"
    SAME = "上文所称"
    BARE = "未写名称"
    NUMBER = "文号"


@dataclass(frozen=True, slots=True)
class Part:
    """One place in a citation, with the offsets it is written at. `upto`: the last number of a range, of the lowest unit named.

    `article` is None where only a chapter (`unit`: 编、分编、章、节 and `nth`) is cited, or a 款 or 项 nobody can tell the 条 of.
    """

    start: int
    end: int
    article: int | None = None
    sub: int | None = None  # 第十条之一
    para: int | None = None
    item: int | None = None
    upto: int | None = None
    unit: str = "条"
    nth: int | None = None

    def places(self) -> Iterator[tuple[int | None, int | None, int | None]]:
        """Every 条, 款, 项 of it, a range counted out (a hundred places at most: whoever writes more cites a chapter)."""
        yield self.article, self.para, self.item
        if self.upto is None:
            return
        low = self.item or self.para or self.article or 0
        for n in range(low + 1, min(self.upto, low + 100) + 1):
            if self.item:
                yield self.article, self.para, n
            elif self.para:
                yield self.article, n, None
            else:
                yield n, None, None


@dataclass(frozen=True, slots=True)
class Mention:
    """One citation as it stands in a text. `title` is what is cited, as written, without brackets and line breaks.

    `meant`: the title the text itself gave this short name; `year`: the edition, where one is written; `number`: the document
    number that stands with it; `here`: the article of the text itself it stands in.
    """

    start: int
    end: int
    words: str
    kind: Kind
    title: str
    title_start: int
    title_end: int
    parts: tuple[Part, ...] = ()
    meant: str = ""
    year: str = ""
    number: str = ""
    number_at: tuple[int, int] = (0, 0)
    here: int | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """The articles a text itself has: where each begins, and where each of its 款 begins with the number of its items."""

    articles: dict[int, int] = field(default_factory=dict)
    starts: tuple[tuple[int, int, int, int], ...] = ()  # offset, article, 款, 项 of every line, in order

    def at(self, offset: int) -> tuple[int, int, int] | None:
        """Article, 款, 项 (0 outside any) in which a character stands; None before the first article."""
        found = bisect_right(self.starts, (offset, 99999, 0, 0)) - 1
        return self.starts[found][1:] if found >= 0 else None

    def shape(self, article: int) -> tuple[int, ...]:
        """How many items each 款 of an article has."""
        counted: dict[int, int] = {}
        first = bisect_left(self.starts, self.articles.get(article, 0), key=lambda line: line[0])
        for _, nth, para, item in self.starts[first:]:
            if nth != article:
                break
            counted[para] = max(counted.get(para, 0), item)
        return tuple(counted[para] for para in sorted(counted))


N = r"(?:[零〇一二两三四五六七八九十百千](?:\n?[零〇一二两三四五六七八九十百千]){0,8}|[0-9０-９]{1,4})"
W = r"[\s　]{0,4}"
AND = rf"{W}(?:、|以及|或者|和|与|及|或|并){W}"
TO = rf"{W}(?:至|到|—{{1,2}}|－|-|~|～){W}"
TOKEN = re.compile(
    rf"(?P<art>第{W}(?P<a>{N}){W}条(?:{W}之{W}(?P<sub>{N}))?)"
    rf"|(?P<para>第{W}(?P<p>{N}){W}款)"
    rf"|(?P<item>第{W}[（(]{W}(?P<i>{N}){W}[）)](?:{W}项)?|[（(]{W}(?P<i2>{N}){W}[）)]{W}项|第{W}(?P<i3>{N}){W}项)"
    rf"|(?P<unit>第{W}(?P<u>{N}){W}(?P<kind>分编|编|章|节))"
    # 第一、二款 and 第（一）、（二）项: the unit stands behind the last; 至十二条: the 第 stands before the first only
    rf"|(?P<open>第{W}(?:[（(]{W}(?P<o1>{N}){W}[）)]|(?P<o2>{N}))"
    rf"(?={W}(?:、|至|到|和|与|及|或者|或|-|－|—|~|～){W}(?:[（(]{W}{N}{W}[）)]|{N})))"
)
NEXT = re.compile(rf"(?:[（(]{W}(?P<n1>{N}){W}[）)]|(?P<n2>{N})){W}(?P<unit>条|款|项)?")
JOIN = re.compile(rf"(?P<to>{TO})|(?P<and>{AND})|(?P<comma>{W}[，,]{W})(?=第{W}[（(]?{W}{N})")
FIRST = re.compile(rf"第{W}(?:[（(]{W})?{N}{W}(?:[）)]{W})?(?:[条款项编章节、至到和与及或\-－—~～]|分编)")
HEADING = re.compile(rf"^[*#\s　]{{0,12}}第{W}({N}){W}条(?:{W}之{W}{N})?(?=[*\s　]|$)")
WRITTEN_ON = re.compile(rf"^[*#\s　]{{0,12}}第{W}({N}){W}条(?!{W}(?:之|第|、|和|与|及|至|或|规定|所|的))")
UNIT_HEADING = re.compile(rf"^[*#\s　]{{0,12}}第{W}{N}{W}(?:分编|编|章|节)(?=[*\s　]|$)")
ITEM_LINE = re.compile(rf"^[\s　]{{0,8}}[（(]{W}({N}){W}[）)]")
CONTEXT = re.compile(
    rf"(?P<same>本|前|上)(?P<many>{W}(?:[两二三四五六七八九]|[2-9])|{W}[一1])?{W}(?P<unit>条(?![例款文目件])|款(?!项)|项(?!目))"
)
YEAR = re.compile(
    rf"{W}[（(]{W}(?P<y>(?:19|20)[0-9]{{2}}){W}年?(?:[0-9]{{1,2}}月)?(?:[0-9]{{1,2}}日)?{W}"
    rf"(?:第[一二三四五六七八九十]{{1,2}}次)?(?:修正|修订|修改|版|公布|施行|通过|发布)?(?:版|本)?{W}[）)]"
)
DOCUMENT = re.compile(
    r"(?P<word>[\u4e00-\u9fff]{1,12})?(?P<open>[〔\[［【(（])\s{0,2}(?P<year>(?:19|20)[0-9]{2})\s{0,2}[〕\]］】)）]"
    r"\s{0,2}(?:第\s{0,2})?(?P<n>[0-9]{1,5})\s{0,2}号"
    r"|(?P<decree>(?:[\u4e00-\u9fff]{2,20})?令\s{0,2}[（(]?\s{0,2}第\s{0,2}(?P<d>[0-9]{1,4})\s{0,2}号|第\s{0,2}(?P<d2>[0-9]{1,4})\s{0,2}号令)"
)
DEFINED = re.compile(
    rf"{W}[（(]{W}以{W}下{W}(?:统{W})?(?:简{W})?称{W}(?:为{W})?[：:]?{W}(?P<name>[^（）()。；;]{{2,60}}?){W}[）)]"
)
OWN = re.compile(
    r"本(?:法|条例|办法|规定|细则|规则|解释|决定|意见|方案|制度|通知|准则|规范|章程|标准|合同|协议|协议书|公约)$"
)
SAME = re.compile(
    r"(?:其(?P<its>实施(?:条例|办法|细则|规定))|(?:该|同|上述|前述|此)(?P<what>法|法律|条例|办法|规定|细则|规则|解释|决定|意见|通知|文件|法规|规章))$"
)
LAWLIKE = re.compile(
    r"(?:法|法典|条例|办法|规定|细则|规则|解释|决定|意见|通知|公约|准则|章程|纲要|方案|标准|制度|批复|公告|命令)$"
)
STOP = re.compile(
    r".*(?:依照|依据|根据|按照|适用|违反|参照|符合|遵守|执行|属于|以及|或者|关于|所称|修改|废止|规定|认为|"
    r"具有|有|和|与|及|或|对|在|由|因|将|按|依|据|如|为|经|除|即|是|的|了|其|把|用|被|向|从|见|并)"
)
GOES_ON = re.compile(
    rf"{W}(?:之|的)?(?:规定)?{W}[：:，,]?{W}[“「][^\n]{{0,380}}[”」]{W}(?:之|的)?(?:规定)?{W}(?:、|和|及|与|以及|或者|或){W}"
)
BESIDE = frozenset({"）（", ")(", "）(", ")（"})
PAIRS = {"》": "《", "〉": "〈", ">": "<", "＞": "＜"}
LONGEST = 160  # characters of a title


def _number(written: str) -> int | None:
    return numbered(written.replace("\n", "").strip())


def tidy(title: str) -> str:
    """A title without spaces, with brackets of one kind inside."""
    title = re.sub(r"[\s　]+", "", title)
    return title.translate(str.maketrans("《》<>＜＞()", "〈〉〈〉〈〉（）"))


def outline(text: str) -> Outline:
    """The articles of a draft: lines that open with 第…条, counted from one without a gap; an empty outline for any other text, and for
    two such documents in one."""
    articles: dict[int, int] = {}
    starts: list[tuple[int, int, int, int]] = []
    article = para = 0
    offset = 0
    for line in text.split("\n"):
        begun = HEADING.match(line) or WRITTEN_ON.match(line)
        nth = _number(begun[1]) if begun else None
        if nth == 1 and len(articles) > 1:
            return Outline()  # two documents in one text: which 本办法 is meant, nobody can tell
        if nth is not None and nth == len(articles) + 1:
            article, para = nth, 1
            articles[nth] = offset
            starts.append((offset, article, 1, 0))
        elif (
            article
            and line.strip()
            and not line.lstrip(" *　").startswith("#")
            and not UNIT_HEADING.match(line)
        ):
            item = ITEM_LINE.match(line)
            if item:
                starts.append((offset, article, para, _number(item[1]) or 0))
            else:
                para += 1
                starts.append((offset, article, para, 0))
        offset += len(line) + 1
    return Outline(articles, tuple(starts)) if len(articles) > 1 else Outline()


def find(text: str, names: Collection[str] = (), own: Outline | None = None) -> list[Mention]:
    """Every citation of a text, in order. `names`: what statutes are called without 《》 around it."""
    return _Finder(text, names, outline(text) if own is None else own).all()


class _Finder:
    """One pass over one text."""

    def __init__(self, text: str, names: Collection[str], own: Outline) -> None:
        self.text = text
        self.own = own
        self.names = frozenset(names)
        self.lengths = sorted({len(name) for name in self.names}, reverse=True)
        self.titles = list(_titles(text))
        self.title_ends = {end: start for start, end in self.titles}
        self.defined: dict[str, tuple[int, str]] = {}  # short name: from which offset, which title
        self.defined_lengths: set[int] = set()
        self.defining = 0  # where the last definition ends: the name in it cites nothing
        self.skip = {
            begun.start() + begun[0].index("第")
            for line_start, line in _lines(text)
            if (begun := _heading(line, line_start, own))
        }

    def all(self) -> list[Mention]:
        found: list[Mention] = []
        spans: list[tuple[int, int]] = []
        for start, end in self.titles:
            inside = start < max(self.defining, spans[-1][1] if spans else 0)
            one = None if inside else self._titled(start, end)
            if one is None:
                continue
            found.append(one)
            spans.append((one.start, one.end))
        taken = _Taken(spans)
        done = 0
        for start in self._chains():
            if start >= done and not taken.has(start):
                parts, done = self._chain(start)
                one = self._unbracketed(start, parts, done) if parts else None
                if one and one.end > one.start and not taken.has(one.start):
                    found.append(one)
                    taken.add(one.start, one.end)
        for one in (*self._contexts(), *self._plain_names(), *self._documents()):
            if not taken.has(one.start) and not taken.has(one.end - 1):
                found.append(one)
                taken.add(one.start, one.end)
        found.sort(key=lambda one: (one.start, one.end))
        return list(self._last_named(found))

    # titles in brackets

    def _titled(self, start: int, end: int) -> Mention | None:
        title = tidy(self.text[start + 1 : end - 1])
        if not title:
            return None
        self._define(end, title)
        after, year, number_at = self._aside(end)
        parts, last = self._chain(after)
        meant = self._meant(title, start)
        if not parts:
            last = after if after > end else end
        return Mention(
            start,
            last,
            self.text[start:last],
            Kind.TITLE,
            title,
            start,
            end,
            parts,
            meant,
            year,
            self.text[slice(*number_at)] if number_at else "",
            number_at or (0, 0),
            self._here(start),
        )

    def _aside(self, end: int) -> tuple[int, str, tuple[int, int] | None]:
        """What stands in brackets behind a title: an edition's year, a document number, a definition. Any order, three at most."""
        year, number_at = "", None
        for _ in range(3):
            if found := YEAR.match(self.text, end):
                year, end = found["y"], found.end()
            elif found := DEFINED.match(self.text, end):
                follows = FIRST.match(self.text, found.end())
                if not follows:
                    return end, year, number_at
                end = found.end()
            elif (found := BRACKETED.match(self.text, end)) and (inside := DOCUMENT.fullmatch(found["in"])):
                number_at = (found.start("in") + inside.start(), found.start("in") + inside.end())
                end = found.end()
            else:
                break
        return end, year, number_at

    def _define(self, end: int, title: str) -> None:
        """（以下简称《条例》）: from here on the short name means this title."""
        place = end
        for _ in range(3):
            if found := DEFINED.match(self.text, place):
                self.defining = found.end()
                for name in re.split(r"[、，,]|或者|或", found["name"]):
                    name = tidy(name).strip("〈〉“”\"'‘’「」")
                    if 2 <= len(name) <= 40 and name not in self.defined:
                        self.defined[name] = (end, title)
                        self.defined_lengths.add(len(name))
                return
            aside = YEAR.match(self.text, place) or BRACKETED.match(self.text, place)
            if not aside:
                return
            place = aside.end()

    def _meant(self, name: str, at: int) -> str:
        since, title = self.defined.get(name, (0, ""))
        return title if title and at >= since else ""

    # names without brackets

    def _chains(self) -> Iterator[int]:
        """Where a list of places may begin."""
        return (found.start() for found in FIRST.finditer(self.text) if found.start() not in self.skip)

    def _unbracketed(self, start: int, parts: tuple[Part, ...], end: int) -> Mention | None:
        """A citation whose name stands without brackets before 第…条, or not at all."""
        name_start, name_end, kind, title, year = self._name_before(start)
        here = self.own.at(start)
        if kind is Kind.BARE:
            first = parts[0]
            if first.article is None and first.unit == "条":
                context = self._context_before(start)
                if context:
                    return None  # 前款第（一）项, 本条第二款: told by `_contexts`
                if not here or not re.match(
                    r"[\s　]{0,4}(?:的?规定|所列|所称|的|情形|行为|事项|措施|至|、|和|或)",
                    self.text[end : end + 12],
                ):
                    return None
                parts = tuple(_within(part, here[0], None if part.para else here[1]) for part in parts)
            elif first.unit != "条":
                return None
        return Mention(
            name_start,
            end,
            self.text[name_start:end],
            kind,
            title,
            name_start,
            name_end,
            parts,
            self._meant(title, start) if kind is Kind.NAME else "",
            year,
            here=here[0] if here else None,
        )

    def _name_before(self, start: int) -> tuple[int, int, Kind, str, str]:
        """The name that ends right before an offset, brackets with a year and spaces skipped."""
        end, year = start, ""
        while end and start - end < 5 and self.text[end - 1] in " \t\n\r　":
            end -= 1
        if end and self.text[end - 1] in "）)":
            back = max(0, end - 40)
            opened = max(self.text.rfind("（", back, end), self.text.rfind("(", back, end))
            if opened >= 0 and (found := YEAR.fullmatch(self.text, opened, end)):
                year, end = found["y"], opened
        window = self.text[max(0, end - 50) : end]
        if own := OWN.search(window):
            return end - len(own[0]), end, Kind.OWN, own[0], year
        if same := SAME.search(window):
            return end - len(same[0]), end, Kind.SAME, same[0], year
        for length in sorted({*self.lengths, *self.defined_lengths}, reverse=True):
            name = self.text[end - length : end] if length <= end else ""
            if (
                name
                and (name in self.names or self._meant(name, start))
                and not _longer(self.text, end - length)
            ):
                return end - length, end, Kind.NAME, name, year
        unknown = re.search(r"[\u4e00-\u9fff]{2,30}$", window)
        if unknown and LAWLIKE.search(unknown[0]):
            name = unknown[0]
            stopped = STOP.match(name[:-1])
            name = name[stopped.end() :] if stopped else name
            if len(name) >= 2 and not re.fullmatch(
                r"(?:本|该|有关|相关|下列|其他)?(?:法|办法|规定|决定|意见|方法|做法|说法)", name
            ):
                return end - len(name), end, Kind.NAME, name, year
        return start, start, Kind.BARE, "", ""

    def _plain_names(self) -> Iterator[Mention]:
        """Known names that stand without brackets and without an article: 依照行政复议法的规定."""
        wanted = [n for n in {*self.names, *self.defined} if len(n) >= 4]
        if not wanted:
            return
        pattern = re.compile("|".join(map(re.escape, sorted(wanted, key=lambda n: (-len(n), n)))))
        for found in pattern.finditer(self.text):
            name, start, end = found[0], found.start(), found.end()
            meant = self._meant(name, start)
            if (name not in self.names and not meant) or _longer(self.text, start):
                continue
            if name.endswith("法") and self.text[end : end + 1] in set("定律规学院官人制治理庭典医条"):
                continue
            if name.endswith("法") and re.match("实施(?:条例|办法|细则|规定)", self.text[end : end + 6]):
                continue
            here = self.own.at(start)
            yield Mention(
                start, end, name, Kind.NAME, name, start, end, (), meant, here=here[0] if here else None
            )

    # 本条, 前款, 前条第一款

    def _context_before(self, start: int) -> re.Match[str] | None:
        return next(
            (
                m
                for m in CONTEXT.finditer(self.text, max(0, start - 8), start)
                if not self.text[m.end() : start].strip()
            ),
            None,
        )

    def _contexts(self) -> Iterator[Mention]:
        for found in CONTEXT.finditer(self.text):
            here = self.own.at(found.start())
            if here is None:
                continue
            base = _base(found, here)
            if base is None:
                continue
            chain, end = self._chain(found.end())
            first = Part(found.start(), found.end(), *base)
            parts: tuple[Part, ...] = (first,)
            if chain:
                article, para = base[0], base[2]
                parts = tuple(
                    _within(part, article, None if part.para else para) if part.article is None else part
                    for part in chain
                )
            else:
                end = found.end()
            yield Mention(
                found.start(),
                end,
                self.text[found.start() : end],
                Kind.OWN,
                found[0],
                found.start(),
                found.end(),
                parts,
                here=here[0],
            )

    # document numbers

    def _documents(self) -> Iterator[Mention]:
        for found in DOCUMENT.finditer(self.text):
            word = found["word"] or ""
            start = found.start()
            if word:
                stopped = STOP.match(word[:-1])
                start += stopped.end() if stopped else 0
            elif found["decree"] and not found["decree"].startswith("第"):
                head = found["decree"].partition("令")[0]
                stopped = STOP.match(head[:-1]) if head else None
                start += stopped.end() if stopped else 0
            here = self.own.at(start)
            yield Mention(
                start,
                found.end(),
                self.text[start : found.end()],
                Kind.NUMBER,
                "",
                start,
                start,
                number=re.sub(r"\s", "", self.text[start : found.end()]),
                number_at=(start, found.end()),
                here=here[0] if here else None,
            )

    # 第…条第…款第…项、第…项和第…条

    def _chain(self, start: int) -> tuple[tuple[Part, ...], int]:
        """The places that follow an offset, as far as they are one list; and where the list ends."""
        parts: list[Part] = []
        place, end, joined = start, start, ""
        while True:
            found = _space(TOKEN, self.text, place)
            if found is None and joined and parts:
                ended = self._short(parts, place, joined)
                if not ended:
                    break
                place = end = ended
            elif not joined and parts and parts[-1].item and self.text[place - 1 : place + 1] in BESIDE:
                ended = self._short(parts, place, "and")  # 第（一）（二）项
                if not ended:
                    break
                place = end = ended
            elif found is None or (not joined and parts and not _refines(parts[-1], found)):
                break
            elif found["open"]:
                ended = self._opened(parts, found)
                if not ended:
                    break
                place = end = ended
            else:
                _token(parts, found, joined)
                place = end = found.end()
            join = JOIN.match(self.text, place)
            joined = ""
            if join:
                joined, place = ("to" if join["to"] else "and"), join.end()
        return tuple(parts), end

    def _opened(self, parts: list[Part], found: re.Match[str]) -> int:
        """第一、二款; 第（一）至（三）项; 第八至十条: the unit is written once, behind the last."""
        numbers = [(_number(found["o1"] or found["o2"]), found.start(), found.end(), "")]
        place, unit = found.end(), ""
        for _ in range(40):
            join = JOIN.match(self.text, place) or re.compile(rf"{W}[，,]{W}").match(self.text, place)
            following = NEXT.match(self.text, join.end()) if join else None
            if not join or not following:
                return 0
            to = "to" if join.groupdict().get("to") else "and"
            numbers.append(
                (_number(following["n1"] or following["n2"]), following.start(), following.end(), to)
            )
            place = following.end()
            if following["unit"]:
                unit = following["unit"]
                break
        if not unit:
            return 0
        before = parts[-1] if parts else None
        for n, start, end, to in numbers:
            if n is None:
                return 0
            if to == "to":
                last = parts.pop()
                parts.append(_part(last.start, end, last, upto=n))
                continue
            if unit == "条":
                parts.append(Part(start, end, n))
            elif unit == "款":
                parts.append(
                    Part(start, end, before.article if before else None, before.sub if before else None, n)
                )
            else:
                parts.append(
                    Part(
                        start,
                        end,
                        before.article if before else None,
                        before.sub if before else None,
                        before.para if before else None,
                        n,
                    )
                )
        if before and unit != "条" and before.para is None and before.item is None:
            parts.remove(before)  # 第三条第一、二款 cites the two 款, not the 条 beside them
        elif before and unit == "项" and before.item is None:
            parts.remove(before)
        return place

    def _short(self, parts: list[Part], place: int, joined: str) -> int:
        """至十二条, 、（三）项, 和三款: a number without 第 that goes on with the list."""
        following = NEXT.match(self.text, place)
        if not following:
            return 0
        n, last = _number(following["n1"] or following["n2"]), parts[-1]
        unit = following["unit"] or ("项" if following["n1"] and last.item else "")
        if n is None or unit not in {"条", "款", "项"}:
            return 0
        if joined == "to":
            parts[-1] = _part(last.start, following.end(), last, upto=n)
        elif unit == "条":
            parts.append(Part(following.start(), following.end(), n))
        elif unit == "款":
            parts.append(Part(following.start(), following.end(), last.article, last.sub, n))
        else:
            parts.append(Part(following.start(), following.end(), last.article, last.sub, last.para, n))
        return following.end()

    def _here(self, offset: int) -> int | None:
        found = self.own.at(offset)
        return found[0] if found else None

    def _last_named(self, found: list[Mention]) -> Iterator[Mention]:
        """该法, 同条例: whatever was named last and is such a thing."""
        named: list[str] = []
        before: Mention | None = None
        for one in found:
            if one.kind is Kind.BARE and before and before.kind in {Kind.TITLE, Kind.NAME, Kind.SAME}:
                gap = self.text[before.end : one.start]
                if len(gap) <= 400 and GOES_ON.fullmatch(gap):  # 《…》第三条“…”、第五条
                    meant = before.meant or before.title
                    one = replace(one, kind=Kind.SAME, meant=meant)
            if one.kind in {Kind.TITLE, Kind.NAME}:
                named.append(one.meant or one.title)
                del named[:-8]
            elif one.kind is Kind.SAME and one.title:
                what = SAME.search(one.title)
                kind = what["what"] or "" if what else ""
                ending = {"法律": "法", "法规": "条例", "规章": "办法", "文件": ""}.get(kind, kind)
                meant = next((t for t in reversed(named) if re.sub("（.*）$", "", t).endswith(ending)), "")
                if what and what["its"]:
                    law = next((t for t in reversed(named) if t.endswith("法")), "")
                    meant = law + what["its"] if law else ""
                one = replace(one, meant=meant)
            before = one
            yield one


BRACKETED = re.compile(
    rf"{W}[（(]{W}(?P<in>[^（）()]{{2,40}}(?:[（(][0-9]{{4}}[）)][^（）()]{{2,12}})?){W}[）)]"
)


class _Taken:
    """Which characters already belong to a citation."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.covered: set[int] = set()
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        self.covered.update(range(start, end))

    def has(self, offset: int) -> bool:
        return offset in self.covered


def _longer(text: str, start: int) -> bool:
    """信阳市优化营商环境条例 is not 优化营商环境条例: a place before a name makes it another one."""
    return text[max(0, start - 1) : start] in set("省市县区州")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in text.split("\n"):
        yield offset, line
        offset += len(line) + 1


@dataclass(frozen=True, slots=True)
class _Begun:
    """A heading and where it begins."""

    at: int
    words: str

    def start(self) -> int:
        return self.at

    def __getitem__(self, _: int) -> str:
        return self.words


def _heading(line: str, offset: int, own: Outline) -> _Begun | None:
    """第三条 at the head of a line is the article itself and cites nothing."""
    found = HEADING.match(line) or UNIT_HEADING.match(line)
    if not found and (written := WRITTEN_ON.match(line)):
        nth = _number(written[1])
        found = written if nth and own.articles.get(nth) == offset else None
    return _Begun(offset, found[0]) if found else None


def _titles(text: str) -> Iterator[tuple[int, int]]:
    """The outermost closed pairs of 《》, and of 〈〉 or <> around what ends like a statute's name."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for found in re.finditer("[《》〈〉<>＜＞]", text):
        sign = found[0]
        if sign in PAIRS.values():
            opened.append((sign, found.start()))
            continue
        for depth in range(len(opened) - 1, max(-1, len(opened) - 6), -1):
            if opened[depth][0] == PAIRS[sign]:
                start = opened[depth][1]
                del opened[depth:]
                pairs.append((start, found.end()))
                break
    last = 0
    for start, end in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        if start < last or end - start > LONGEST or end - start < 4:
            continue
        if text[start] != "《" and not LAWLIKE.search(tidy(text[start + 1 : end - 1])):
            continue
        last = end
        yield start, end


def _space(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str] | None:
    """Match after up to four spaces."""
    for _ in range(4):
        if text[place : place + 1] in {" ", "\n", "\t", "\r", "　"}:
            place += 1
    return pattern.match(text, place)


def _refines(last: Part, found: re.Match[str]) -> bool:
    """Whether a token that follows without a joint belongs to the place before it: 条 then 款 or 项, 款 then 项, 章 then 节."""
    if found["unit"]:
        return last.unit != "条"
    if found["art"]:
        return last.unit != "条"
    if found["para"]:
        return last.para is None and last.item is None and last.unit == "条"
    return last.item is None and last.unit == "条"


def _token(parts: list[Part], found: re.Match[str], joined: str) -> None:
    """Put one token of a list where it belongs."""
    start, end = found.start(), found.end()
    last = parts[-1] if parts else None
    if found["unit"]:
        n = _number(found["u"])
        if joined == "to" and last:
            parts[-1] = _part(last.start, end, last, upto=n)
        elif last and not joined and last.unit != "条":
            parts[-1] = Part(last.start, end, unit=found["kind"], nth=n)
        else:
            parts.append(Part(start, end, unit=found["kind"], nth=n))
        return
    if found["art"]:
        n, sub = _number(found["a"]), _number(found["sub"]) if found["sub"] else None
        if joined == "to" and last and last.article and not last.para and not last.item:
            parts[-1] = _part(last.start, end, last, upto=n)
        elif last and not joined and last.unit != "条":
            parts[-1] = Part(last.start, end, n, sub)
        else:
            parts.append(Part(start, end, n, sub))
        return
    para = _number(found["p"]) if found["para"] else None
    item = None if found["para"] else _number(found["i"] or found["i2"] or found["i3"])
    article, sub = (last.article, last.sub) if last else (None, None)
    if joined == "to" and last and ((para and last.para) or (item and last.item)):
        parts[-1] = _part(last.start, end, last, upto=para or item)
    elif last and not joined:
        parts[-1] = Part(last.start, end, article, sub, para or last.para, item)
    else:
        parts.append(Part(start, end, article, sub, para or (last.para if last else None), item))


def _part(start: int, end: int, like: Part, *, upto: int | None) -> Part:
    return Part(start, end, like.article, like.sub, like.para, like.item, upto, like.unit, like.nth)


def _within(part: Part, article: int | None, para: int | None) -> Part:
    """A place given without its 条 or 款, in the 条 and 款 it stands in."""
    return Part(part.start, part.end, article, None, part.para or para, part.item, part.upto)


def _base(
    found: re.Match[str], here: tuple[int, int, int]
) -> tuple[int, None, int | None, int | None, int | None] | None:
    """What 本条, 前款, 前两款 stand for, seen from where they stand: article, (no 之), 款, 项, the last of a range."""
    article, para, item = here
    unit = found["unit"]
    many = (_number(found["many"].strip()) or 1) if found["many"] else 1
    if found["same"] == "本":
        if found["many"]:
            return None
        return {"条": (article, None, None, None, None), "款": (article, None, para, None, None)}.get(
            unit, (article, None, para, item or None, None)
        )
    if unit == "条":
        first, last = article - many, article - 1
        return (first, None, None, None, last if many > 1 else None)
    if unit == "款":
        first, last = para - many, para - 1
        return (article, None, first, None, last if many > 1 else None)
    first, last = item - many, item - 1
    return (article, None, para, first, last if many > 1 else None)
