"""Official documents: written from a matter's template, numbered without gaps, issued as PDF and Word, kept by hash.

What lies here and in `document`, `template`, `numbers` and `files` needs no Django; only `models` does.
"""

from __future__ import annotations

from .document import Document, PaperError, clean, sha
from .files import FileRefused, Kept, Store
from .numbers import take, written
from .render import FORMATS, render
from .template import Template, template, write

__all__ = [
    "FORMATS",
    "Document",
    "FileRefused",
    "Kept",
    "PaperError",
    "Store",
    "Template",
    "clean",
    "render",
    "sha",
    "take",
    "template",
    "write",
    "written",
]
