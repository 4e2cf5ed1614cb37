"""Files are kept by what they hold."""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from pathlib import Path

import pytest

from yifa.papers import FileRefused, PaperError, Store, render
from yifa.papers.document import Document
from yifa.papers.files import shown_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40
PDF = b"%PDF-1.7\n%%EOF"


def zipped(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files", largest=100_000)


def test_a_file_is_found_again_by_its_hash(store: Store) -> None:
    kept = store.keep(PDF, "申请书.pdf")
    assert kept.sha == hashlib.sha256(PDF).hexdigest()
    assert (kept.kind, kept.size, kept.name, kept.media) == ("pdf", len(PDF), "申请书.pdf", "application/pdf")
    assert store.has(kept.sha)
    assert store.open(kept.sha) == PDF


def test_the_same_file_is_stored_once_and_nothing_half_written_stays(store: Store) -> None:
    assert store.keep(PNG).sha == store.keep(PNG, "另一个名字.png").sha
    files = [p for p in store.folder.rglob("*") if p.is_file()]
    assert len(files) == 1
    assert files[0].stat().st_mode & 0o077 == 0


def test_with_a_key_the_name_is_the_hash_of_the_cipher_and_nothing_of_the_text_is_left(store: Store) -> None:
    key = secrets.token_bytes(32)
    kept = store.keep(PDF + b"secret of a person", key=key)
    path = store.folder / kept.sha[:2] / kept.sha
    assert hashlib.sha256(path.read_bytes()).hexdigest() == kept.sha
    assert b"secret" not in path.read_bytes()
    assert store.open(kept.sha, key=key).endswith(b"secret of a person")
    with pytest.raises(FileRefused, match="密钥不符"):
        store.open(kept.sha, key=secrets.token_bytes(32))


def test_a_changed_file_is_noticed_when_it_is_opened(store: Store) -> None:
    kept = store.keep(JPEG)
    (store.folder / kept.sha[:2] / kept.sha).write_bytes(JPEG + b"!")
    with pytest.raises(FileRefused, match="已被改动"):
        store.open(kept.sha)


def test_a_destroyed_file_is_said_to_be_gone(store: Store) -> None:
    kept = store.keep(PNG)
    store.remove(kept.sha)
    store.remove(kept.sha)
    with pytest.raises(FileRefused, match="不在档案中"):
        store.open(kept.sha)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "", "A" * 64, "/etc/passwd", "0" * 63, "0" * 64 + "\n"]
)
def test_only_a_hash_reaches_the_file_system(store: Store, name: str) -> None:
    with pytest.raises(PaperError, match="E440"):
        store.open(name)


def test_office_files_are_known_by_what_lies_inside(store: Store) -> None:
    assert store.keep(render(Document(title="通知"), "docx"), "通知.docx").kind == "docx"
    assert store.keep(zipped("xl/workbook.xml"), "表.xlsx").kind == "xlsx"
    assert store.keep(zipped("OFD.xml"), "文.OFD").kind == "ofd"


REFUSED = [
    (b"", "x.pdf", "E441"),
    (PDF + b"\x00" * 100_000, "x.pdf", "E442"),
    (b"MZ\x90\x00" + b"\x00" * 60, "x.pdf", "E443"),
    (b"<html><script>", "x.pdf", "E443"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "x.doc", "E443"),
    (b"GIF89a" + b"\x00" * 40, "x.gif", "E443"),
    (zipped("readme.txt"), "x.docx", "E443"),
    (PNG, "x.pdf", "E444"),
    (PDF, "x.exe", "E444"),
    (zipped("word/document.xml")[:-30], "x.docx", "E445"),
    (zipped("word/document.xml", "word/vbaProject.bin"), "x.docx", "E445"),
    (zipped("word/document.xml", "word/embeddings/run.exe"), "x.docx", "E445"),
    (zipped(*[f"{n}" for n in range(5001)], content=b"")[:99_999_999], "x.docx", "E44"),
]


@pytest.mark.parametrize(("data", "name", "id"), REFUSED)
def test_what_is_not_kept_is_refused_in_a_sentence(store: Store, data: bytes, name: str, id: str) -> None:
    with pytest.raises(FileRefused, match=f"yifa.{id}") as refused:
        store.keep(data, name)
    assert "，" in refused.value.sentence
    assert not store.folder.exists()


def test_a_file_that_unfolds_without_end_is_refused_unopened(tmp_path: Path) -> None:
    bomb = zipped("word/document.xml", content=b"0" * 210_000_000)
    with pytest.raises(FileRefused, match="展开后过大"):
        Store(tmp_path).keep(bomb, "x.docx")


def test_a_file_with_a_password_is_refused(store: Store) -> None:
    locked = bytearray(zipped("word/document.xml"))
    locked[6] |= 1
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileRefused, match="密码"):
        store.keep(bytes(locked), "x.docx")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../etc/申请.pdf", "申请.pdf"),
        ("C:\\temp\\申请.PDF", "申请.pdf"),
        ("申请\u202efdp.exe", "申请fdp.exe.pdf"),
        ('a"b<c>\n.pdf', "abc.pdf"),
        ("", "文件.pdf"),
        (".pdf", "文件.pdf"),
        ("长" * 400 + ".pdf", "长" * 120 + ".pdf"),
    ],
)
def test_a_shown_name_has_no_folder_no_tricks_and_the_right_ending(typed: str, shown: str) -> None:
    assert shown_name(typed, "pdf") == shown
