"""The lines of a PDF and where they stand, as JSON: run as a program of its own, with limits on time and memory.

A PDF is a program written by a stranger; a few kilobytes can ask for gigabytes or for hours. What breaks here breaks
here only. pdfminer.six was chosen over pypdf: it carries Adobe's tables from glyph numbers to characters, so that a file
of a Chinese font without its own table (Identity-H over Adobe-GB1) is read and not garbled, it says which glyphs it
cannot name, and it gives each character's place, from which paragraphs are found. Both are pure Python; it is MIT.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTPage
from pdfminer.pdfdocument import (
    PDFDocument,
    PDFEncryptionError,
    PDFPasswordIncorrect,
    PDFTextExtractionNotAllowed,
)
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from .lines import Char, lines_of

SECONDS, MEMORY = 40, 2 * 2**30
MOST_PAGES = 2000
MOST_CHARACTERS = 4_000_000
UNKNOWN = "\ufffd"


class Lines(PDFLayoutAnalyzer):
    """Every character of a page with its place; lines are made of them here, not by the library."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager, laparams=None)
        self.pages: list[dict[str, Any]] = []
        self.invisible = self.visible = 0
        self.total = 0

    def handle_undefined_char(self, font: Any, cid: int) -> str:
        return UNKNOWN

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        if textstate.render == 3:  # drawn in no colour: the layer that a recognition laid under a scan
            self.invisible += 1
        else:
            self.visible += 1
        super().render_string(textstate, seq, ncs, graphicstate)

    def receive_layout(self, page: LTPage) -> None:
        chars: list[LTChar] = []
        images, curves = _gather(page, chars)
        self.total += len(chars)
        if self.total > MOST_CHARACTERS:
            raise MemoryError
        self.pages.append(
            {
                "width": page.width,
                "height": page.height,
                "lines": lines_of(placed(chars)),
                "images": images,
                "curves": curves,
                "recognised": self.invisible > self.visible,
            }
        )
        self.invisible = self.visible = 0


def _gather(inside: Iterable[Any], chars: list[LTChar]) -> tuple[int, int]:
    images = curves = 0
    waiting = [iter(inside)]
    while waiting:
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
        elif isinstance(item, LTChar):
            chars.append(item)
        elif isinstance(item, LTFigure):
            waiting.append(iter(item))
        elif isinstance(item, LTImage):
            images += 1
        elif isinstance(item, LTCurve):
            curves += 1
    return images, curves


def placed(chars: Iterable[LTChar]) -> Iterator[Char]:
    """Each character with its place; what stands askew (a watermark) is no text."""
    for c in chars:
        a, b, _, d, _, y = c.matrix
        if a > 0 and d > 0 and abs(b) < 0.1 * a and c.get_text():
            yield y, c.x0, c.x1, c.size or 1.0, c.get_text()


def read(data: bytes) -> dict[str, Any]:
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
        manager = PDFResourceManager()
        device = Lines(manager)
        interpreter = PDFPageInterpreter(manager, device)
        for n, page in enumerate(PDFPage.create_pages(document)):
            if n >= MOST_PAGES:
                return {"wrong": "long"}
            before = len(device.pages)
            try:
                interpreter.process_page(page)
            except (MemoryError, RecursionError):
                raise
            except Exception:
                pass
            if len(device.pages) == before:
                device._stack.clear()
                device.pages.append({"broken": True, "lines": []})
    except (PDFPasswordIncorrect, PDFEncryptionError, PDFTextExtractionNotAllowed):
        return {"wrong": "password"}
    except MemoryError:
        return {"wrong": "large"}
    except Exception as broken:  # whatever a broken file makes of the library
        return {"wrong": "broken", "how": type(broken).__name__}
    return {"pages": device.pages}


def main() -> None:
    logging.disable(logging.CRITICAL)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # the parent's clock still runs
    json.dump(read(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
