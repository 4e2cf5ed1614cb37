"""Every name has the same chance, every lot too: 10,000 small draws, chi-square per stratum.

The seeds are fixed numbers, so the outcome is too: this cannot fail by bad luck. The bar is the 0.999 quantile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from yifa.draws import draw

from .example import Draw, firms, fixed

DRAWS = 10_000
QUANTILE_999 = {9: 27.877, 10: 29.588, 11: 31.264, 19: 43.820}  # of chi-square, by degrees of freedom


def chi_square(seen: Mapping[str, float], expected: Mapping[str, float]) -> float:
    return sum((seen.get(name, 0) - e) ** 2 / e for name, e in expected.items())


def counted(made: Draw) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """How often each name was drawn, by stratum, and how often each officer was sent."""
    names: dict[str, Counter[str]] = {s.name: Counter() for s in made.commitment.strata}
    officers: Counter[str] = Counter()
    for n in range(DRAWS):
        result = draw(made.commitment, made.lists, made.veil, [f"1 2 3 4 5 {n + 6}", "1"], reserves=0)
        for p in result.picked:
            names[p.stratum][p.name] += 1
            officers.update(o for d in p.details for o in d.sent)
    return names, officers


@pytest.mark.parametrize("method", ["tickets", "shuffle"])
def test_every_name_of_a_stratum_is_drawn_equally_often(method):
    made = fixed(
        {"企业": (firms("企", 20), 3), "个体": (firms("个", 12), 1)},
        {"市": (firms("市", 11), 2)},
        method=method,
    )
    names, officers = counted(made)
    for stratum, size, quota in (("企业", 20, 3), ("个体", 12, 1)):
        share = DRAWS * quota / size
        # drawn without replacement, so the variance of one count is smaller by (size − quota) / (size − 1)
        narrower = (size - quota) / (size - 1)
        found = chi_square(names[stratum], dict.fromkeys(firms(stratum[0], size), share)) / narrower
        assert found < QUANTILE_999[size - 1]
    share = DRAWS * 4 * 2 / 11
    assert chi_square(officers, dict.fromkeys(firms("市", 11), share)) < QUANTILE_999[10]


def test_a_name_with_three_lots_is_drawn_first_three_times_as_often():
    made = fixed({"企业": (firms("企", 10), 1)}, {"市": (firms("市", 3), 2)}, lots={"企0004": 3})
    names, _ = counted(made)
    expected = dict.fromkeys(firms("企", 10), DRAWS / 12) | {"企0004": DRAWS * 3 / 12}
    assert chi_square(names["企业"], expected) < QUANTILE_999[9]
