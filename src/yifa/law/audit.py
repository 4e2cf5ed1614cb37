"""Where the texts at hand and `library/statutes.toml` disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import texts
from .numerals import numeral
from .shape import Shape
from .statutes import Statute, statutes
from .texts import BadText, Text

__all__ = ["audit"]


def audit() -> list[str]:
    """Every disagreement, a sentence each; an empty list where all agree or no text is at hand."""
    found = [finding for folder in texts.sources() if folder.is_dir() for finding in _folder(folder)]
    for law in statutes():
        text = law.text
        if text:
            found += _disagreements(law, text)
    return found


def _folder(folder: Path) -> Iterator[str]:
    """Files that cannot be read, and editions nobody has entered."""
    known: dict[str, list[str]] = {}
    for law in statutes():
        known.setdefault(law.title, []).append(law.edition)
    for path in sorted(folder.glob("*.md")):
        if path.stem.upper() == "README":
            continue
        try:
            text = texts.read_file(path)
        except BadText as wrong:
            yield f"{path}：{wrong}"
            continue
        editions = known.get(text.title, [])
        if editions and text.version not in editions:
            yield f"《{text.title}》：手头的文本是{text.version}版，登记的是{'、'.join(editions)}版"
        yield from (f"{path}第{line}行：{what}" for line, what in text.doubts)


def _disagreements(law: Statute, text: Text) -> Iterator[str]:
    name = f"《{law.short}》（{law.edition}版）"
    shapes = law.shapes
    if law.articles and len(text.articles) not in (law.articles, len(shapes)):
        yield f"{name}：登记共{law.articles}条，文本有{len(text.articles)}条（{text.source}）"
    for nth, shape in enumerate(shapes, 1):
        article = text.articles.get(nth)
        if article is None:
            yield f"{name}：文本没有第{numeral(nth)}条（{text.source}）"
        elif article.shape != shape:
            yield (
                f"{name}第{numeral(nth)}条：登记为{described(shape)}，"
                f"文本为{described(article.shape)}（{text.source}）"
            )


def described(shape: Shape) -> str:
    """A shape in words: 2款（第二款3项）."""
    items = "、".join(f"第{numeral(n)}款{count}项" for n, count in enumerate(shape, 1) if count)
    return f"{len(shape)}款" + (f"（{items}）" if items else "")
