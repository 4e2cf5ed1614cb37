"""How many are drawn: a ratio that is a ceiling or a floor, shared among strata by largest remainder.

Largest remainder (Hamilton's method), exact in fractions, with each stratum's size as its ceiling.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .errors import DrawError


def quota(size: int, ratio: Fraction, *, least: int = 0, ceiling: bool = True) -> int:
    """How many of `size` a ratio allows (`ceiling`: rounded down) or demands (rounded up); `least` when any exist."""
    if not 0 <= ratio <= 1:
        raise DrawError("E585", f"抽查比例{ratio}不在0与1之间")
    exact = size * ratio
    n = exact.numerator // exact.denominator
    if not ceiling and n < exact:
        n += 1
    return min(size, max(n, least))


def apportion(
    total: int, sizes: Mapping[str, int], weights: Mapping[str, int] | None = None, *, least: int = 0
) -> dict[str, int]:
    """Share `total` among strata in proportion to size × weight, none beyond its size; ties go by the strata's order.

    `least`: so many go to every stratum first (all of one that is smaller), and only the rest is shared.

    >>> apportion(10, {"A": 100, "B": 50, "C": 10}, {"A": 1, "B": 2, "C": 4})
    {'A': 4, 'B': 4, 'C': 2}
    >>> apportion(10, {"A": 100, "B": 50, "C": 1}, least=2)
    {'A': 6, 'B': 3, 'C': 1}
    """
    if least:
        first = {name: min(least, size) for name, size in sizes.items()}
        if sum(first.values()) > total:
            raise DrawError("E585", f"各层至少抽{least}个，共要抽{sum(first.values())}个，多于{total}个")
        rest = {name: size - first[name] for name, size in sizes.items()}
        more = apportion(total - sum(first.values()), rest, weights)
        return {name: first[name] + more[name] for name in sizes}
    weights = weights or {}
    if total > sum(sizes.values()):
        raise DrawError("E585", f"要抽{total}个，名录里只有{sum(sizes.values())}个")
    if any(weights.get(name, 1) < 0 for name in sizes):
        raise DrawError("E585", "权重不能是负数")
    found = dict.fromkeys(sizes, 0)
    open_ = {name: size * weights.get(name, 1) for name, size in sizes.items()}
    left = total
    while left:
        open_ = {name: share for name, share in open_.items() if share}
        whole = sum(open_.values())
        if not whole:
            raise DrawError("E585", f"权重不为零的各层抽满之后还差{left}个")
        full = [name for name in open_ if left * open_[name] >= sizes[name] * whole]
        if full:  # these take all they have; the rest is shared again
            for name in full:
                found[name] = sizes[name]
                left -= sizes[name]
                del open_[name]
            continue
        rest = {name: left * share % whole for name, share in open_.items()}
        for name, share in open_.items():
            found[name] = left * share // whole
        left -= sum(found[name] for name in open_)
        for name in sorted(open_, key=lambda n: -rest[n])[:left]:
            found[name] += 1
        left = 0
    return found
