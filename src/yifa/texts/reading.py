"""A text as it was read from a file: its characters, and the places they stand in."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import asdict, dataclass

__all__ = ["Place", "Reading"]


@dataclass(frozen=True, slots=True)
class Place:
    """From `start` on, up to the next place, the text stands here: “第3段”, “第2页”, “表一 B7”."""

    start: int
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`text`: paragraphs parted by one line feed, no other line breaks. `places` in order, the first at 0 (none for an empty text).

    `name`: the file's name fit to show; `file`: SHA-256 of the bytes handed in, by which they are kept; `kind`: docx, pdf, txt, xlsx.
    `doubts`: sentences for whoever handed it in: what could not be read (“第3页是扫描图像，没有文字”).
    """

    text: str
    places: tuple[Place, ...] = ()
    name: str = ""
    file: str = ""
    kind: str = ""
    doubts: tuple[str, ...] = ()

    def place(self, offset: int) -> str:
        """Where the character at this offset stands."""
        found = bisect_right([p.start for p in self.places], offset) - 1
        return self.places[found].label if found >= 0 else ""

    def dump(self) -> str:
        """One canonical text, to be kept under its digest."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def load(text: str) -> Reading:
        """Read back what `dump` wrote."""
        told = json.loads(text)
        places = tuple(Place(**p) for p in told.pop("places"))
        doubts = tuple(told.pop("doubts"))
        return Reading(**told, places=places, doubts=doubts)
