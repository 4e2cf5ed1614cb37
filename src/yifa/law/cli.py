"""What the command line says about statutes. Each function gives an exit code and the text to print."""

from __future__ import annotations

from pathlib import Path

from . import texts
from .audit import audit as disagreements
from .collection import import_texts
from .numerals import LawError
from .shape import written
from .statutes import statutes
from .texts import BadText, Text

__all__ = ["audit", "entry", "import_folder", "shapes"]


def import_folder(path: str) -> tuple[int, str]:
    """`yifa law import FOLDER`: 0 when every file was taken, 1 when some were refused, 2 when none could be."""
    try:
        report = import_texts(path)
    except OSError as wrong:
        return 2, f"无法写入：{wrong}"
    if report.imported or report.unchanged:
        return (1 if report.refused else 0), "\n".join([str(report), *_newer(report.imported)])
    return 2, str(report)


def _newer(imported: tuple[Text, ...]) -> list[str]:
    """A newer edition of a statute we cite has come: what cites it is to be looked at."""
    return [
        f"《{text.title}》有了{text.version}版（系统引用{law.edition}版）。看哪些地方受影响："
        f"yifa law changed {law.key} {law.edition} {text.version}"
        for text in imported
        for law in statutes()
        if law.title == text.title and law.edition < text.version and law.text is not None
    ]


def audit() -> tuple[int, str]:
    """`yifa law audit`: where the texts at hand and the library disagree."""
    found = disagreements()
    if found:
        return 1, "\n".join(found)
    places = "、".join(map(str, texts.sources()))
    return 0, f"文本与登记一致（{places}）。" if places else "手头没有法规文本，无从核对。"


def shapes(content: str) -> str:
    """The shape of each article of a text, twenty a line, as `library/statutes.toml` keeps it."""
    return _rows(texts.parse(content))


def entry(path: str, key: str) -> tuple[int, str]:
    """The entry of a text file for `library/statutes.toml`; whoever adds it fills in `kind`, `since` and `source`."""
    try:
        text = texts.read_file(Path(path))
    except BadText as wrong:
        return 2, f"{path}：{wrong}"
    facts = (("key", key), ("title", text.title), ("edition", text.version))
    lines = ["[[statute]]", *(f'{name} = "{value}"' for name, value in facts)]
    return 0, "\n".join([*lines, f"articles = {len(text.articles)}", f'shape = """\n{_rows(text)}"""'])


def _rows(text: Text) -> str:
    if list(text.articles) != list(range(1, len(text.articles) + 1)):
        raise LawError(f"《{text.title}》的条文不连续 [yifa.E009]")
    words = [written(article.shape) for article in text.articles.values()]
    return "\n".join(" ".join(words[i : i + 20]) for i in range(0, len(words), 20))
