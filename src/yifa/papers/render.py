"""The renderings of a document, made whenever somebody asks; only the document itself is kept."""

from __future__ import annotations

from collections.abc import Callable

from .document import Document, PaperError

FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


def render(document: Document, format: str) -> bytes:
    """The document as `pdf`, `docx` or `html` (a fragment for a page, styled by the page's own classes)."""
    if format not in _WRITERS:
        raise PaperError("E422", f"“{format}” is no format of a document. Use one of {', '.join(_WRITERS)}.")
    return _WRITERS[format](document)


# The typesetter and the Word library together take 0.2 s to load; a process that only writes and hashes papers
# (an import of 100,000 cases) never needs them.
def _pdf(document: Document) -> bytes:
    from .typst import pdf

    return pdf(document)


def _docx(document: Document) -> bytes:
    from .word import docx

    return docx(document)


def _html(document: Document) -> bytes:
    from .html import html

    return html(document).encode()


_WRITERS: dict[str, Callable[[Document], bytes]] = {"pdf": _pdf, "docx": _docx, "html": _html}
