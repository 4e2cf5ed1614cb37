"""Telephones at the far side that are none of ours: baresip and sipp from Debian, on this machine, at ports that are free."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from yifa.calls.speech.sound import read_wav
from yifa.calls.telephone.message import Request, read, respond
from yifa.calls.telephone.sdp import write

MODULES = Path("/usr/lib/baresip/modules")


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """The program must be there in CI; elsewhere its tests say what they lack."""
    lacking = shutil.which(program) is None and "YIFA_CI" not in os.environ
    return pytest.mark.skipif(lacking, reason=f"needs {program} (apt-get install {package})")


def free_port(count: int = 1) -> int:
    """A port that nobody has just now, for UDP and for TCP; below those that are handed out to whoever asks for any.

    count: of so many in a row the first; baresip takes the next one for TLS.
    """
    while True:
        port = random.randrange(30_100, 32_700, 2)
        if all(_free(port + n) for n in range(count)):
            return port


def _free(port: int) -> bool:
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@asynccontextmanager
async def running(*command: str, log: Path, **more: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program, killed at the end whatever happens."""
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            **more,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _taken_port(port: int, process: asyncio.subprocess.Process) -> None:
    """Until somebody listens there; without knocking, which would count as a call."""
    tables = [Path("/proc/net/udp"), Path("/proc/net/tcp")]
    for _ in range(200):
        if any(f":{port:04X} " in table.read_text() for table in tables):
            return
        assert process.returncode is None, "it has ended before it began"
        await asyncio.sleep(0.05)
    raise AssertionError("it does not listen")


# ——— baresip: a telephone with somebody at it ———


class Baresip:
    """A telephone of another make that takes every call; what it hears lies in a WAV file, and it does as it is told."""

    def __init__(
        self, home: Path, *, codecs: str = "pcma", answer: str = "auto", source: str = "aubridge,a"
    ) -> None:
        self.home, self.port, self._control = home, free_port(2), free_port()
        self._codecs, self._answer, self._source = codecs, answer, source

    def _write(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        lines = [
            "poll_method epoll", f"sip_listen 127.0.0.1:{self.port}", "call_max_calls 20",
            "audio_player aubridge,a", f"audio_source {self._source}", "audio_alert aubridge,b",
            "ausrc_format s16", "auplay_format s16", f"module_path {MODULES}", f"snd_path {self.home}",
            *(f"module {name}.so" for name in ("g711", "aufile", "aubridge", "sndfile")),
            *(f"module_tmp {name}.so" for name in ("uuid", "account")),
            *(f"module_app {name}.so" for name in ("menu", "ctrl_tcp")),
            f"ctrl_tcp_listen 127.0.0.1:{self._control}", "net_interface 127.0.0.1",
        ]  # fmt: skip
        (self.home / "config").write_text("\n".join(lines) + "\n")
        account = f"<sip:8001@127.0.0.1:{self.port}>;regint=0;answermode={self._answer};audio_codecs={self._codecs}\n"
        (self.home / "accounts").write_text(account)
        (self.home / "contacts").write_text("")

    @asynccontextmanager
    async def ready(self) -> AsyncIterator[Baresip]:
        self._write()
        async with running("baresip", "-f", str(self.home), log=self.home / "log", cwd=self.home) as process:
            for _ in range(200):
                if "baresip is ready" in self.log:
                    break
                assert process.returncode is None, self.log
                await asyncio.sleep(0.1)
            else:
                raise AssertionError(f"baresip did not start:\n{self.log}")
            try:
                yield self
            finally:
                await self._put_away(process)

    async def _put_away(self, process: asyncio.subprocess.Process) -> None:
        """Asked to end, it writes its recordings out first; killed, it may leave one whose head says that nothing is in it."""
        with contextlib.suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            async with asyncio.timeout(5):
                await process.wait()

    @property
    def log(self) -> str:
        return (self.home / "log").read_text("utf-8", "replace")

    async def told(self, command: str, parameter: str = "") -> dict[str, Any]:
        """A command over its control line, and what it says."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._control)
        said = json.dumps({"command": command, "params": parameter, "token": "t"}).encode()
        writer.write(b"%d:%s," % (len(said), said))
        try:
            async with asyncio.timeout(10):
                while True:
                    size = int((await reader.readuntil(b":"))[:-1])
                    answer: dict[str, Any] = json.loads((await reader.readexactly(size + 1))[:-1])
                    if answer.get("response"):
                        return answer
        finally:
            writer.close()

    async def press(self, key: str) -> None:
        assert (await self.told("sndcode", key))["ok"]

    def heard(self) -> bytes:
        """All that came out of its earpiece, 8000 samples a second."""
        files = sorted(self.home.glob("dump-*-dec.wav"))
        assert files, self.log
        pcm, rate = read_wav(files[-1].read_bytes())
        assert rate == 8000
        return pcm


# ——— sipp: an exchange that follows a scenario to the letter ———

SDP = """
v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio {port} RTP/AVP {formats}
{more}
"""
KEPT = """
[last_Via:]
[last_From:]
[last_To:];tag=[pid]far[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
"""


def heard(method: str, *, optional: bool = False, auth: bool = False) -> str:
    more = ' optional="true"' if optional else ""
    if auth:
        return f'<recv request="{method}" crlf="true"><action><verifyauth assign_to="ok" username="yifa" password="geheim"/></action></recv>'
    return f'<recv request="{method}"{more} crlf="true"></recv>'


def said(status: str, more: str = "", body: str = "", *, to: str = "INVITE") -> str:
    kept = KEPT if to == "INVITE" else KEPT.replace("[last_To:];tag=[pid]far[call_number]", "[last_To:]")
    kind = "Content-Type: application/sdp\n" if body else ""
    return f"<send><![CDATA[\nSIP/2.0 {status}{kept.rstrip()}\n{more}{kind}Content-Length: [len]\n\n{body.strip()}\n]]></send>"


def pause(milliseconds: int) -> str:
    return f'<pause milliseconds="{milliseconds}"/>'


def asked(method: str, number: int, more: str = "", body: str = "") -> str:
    """A request of the far side's own, within the call."""
    return f"""<send retrans="500"><![CDATA[
{method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:8001@[local_ip]>;tag=[pid]far[call_number]
To: [$1]
Call-ID: [call_id]
CSeq: {number} {method}
Max-Forwards: 70
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
{more}Content-Length: [len]

{body.strip()}
]]></send>"""


def answered(status: int) -> str:
    return f'<recv response="{status}"></recv>'


INVITED = """<recv request="INVITE" crlf="true" rrs="true"><action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/>
</action></recv>"""


def sound(port: int = 6000, formats: str = "8 101", more: str = "a=rtpmap:101 telephone-event/8000") -> str:
    return SDP.format(port=port, formats=formats, more=more)


class Sipp:
    """One scenario, played as often as it is called; `over` says whether all went as written there."""

    def __init__(
        self, home: Path, *steps: str, calls: int = 1, transport: str = "u1", options: Sequence[str] = ()
    ) -> None:
        self.home, self.port, self._calls = home, free_port(), calls
        self._transport, self._options = transport, options
        home.mkdir(parents=True, exist_ok=True)
        xml = '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="far">\n' + "\n".join(steps) + "\n"
        unused = [n for n in "12" if f"[${n}]" not in xml and f'assign_to="{n}"' in xml]
        xml += f'<Reference variables="{",".join(unused)}"/>\n' if unused else ""
        (home / "scenario.xml").write_text(xml + "</scenario>\n")

    @asynccontextmanager
    async def ready(self) -> AsyncIterator[Sipp]:
        command = (
            "sipp", "-sf", str(self.home / "scenario.xml"), "-i", "127.0.0.1", "-p", str(self.port), "-m",
            str(self._calls), "-t", self._transport, "-nostdin", "-trace_err", "-trace_msg", "-timeout", "60s",
            *self._options,
        )  # fmt: skip
        async with running(*command, log=self.home / "log", cwd=self.home) as process:
            await _taken_port(self.port, process)
            self._process = process
            yield self

    async def over(self) -> None:
        """The scenario came to its end, and nothing in it went otherwise than written."""
        async with asyncio.timeout(30):
            code = await self._process.wait()
        assert code == 0, self.trace

    @property
    def trace(self) -> str:
        files = [*self.home.glob("*_errors.log"), *self.home.glob("*_messages.log")]
        return "\n".join(file.read_text("utf-8", "replace") for file in files)


# ——— an exchange of our own, for what the others cannot be told to do ———


class Exchange(asyncio.DatagramProtocol):
    """Takes every call with a telephone that sends back what it hears. `mood`: ok, deaf (answers nothing at all),
    gone (takes the call and is never heard again)."""

    def __init__(self, mood: str = "ok", takes: float = 0.05) -> None:
        self.mood, self.takes = mood, takes
        self.invites: list[str] = []
        self.now = self.most = self.registered = 0
        self.came: list[Request] = []

    @asynccontextmanager
    async def ready(self) -> AsyncIterator[Exchange]:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
        self.echo, _ = await loop.create_datagram_endpoint(Echo, ("127.0.0.1", 0))
        self.port = int(self.transport.get_extra_info("sockname")[1])
        try:
            yield self
        finally:
            self.transport.close()
            self.echo.close()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        request = read(data)
        if not isinstance(request, Request):
            return
        self.came.append(request)
        if self.mood == "deaf" or request.method == "ACK":
            return
        if request.method == "INVITE":
            self._invited(request, addr)
            return
        if request.method == "BYE":
            self.now -= 1
        if request.method == "REGISTER":
            self.registered += 1
        if self.mood != "gone":
            self._say(request, 200, "OK", addr)

    def _invited(self, request: Request, addr: Any) -> None:
        if request.get("call-id") in self.invites:
            return
        self.invites.append(request.get("call-id"))
        self._say(request, 180, "Ringing", addr)
        asyncio.get_running_loop().call_later(self.takes, self._take, request, addr)

    def _take(self, request: Request, addr: Any) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        more = (("contact", f"<sip:far@127.0.0.1:{self.port}>"), ("content-type", "application/sdp"))
        body = write(("127.0.0.1", int(self.echo.get_extra_info("sockname")[1])), 1)
        self._say(request, 200, "OK", addr, more, body)

    def _say(
        self, to: Request, status: int, reason: str, addr: Any, more: Any = (), body: bytes = b""
    ) -> None:
        self.transport.sendto(respond(to, status, reason, "far", more, body).written(), addr)


class Echo(asyncio.DatagramProtocol):
    """Sends back what it hears."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.transport.sendto(data, addr)
