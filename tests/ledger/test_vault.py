"""A sealed fact opens with its key only, and its commitment tells nothing without it."""

import os
import stat
import threading
from pathlib import Path

import pytest

from yifa.ledger.errors import LedgerError
from yifa.ledger.vault import Vault, _opened, blind, commitment


@pytest.fixture(params=["sha256", "sm3"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    return Vault.open(tmp_path, request.param)


def test_the_master_key_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    _, wrapped = Vault.open(tmp_path).new_key()
    file = tmp_path / "keys" / "master.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    was = file.read_bytes()
    _opened.cache_clear()
    assert len(Vault.open(tmp_path).unwrap(wrapped)) == 32
    assert file.read_bytes() == was
    assert os.listdir(file.parent) == ["master.key"]


def test_programs_that_start_together_find_one_master_key(tmp_path: Path) -> None:
    made: list[bytes] = []

    def start() -> None:
        Vault.open(tmp_path)
        made.append((tmp_path / "keys" / "master.key").read_bytes())

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert len(made) == 8


def test_a_damaged_master_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_bytes(b"short")
    with pytest.raises(LedgerError, match=r"不是32字节.*E304"):
        Vault.open(tmp_path)


def test_what_was_sealed_can_be_read_again(vault: Vault) -> None:
    key, wrapped = vault.new_key()
    salt, box, promise = vault.seal(key, "申请人姓名", "王某")
    assert vault.unwrap(wrapped) == key
    assert vault.unseal(key, "申请人姓名", salt, box) == "王某"
    assert promise == vault.commitment(key, "申请人姓名", salt, "王某")
    assert "王某".encode() not in box


def test_the_same_words_never_look_the_same(vault: Vault) -> None:
    key, _ = vault.new_key()
    assert len({part for _ in range(3) for part in vault.seal(key, "n", "王某")}) == 9


def test_a_box_opens_neither_with_another_key_nor_under_another_name_nor_damaged(vault: Vault) -> None:
    key, _ = vault.new_key()
    salt, box, _ = vault.seal(key, "联系电话", "13800000000")
    with pytest.raises(LedgerError, match="E305"):
        vault.unseal(vault.new_key()[0], "联系电话", salt, box)
    with pytest.raises(LedgerError, match="E305"):
        vault.unseal(key, "姓名", salt, box)
    for at in range(len(box)):
        with pytest.raises(LedgerError, match="E305"):
            vault.unseal(key, "联系电话", salt, box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :])
        with pytest.raises(LedgerError, match="E305"):
            vault.unseal(key, "联系电话", salt, box[:at])


def test_without_the_key_a_commitment_cannot_be_tried_against_all_telephone_numbers(vault: Vault) -> None:
    key, _ = vault.new_key()
    salt, _, promise = vault.seal(key, "联系电话", "13800000000")
    assert commitment(salt, "联系电话", "13800000000", vault.algo) != promise
    # Whoever is given the blind with their own words can prove them.
    assert commitment(blind(key, salt), "联系电话", "13800000000", vault.algo) == promise


def test_a_vault_opens_what_was_closed_with_the_other_cipher(tmp_path: Path) -> None:
    national, other = Vault.open(tmp_path, "sm3"), Vault.open(tmp_path)
    key, wrapped = national.new_key()
    salt, box, _ = national.seal(key, "n", "王某")
    assert other.unseal(other.unwrap(wrapped), "n", salt, box) == "王某"
