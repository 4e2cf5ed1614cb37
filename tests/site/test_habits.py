"""The project's habits: what every file of the repository keeps to."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")

sys.path.insert(0, str(ROOT / "docs" / "_build"))
import pages  # noqa: E402  # the manual's own reading of the source

MADE_HERE = re.compile(
    r"\.git|\.venv.*|\..*_cache|\.hypothesis|__pycache__|.*\.egg-info|site|build|dist|htmlcov"
)


def files_of_the_repository() -> list[Path]:
    """What git keeps; where there is no git (a source archive, a bare machine), whatever was not made here."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    kept = [path for path in ROOT.iterdir() if not MADE_HERE.fullmatch(path.name)]
    inside = (f for path in kept for f in path.rglob("*") if f.is_file() and f.parent.name != "__pycache__")
    return [*(path for path in kept if path.is_file()), *inside]


def texts() -> list[tuple[Path, str]]:
    found = []
    for file in files_of_the_repository():
        try:
            found.append((file, file.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_pins_every_package_with_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--?(i|f|index|extra-index|find-links)", text, re.MULTILINE)
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    pinned = [block for block in blocks if re.match(r"[A-Za-z0-9]", block)]
    assert pinned
    assert all("==" in block and "--hash=sha256:" in block for block in pinned)


def test_every_runtime_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = set(
        re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    )
    for wanted in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9_.-]+", wanted)
        assert name
        assert re.sub(r"[-_.]+", "-", name.group()).lower() in locked, f"{wanted} is not locked: make lock"


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile(
        "|".join((r"pypi\." + "org", "python" + "hosted", r"npmjs\." + "org", r"deb\." + "debian"))
    )
    assert [file for file, text in texts() if hosts.search(text)] == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    places = re.compile("|".join(("/" + "root/", "/" + "home/[a-z]", "/" + "work/", "/" + "Users/")))
    found = [(file, m.group()) for file, text in texts() if (m := places.search(text))]
    assert found == []


def test_no_folder_is_called_utils() -> None:
    banned = {"utils", "helpers", "common", "manager", "misc", "base2"}
    for file in files_of_the_repository():
        assert not banned & {*file.relative_to(ROOT).parts, file.stem}, file


def test_every_error_id_belongs_to_one_room() -> None:
    for name, rooms in pages.known_errors().items():
        if name.startswith("R"):
            continue
        number = int(name[1:])
        owner = [room for room, first, last in pages.ROOMS if first <= number <= last]
        assert owner == list(rooms), f"{name} stands in {', '.join(rooms)}"


def test_no_password_stands_in_the_source() -> None:
    given = re.compile(r"""set_password\(\s*["']|create_superuser\(""")
    source = [(file, text) for file, text in texts() if file.is_relative_to(ROOT / "src")]
    assert [file for file, text in source if given.search(text)] == []
