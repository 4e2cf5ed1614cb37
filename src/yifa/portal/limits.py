"""How often one address may try: counted in windows, without keeping the address itself."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """So many times within so many seconds."""

    name: str
    times: int
    seconds: int

    def spend(self, request: HttpRequest) -> bool:
        """Count one try; False when there were too many already."""
        key = self._key(request)
        if cache.add(key, 1, self.seconds):
            return True
        try:
            return cache.incr(key) <= self.times
        except ValueError:  # the window ended between the two calls
            cache.set(key, 1, self.seconds)
            return True

    def spent(self, request: HttpRequest) -> bool:
        """Were there too many already? Counts nothing."""
        return int(cache.get(self._key(request), 0)) >= self.times

    def _key(self, request: HttpRequest) -> str:
        window = int(time.time()) // self.seconds
        told = f"{self.name}|{address(request)}|{window}".encode()
        return "portal:" + hmac.new(settings.SECRET_KEY.encode(), told, "sha256").hexdigest()


def address(request: HttpRequest) -> str:
    """Where a request comes from; behind our own proxy, what that proxy saw."""
    if getattr(settings, "YIFA_HTTPS", False):
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or "proxy"
    return str(request.META.get("REMOTE_ADDR", ""))


WRONG_CODES = Limit("wrong-code", 10, 600)
ALL_CODES = Limit("code", 60, 600)
APPLICATIONS = Limit("apply", 20, 3600)
PROOFS = Limit("proof", 120, 600)
LOOKUPS = Limit("lookup", 60, 600)
ANSWERS = Limit("answer", 600, 600)  # a village may stand behind one address
WRONG_ANSWERS = Limit("wrong-answer", 30, 600)
