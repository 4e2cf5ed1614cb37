"""`yifa demo`: one command from nothing to a county, as a person runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from yifa.cases.models import Case
from yifa.ledger.models import Entry
from yifa.people import offices, posts
from yifa.people.county import load_county, read_county
from yifa.site import demo
from yifa.site.commands.setup import administrator, county_folder
from yifa.site.errors import Plain
from yifa.site.models import Mark

COUNTY = county_folder(None)
SINCE = read_county(COUNTY).since
pytestmark = pytest.mark.slow
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path) -> dict[str, str]:
    """As a person's shell has it: no database but the home's own file."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIFA_", "DJANGO_", "PYTEST"))}
    return {**kept, "YIFA_HOME": str(home)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration") / "home"


@pytest.fixture(scope="module")
def yifa(home: Path) -> Run:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "yifa.site.cli", *words],
            env=environment(home),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    made = run("demo", "--no-serve")
    assert made.returncode == 0, made.stderr
    return run


def test_a_second_start_is_immediate_and_changes_nothing(yifa: Run, home: Path) -> None:
    before, begun = yifa("verify", "--quiet").stdout, time.monotonic()
    again = yifa("demo", "--no-serve")
    assert again.returncode == 0
    assert "示范县已就绪" in again.stdout
    assert time.monotonic() - begun < 20
    assert yifa("verify", "--quiet").stdout == before


def test_the_demonstration_verifies_and_agrees_with_its_ledger(yifa: Run) -> None:
    assert yifa("verify", "--quiet").returncode == 0
    assert yifa("rebuild", "--compare", "--quiet").returncode == 0


def test_the_report_gives_every_planned_figure_with_its_records(yifa: Run) -> None:
    said = yifa("report", "2023", "--format", "json")
    assert said.returncode == 0, said.stderr
    figures = {f["id"]: f for f in json.loads(said.stdout)["figures"] if f["id"]}
    assert {"F002", "F009", "F010", "F011", "F064", "F065", "F117"} <= figures.keys()
    names = {
        "id",
        "key",
        "label",
        "value",
        "numerator",
        "denominator",
        "unit",
        "written",
        "period",
        "records",
    }
    assert all(names <= figure.keys() for figure in figures.values())


def test_other_volumes_give_other_figures(yifa: Run, tmp_path: Path) -> None:
    text = (COUNTY / "years" / "2023.toml").read_text("utf-8")
    one = re.search(r"^\[\[study\.session\]\]\n(?:.+\n)+", text, re.MULTILINE)
    assert one
    total = re.search(r"(\[study\][^\[]*?total = )(\d+)", text)
    assert total
    fewer = text.replace(total.group(), f"{total[1]}{int(total[2]) - 1}").replace(one.group(), "", 1)
    (tmp_path / "fewer.toml").write_text(fewer, "utf-8")
    other = subprocess.run(
        [
            sys.executable,
            "-m",
            "yifa.site.cli",
            "demo",
            "--no-serve",
            "--volumes",
            str(tmp_path / "fewer.toml"),
        ],
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert other.returncode == 0, other.stderr
    assert other.stdout.split("（")[0] != yifa("demo", "--no-serve").stdout.split("（")[0]


def test_it_serves_says_how_to_come_in_and_stops_on_ctrl_c(yifa: Run, home: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "yifa.site.cli", "demo", "--port", "18460"],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout
        said = ""
        while "Ctrl-C" not in said:
            line = server.stdout.readline()
            assert line, said
            said += line
        address = re.search(r"http://localhost:\d+", said)
        assert address
        assert re.search(r"([A-Z2-9]{4}-){3}[A-Z2-9]{4}", said)
        assert "县" in _page(address.group())
    finally:
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "nothing is lost" in rest


def _page(address: str) -> str:
    for _ in range(50):
        try:
            with urllib.request.urlopen(address + "/", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


# ——— inside ———


@pytest.fixture
def county(db: None) -> None:
    offices.forget()
    posts.forget()
    load_county(COUNTY)


@pytest.mark.usefixtures("county")
def test_invented_cases_never_get_among_real_ones() -> None:
    Case.objects.create(
        family="study", edition="Study", office="x", state="recorded", opened="2023-01-01", changed_on="2023-01-01",
        seq=1, head="0" * 64, standing="{}", facts="{}",
    )  # fmt: skip
    with pytest.raises(Plain, match="E722"):
        demo.must_be_empty()


@pytest.mark.usefixtures("county")
def test_a_start_that_is_broken_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = []

    def broken_off(day: object) -> None:
        sealed.append(day)
        if len(sealed) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(demo.checkpoints, "make", broken_off)
    with pytest.raises(KeyboardInterrupt):
        demo.act_the_year(COUNTY / "years" / "2023.toml", administrator(), SINCE, SINCE)
    assert not Entry.objects.exists()
    assert not Mark.objects.exists()
    assert demo.invented() is None
