"""The tree is the one of RFC 9162 §2.1, down to the edges."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.ledger.tree import (
    Files,
    Frontier,
    Memory,
    consistency_proof,
    inclusion_proof,
    root,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots that Certificate Transparency's reference implementation tests itself with (RFC 6962).
LEAVES = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def H(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def mth(leaves: Sequence[bytes]) -> bytes:
    """§2.1.1, word for word."""
    if len(leaves) < 2:
        return H(b"\0" + leaves[0]) if leaves else H(b"")
    k = half(len(leaves))
    return H(b"\1" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """§2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = half(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], known: bool) -> list[bytes]:
    """§2.1.4.1, word for word."""
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = half(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def half(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def some(n: int) -> list[bytes]:
    return [b"entry %d" % i for i in range(n)]


@pytest.mark.parametrize("n", range(9))
def test_the_roots_are_those_of_certificate_transparency(n: int) -> None:
    assert root(LEAVES[:n]).hex() == ROOTS[n]


@pytest.mark.parametrize("n", [*range(70), 127, 128, 129, 255, 257])
def test_root_and_inclusion_follow_the_definition_at_every_size(n: int) -> None:
    leaves = some(n)
    tree = Memory(leaves)
    assert tree.root() == mth(leaves)
    for index in range(n):
        proof = tree.inclusion_proof(index)
        assert proof == path(index, leaves)
        assert verify_inclusion(leaves[index], index, n, proof, mth(leaves))


def test_consistency_follows_the_definition_for_all_pairs_up_to_sixty_four() -> None:
    tree = Memory(some(64))
    for new in range(65):
        for old in range(new + 1):
            proof = tree.consistency_proof(old, new)
            assert proof == (subproof(old, some(new), True) if 0 < old < new else [])
            assert verify_consistency(old, new, proof, tree.root(old), tree.root(new))


def test_a_proof_for_one_pair_proves_no_other() -> None:
    tree = Memory(some(33))
    for new in range(2, 33):
        for old in range(1, new):
            proof = tree.consistency_proof(old, new)
            assert not verify_consistency(old, new, proof, tree.root(old - 1), tree.root(new))
            assert not verify_consistency(old, new, proof, tree.root(old), tree.root(new + 1))
            assert not verify_consistency(old, new, proof[:-1], tree.root(old), tree.root(new))
            assert not verify_consistency(old, new, [*proof, b"\0" * 32], tree.root(old), tree.root(new))


def test_of_an_empty_and_of_a_full_tree_nothing_needs_proving() -> None:
    empty, one = root([]), root([b"a"])
    assert verify_consistency(0, 0, [], empty, empty)
    assert verify_consistency(0, 1, [], empty, one)
    assert verify_consistency(1, 1, [], one, one)
    assert not verify_consistency(0, 1, [], one, one)
    assert not verify_consistency(0, 1, [one], empty, one)
    assert not verify_consistency(1, 1, [one], one, one)
    assert not verify_consistency(1, 1, [], one, root([b"b"]))
    assert not verify_consistency(2, 1, [], one, one)
    assert not verify_consistency(0, 0, [], one, one)
    assert not verify_consistency(1, 2, [], one, one)


def test_one_leaf_is_its_own_proof_and_an_empty_tree_has_none() -> None:
    assert inclusion_proof([b"a"], 0) == []
    assert verify_inclusion(b"a", 0, 1, [], root([b"a"]))
    assert not verify_inclusion(b"a", 0, 1, [b"\0" * 32], root([b"a"]))
    assert not verify_inclusion(b"a", 0, 0, [], root([]))
    assert not verify_inclusion(b"a", -1, 1, [], root([b"a"]))
    with pytest.raises(IndexError):
        inclusion_proof([], 0)
    with pytest.raises(IndexError):
        consistency_proof([b"a"], 2)


@given(st.integers(1, 200), st.data())
def test_an_altered_proof_proves_nothing(n: int, data: st.DataObject) -> None:
    leaves = some(n)
    index = data.draw(st.integers(0, n - 1))
    proof, top = inclusion_proof(leaves, index), root(leaves)
    other = data.draw(st.integers(0, n - 1).filter(lambda i: i != index)) if n > 1 else n
    assert not verify_inclusion(leaves[index], other, n, proof, top)
    assert not verify_inclusion(b"other", index, n, proof, top)
    for at in range(len(proof)):
        bit = data.draw(st.integers(0, 255))
        node = bytearray(proof[at])
        node[bit // 8] ^= 1 << bit % 8
        assert not verify_inclusion(
            leaves[index], index, n, [*proof[:at], bytes(node), *proof[at + 1 :]], top
        )


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_tree_that_grows_in_pieces_is_the_tree_of_the_whole(pieces: list[int]) -> None:
    leaves, front = some(sum(pieces)), Frontier()
    done = 0
    for piece in pieces:
        front.extend(leaves[done : done + piece])
        done += piece
        assert (front.size, front.root()) == (done, mth(leaves[:done]))


def test_levels_in_files_give_every_proof_of_every_size(tmp_path: Path) -> None:
    leaves = some(45)
    for piece in (0, 1, 2, 13, 16, 13):
        with Files(tmp_path) as tree:
            tree.extend(leaves[tree.size : tree.size + piece])
    with Files(tmp_path) as tree:
        assert tree.size == 45
        for size in range(46):
            assert tree.root(size) == mth(leaves[:size])
            for index in range(size):
                assert tree.inclusion_proof(index, size) == path(index, leaves[:size])
        assert tree.consistency_proof(20, 45) == subproof(20, leaves, True)
    assert sum(f.stat().st_size for f in tmp_path.iterdir()) < 32 * 2 * 45


def test_levels_that_a_crash_left_uneven_are_made_good(tmp_path: Path) -> None:
    leaves = some(40)
    with Files(tmp_path) as tree:
        tree.extend(leaves)
    (tmp_path / "02").unlink()
    with (tmp_path / "01").open("r+b") as file:
        file.truncate(7 * 32 + 5)  # in the middle of a node
    with (tmp_path / "00").open("ab") as file:
        file.write(b"half a leaf")
    with Files(tmp_path) as tree:
        assert (tree.size, tree.root()) == (40, mth(leaves))
        tree.truncate(21)
        assert tree.root() == mth(leaves[:21])
        tree.extend(leaves[21:])
        assert tree.root() == mth(leaves)


def test_the_tree_can_be_grown_with_sm3() -> None:
    tree = Memory(some(5), "sm3")
    assert tree.root() != root(some(5))
    assert verify_inclusion(b"entry 3", 3, 5, tree.inclusion_proof(3), tree.root(), "sm3")
    assert verify_consistency(3, 5, tree.consistency_proof(3), tree.root(3), tree.root(), "sm3")


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 11, 100])
def test_pymerkle_comes_to_the_same_root(n: int) -> None:
    pymerkle = pytest.importorskip("pymerkle")  # of the extra "bench"
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    for leaf in some(n):
        peer.append_entry(leaf)
    assert peer.get_root() == root(some(n))
