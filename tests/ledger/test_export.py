"""What is handed out can be checked by anyone with Python, and holds no sealed words."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.ledger import checkpoints, verifier_script
from yifa.ledger.cli import checkpoint, export, verify

from .conftest import Book

# What places a thing in a table or a calendar, and is not under any hash: a day is compared with what was published.
NAMES = {"id", "entry", "size", "last_entry", "index", "day", "case"}


def check(folder: Path, *roots: str) -> tuple[int, str]:
    """Run the handed-out program in a Python that has nothing but its library."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder / "ledger.jsonl"), *roots]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def year(book: Book) -> Book:
    book.year()
    return book


def test_the_whole_ledger_can_be_checked_away_from_home(year: Book, tmp_path: Path) -> None:
    code, said = export(tmp_path / "out")
    assert (code, said[:3]) == (0, "已导出")
    code, said = check(tmp_path / "out", *(point.root for point in checkpoints.every()))
    assert (code, said.splitlines()[0][:4]) == (0, "核验通过"), said
    assert checkpoints.every()[-1].root in said
    assert check(tmp_path / "out", "ab" * 32)[0] == 1


def test_one_case_goes_out_with_the_proofs_of_its_entries(year: Book, tmp_path: Path) -> None:
    for case in (3, 4, 5):
        folder = tmp_path / str(case)
        export(folder, case=case)
        kinds = [
            json.loads(line)["kind"] for line in (folder / "ledger.jsonl").read_text("utf-8").splitlines()
        ]
        assert kinds.count("inclusion") >= 1
        assert kinds.count("consistency") == 2
        assert check(folder, checkpoints.every()[-1].root)[0] == 0, check(folder)


def test_no_sealed_word_goes_out(year: Book, tmp_path: Path) -> None:
    export(tmp_path / "out")
    text = (tmp_path / "out" / "ledger.jsonl").read_text("utf-8")
    assert "申请人姓名" in text  # what was sealed is said
    assert "王某" not in text
    assert "1380000" not in text


def test_the_verifier_needs_no_package_and_fits_on_two_pages() -> None:
    text = verifier_script()
    assert len(text.splitlines()) < 150
    imported = [line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert set(imported) <= set(sys.stdlib_module_names)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_altered_line_is_found_wherever_it_stands(
    exported: tuple[Path, Path], data: st.DataObject
) -> None:
    """A digit or a letter changed in any line but the first: there is none that may be changed unnoticed."""
    folder = data.draw(st.sampled_from(exported))
    file = folder / "ledger.jsonl"
    whole = file.read_text("utf-8")
    lines = whole.splitlines()
    n = data.draw(st.integers(1, len(lines) - 1))
    places = [at for at, c in enumerate(lines[n]) if c in "0123456789abcdef"]
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from("0123456789abcdef").filter(lambda c: c != lines[n][at]))
    lines[n] = lines[n][:at] + other + lines[n][at + 1 :]
    row, was = json.loads(lines[n]) if _reads(lines[n]) else {}, json.loads(whole.splitlines()[n])
    changed = {name for name in row.keys() | was.keys() if row.get(name) != was.get(name)}
    if row and (changed <= NAMES or "last_entry" in changed):
        return
    try:
        file.write_text("\n".join(lines) + "\n", "utf-8")
        assert check(folder, checkpoints.every()[-1].root)[0] == 1, (n, at, other)
    finally:
        file.write_text(whole, "utf-8")


def _reads(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


@pytest.fixture
def exported(sqlite_book: Book, tmp_path: Path) -> tuple[Path, Path]:
    sqlite_book.year(cases=6)
    export(tmp_path / "whole")
    export(tmp_path / "case", case=3)
    return tmp_path / "whole", tmp_path / "case"


def test_a_line_left_out_or_moved_is_found(exported: tuple[Path, Path]) -> None:
    file = exported[0] / "ledger.jsonl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if '"kind":"entry"' in line)
    for n in range(first, len(lines) - 8):
        file.write_text("".join(lines[:n] + lines[n + 1 :]), "utf-8")
        assert check(exported[0])[0] == 1
        file.write_text("".join([*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]]), "utf-8")
        assert check(exported[0])[0] == 1


def test_the_commands_answer_in_a_sentence(year: Book) -> None:
    assert verify()[1].startswith("台账核验通过：")
    assert verify(full=False)[1].startswith("台账核验通过（上一校验点以来）：")
    assert checkpoint(date(2023, 2, 1))[1].startswith("2023-02-01已封存：")
    year.unguard()
    year.run("UPDATE ledger_entry SET body = replace(body, '2023-01-03', '2023-01-05') WHERE id = 2")
    code, said = verify()
    case = year.one("SELECT case_id FROM ledger_entry WHERE id = 2")
    assert code == 1
    assert said.startswith(f"台账核验不通过：第2号记录（案件{case}第1条）：正文被改动。")
