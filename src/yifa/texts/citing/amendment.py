"""A statute was amended: what became of each article, and everything at hand that cites one that changed.

Two editions are compared article by article. An article that moved is known again by its words. Whatever cites an article that
changed, moved or is gone must be looked at by somebody: each is one `Task`, known again by its mark, so that none comes up twice.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from yifa.law import Citation, numeral, statutes, texts
from yifa.law.folders import library_folder
from yifa.law.statutes import plain
from yifa.law.texts import BadText, Text
from yifa.procedure import Facts, Procedure, asks_of, registry

from ..difference import difference, printed
from .citations import key_of, names
from .mentions import find

__all__ = [
    "AmendmentError",
    "Became",
    "Change",
    "Citing",
    "Task",
    "compare",
    "edition_at_hand",
    "everything",
    "in_document",
    "in_procedures",
    "in_rules",
    "in_statutes",
    "provide",
    "tasks",
]


class AmendmentError(ValueError):
    """Two editions that cannot be compared. The message ends with an id that never changes."""


class Became(Enum):
    """What became of an article."""

    SAME = "未变"
    AMENDED = "文字有修改"
    MOVED = "条号改变，文字未变"
    MOVED_AMENDED = "条号改变，文字有修改"
    REMOVED = "删去"
    NEW = "新增"


@dataclass(frozen=True, slots=True)
class Change:
    """One article of the old edition, and of the new one, with their words; 0 and "" where there is none."""

    became: Became
    old: int
    new: int
    old_words: str = ""
    new_words: str = ""

    @property
    def shown(self) -> str:
        """The difference in plain text."""
        return printed(difference(self.old_words, self.new_words))


@dataclass(frozen=True, slots=True)
class Citing:
    """Something that cites a place: `what` kind of thing, `where` in it; `words` as it is written there.

    `case` and `office`: of the document of a case, by whom it is to be looked at.
    """

    what: str
    where: str
    cite: Citation
    case: int | None = None
    office: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that cites an article that changed: to be looked at, once."""

    change: Change
    citing: Citing
    mark: str


# ── What changed ─────────────────────────────────────────────────────────────


ALIKE = 0.5  # of the character pairs of two articles, the share they have in common, from which on they are one that moved
ALIKE_HERE = 0.3  # the same for two articles of one number


def compare(old: Text, new: Text) -> list[Change]:
    """What became of each article, in the order of the old edition, then what is new."""
    one = {n: article.text() or "" for n, article in old.articles.items()}
    two = {n: article.text() or "" for n, article in new.articles.items()}
    pairs = dict(_paired(one, two))
    changes = [_change(n, pairs.get(n, 0), one, two) for n in one]
    taken = set(pairs.values())
    return changes + [Change(Became.NEW, 0, n, "", words) for n, words in two.items() if n not in taken]


def _change(old: int, new: int, one: dict[int, str], two: dict[int, str]) -> Change:
    if not new:
        return Change(Became.REMOVED, old, 0, one[old])
    same, here = plain(one[old]) == plain(two[new]), old == new
    became = {
        (True, True): Became.SAME,
        (False, True): Became.AMENDED,
        (True, False): Became.MOVED,
        (False, False): Became.MOVED_AMENDED,
    }[same, here]
    return Change(became, old, new, one[old], two[new])


def _paired(one: dict[int, str], two: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Which article became which: equal words first, then the likest, each at most once."""
    left, right = dict(one), dict(two)
    equal: dict[str, list[int]] = defaultdict(list)
    for n, words in two.items():
        equal[plain(words)].append(n)
    for n, words in one.items():
        twins = [m for m in equal[plain(words)] if m in right]
        if twins:
            m = n if n in twins else twins[0]
            yield n, m
            del left[n], right[m]
    likest = sorted(_likeness(left, right), key=lambda found: (-found[0], found[1], found[2]))
    for _, n, m in likest:
        if n in left and m in right:
            yield n, m
            del left[n], right[m]


def _likeness(one: dict[int, str], two: dict[int, str]) -> Iterator[tuple[float, int, int]]:
    """How alike two articles are that may be the same; only those that are alike enough."""
    first, second = ({n: _pairs(words) for n, words in some.items()} for some in (one, two))
    having: dict[str, list[int]] = defaultdict(list)
    for m, pairs in second.items():
        for pair in pairs:
            having[pair].append(m)
    for n, pairs in first.items():
        common: dict[int, int] = defaultdict(int)
        for pair in pairs:
            for m in having.get(pair, ()):
                common[m] += 1
        for m, count in common.items():
            alike = 2 * count / (len(pairs) + len(second[m]))
            if alike >= (ALIKE_HERE if n == m else ALIKE):
                yield alike + (0.05 if n == m else 0), n, m


def _pairs(words: str) -> frozenset[str]:
    words = plain(words)
    return frozenset(words[n : n + 2] for n in range(len(words) - 1)) or frozenset({words})


def edition_at_hand(key: str, edition: str) -> Text:
    """The full text of one edition of a statute of the library, whether the library knows this edition yet or not."""
    titles = list(dict.fromkeys(one.title for one in statutes() if one.key == key))
    if not titles:
        raise AmendmentError(f"法规库没有“{key}” [yifa.E858]")
    for title in titles:
        found = texts.find(title, edition)
        if found:
            return found
    raise AmendmentError(f"手头没有《{titles[0]}》{edition}版的全文，请先用 yifa law import 载入 [yifa.E859]")


# ── What cites it ────────────────────────────────────────────────────────────


def in_procedures(families: Iterable[type[Procedure]] | None = None) -> Iterator[Citing]:
    """Every citation of our procedures: of steps, conditions, questions, outcomes, periods, papers and figures."""
    for procedure in registry().families() if families is None else families:
        for where, cite in _cited(procedure):
            yield Citing("程序", f"{procedure.title}（{procedure.key}）{where}", cite, words=str(cite))


def _cited(procedure: type[Procedure]) -> Iterator[tuple[str, Citation]]:
    for step in procedure.steps.values():
        yield f"步骤“{step.label}”", step.cite
        for condition in step.conditions:
            yield f"步骤“{step.label}”的条件“{condition.sentence}”", condition.cite
        yield from ((f"步骤“{step.label}”的{where}", cite) for where, cite in _asked(step.asks))
    for period in procedure.periods.values():
        yield f"期限“{period.label}”", period.cite
    for paper in procedure.papers.values():
        yield f"文书“{paper.label}”", paper.cite
    for count in procedure.counts.values():
        cite = getattr(count, "cite", None)
        if cite:
            yield f"数字“{count.label}”", cite


def _asked(asks: type[Facts]) -> Iterator[tuple[str, Citation]]:
    for question in asks_of(asks):
        if question.cite:
            yield f"事项“{question.label}”", question.cite
        for choice in question.choices:
            if choice.cite:
                yield f"事项“{question.label}”的“{choice.label}”", choice.cite


def in_statutes(key: str, old: str, new: str) -> Iterator[Citing]:
    """Other statutes at hand that cite this one; those passed after the new edition follow its numbers already."""
    own = {one.title for one in statutes() if one.key == key}
    seen: set[tuple[str, str]] = set()
    for folder in texts.sources():
        if not folder.is_dir():
            continue
        for (title, version), path in texts.folder_index(folder).items():
            if title in own or version >= new or (title, version) in seen:
                continue
            seen.add((title, version))
            try:
                read = texts.read_file(path)
            except BadText:
                continue  # `law audit` names it
            for nth, article in read.articles.items():
                where = f"《{title}》（{version}版）第{numeral(nth)}条"
                yield from in_document(
                    article.text() or "", "法规", where, key, old, definitions=read.articles[1].text() or ""
                )


def in_document(
    text: str,
    what: str,
    where: str,
    key: str,
    old: str,
    *,
    case: int | None = None,
    office: str | None = None,
    definitions: str = "",
) -> Iterator[Citing]:
    """The citations of one statute in a text. `definitions`: words before it in which short names were given."""
    whole = f"{definitions}\n{text}" if definitions and definitions != text else text
    offset = len(whole) - len(text)
    for one in find(whole, names()):
        if one.start < offset or key_of(one.meant or one.title) != key:
            continue
        for part in one.parts:
            for article, para, item in part.places():
                if article:
                    cite = Citation(key, old, article, para, item)
                    words = re.sub(r"\s+", "", whole[part.start : part.end])
                    named = one.title if one.title_end <= part.start else ""
                    yield Citing(
                        what, where, cite, case, office, f"{named}{words}" if named not in words else words
                    )


def in_rules(key: str, old: str, folder: Path | None = None) -> Iterator[Citing]:
    """Rule packs of the library (`library/rules/*.toml`) that rest on this statute: any of their words that cite it."""
    folder = folder or library_folder() / "rules"
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            content = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue  # whoever loads the rules says so
        for place, words in _strings(content):
            yield from in_document(words, "规则", f"{path.name} {place}", key, old)


def _strings(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a rule pack, and where it stands: by the rule's own code where it has one."""
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, dict):
        named = str(node.get("code") or node.get("key") or node.get("id") or "")
        for name, value in node.items():
            yield from _strings(value, " ".join(filter(None, (named or place, name))))
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value, place)


Provider = Callable[[str, str, str], Iterable[Citing]]
"""Somebody else who knows documents: given key, old and new edition, what in them cites the statute."""

_providers: list[Provider] = []


def provide(provider: Provider) -> Provider:
    """Ask this one too whenever a statute was amended. May stand above a function."""
    _providers.append(provider)
    return provider


def everything(key: str, old: str, new: str) -> Iterator[Citing]:
    """All that is at hand without asking the record: procedures, rules, statutes, and whatever else was provided."""
    yield from in_procedures()
    yield from in_rules(key, old)
    yield from in_statutes(key, old, new)
    for provider in _providers:
        yield from provider(key, old, new)


# ── Who must look ────────────────────────────────────────────────────────────


def tasks(key: str, old: str, new: str, changes: Iterable[Change], citing: Iterable[Citing]) -> list[Task]:
    """One task for each thing that cites an article of the old edition that is not what it was, in the order of articles."""
    changed = {c.old: c for c in changes if c.became not in {Became.SAME, Became.NEW}}
    found: dict[str, Task] = {}
    for one in citing:
        if one.cite.key != key or one.cite.edition != old or one.cite.article not in changed:
            continue
        mark = _mark(key, old, new, one)
        found.setdefault(mark, Task(changed[one.cite.article], one, mark))
    return sorted(found.values(), key=lambda t: (t.change.old, t.citing.what, t.citing.where, t.mark))


def _mark(key: str, old: str, new: str, one: Citing) -> str:
    """The same for the same place that cites the same place, whenever it is looked for."""
    place = (key, old, new, one.what, one.where, one.cite.article, one.cite.para, one.cite.item, one.case)
    return hashlib.sha256("\x1f".join(map(str, place)).encode()).hexdigest()[:24]
