"""A form that may be sent once: pressing the button twice, or going back and sending again, does not apply twice."""

from __future__ import annotations

import secrets

from django.core import signing
from django.core.cache import cache

SALT = "yifa.portal.once"
HOURS = 6


def ticket() -> str:
    """A signed number for a form about to be shown."""
    return signing.dumps(secrets.token_hex(8), salt=SALT)


def valid(given: str) -> bool:
    """Was it given out by us, not too long ago?"""
    try:
        signing.loads(given, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return False
    return True


def use(given: str) -> bool:
    """Take the ticket; False when it was used already."""
    return bool(cache.add(f"portal:ticket:{given}", 1, HOURS * 3600))


def give_back(given: str) -> None:
    """The form was refused: it may be sent again, corrected."""
    cache.delete(f"portal:ticket:{given}")
