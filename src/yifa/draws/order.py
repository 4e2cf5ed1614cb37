"""In what order chance puts the names of a list.

tickets   every name draws the digest of the key and itself; the smallest come first. Whoever knows the key can work
          out one name's ticket without the list, and a name that is added leaves the others in their order.
shuffle   Fisher–Yates over the list, fed by HMAC of the key over a counter; for very large lists.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from heapq import nsmallest
from math import isqrt

from yifa.ledger.chain import hasher

from .commitment import VERSION, Commitment, Method, digest
from .errors import DrawError
from .lists import Listed

Ticket = tuple[str, str]  # the smallest digest among a name's lots, hexadecimal; the name


def key_of(commitment: Commitment, veil: str, seed: str) -> str:
    """The key of the whole draw, 64 hexadecimal digits: bound to what was fixed, to the veil and to the seed."""
    if digest(commitment.algo, veil) != commitment.veil:
        raise DrawError("E591", "揭开的密数与公布的摘要不符")
    return digest(commitment.algo, "\n".join((VERSION, commitment.digest, veil, seed)))


def stratum_key(algo: str, key: str, name: str, list_digest: str) -> str:
    """The key of one stratum, or of one group of officers."""
    return digest(algo, "\n".join((key, name, list_digest)))


def first(method: Method, algo: str, key: str, names: Listed, n: int) -> list[str]:
    """The first `n` names in the order of chance."""
    if not 0 <= n <= len(names):
        raise DrawError("E585", f"名录里有{len(names)}个，不能抽{n}个")
    if method == "shuffle":
        return shuffled(algo, key, names, n)
    return [name for _, name in tickets(algo, key, names, n)]


# ——— tickets ———


def ticket(algo: str, key: str, name: str, lots: int = 1) -> str:
    """One name's ticket: its first lot is the digest of key and name; lot j is that of key, name, tab and j."""
    hash = hasher(algo)
    return min(
        [hash((key + name).encode()).hexdigest()]
        + [hash(f"{key}{name}\t{j}".encode()).hexdigest() for j in range(2, lots + 1)]
    )


def tickets(algo: str, key: str, names: Listed, n: int) -> list[Ticket]:
    """The `n` smallest tickets, ascending.

    Tickets are uniform, so nearly all can be set aside unsorted: only those below a bar that about `n` of them pass
    are kept. Too few below it (one time in 10⁹): the bar is raised.
    """
    if not n:
        return []
    share = (n + 6 * isqrt(n) + 16) / names.urn
    while share < 0.5:
        kept = _below(algo, key, names, bytes.fromhex(f"{int(share * 2**64):016x}"))
        if len(kept) >= n:
            return [(found.hex(), name) for found, name in nsmallest(n, kept)]
        share *= 4
    hash, prefix = hasher(algo), key.encode()
    everyone = [
        (hash(prefix + name.encode()).digest(), name) for name in names.names if name not in names.lots
    ]
    everyone += _weighty(algo, key, names)
    return [(found.hex(), name) for found, name in nsmallest(n, everyone)]


def _below(algo: str, key: str, names: Listed, bar: bytes) -> list[tuple[bytes, str]]:
    hash, prefix = hasher(algo), key.encode()
    if names.lots:
        single = [
            (found, name)
            for name in names.names
            if name not in names.lots and (found := hash(prefix + name.encode()).digest()) < bar
        ]
        return single + [(found, name) for found, name in _weighty(algo, key, names) if found < bar]
    return [(found, name) for name in names.names if (found := hash(prefix + name.encode()).digest()) < bar]


def _weighty(algo: str, key: str, names: Listed) -> list[tuple[bytes, str]]:
    return [(bytes.fromhex(ticket(algo, key, name, n)), name) for name, n in names.lots.items()]


# ——— shuffle ———

WORD = 8  # bytes of the stream read for one choice


def shuffled(algo: str, key: str, names: Listed, n: int) -> list[str]:
    """The first `n` places of a Fisher–Yates shuffle; what has been moved is kept in a sparse table."""
    moved: dict[int, int] = {}
    words = stream(algo, key)
    found: list[str] = []
    for place in range(n):
        other = place + below(len(names) - place, words)
        found.append(names.names[moved.get(other, other)])
        moved[other] = moved.pop(place, place)
    return found


def stream(algo: str, key: str) -> Iterator[int]:
    """Whole numbers below 2⁶⁴: HMAC of the key over 0, 1, 2 … in decimal, cut into four big-endian words each."""
    counter = 0
    while True:
        block = _hmac(algo, key.encode(), str(counter).encode())
        for at in range(0, len(block), WORD):
            yield int.from_bytes(block[at : at + WORD], "big")
        counter += 1


def below(limit: int, words: Iterator[int]) -> int:
    """A number below `limit`, all equally likely: words that would favour the small ones are passed over."""
    top = 2 ** (8 * WORD)
    fair = top - top % limit
    for word in words:
        if word < fair:
            return word % limit
    raise AssertionError("the stream does not end")


def _hmac(algo: str, key: bytes, message: bytes) -> bytes:
    if algo == "sha256":
        return hmac.digest(key, message, "sha256")
    hash = hasher(
        algo
    )  # HMAC by hand (RFC 2104) where OpenSSL may not know the digest; the key has 64 bytes, one block
    inner = hash(bytes(b ^ 0x36 for b in key) + message).digest()
    return hash(bytes(b ^ 0x5C for b in key) + inner).digest()
