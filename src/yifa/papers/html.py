"""A document as a page to read on a screen or have read aloud: its meaning, none of its typography."""

from __future__ import annotations

from html import escape

from . import layout
from .document import Block, Document, Heading, Item, Paragraph, Runs, Table
from .template import day

SIDES = {"l": "", "c": ' class="paper-centre"', "r": ' class="paper-right"'}


def html(document: Document, level: int = 2) -> str:
    """The document as an `article`; its title is a heading of this level, so that it fits the page around it."""
    title = "<br>".join(map(escape, filter(str.strip, document.title.split("\n"))))
    parts = [
        _line("header", "paper-issuer", document.issuer),
        *(
            _line("p", "paper-copy", text)
            for text in (document.copy_number, document.secrecy, document.urgency)
        ),
        _line("p", "paper-number", document.number),
        _line("p", "paper-signer", f"签发人：{document.signer}" if document.signer else ""),
        f'<h{level} class="paper-title">{title}</h{level}>',
        _line("p", "paper-addressee", f"{document.addressee}：" if document.addressee else ""),
        *(_block(block, level) for block in document.blocks),
        _attachments(document.attachments),
        _line("p", "paper-signature", document.signature),
        _date(document),
        _line("p", "paper-note", layout.note(document.note) if document.note else ""),
        _line("p", "paper-copies", f"抄送：{'，'.join(document.copy_to)}。" if document.copy_to else ""),
        _line("p", "paper-printed", document.printed_by),
    ]
    inner = "\n".join(filter(None, parts))
    return f'<article class="paper paper-{document.form}" lang="zh-CN">\n{inner}\n</article>\n'


def _line(tag: str, kind: str, text: str) -> str:
    return f'<{tag} class="{kind}">{escape(text)}</{tag}>' if text else ""


def _runs(runs: Runs) -> str:
    return "".join(f"<strong>{escape(r.text)}</strong>" if r.strong else escape(r.text) for r in runs)


def _block(block: Block, level: int) -> str:
    match block:
        case Heading(deep, mark, runs):
            tag = f"h{min(6, level + deep)}"
            return f"<{tag}>{escape(mark)}{_runs(runs)}</{tag}>"
        case Item(mark, runs):
            return f'<p class="paper-item">{escape(mark)}{_runs(runs)}</p>'
        case Paragraph(runs):
            return f"<p>{_runs(runs)}</p>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_runs(cell)}</th>' for cell in table.head)
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{SIDES[side]}>{_runs(c)}</td>" for c, side in zip(row, table.align, strict=True))
        + "</tr>"
        for row in table.rows
    )
    return (
        '<div class="paper-table" tabindex="0" role="region" aria-label="表格"><table>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _attachments(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    return f'<div class="paper-attachments"><p>附件：</p><ol>{items}</ol></div>'


def _date(document: Document) -> str:
    on = document.on
    return f'<p class="paper-date"><time datetime="{on.isoformat()}">{day(on)}</time></p>' if on else ""
