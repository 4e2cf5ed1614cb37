"""Serving: the port, the static files, and what every answer says to the browser."""

import io
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from yifa.site import serving
from yifa.site.cli import main
from yifa.site.errors import Plain
from yifa.site.progress import Progress
from yifa.site.serving import collect_static, port_to_use


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        yield busy.getsockname()[1]


def test_a_taken_port_is_said_with_a_way_out(taken: int) -> None:
    with pytest.raises(Plain, match=rf"{taken}.*--port {taken + 1}.*\[yifa.E717\]"):
        port_to_use("127.0.0.1", taken, or_next=False)


def test_the_demonstration_takes_the_next_free_port(taken: int) -> None:
    assert taken < port_to_use("127.0.0.1", taken, or_next=True) <= taken + 20


def test_static_files_are_collected_once_and_named_by_their_content() -> None:
    assert collect_static()
    assert not collect_static()
    names = [file.name for file in (Path(settings.STATIC_ROOT) / "tabler" / "css").iterdir()]
    assert any(name.startswith("tabler.min.") and name.endswith(".css.gz") for name in names)


@pytest.mark.django_db
def test_no_page_may_run_what_did_not_come_from_this_site() -> None:
    answer = Client().get("/accounts/login/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_progress_is_quiet_between_lines_and_says_how_it_ended() -> None:
    out = io.StringIO()
    with Progress("核对", "条", total=200, out=out) as tell:
        for done in range(0, 201, 10):
            tell(done)
    assert out.getvalue().splitlines() == ["核对 200 条（100%），0 秒"]


def test_a_quiet_job_says_nothing() -> None:
    out = io.StringIO()
    with Progress("核对", "条", out=out, quiet=True) as tell:
        tell(1)
    assert out.getvalue() == ""


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_and_leads_back() -> None:
    answer = Client().get("/accounts/nothing/here/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_a_sentence() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/once/", {"code": "x"})
    assert answer.status_code == 403
    assert "什么都没有提交" in answer.content.decode()


@pytest.mark.parametrize("template", ["400.html", "403.html", "429.html", "500.html"])
def test_the_pages_of_mistakes_need_nothing_but_themselves(template: str) -> None:
    assert "<h1>" in render_to_string(template)


def test_the_desk_is_not_shown_to_a_stranger() -> None:
    answer = Client().get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def _abandoned(name: str, home: Path) -> Path:
    """An upload whose sender went home two days ago."""
    file = home / "imports" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"?")
    os.utime(file, (0, 0))
    return file


def test_an_upload_nobody_came_back_for_does_not_outlive_a_start(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YIFA_HOME = tmp_path
    old, fresh = _abandoned("old", tmp_path), tmp_path / "imports" / "fresh"
    fresh.write_bytes(b"?")
    started: list[str] = []

    class Server:
        def __init__(self, target: str, **_: Any) -> None:
            started.append(target)

        def serve(self) -> None:
            assert not old.exists(), "deleted before the first page is served"

    monkeypatch.setattr(serving, "Granian", Server)
    serving.run("127.0.0.1", 1)
    assert started
    assert fresh.exists(), "what waits for less than a day stays"


@pytest.mark.django_db
def test_the_nightly_sweep_deletes_abandoned_uploads(settings: Any, tmp_path: Path) -> None:
    settings.YIFA_HOME = tmp_path
    old = _abandoned("old", tmp_path)
    assert main(["sweep"]) == 0
    assert not old.exists()
