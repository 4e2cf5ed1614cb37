"""A matter's paragraph of the annual report, written by hand once, its numbers filled in by counting.

`report.md` beside a matter is Jinja2 in Markdown: `受理政府信息公开申请{{ counts.received }}`. A figure prints as it is
written in a report and is a way to its records; `counts.received.value` is there for conditions. A heading that
names a section of the report (`## 一（三）`) sends what follows to that section.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from yifa.counts import Figure
from yifa.procedure.kinds import Procedure

FILE = "report.md"


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a list, ready to be printed; `section` is the heading it stands under."""

    kind: str
    text: Markup
    section: str = ""


class Written:
    """A figure within a sentence."""

    def __init__(self, figure: Figure, address: str) -> None:
        self.figure, self.address = figure, address

    def __html__(self) -> str:
        return (
            f'<a class="fig" href="{escape(self.address)}" title="{escape(self.figure.label)}">'
            f"{escape(self.figure.written)}</a>"
        )

    def __str__(self) -> str:
        return self.figure.written

    def __bool__(self) -> bool:
        return bool(self.figure.value)

    def __getattr__(self, name: str) -> object:
        return getattr(self.figure, name)


class Counts:
    """`counts.received`: the figures of the matters in one folder, by name; `counts.disclosure.received` too."""

    def __init__(self, families: Mapping[str, Mapping[str, Written]]) -> None:
        self._families = families

    def __getattr__(self, name: str) -> object:
        if name in self._families:
            return Counts({"": self._families[name]})
        found = [figures[name] for figures in self._families.values() if name in figures]
        if len(found) != 1:
            raise AttributeError(name)
        return found[0]


def paragraphs(
    place: Path,
    families: list[type[Procedure]],
    figures: Mapping[str, Figure],
    address: Callable[[str], str],
    year: int,
) -> list[Block]:
    """The paragraphs of one matter's folder; none where it has no report.md."""
    file = place / FILE
    if not file.is_file():
        return []
    written = {
        p.key: {n: Written(figures[f.name], address(f.name)) for n, f in p.counts.items()} for p in families
    }
    env = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = file.read_text("utf-8")
    text = env.from_string(source).render(counts=Counts(written), year=year)
    return list(blocks(text))


def blocks(text: str) -> Iterator[Block]:
    """Headings, paragraphs and lists of a rendered text, each under its nearest heading."""
    section = ""
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.strip().splitlines()]
        while lines and lines[0].startswith("#"):
            section = lines.pop(0).lstrip("#").strip()
            yield Block("heading", Markup(section), section)
        if lines and all(line.startswith(("- ", "* ")) for line in lines):
            items = Markup("").join(Markup("<li>{}</li>").format(Markup(line[2:])) for line in lines)
            yield Block("list", items, section)
        elif lines:
            yield Block("paragraph", Markup("".join(lines)), section)


def same_section(heading: str, number: str, title: str) -> bool:
    """Does a heading name this section? Full and half width brackets and spaces do not matter."""
    plain = _plain(heading)
    return bool(plain) and plain in {_plain(number), _plain(title), _plain(number + title)}


def _plain(text: str) -> str:
    return re.sub(r"[\s（）()、．.]", "", text)
