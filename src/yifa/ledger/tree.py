"""Merkle trees exactly as RFC 9162, section 2.1, has them: whoever holds yesterday's root can check today's.

A tree is kept as levels of whole nodes: level 0 holds the hashed leaves, a node of level n covers 2ⁿ of them and never
changes again. What hangs over at the right edge is folded when asked for, so every proof takes O(log n) nodes, of the
tree as it is now or as it was at any smaller size.
"""

from __future__ import annotations

import mmap
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType

from .chain import hasher

LEAF, NODE = b"\x00", b"\x01"
WIDTH = 32  # bytes of a node; sha256 and sm3 alike


class Levels(ABC):
    """Levels of whole nodes, wherever they are kept; proofs are read off them."""

    def __init__(self, algo: str = "sha256") -> None:
        self.algo = algo
        self._hash = hasher(algo)
        self._edges: dict[tuple[int, int], bytes] = {}  # roots of ragged ranges; a tree of one size has log n

    @property
    @abstractmethod
    def size(self) -> int:
        """How many leaves."""

    @abstractmethod
    def node(self, level: int, index: int) -> bytes:
        """The hash over the 2**level leaves from index * 2**level on."""

    def root(self, size: int | None = None) -> bytes:
        """The tree's root when it had this many leaves (§2.1.1); of no leaves, the hash of nothing."""
        size = self._known(size)
        return self._range(0, size) if size else self._hash(b"").digest()

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """PATH(index, D[0:size]), §2.1.3.1: the nodes that lead from a leaf to the root, lowest first."""
        size = self._known(size)
        if not 0 <= index < size:
            raise IndexError(f"a tree of {size} leaves has no leaf {index}")
        return self._path(index, 0, size)

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """PROOF(old_size, D[0:size]), §2.1.4.1: that the older tree is the beginning of the newer one."""
        size = self._known(size)
        if not 0 <= old_size <= size:
            raise IndexError(f"a tree of {size} leaves never began as one of {old_size}")
        if old_size in (0, size):
            return []
        return self._subproof(old_size, size)

    def _known(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise IndexError(f"there are {self.size} leaves, not {size}")
        return size

    def _range(self, start: int, stop: int) -> bytes:
        """MTH(D[start:stop]) where start is a multiple of the largest power of two not above stop - start."""
        if (root := self._edges.get((start, stop))) is None:
            level = (stop - start).bit_length() - 1
            root, middle = self.node(level, start >> level), start + (1 << level)
            if middle == stop:
                return root
            root = self._edges[start, stop] = self._hash(NODE + root + self._range(middle, stop)).digest()
        return root

    def _path(self, index: int, start: int, stop: int) -> list[bytes]:
        """From the top: go into the half that holds the leaf, and note the other half."""
        path = []
        while (length := stop - start) & (length - 1):  # the ragged right edge: at most one half is not whole
            middle = start + (1 << (length.bit_length() - 1))
            if index < middle:
                path.append(self._range(middle, stop))
                stop = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        path.reverse()
        return self._siblings(index, (stop - start).bit_length() - 1) + path

    def _siblings(self, index: int, height: int) -> list[bytes]:
        """What stands beside a leaf and beside those above it, in a whole tree of this height."""
        node = self.node
        return [node(level, (index >> level) ^ 1) for level in range(height)]

    def _subproof(self, old_size: int, size: int) -> list[bytes]:
        """SUBPROOF(old_size, D[0:size], true), §2.1.4.1, from the top down."""
        start, stop, known, path = 0, size, True, []
        while old_size != stop:
            middle = start + (1 << ((stop - start - 1).bit_length() - 1))
            if old_size <= middle:
                path.append(self._range(middle, stop))
                stop = middle
            else:
                path.append(self._range(start, middle))
                start, known = middle, False
        if not known:
            path.append(self._range(start, stop))
        return path[::-1]


class Memory(Levels):
    """A tree in memory."""

    def __init__(self, leaves: Iterable[bytes] = (), algo: str = "sha256") -> None:
        super().__init__(algo)
        H = self._hash
        level = [H(LEAF + leaf).digest() for leaf in leaves]
        self._levels = [level]
        while len(level) > 1:
            level = _parents(level, algo)
            self._levels.append(level)

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def node(self, level: int, index: int) -> bytes:
        return self._levels[level][index]


class Files(Levels):
    """A tree in a folder, a file of 32-byte nodes for every level; it grows at the end, and a proof is about 20 reads.

    The leaves decide: a higher level that a crash left too short or too long is made good when the folder is opened.
    """

    def __init__(self, folder: Path, algo: str = "sha256") -> None:
        super().__init__(algo)
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._maps: list[mmap.mmap] = []
        self._size = self._stored(0)
        self._complete()

    @property
    def size(self) -> int:
        return self._size

    def node(self, level: int, index: int) -> bytes:
        found = self._mapped(level + 1)[level][index * WIDTH : index * WIDTH + WIDTH]
        if len(found) != WIDTH:
            raise IndexError(f"level {level} has no node {index}")
        return found

    def _siblings(self, index: int, height: int) -> list[bytes]:
        maps = self._mapped(height)
        return [maps[level][(at := ((index >> level) ^ 1) * WIDTH) : at + WIDTH] for level in range(height)]

    def _mapped(self, height: int) -> list[mmap.mmap]:
        """The lowest levels at least, as one reads memory."""
        for level in range(len(self._maps), height):
            with self._file(level).open("rb") as file:
                self._maps.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return self._maps

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaves, and the nodes they complete."""
        H = self._hash
        hashed = b"".join([H(LEAF + leaf).digest() for leaf in leaves])
        self._write(0, self._size, hashed)
        self._size += len(hashed) // WIDTH
        self._complete()

    def truncate(self, size: int) -> None:
        """Forget the leaves after the first `size`."""
        if size < self._size:
            self._size = size
            self._complete()

    def close(self) -> None:
        for nodes in self._maps:
            nodes.close()
        self._maps.clear()
        self._edges.clear()

    def __enter__(self) -> Files:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def _file(self, level: int) -> Path:
        return self._folder / f"{level:02}"

    def _stored(self, level: int) -> int:
        file = self._file(level)
        return file.stat().st_size // WIDTH if file.exists() else 0

    def _write(self, level: int, at: int, nodes: bytes) -> None:
        self.close()
        file = self._file(level)
        with file.open("r+b" if file.exists() else "w+b") as out:
            out.truncate(at * WIDTH)
            out.seek(at * WIDTH)
            out.write(nodes)

    def _read(self, level: int, start: int, stop: int) -> bytes:
        with self._file(level).open("rb") as file:
            file.seek(start * WIDTH)
            return file.read((stop - start) * WIDTH)

    def _complete(self) -> None:
        """Bring every level to the length its leaves call for: size >> level nodes."""
        for level in count():
            due, have = self._size >> level, self._stored(level)
            if have > due:
                self._write(level, due, b"")
            elif have < due:
                below = self._read(level - 1, 2 * have, 2 * due)
                nodes = [below[at : at + WIDTH] for at in range(0, len(below), WIDTH)]
                self._write(level, have, b"".join(_parents(nodes, self.algo)))
            if not due and not have:
                return


class Frontier:
    """Only what a growing tree's root needs, O(log n): for whoever reads the leaves once, in order."""

    def __init__(self, algo: str = "sha256") -> None:
        self.algo, self.size = algo, 0
        self._hash = hasher(algo)
        self._waiting: list[bytes | None] = []  # at every level, the left node that has no right one yet
        self._new: list[bytes] = []  # leaves that are not hashed yet: it is quicker by the thousand

    def extend(self, leaves: Iterable[bytes]) -> None:
        before = len(self._new)
        self._new += leaves
        self.size += len(self._new) - before
        if len(self._new) >= 4096:
            self._take_in()

    def _take_in(self) -> None:
        H = self._hash
        nodes = [H(LEAF + leaf).digest() for leaf in self._new]
        self._new.clear()
        for level in count():
            if not nodes:
                return
            if level == len(self._waiting):
                self._waiting.append(None)
            if (left := self._waiting[level]) is not None:
                nodes.insert(0, left)
            self._waiting[level] = nodes[-1] if len(nodes) % 2 else None
            nodes = _parents(nodes, self.algo)

    def root(self) -> bytes:
        self._take_in()
        root = None
        for node in self._waiting:
            if node is not None:
                root = node if root is None else self._hash(NODE + node + root).digest()
        return self._hash(b"").digest() if root is None else root


def _parents(nodes: Sequence[bytes], algo: str) -> list[bytes]:
    """The level above: a last node without a partner has no parent yet."""
    H = hasher(algo)
    one_by_one = iter(nodes)
    return [H(NODE + left + right).digest() for left, right in zip(one_by_one, one_by_one, strict=False)]


def root(leaves: Sequence[bytes], algo: str = "sha256") -> bytes:
    """MTH(leaves), §2.1.1."""
    return Memory(leaves, algo).root()


def inclusion_proof(leaves: Sequence[bytes], index: int, algo: str = "sha256") -> list[bytes]:
    """PATH(index, leaves), §2.1.3.1."""
    return Memory(leaves, algo).inclusion_proof(index)


def consistency_proof(leaves: Sequence[bytes], old_size: int, algo: str = "sha256") -> list[bytes]:
    """PROOF(old_size, leaves), §2.1.4.1."""
    return Memory(leaves, algo).consistency_proof(old_size)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, algo: str = "sha256"
) -> bool:
    """§2.1.3.2: does this leaf stand at this place in the tree with this root?"""
    H = hasher(algo)
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, H(LEAF + leaf).digest()
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = H(NODE + other + node).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = H(NODE + node + other).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(
    old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes, algo: str = "sha256"
) -> bool:
    """§2.1.4.2: is the tree with the first root the beginning of the tree with the second?

    The section speaks of 0 < old_size < size; the edges are ours: equal sizes must have equal roots, and everything
    begins with the empty tree, each with an empty proof.
    """
    H = hasher(algo)
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root and (size > 0 or root == H(b"").digest())
    if old_size == 0:
        return not proof and old_root == H(b"").digest()
    path = list(proof)
    if not path:
        return False
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = H(NODE + other + old).digest(), H(NODE + other + new).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = H(NODE + new + other).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == root
