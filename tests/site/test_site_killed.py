"""The real site with its sender, killed with -9 while a form is under way: what was confirmed stands, the rest is whole or not there."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.calls.test_killed import KINDS, county

ROUNDS = 8
TODAY = date.today()
pytestmark = pytest.mark.slow


class Stay(urllib.request.HTTPRedirectHandler):
    """Where a form leads is read, not followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Site:
    """`yifa serve` and somebody at its desk."""

    def __init__(self, env: dict[str, str], session: str, workers: int) -> None:
        self.env, self.workers = env, workers
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        cookies = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(Stay(), urllib.request.HTTPCookieProcessor(cookies))
        self.cookie = f"sessionid={session}"

    def start(self) -> None:
        """As a supervisor would: again and again until it stays up."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            words = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yifa.site.cli", *words], env=self.env, stdout=subprocess.DEVNULL
            )
            while self.process.poll() is None and time.monotonic() < until:
                with suppress(OSError):
                    self.get("/accounts/login/")
                    return
                time.sleep(0.1)
            time.sleep(0.5)
        raise AssertionError("the site does not come up again")

    def kill(self) -> None:
        """Only the server itself: whatever it started must see to its own end."""
        self.process.kill()
        self.process.wait()

    def get(self, path: str, data: dict[str, str] | None = None) -> tuple[str, str]:
        """A page and where it leads."""
        told = urllib.parse.urlencode(data).encode() if data else None
        request = urllib.request.Request(self.address + path, told, {"Cookie": self.cookie})
        if data:
            request.add_header("Referer", self.address + path)
            request.add_header("Cookie", f"{self.cookie}; csrftoken={self.csrf}")
        try:
            with self.browser.open(request, timeout=20) as answer:
                return answer.read().decode(), answer.headers.get("Location", "")
        except urllib.error.HTTPError as answer:
            if answer.code >= 500:
                raise
            return answer.read().decode(), answer.headers.get("Location", "")

    def take(self, path: str, **typed: str) -> str:
        """Open a form, fill it in, send it; where it leads, empty where it was refused."""
        request = urllib.request.Request(self.address + path, headers={"Cookie": self.cookie})
        with self.browser.open(request, timeout=20) as answer:
            page = answer.read().decode()
            set_cookie = " ".join(answer.headers.get_all("Set-Cookie") or [])
        if found := re.search(r"csrftoken=([^;]+)", set_cookie):
            self.csrf = found[1]
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.get(path, fields | {"on": TODAY.isoformat(), "_do": "act"} | typed)[1]


def asked(env: dict[str, str], job: str) -> dict[str, Any]:
    script = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, str(script), job], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


class Clerk:
    """Begins call-outs and notes those the desk confirmed."""

    def __init__(self, site: Site) -> None:
        self.site, self.n = site, 0
        self.confirmed: list[tuple[str, int]] = []

    def begun(self) -> None:
        """One that is confirmed; a worker of the site that was killed may still take the first one with it."""
        before = len(self.confirmed)
        for _ in range(20):
            self.begin()
            if len(self.confirmed) > before:
                return
            time.sleep(0.2)
        raise AssertionError("the site is up and confirms nothing")

    def begin(self) -> None:
        self.n += 1
        about, more = f"事由{self.n}", "\n".join(f"某{k}，1380000000{k}，，1370000000{k}" for k in range(3))
        typed = {"about": about, "words": "请立即转移", "ladder": "快", "only_more": "是", "more": more}
        with suppress(OSError, http.client.HTTPException):
            to = self.site.take("/desk/p/rousing/new/begin/", **typed)
            found = re.fullmatch(r"/desk/case/(\d+)/", to)
            assert found, to
            self.confirmed.append((about, int(found[1])))


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_out_the_desk_confirmed_is_there_whole_however_the_site_was_killed(
    kind: str, tmp_path: Path
) -> None:
    rng = random.Random(7)
    with county(kind, tmp_path) as env:
        site = Site(env, asked(env, "prepare")["session"], workers=1 if kind == "sqlite" else 2)
        clerk = Clerk(site)
        try:
            for _ in range(ROUNDS):
                site.start()
                clerk.begun()
                under_way = threading.Thread(target=clerk.begin)
                under_way.start()
                time.sleep(rng.uniform(0, 0.15))
                site.kill()
                under_way.join()
            site.start()
            answered = answer_one(site, asked(env, "look"))
            told = asked(env, "look")
            until = time.monotonic() + 60
            while any(row[3] is not None for row in told["callings"]) and time.monotonic() < until:
                time.sleep(1)
                told = asked(env, "look")
            site.process.send_signal(signal.SIGTERM)
            assert site.process.wait(30) == 0
        finally:
            if site.process.poll() is None:
                site.kill()
    assert len(clerk.confirmed) >= ROUNDS, "each round one at least"
    assert sorted(told["begun"]) == sorted(told["call_outs"])
    assert {tuple(row[:2]) for row in told["begun"]} >= set(clerk.confirmed)
    assert {people for _, _, people in told["begun"]} == {3}
    assert all(due is None for _, _, _, due, _ in told["callings"]), (
        "everybody has ended or lies with a person"
    )
    assert {id: end for id, _, _, _, end in told["callings"]}[answered] == "ANSWERED"
    assert (told["wrong"], told["different"]) == ("", [])


def answer_one(site: Site, told: dict[str, Any]) -> int:
    """The desk hears of somebody still open."""
    id, case = next((id, case) for id, case, _, _, end in reversed(told["callings"]) if end == "")
    assert site.take(f"/desk/case/{case}/do/answer/", callee=str(id), how="本人来电") == f"/desk/case/{case}/"
    return int(id)
