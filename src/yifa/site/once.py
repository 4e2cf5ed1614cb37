"""One-time codes: nobody ever gets a default password.

A code lets its owner in once, within a day, and then asks for a password. About 80 random bits; the database holds a digest.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from yifa.people.models import User
from yifa.site.models import Code

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: a code is read aloud and typed
LIFE = timedelta(hours=24)


def written(letters: str) -> str:
    """ABCD-EFGH-…: in fours, as one reads it aloud."""
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def issue(user: User, now: datetime | None = None) -> str:
    """A new code for this user; an earlier one ends."""
    code = written("".join(secrets.choice(ALPHABET) for _ in range(16)))
    until = (now or timezone.now()) + LIFE
    Code.objects.update_or_create(user=user, defaults={"digest": _digest(code), "until": until})
    return code


def redeem(code: str, now: datetime | None = None) -> User | None:
    """Whose code this is; it is gone afterwards, and so is the old password. None: not valid, or not any more."""
    with transaction.atomic():
        found = (
            Code.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(digest=_digest(code))
            .first()
        )
        if found is None:
            return None
        user, until = found.user, found.until
        found.delete()
        if until < (now or timezone.now()) or not user.is_active:
            return None
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
