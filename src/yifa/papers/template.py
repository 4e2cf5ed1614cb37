"""The template of a paper: the words an office always uses, with places for what this case says.

A front matter (title, addressee, …), then a small markdown, both filled in by a sandboxed Jinja2. Whatever comes
from the case is text: it cannot become a heading, a table, another paragraph's number or a command.
docs/guides/papers.md shows the whole syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, NoReturn, cast

import jinja2
from jinja2 import StrictUndefined, meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from yifa.law import numeral

from .document import Block, Document, Form, Heading, Item, PaperError, Paragraph, Run, Runs, Table, clean

# A value is written as GUARD + text whose markup characters are replaced; `_plain` undoes both after parsing.
# These code points are private, and `clean` keeps them out of every value.
GUARD = "\U000f0000"
MARKUP = "\n*|\\"
_PROTECT = {ord(c): chr(0xF0001 + n) for n, c in enumerate(MARKUP)}
_UNPROTECT = {ord(p): chr(c) for c, p in _PROTECT.items()}
_MARKUP, _PROTECTED = re.compile(f"[{re.escape(MARKUP)}]"), re.compile(f"[{''.join(_PROTECT.values())}]")

REPEATABLE = ("title", "attachment", "copy_to")
KEYS = (*REPEATABLE, "addressee", "form", "series", "number", "issuer", "signature", "note", "printed_by",
        "copy_number", "secrecy", "urgency", "signer")  # fmt: skip


def write(text: str, context: Mapping[str, Any], name: str = "paper.md") -> Document:
    """The document that the template `text` makes of this case. `name` is the file, for messages to its author.

    What the front matter leaves out comes from the context: the issuer and the signature are `office.name`,
    the number is `number`, the date is `on`.
    """
    return template(text, name).write(context)


def template(text: str, name: str = "paper.md") -> Template:
    """The template read once; a mistake its author can see without a case is told here."""
    return _read(text, name)


@dataclass(frozen=True)
class Template:
    name: str
    source: str
    page: jinja2.Template
    series: str  # 文号 are counted by this; needed before the paper is written
    names: frozenset[str]  # what the context must hold

    def write(self, context: Mapping[str, Any]) -> Document:
        head, body = _front(self.name, self._filled(context))
        given = _front_fields(self.name, self.source, head)
        office = context.get("office")
        issuer = given.get("issuer", _name_of(office))
        on = context.get("on")
        return Document(
            title=given.get("title", ""),
            issuer=issuer,
            form=cast(Form, given.get("form", "letter")),
            number=given.get("number", clean(str(context.get("number") or ""))),
            addressee=given.get("addressee", "").rstrip("：:"),
            blocks=tuple(_blocks(self.name, body)),
            attachments=_several(given, "attachment"),
            signature=given.get("signature", issuer),
            on=on.date() if isinstance(on, datetime) else on,
            note=given.get("note", ""),
            copy_to=_several(given, "copy_to"),
            **{k: given.get(k, "") for k in ("printed_by", "copy_number", "secrecy", "urgency", "signer")},
        )

    def _filled(self, context: Mapping[str, Any]) -> str:
        try:
            return self.page.render(context)
        except PaperError as wrong:
            self._fail(wrong.id, wrong, str(wrong).rpartition(" [")[0])
        except jinja2.UndefinedError as wrong:
            self._fail(
                "E411",
                wrong,
                f"{wrong.message}. Give it to the paper, or ask first: {{% if … is defined %}}.",
            )
        except SecurityError as wrong:
            self._fail("E412", wrong, f"{wrong}. A paper may only read what it is given.")
        except Exception as wrong:  # whatever an expression of the author's may do
            self._fail("E412", wrong, f"{type(wrong).__name__}: {wrong}.")

    def _fail(self, id: str, wrong: BaseException, what: str) -> NoReturn:
        """Say it with the line of the template where it happened."""
        line, at = 0, wrong.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename == self.name:
                line = at.tb_lineno
            at = at.tb_next
        shown = self.source.splitlines()[line - 1].strip() if line else ""
        raise PaperError(id, f"{self.name}, line {line}: {what} The line reads “{shown}”.") from wrong


@lru_cache(maxsize=512)
def _read(text: str, name: str) -> Template:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        tree = ENVIRONMENT.parse(text, name, name)
        code = ENVIRONMENT.compile(text, name, name)
    except jinja2.TemplateSyntaxError as wrong:
        raise PaperError("E410", f"{name}, line {wrong.lineno}: {wrong.message}.") from wrong
    head, _ = _front(name, text)
    fields = [line.partition(":") for line in head if re.match(r"[a-z_]+\s*:", line)]
    series = next((value.strip() for key, _, value in fields if key.strip() == "series"), "")
    if "{" in series:
        raise PaperError(
            "E413", f"{name}: the series “{series}” depends on the case. Write it out, such as 信公开."
        )
    if not any(key.strip() == "title" for key, _, _ in fields):
        raise PaperError("E413", f"{name}: the front matter gives no title. Add a line `title: …`.")
    page = jinja2.Template.from_code(ENVIRONMENT, code, {})
    return Template(name, text, page, series, frozenset(meta.find_undeclared_variables(tree)))


# ── How a value is written ───────────────────────────────────────────────────


def day(value: date) -> str:
    """2023年3月5日: Arabic numerals, no zero in front (GB/T 9704-2012 §7.3.5.4)."""
    return f"{value.year}年{value.month}月{value.day}日"


def yuan(value: Decimal | int) -> str:
    """1200元, 1234.50元: whole yuan without the dot."""
    amount = Decimal(value)
    return f"{amount:.0f}元" if amount == amount.to_integral_value() else f"{amount:.2f}元"


def lines(value: str) -> list[str]:
    """What was told on several lines, one by one, without numbers typed in front."""
    stripped = (
        re.sub(r"^\s*(?:[（(]?\d{1,2}[)）]|\d{1,2}[.．、])\s*", "", line) for line in value.splitlines()
    )
    return [line.strip() for line in stripped if line.strip()]


def phrase(value: str) -> str:
    """What was told as a sentence, fit to stand within another: without the stop at its end."""
    return value.strip().rstrip("。；;，,.")


def must(value: str) -> str:
    """A text the paper may not go out without, such as where to turn against it."""
    if not value or not value.strip():
        raise PaperError("E415", "a text that must stand here is empty. Give it to the paper.")
    return value


def _written(value: Any) -> str:
    """How an office writes a value; what it would not write (None, True, a mapping) is the author's mistake."""
    match value:
        case Enum():
            return str(getattr(value, "label", value.value))
        case str():
            return value
        case bool() | None | float() | Mapping():
            raise PaperError(
                "E412", f"the value {str(value)[:40]} is no text. Say in words what it means: {{% if … %}}."
            )
        case date():
            return day(value)
        case int() | Decimal():
            return str(value)
        case tuple() | list():
            return "、".join(map(_written, value))
        case _ if _has_words(type(value)):  # a citation, a sum
            return str(value)
    raise PaperError("E412", f"a {type(value).__name__} has no written form. Name one of its parts.")


def _has_words(kind: type) -> bool:
    """Does it say how it is written (a citation does, an office's row or a function does not)?"""
    return any("__str__" in c.__dict__ for c in kind.__mro__[:-1])


def _as_text(value: Any) -> str:
    text = clean(_written(value))
    return GUARD + (text.translate(_PROTECT) if _MARKUP.search(text) else text)


def _plain(text: str) -> str:
    text = text.replace(GUARD, "")
    return text.translate(_UNPROTECT) if _PROTECTED.search(text) else text


def _environment() -> ImmutableSandboxedEnvironment:
    env = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=_as_text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    env.globals = {}
    env.filters |= {"day": day, "yuan": yuan, "lines": lines, "phrase": phrase, "must": must}
    return env


ENVIRONMENT = _environment()


def _name_of(office: Any) -> str:
    name = office.get("name", "") if isinstance(office, Mapping) else getattr(office, "name", "")
    return clean(str(name))


# ── The front matter ─────────────────────────────────────────────────────────


def _front(name: str, text: str) -> tuple[list[str], list[str]]:
    """The lines between the two `---`, and those after them."""
    all_lines = text.split("\n")
    rules = [n for n, line in enumerate(all_lines) if line.strip() == "---"][:2]
    if len(rules) < 2 or any(line.strip() for line in all_lines[: rules[0]]):
        raise PaperError("E413", f"{name}: no front matter. Begin with `---`, `title: …`, `---`.")
    return all_lines[rules[0] + 1 : rules[1]], all_lines[rules[1] + 1 :]


def _front_fields(name: str, source: str, head: Iterable[str]) -> dict[str, str]:
    """Each key with its value; the values of a repeated key are parted by \\n, empty ones left out."""
    found: dict[str, str] = {}
    for line in filter(str.strip, head):
        key, colon, value = line.partition(":")
        key, value = key.strip(), " ".join(_plain(value).split())
        if not colon or key not in KEYS:
            where = next((n for n, s in enumerate(source.splitlines(), 1) if s.startswith(key)), 0)
            raise PaperError(
                "E413",
                f"{name}, line {where}: “{_plain(key)}” is no element of a paper. Use {', '.join(KEYS)}.",
            )
        if key in found and key not in REPEATABLE:
            raise PaperError("E413", f"{name}: `{key}` is given twice. Keep one.")
        found[key] = f"{found[key]}\n{value}".strip() if key in found else value
    found.pop("series", None)
    return found


def _several(given: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(filter(None, given.get(key, "").split("\n")))


# ── The body ─────────────────────────────────────────────────────────────────

_HEADING = re.compile(r"(#{1,4})\s+(.*)")
_ITEM = re.compile(r"(?:\d+\.|([（(])\d+[）)])\s*(.*)")
_BULLET = re.compile(r"[-*+]\s+")
_RULE = re.compile(r":?-+:?")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_ESCAPE = re.compile(r"\\([*|\\#])")
_MARKS = ("{}、", "（{}）", "{}.", "（{}）")


def _blocks(name: str, body: list[str]) -> Iterator[Block]:
    counts = [0, 0, 0, 0]
    items, bracketed = 0, False
    for kind, lines_ in _chunks(name, body):
        if kind != "item":
            items = 0
        match kind:
            case "heading":
                found = cast("re.Match[str]", _HEADING.fullmatch(lines_[0]))
                level = len(found[1])
                counts[level - 1 :] = [counts[level - 1] + 1, *[0] * (4 - level)]
                yield Heading(level, _mark(level, counts[level - 1]), _on_one_line(_runs(found[2])))
            case "item":
                found = cast("re.Match[str]", _ITEM.match(lines_[0]))
                items = items + 1 if bracketed == bool(found[1]) else 1
                bracketed = bool(found[1])
                first, *rest = _split(_runs(_joined([found[2], *lines_[1:]]))) or [()]
                yield Item(f"（{items}）" if bracketed else f"{items}.", first)
                yield from map(Paragraph, rest)
            case "table":
                yield _table(name, lines_)
            case _:
                yield from map(Paragraph, _split(_runs(_joined(lines_))))


def _chunks(name: str, body: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The body's lines, gathered into what belongs together."""
    kind, held = "", list[str]()
    for raw in [*body, ""]:
        line = (
            _ESCAPE.sub(lambda m: GUARD + m[1].translate(_PROTECT), raw.strip())
            if "\\" in raw
            else raw.strip()
        )
        starts = _kind(name, line)
        if held and (starts or not line) and not (kind == starts == "table"):
            yield kind, held
            kind, held = "", []
        if line:
            kind = kind or starts or "paragraph"
            held.append(line)


def _kind(name: str, line: str) -> str:
    """What a line begins; nothing if it only goes on."""
    if line.startswith("|"):
        return "table"
    if line.startswith("#"):
        if _HEADING.fullmatch(line):
            return "heading"
        raise PaperError("E414", f"{name}: “{_plain(line)}” is no heading. Write one to four # and a space.")
    if _BULLET.match(line) or line == "---":
        raise PaperError(
            "E414",
            f"{name}: “{_plain(line)}”: official documents know no bullets and no rules. Number it: `1. …`.",
        )
    return "item" if _ITEM.match(line) else ""


def _mark(level: int, n: int) -> str:
    return _MARKS[level - 1].format(numeral(n) if level < 3 else n)


def _joined(lines_: list[str]) -> str:
    """Lines of one paragraph: Chinese needs no space between them, two words do."""
    text = lines_[0]
    for line in lines_[1:]:
        word = text[-1:].isascii() and line[:1].isascii() and text and line
        text += f" {line}" if word else line
    return text


def _runs(text: str) -> Runs:
    """Plain and **strong** stretches, values made readable again."""
    if "**" not in text:
        return (Run(_plain(text)),) if _plain(text) else ()
    parts = _STRONG.split(text)
    return tuple(Run(_plain(part), strong=n % 2 == 1) for n, part in enumerate(parts) if _plain(part))


def _split(runs: Runs) -> list[Runs]:
    """A value of several lines makes several paragraphs; empty ones are left out."""
    paragraphs: list[list[Run]] = [[]]
    for run in runs:
        first, *rest = run.text.split("\n")
        paragraphs[-1].append(Run(first, run.strong))
        paragraphs += [[Run(line, run.strong)] for line in rest]
    kept = (tuple(r for r in _trimmed(p) if r.text) for p in paragraphs)
    return [p for p in kept if p]


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without blanks at either end: the indent is the layout's business."""
    if runs:
        runs[0] = Run(runs[0].text.lstrip(), runs[0].strong)
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].strong)
    return runs


def _on_one_line(runs: Runs) -> Runs:
    return tuple(Run(" ".join(run.text.split("\n")), run.strong) for run in runs)


def _table(name: str, rows: list[str]) -> Table:
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    if len(cells) < 2 or not all(_RULE.fullmatch(cell) for cell in cells[1]):
        raise PaperError(
            "E414", f"{name}: the table “{_plain(rows[0])}” has no rule. Put `|---|---|` under its head."
        )
    head, rule, *body = cells
    for row in [rule, *body]:
        if len(row) != len(head):
            raise PaperError(
                "E414",
                f"{name}: the row “{_plain('|'.join(row))}” has {len(row)} cells, the head {len(head)}.",
            )
    align = "".join("c" if r[0] == r[-1] == ":" else "r" if r[-1] == ":" else "l" for r in rule)
    return Table(align, tuple(map(_cell, head)), tuple(tuple(map(_cell, row)) for row in body))


def _cell(text: str) -> Runs:
    return _on_one_line(_runs(text))
