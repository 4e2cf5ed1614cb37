"""The site as a WSGI application; granian serves it."""

import os
import threading
import time

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")

application = get_wsgi_application()


def _end_with(process: int) -> None:
    """A worker whose server was killed would keep the port, and nobody could start the site again."""
    while os.getppid() == process:
        time.sleep(0.5)
    os._exit(1)


if beside := os.environ.get("YIFA_SERVED_BY"):
    threading.Thread(target=_end_with, args=(int(beside),), name="beside", daemon=True).start()
