"""The specification is true: its example runs, and the text it shows is the text that is hashed."""

import doctest
import hashlib
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "draws.md"


def test_the_worked_example_comes_out_as_printed():
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted >= 8
    assert found.failed == 0


def test_the_commitment_printed_has_the_digest_printed():
    text = PAGE.read_text("utf-8")
    (commitment,) = re.findall(r"^```\n(\{.*\})\n```$", text, re.MULTILINE)
    assert f"'{hashlib.sha256(commitment.encode()).hexdigest()}'" in text
