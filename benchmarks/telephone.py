"""T1–T4: how many calls at once does one core hold, with a packet every 20 ms?

    python -m benchmarks.telephone [--size small|full] [--json]

Our agent calls sipp on this machine, which takes every call and sends back what it hears.

T1  processor time for one second of one call, beside a hundredth of a second: a hundred calls on one core
T2  how late the latest packet of a hundred goes out while so many calls talk, beside the 20 ms to the next
T3  packets that never went out
T4  calls set up and hung up by us, beside as many by sipp itself
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import Report, arguments
from yifa.calls.telephone.agent import Account, Agent
from yifa.calls.telephone.call import PhoneCall
from yifa.calls.telephone.media import STEP

CALLS = {"small": 30, "full": 100}
SECONDS = {"small": 5.0, "full": 20.0}
SETUPS = {"small": 200, "full": 1000}
AT_ONCE = 20
EVENTS = " RTP/AVP 0 101\n      a=rtpmap:101 telephone-event/8000\n"  # as every exchange of today agrees to
MESSAGE = bytes(range(256)) * 2000  # half a minute that is not silence


def free_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def sipp(home: str) -> Iterator[int]:
    """An exchange of another make that takes every call, and sends its sound back."""
    port, scenario = free_port(), Path(home) / "uas.xml"
    told = subprocess.run(["sipp", "-sd", "uas"], capture_output=True, text=True, check=False).stdout
    scenario.write_text(told[told.index("<?xml") :].replace(" RTP/AVP 0\n", EVENTS))
    command = [
        "sipp",
        "-sf",
        str(scenario),
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
        "-mp",
        str(free_port()),
        "-rtp_echo",
    ]
    with (
        open(os.devnull, "wb") as nowhere,
        subprocess.Popen([*command, "-nostdin"], cwd=home, stdout=nowhere, stderr=nowhere) as program,
    ):
        try:
            time.sleep(0.5)
            yield port
        finally:
            program.kill()


async def agent_for(port: int) -> Agent:
    agent = Agent(Account(("127.0.0.1", port), "yifa", register=False))
    await agent.open()
    return agent


async def talking(port: int, calls: int, seconds: float) -> tuple[float, list[float], int]:
    """Processor seconds for a second of one call, how late packets went out, and how many never did."""
    agent, late = await agent_for(port), []

    def watched(call: PhoneCall) -> None:
        media = call._media
        say = media._say

        def said() -> None:
            late.append(asyncio.get_running_loop().time() - media._next)
            say()

        media._say = said  # type: ignore[method-assign]

    try:
        lines = [await agent.dial("8001", 10, 600) for _ in range(calls)]
        for call in lines:
            watched(call)
        playing = [asyncio.create_task(call.play(MESSAGE * 3)) for call in lines]
        await asyncio.sleep(0.5)
        late.clear()
        begun, used = time.monotonic(), time.process_time()
        await asyncio.sleep(seconds)
        took, spent = time.monotonic() - begun, time.process_time() - used
        due, sent = took / STEP * calls, len(late)
        await asyncio.gather(*(call.hang_up() for call in lines), *playing)
    finally:
        await agent.close()
    return spent / took / calls, late, max(0, round(due - sent - calls))


async def setting_up(port: int, count: int) -> None:
    agent, free = await agent_for(port), asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with free:
            await (await agent.dial("8001", 10, 60)).hang_up()

    try:
        await asyncio.gather(*(one() for _ in range(count)))
    finally:
        await agent.close()


def peer(home: str, port: int, count: int) -> float:
    command = [
        "sipp",
        "-sn",
        "uac",
        f"127.0.0.1:{port}",
        "-i",
        "127.0.0.1",
        "-p",
        str(free_port()),
        "-nostdin",
    ]
    pace = ["-m", str(count), "-r", "5000", "-l", str(AT_ONCE), "-d", "0"]
    begun = time.monotonic()
    subprocess.run([*command, *pace], cwd=home, check=True, capture_output=True)
    return time.monotonic() - begun


def main() -> int:
    given = arguments(__doc__ or "")
    report = Report("T. The telephone", given)
    if not shutil.which("sipp"):
        report.left_out("sipp is not on this machine (apt-get install sip-tester)")
        return report.end()
    calls, setups = CALLS[given.size], SETUPS[given.size]
    with tempfile.TemporaryDirectory(prefix="yifa-bench-") as home, sipp(home) as port:
        spent, late, lost = asyncio.run(talking(port, calls, SECONDS[given.size]))
        report.at_most("T1 a second of a call / a hundredth of a second", spent, 1 / 100, 1)
        late.sort()
        report.at_most(f"T2 {calls} calls: lateness, 99 of 100 / 20 ms", late[len(late) * 99 // 100], STEP, 1)
        report.no_more_than("T3 packets that never went out", lost, 0)
        begun = time.monotonic()
        asyncio.run(setting_up(port, setups))
        ours = time.monotonic() - begun
        report.at_most(f"T4 {setups} calls set up and hung up / sipp", ours, peer(home, port, setups), 6)
    return report.end()


if __name__ == "__main__":
    raise SystemExit(main())
