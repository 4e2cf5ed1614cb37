"""After any sequence of acts, corrections and withdrawals the live cube is what the acts, and the ledger, say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.counts import all_keys, compare, figures, findings, records, year
from yifa.procedure import registry

from ..cases.walk import county, walked, walks


def cubes_agree(of: int) -> None:
    assert compare(engine="sql") == []
    assert compare(engine="ledger") == []
    assert compare(year(of), engine="ledger") == []


def figures_open_on_their_records(of: int) -> None:
    span = year(of)
    for key, told in figures(all_keys(), span).items():
        assert len(records(key, span, limit=1000).records) == told.records, key
    assert all(f.holds for f in findings(span) if f.kind == "balance")


def foretold() -> list[str]:
    """Families whose acts follow from the procedure alone: no step of theirs looks anything up or brings another."""
    return [p.key for p in registry().families() if not any(s.seeker or s.bringers for s in p.steps.values())]


@pytest.mark.django_db
@walks(40)
def test_the_live_cube_equals_the_recompute_after_any_sequence(start: date, moves: list[Any]) -> None:
    with county():
        walk = walked(foretold(), start, moves)
        for of in {a.facts.on.year for t in walk.tracks for a in t.case.acts}:
            cubes_agree(of)
            figures_open_on_their_records(of)
