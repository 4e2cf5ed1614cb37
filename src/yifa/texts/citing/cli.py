"""What the command line says about the citations of texts. Gives an exit code and the text to print."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yifa.law import numeral, texts
from yifa.law.texts import LARGEST, BadText

from ..finding import Severity
from .citations import Outcome, Resolved, cited

__all__ = ["Document", "citations", "documents"]

QUIET = {Outcome.GOOD, Outcome.WHOLE}


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its citations resolved; `wrong` says why it could not be read."""

    name: str
    text: str = ""
    resolved: tuple[Resolved, ...] = ()
    wrong: str = ""

    def place(self, one: Resolved) -> str:
        """Where a citation stands: in which article, else in which line."""
        if one.mention.here:
            return f"第{numeral(one.mention.here)}条"
        return f"第{self.text.count(chr(10), 0, one.mention.start) + 1}行"


def citations(paths: list[str], on: date, *, as_json: bool = False) -> tuple[int, str]:
    """`yifa law citations [FILE or FOLDER …]`: 0 where nothing must be corrected, 1 where something must, 2 where a file cannot
    be read. Without a path: the statute texts at hand."""
    places = [Path(path).expanduser() for path in paths] or [p for p in texts.sources() if p.is_dir()]
    if not places:
        return 2, "手头没有法规文本，也没有写明文件。"
    read = [one for place in places for one in documents(place, on)]
    if not read:
        return 2, "没有找到 .md 或 .txt 文件。"
    told = as_rows(read, on) if as_json else as_text(read, on)
    if any(one.wrong for one in read):
        return 2, told
    must = any(f.severity is Severity.MUST for one in read for r in one.resolved for f in r.findings)
    return (1 if must else 0), told


def documents(place: Path, on: date) -> Iterator[Document]:
    """Every text of a folder (or one file), its citations resolved."""
    files = sorted([*place.glob("*.md"), *place.glob("*.txt")]) if place.is_dir() else [place]
    for path in files:
        if path.stem.upper() == "README":
            continue
        try:
            yield _statute(path, on) if path.suffix == ".md" else _plain(path, on)
        except BadText:
            yield _plain(path, on)
        except OSError as wrong:
            yield Document(path.name, wrong=f"文件打不开：{wrong.strerror}")


def _statute(path: Path, on: date) -> Document:
    """A statute in the folder's format: it is what its heading says, of the day its heading says; the heading cites nothing."""
    text = texts.read_file(path)
    content = path.read_text("utf-8-sig")
    first = min(text.lines.values())
    head = sum(len(line) for line in content.splitlines(keepends=True)[: first - 1])
    body = "".join(c if c == "\n" else " " for c in content[:head]) + content[head:]
    try:
        written = date.fromisoformat(text.version)
    except ValueError:
        written = on
    resolved = cited(body, on, own_title=text.title, edition=text.version, written=min(written, on))
    return Document(text.title, content, tuple(resolved))


def _plain(path: Path, on: date) -> Document:
    """Any other text, held to be written on the day it is checked for."""
    if path.stat().st_size > LARGEST:
        return Document(path.name, wrong=f"文件超过{LARGEST / 1e6:.0f}兆")
    try:
        content = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return Document(path.name, wrong="不是UTF-8编码的文本，请另存为UTF-8")
    return Document(path.name, content, tuple(cited(content, on)))


def as_text(read: list[Document], on: date) -> str:
    """The counts, then each citation there is something to say of."""
    counts = Counter(one.outcome for document in read for one in document.resolved)
    total = sum(counts.values())
    lines = [f"{len(read)}个文本，引用{total}处，按{on:%Y-%m-%d}施行的版本核对："]
    lines += [f"  {outcome.value}\t{counts[outcome]}" for outcome in Outcome if counts[outcome]]
    for document in read:
        told = [one for one in document.resolved if one.outcome not in QUIET or one.findings]
        if document.wrong:
            lines += ["", f"{document.name}：{document.wrong}"]
        elif told:
            lines += [
                "",
                f"《{document.name}》" if not document.name.endswith((".md", ".txt")) else document.name,
            ]
            for one in told:
                words = "".join(one.mention.words.split())
                lines.append(f"  {document.place(one)}\t{words}\t{one.outcome.value}")
                reasons = [f"[{f.code}] {f.why}" for f in one.findings] or [one.reason]
                lines += [f"      {reason}" for reason in dict.fromkeys(reasons)]
    return "\n".join(lines)


def as_rows(read: list[Document], on: date) -> str:
    """The same for programs: every citation, the good ones too."""
    rows = [
        {
            "text": document.name,
            "place": document.place(one),
            "start": one.mention.start,
            "end": one.mention.end,
            "words": one.mention.words,
            "statute": one.statute.key if one.statute else None,
            "edition": one.statute.edition if one.statute else None,
            "places": [[link.article, link.para, link.item] for link in one.links],
            "outcome": one.outcome.name,
            "reason": one.reason,
            "findings": [
                {"code": f.code, "severity": f.severity.name, "words": f.words, "why": f.why}
                for f in one.findings
            ],
        }
        for document in read
        for one in document.resolved
    ]
    unread = [{"text": one.name, "wrong": one.wrong} for one in read if one.wrong]
    return json.dumps({"on": str(on), "citations": rows, "unread": unread}, ensure_ascii=False, indent=1)
