"""Every Chinese word the pages may print, found in templates, in code and in the procedures: what needs an English one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, nodes

from yifa.procedure import Procedure, asks_of

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SPOKEN = ("_", "word")  # the names a sentence is said through


def _said(call: nodes.Call) -> str | None:
    named = isinstance(call.node, nodes.Name) and call.node.name in SPOKEN
    first = call.args[0] if named and call.args else None
    return first.value if isinstance(first, nodes.Const) and isinstance(first.value, str) else None


def in_template(source: str, env: Environment) -> Iterator[str]:
    """What a template says through `_("…")`, and constants it hands to a macro or a filter."""
    tree = env.parse(source)
    for call in tree.find_all(nodes.Call):
        if text := _said(call):
            yield text


def bare_in_template(source: str, env: Environment) -> Iterator[str]:
    """Chinese a template prints without asking for the reader's language."""
    tree = env.parse(source)
    for data in tree.find_all(nodes.TemplateData):
        if CHINESE.search(data.data):
            yield data.data.strip()


def in_code(file: Path) -> Iterator[str]:
    """The first argument of every `word("…")` in a module."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in SPOKEN
            and node.args
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def constants(value: Any) -> Iterator[str]:
    """The Chinese texts in a constant: a dictionary, a tuple, a string."""
    if isinstance(value, str):
        if CHINESE.search(value):
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from constants(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from constants(part)


def in_procedure(procedure: type[Procedure]) -> Iterator[str]:
    """The labels of a procedure: its own, what it says of itself, states, steps, questions, choices and their headings, periods, papers, counts, checks, boards, files for others, funnels, receipts."""
    yield procedure.title
    yield procedure.intro.split("\n")[0]
    kinds = (procedure.states, procedure.steps, procedure.periods, procedure.papers, procedure.counts)
    for words in (*kinds, procedure.checks, procedure.funnels, procedure.receipts):
        yield from (w.label for w in words.values())
    yield from (board.label for board in procedure.boards.values())
    for step in procedure.steps.values():
        yield step.asks.on_label
        yield from (label for label, _ in step.writers.values())
        yield from step.asks.sections
        yield from (r.label for r in step.roles)
        for ask in asks_of(step.asks):
            yield ask.label
            yield from filter(None, (ask.help, ask.unit))
            for choice in ask.choices:
                yield from filter(None, (choice.label, str(getattr(choice, "group", ""))))
