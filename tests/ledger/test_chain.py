"""An entry is tied to the one before it by a rule that any tool can follow."""

import hashlib
import subprocess

import pytest

from yifa.ledger.chain import GENESIS, _PlainSm3, canonical, digest, hasher
from yifa.ledger.errors import LedgerError


def test_a_body_is_written_in_one_way_only() -> None:
    assert (
        canonical({"乙": [1, None], "a": {"b": True, "A": "新县"}})
        == '{"a":{"A":"新县","b":true},"乙":[1,null]}'
    )


def test_what_is_not_a_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"n": float("nan")})


def test_the_first_entry_follows_sixty_four_zeros() -> None:
    assert digest(GENESIS, "新县") == hashlib.sha256(("0" * 64 + "新县").encode()).hexdigest()


def test_sha256sum_alone_can_check_an_entry() -> None:
    said = subprocess.run(["sha256sum"], input=(GENESIS + "答复").encode(), capture_output=True, check=True)
    assert said.stdout.decode().split()[0] == digest(GENESIS, "答复")


def test_sm3_gives_the_value_of_the_standard() -> None:
    # GB/T 32905-2016, appendix A.1
    abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hasher("sm3")(b"abc").hexdigest() == abc
    assert _PlainSm3(b"abc").hexdigest() == abc


def test_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(LedgerError, match=r"md5.*E307"):
        digest(GENESIS, "", "md5")
