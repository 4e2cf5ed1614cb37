"""A program in another language, written by somebody who had only the page, comes to the same in a real browser."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

import yifa.draws
from yifa.draws import draw

from ..draws.example import VALUES, VEIL
from ..draws.test_verifiers import KINDS, TAMPERED, example, text_of

SCRIPT = Path(yifa.draws.__file__).with_name("verify_draw.mjs")
pytestmark = pytest.mark.walk


@pytest.fixture
def verifier(page: Any) -> Any:
    """`verifier(text, published)` in the browser."""
    module = "data:text/javascript;base64," + base64.b64encode(SCRIPT.read_bytes()).decode()
    code = """async ([module, text, published, name]) => {
        const { verify, lookup } = await import(module);
        const found = verify(text, published);
        return JSON.stringify([found, name ? lookup(found, text, name) : null]);
    }"""
    return lambda text, published="", name="": json.loads(
        page.evaluate(code, [module, text, published, name])
    )


@pytest.mark.parametrize(("method", "algo"), KINDS)
def test_it_draws_the_same(verifier: Any, method: str, algo: str) -> None:
    made = example(method, algo)
    text = text_of(made)
    found, _ = verifier(text, made.commitment.digest)
    assert found["problems"] == []
    assert found["ok"] is True
    assert found["digest"] == made.commitment.digest
    assert found["now"] == json.loads(text)["now"]


def test_it_sees_every_tampering(verifier: Any) -> None:
    made = example("tickets", "sha256")
    for what, spoil in TAMPERED.items():
        found, _ = verifier(spoil(text_of(made)), made.commitment.digest)
        assert found["ok"] is False, what
        assert found["problems"], what


def test_a_firm_finds_its_ticket_and_the_cut_off(verifier: Any) -> None:
    made = example("tickets", "sha256")
    firm = draw(made.commitment, made.lists, VEIL, VALUES).picked[2]
    _, place = verifier(text_of(made), name=firm.name)
    assert (place["stratum"], place["rank"], place["drawn"]) == (firm.stratum, 3, True)
    assert place["ticket"] <= place["cutoff"]
    assert verifier(text_of(made), name="无名")[1] is None
