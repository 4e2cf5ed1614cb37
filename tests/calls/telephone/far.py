"""Telephones at the far side that are none of ours: baresip and sipp from Debian, on this machine, at ports that are free."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

MODULES = Path("/usr/lib/baresip/modules")


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """The program must be there in CI; elsewhere its tests say what they lack."""
    lacking = shutil.which(program) is None and "YIFA_CI" not in os.environ
    return pytest.mark.skipif(lacking, reason=f"needs {program} (apt-get install {package})")


def free_port() -> int:
    """A port that nobody has just now, for UDP and for TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = int(tcp.getsockname()[1])
            with contextlib.suppress(OSError):
                udp.bind(("127.0.0.1", port))
                return port


@asynccontextmanager
async def running(*command: str, log: Path, **more: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program, killed at the end whatever happens."""
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True, **more
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
