"""The site behind granian: one process and as many threads as the machine likes, until Ctrl-C."""

import hashlib
import os
import socket
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from yifa.site.errors import stop
from yifa.tables.staging import forget_old

NEXT_PORTS = 20
THREADS = max(4, 2 * (os.cpu_count() or 1))
WAITING = 32 * THREADS


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def port_to_use(host: str, port: int, *, or_next: bool) -> int:
    """The port itself, or the next free one where that is welcome (the demonstration), or a plain sentence."""
    if _free(host, port):
        return port
    taken = f"{host} 的端口 {port} 打不开（多半已被占用）· Port {port} cannot be opened; something else may be using it"
    if or_next:
        for candidate in range(port + 1, min(port + NEXT_PORTS, 65535) + 1):
            if _free(host, candidate):
                return candidate
    stop(f"{taken}. 换一个：--port {port + 1} · Choose another with --port. [yifa.E717]", 1)


def _of_static_files() -> str:
    """A digest over the names, sizes and times of every static file: has anything changed since last time?"""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def collect_static() -> bool:
    """Write every static file under a name made from its content, so browsers may keep it for ever."""
    folder = Path(settings.STATIC_ROOT)
    note, now = folder / ".collected", _of_static_files()
    if note.is_file() and note.read_text("ascii") == now:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    note.write_text(now, "ascii")
    return True


def run(host: str, port: int, workers: int = 1) -> None:
    """Serve until someone says stop; uploads that nobody came back for do not outlive a start."""
    forget_old()
    os.environ["YIFA_SERVED_BY"] = str(os.getpid())  # wsgi.py ends a worker that is left alone
    Granian(
        "yifa.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=WAITING,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
