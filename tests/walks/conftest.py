"""A demonstration county as a newcomer starts it, and a browser to walk it with."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

READY = 120  # seconds a first start may take on a loaded machine


@dataclass(frozen=True)
class Site:
    """A running demonstration: its address, the code it printed, its home folder."""

    url: str
    code: str
    home: Path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, quiet and without a sandbox of its own (CI runs as root)."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("No Chromium on this machine. Install Debian's package chromium (and fonts-noto-cjk).")
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": quiet}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home, port = tmp_path_factory.mktemp("county"), free_port()
    command = [sys.executable, "-m", "yifa.site.cli", "demo", "--home", str(home), "--port", str(port)]
    env = {**os.environ, "YIFA_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    env.pop("YIFA_DATABASE_URL", None)
    log = (home.parent / "demo.log").open("w+")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield Site(f"http://localhost:{port}", _code(server, Path(log.name)), home)
    finally:
        server.terminate()
        server.wait(20)


def _code(server: subprocess.Popen[bytes], log: Path) -> str:
    import time

    for _ in range(READY * 5):
        said = log.read_text()
        if server.poll() is not None:
            pytest.fail(f"The demonstration did not start:\n{said}")
        if found := re.search(r"one-time code: (\S+)", said):
            return found.group(1)
        time.sleep(0.2)
    pytest.fail(f"The demonstration was not ready within {READY} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def signed_in(site: Site, browser: Browser) -> dict[str, Any]:
    """The administrator's session, opened once with the one-time code."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.url}/accounts/once/")
    page.get_by_label("登录码").fill(site.code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r"/(desk|accounts)/"))
    state = context.storage_state()
    context.close()
    return dict(state)


@pytest.fixture
def desk(site: Site, browser: Browser, signed_in: dict[str, Any]) -> Iterator[Page]:
    """An official's browser."""
    context = browser.new_context(
        base_url=site.url,
        locale="zh-CN",
        storage_state=signed_in,
        viewport={"width": 1280, "height": 900},  # type: ignore[arg-type]
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def citizen(site: Site, browser: Browser) -> Iterator[Page]:
    """A person's telephone."""
    context = browser.new_context(
        base_url=site.url,
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
    )
    yield context.new_page()
    context.close()


def hold(page: Page, post: str) -> None:
    """Act in another post: the switcher at the top of every page of the desk."""
    page.goto("/desk/")
    page.locator("details:has(button[name=post]) > summary").click()
    page.locator(f"details button[name=post][value='{post}']").click()
    page.wait_for_load_state()
