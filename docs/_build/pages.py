"""The reference part of the manual, written anew from the program at every build.

mkdocs calls `on_config` and `on_files`. What is read: the registry (sheets, articles, readings, words), the source
(error ids), the tests (which of them name an article), the command line's own help.
"""

import argparse
import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from yifa.procedure import Procedure, registry
from yifa.procedure.registry import use
from yifa.site.cli import parser
from yifa.site.matters import matters
from yifa.site.sheets import markdown

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    ("law", 1, 19),
    ("clock", 20, 39),
    ("procedure", 100, 199),
    ("people", 200, 299),
    ("ledger", 300, 399),
    ("papers", 400, 499),
    ("cases", 500, 549),
    ("counts", 550, 559),
    ("report", 560, 579),
    ("draws", 580, 599),
    ("tables", 600, 629),
    ("calls", 630, 699),
    ("site", 700, 799),
    ("matters", 800, 849),
    ("texts", 850, 899),
)


# ——— the pages, and their order ———


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """What people wrote is listed by folder, so a new guide needs no line anywhere else."""
    use(matters())
    sheets = [{p.title: f"reference/sheets/{p.key}.md"} for p in registry().families()]
    config.nav = [
        {"依法": "index.md"},
        {"第一个程序 Tutorial": _written("tutorial")},
        {"指南 Guides": _written("guides")},
        {
            "参考 Reference": [
                {"程序 Sheets": sheets},
                {"抽取 Draws": "reference/draws.md"},
                {"条文与引用 Articles": "reference/articles.md"},
                {"我们的理解 Readings": "reference/readings.md"},
                {"命令 Commands": "reference/commands.md"},
                {"错误编号 Error ids": "reference/errors.md"},
                {"词汇 Glossary": "reference/glossary.md"},
            ]
        },
        {"决定 Decisions": _written("decisions")},
    ]
    return config


def _written(folder: str) -> list[str]:
    found = sorted((ROOT / "docs" / folder).glob("*.md"), key=lambda file: (file.stem != "index", file.name))
    return [f"{folder}/{file.name}" for file in found]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the written pages to those in the folder."""
    pages = {f"reference/sheets/{p.key}.md": markdown(p) for p in registry().families()}
    pages["reference/articles.md"] = articles()
    pages["reference/readings.md"] = readings()
    pages["reference/commands.md"] = commands()
    pages["reference/errors.md"] = errors()
    pages["reference/glossary.md"] = glossary(ROOT / "docs" / "_build" / "glossary.md")
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


# ——— articles ———


def _cited(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every citation in a sheet, with the path of keys that leads to it."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "cite" and value:
                yield value, path
            elif key == "choices":
                for label, cite in value.values():
                    if cite:
                        yield cite, (*path, label)
            else:
                yield from _cited(
                    value, (*path, node[key].get("label", key) if isinstance(value, dict) else key)
                )
    elif isinstance(node, list):
        for value in node:
            yield from _cited(
                value, (*path, value["says"]) if isinstance(value, dict) and "says" in value else path
            )


@cache
def _tests() -> list[tuple[str, str, str]]:
    """Every test: its file, its name, the text in which it may name a law."""
    found = []
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        source = file.read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                text = ast.get_source_segment(source, node) or ""
                found.append((str(file.relative_to(ROOT)), node.name, text))
    return found


def _tests_naming(cite: str) -> list[str]:
    statute, _, place = cite.partition("》")
    article = re.match(r"第[^条]+条", place)
    if article is None:
        return []
    words = (statute.lstrip("《"), article.group())
    return [f"{name} ({file})" for file, name, text in _tests() if all(word in text for word in words)]


def articles() -> str:
    """Who cites which article, and which tests name it."""
    cited: dict[str, list[str]] = defaultdict(list)
    for procedure in registry().families():
        for cite, path in _cited(procedure.sheet()):
            place = " › ".join(word for word in path if word not in ("steps", "asks", "requires"))
            cited[cite].append(f"[{procedure.title}](sheets/{procedure.key}.md)：{place}")
    rows = [
        (cite, "<br>".join(dict.fromkeys(cited[cite])), "<br>".join(f"`{t}`" for t in _tests_naming(cite)))
        for cite in sorted(cited)
    ]
    head = "# 条文与引用\n\n每一条被引用的规定，由谁引用，由哪些测试点名。\n\n"
    return head + _table(("条文", "引用", "测试"), rows)


def readings() -> str:
    """Where the program follows its own reading of the law, because the law's words leave room."""
    rows = []
    for procedure in registry().families():
        sheet = procedure.sheet()
        for step in sheet["steps"].values():
            if step["reading"]:
                rows.append((procedure.title, step["label"], "", step["cite"]))
            for condition in step["requires"]:
                if condition["reading"]:
                    rows.append((procedure.title, step["label"], condition["says"], condition["cite"]))
        for period in sheet["periods"].values():
            if period["reading"]:
                rows.append((procedure.title, period["label"], period["length"], period["cite"]))
    head = "# 我们的理解\n\n法条的字面没有说尽、由本系统作出理解的地方。法制机构有不同理解的，改一处即可：见程序的定义。\n\n"
    return head + _table(("程序", "处", "理解", "依据"), rows)


# ——— error ids ———


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return ""


def _said(node: ast.AST) -> list[str]:
    """The texts that stand side by side: arguments of a call, members of a tuple."""
    if isinstance(node, ast.Call):
        return [_text(part) for part in [*node.args, *(k.value for k in node.keywords)]]
    if isinstance(node, ast.Tuple):
        return [_text(part) for part in node.elts]
    return []


def _messages(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(id, text) of each message: the id stands at its end, or beside it."""
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        said = _said(node)
        if ids := [text for text in said if re.fullmatch(r"(yifa\.)?[ER]\d{3}", text)]:
            yield ids[0].removeprefix("yifa."), " ".join(text for text in said if text and text not in ids)
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in pieces:
            text = _text(node)
            if found := re.search(r"\[yifa\.([ER]\d{3})\]", text):
                yield found.group(1), text.replace(found.group(), "").strip()


def known_errors(source: Path = ROOT / "src" / "yifa") -> dict[str, dict[str, set[str]]]:
    """id → room → the messages that carry it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for file in sorted(source.rglob("*.py")):
        room = file.relative_to(source).parts[0]
        for name, text in _messages(ast.parse(file.read_text("utf-8"))):
            found[name][room].add(" ".join(text.split()))
    return found


def errors() -> str:
    """Every id that a message may end with. An id never changes its meaning."""
    rows = [
        (
            f"<a id='{name.lower()}'></a>`yifa.{name}`",
            "、".join(rooms),
            "<br>".join(sorted(text for text in set().union(*rooms.values()) if text)),
        )
        for name, rooms in sorted(known_errors().items())
    ]
    head = (
        "# 错误编号\n\n给作者和管理员看的错误都带一个编号，编号的含义永不改变。`E` 是写错了，`R` 是法律或者当前情形不允许。"
        "“…”处是当时的具体内容。\n\n"
    )
    return head + _table(("编号", "房间", "内容"), rows)


# ——— commands, words ———


def _helps(words: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in words._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _helps(below)
            return
    yield words


def commands() -> str:
    """Every command's own help."""
    blocks = [
        f"## {words.prog}\n\n```text\n{words.format_help().strip()}\n```\n" for words in _helps(parser())
    ]
    return "# 命令\n\n出错时退出码：0 办成；1 办成而答案是“否”；2 命令写得不对。\n\n" + "\n".join(blocks)


def _named(procedures: list[type[Procedure]]) -> list[tuple[str, str, str]]:
    rows = []
    for procedure in procedures:
        sheet = procedure.sheet()
        for part, kind in (
            ("states", "状态"),
            ("steps", "步骤"),
            ("periods", "期限"),
            ("papers", "文书"),
            ("counts", "数字"),
        ):
            for key, word in sheet[part].items():
                rows.append((word["label"], f"`{key}`", f"{kind}，{procedure.title}"))
    return rows


def glossary(written: Path) -> str:
    """The house's own words, then every word the procedures name."""
    rows = sorted(_named(registry().families()))
    return f"{written.read_text('utf-8')}\n## 各程序的词\n\n" + _table(("中文", "名", "是什么"), rows)
