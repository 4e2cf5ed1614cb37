"""A list of names that can be drawn, written in the one way its digest is taken over.

One line a name, ascending by code point (which is the order of its UTF-8 bytes), each ended by a newline; a name with
more than one lot is followed by a tab and their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from yifa.ledger.chain import hasher

from .errors import DrawError

LONGEST, MOST_LOTS = 200, 1000
# Named one by one, because what a category holds changes with every edition of Unicode.
HIDDEN = re.compile("[\0-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
BLOCK = 65_536  # names hashed at once


@dataclass(frozen=True, slots=True)
class Listed:
    """The names of one stratum (or of one group of officers) in canonical order.

    `lots`: how many lots a name has in the urn, where it is not one. Refuses (E581–E584) what could not be
    drawn fairly: a name twice, an empty name, one that holds a control character.
    """

    names: Sequence[str]
    lots: Mapping[str, int]
    digest: str
    algo: str

    def __len__(self) -> int:
        return len(self.names)

    @property
    def urn(self) -> int:
        """How many lots there are in all."""
        return len(self.names) + sum(n - 1 for n in self.lots.values())

    def lines(self) -> Iterator[str]:
        """The lines the digest is taken over, without their newlines."""
        if not self.lots:
            return iter(self.names)
        return (f"{name}\t{self.lots[name]}" if name in self.lots else name for name in self.names)


def listed(
    names: Iterable[str], lots: Mapping[str, int] | None = None, *, algo: str = "sha256", where: str = ""
) -> Listed:
    """Put names into canonical order and take their digest. `where` names the list in a refusal."""
    ordered = names if isinstance(names, tuple) else sorted(names)
    extra = {name: n for name, n in (lots or {}).items() if n != 1}
    _lots_make_sense(extra, where)
    digest = _digest(ordered, extra, algo, where)
    if extra and not extra.keys() <= set(ordered):
        stranger = sorted(extra.keys() - set(ordered))[0]
        raise DrawError("E583", f"{where}：给“{stranger}”定了签数，名录里却没有它")
    return Listed(ordered, extra, digest, algo)


def read_lines(lines: Iterable[str], *, algo: str = "sha256", where: str = "") -> Listed:
    """A list from its canonical lines, as a draw file holds them."""
    names, lots = [], {}
    for line in lines:
        name, tab, count = line.partition("\t")
        names.append(name)
        if tab:
            if not (count.isascii() and count.isdigit()) or count.startswith("0") or count == "1":
                raise DrawError("E583", f"{where}：“{name}”的签数“{count}”不是大于1的整数")
            lots[name] = int(count)
    return listed(tuple(names), lots, algo=algo, where=where)


def _lots_make_sense(lots: Mapping[str, int], where: str) -> None:
    for name, n in lots.items():
        if not 1 <= n <= MOST_LOTS:
            raise DrawError("E583", f"{where}：“{name}”的签数是{n}，应当在1至{MOST_LOTS}之间")


def _digest(names: Sequence[str], lots: Mapping[str, int], algo: str, where: str) -> str:
    """Hash in blocks, and see on the way that the order is strict: what repeats or is out of place is named."""
    running = hasher(algo)(b"")
    last = ""
    source = iter(names)
    while block := list(islice(source, BLOCK)):
        clean(block, where)
        _strictly_rising(last, block, where)
        last = block[-1]
        if lots:
            block = [f"{name}\t{lots[name]}" if name in lots else name for name in block]
        running.update("\n".join(block).encode())
        running.update(b"\n")
    return running.hexdigest()


def clean(block: list[str], where: str) -> None:
    """Names that are empty, too long, padded, or hide something are refused; whole blocks are asked at once."""
    together = "".join(block)
    shows = together.isprintable() or not HIDDEN.search(together)
    fits = shows and all(block) and max(map(len, block), default=0) <= LONGEST
    if fits and not any(name[0] == " " or name[-1] == " " for name in block):
        return
    for name in block:
        if not name or name != name.strip(" "):
            raise DrawError("E581", f"{where}：有一行是空的，或者“{name}”前后带空格")
        if len(name) > LONGEST:
            raise DrawError("E581", f"{where}：“{name[:20]}…”超过{LONGEST}个字")
        if HIDDEN.search(name):
            raise DrawError("E581", f"{where}：“{name!r}”含有看不见的字符")


def _strictly_rising(last: str, block: list[str], where: str) -> None:
    if last < block[0] and all(map(str.__lt__, block, islice(block, 1, None))):
        return
    for before, name in pairwise([last, *block]):
        if before == name:
            raise DrawError("E582", f"{where}：“{name}”出现了两次")
        if before > name:
            raise DrawError("E584", f"{where}：“{name}”没有按顺序排列")
