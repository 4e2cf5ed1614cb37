"""Chinese on an English page that nothing marks as Chinese: what a reader of English was forgotten in."""

from html.parser import HTMLParser

from . import collect

SILENT = {"script", "style", "title"}  # the tab's title cannot say in which language its parts are
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    """Follows the lang of every element; keeps the texts that are Chinese where the language is not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    @property
    def chinese(self) -> bool:
        return self.open[-1][1] if self.open else False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs).get("lang")
        if tag not in VOID:
            self.open.append((tag, told.startswith("zh") if told else self.chinese))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        silent = any(tag in SILENT for tag, _ in self.open)
        if collect.CHINESE.search(data) and not self.chinese and not silent:
            self.found.append(data.strip())


def leftovers(page: bytes) -> list[str]:
    """The unmarked Chinese texts of a page, in order; none of them is the seal, which is a picture."""
    reader = _Reader()
    reader.feed(page.decode())
    return reader.found
