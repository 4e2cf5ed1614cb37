"""What is said and what is read, alike in every channel: the drill's mark, numbers, the far side's own words."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime

from yifa.calls.channel import Try

DRILL = "【演练】"
MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def marked(one: Try, text: str) -> str:
    """The text, with the mark of a drill before it if it is one."""
    return DRILL + text if one.drill and text and not text.startswith(DRILL) else text


def in_full(one: Try) -> str:
    """The text with the address at which one answers, where a channel has no other place for it."""
    text, answer = marked(one, one.message.text), one.message.answer
    return text if not answer or answer in text else f"{text}\n回应：{answer}"


def mobile(number: str) -> str | None:
    """A mainland mobile number as `+86` and eleven digits; None if it is none."""
    found = MOBILE.fullmatch(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)))
    return f"+86{found[1]}" if found else None


def tidy(said: object, most: int = 200) -> str:
    """The far side's words as one short line that any database keeps."""
    text = said if isinstance(said, str) else "" if said is None else str(said)
    text = text[: most * 4].encode("utf-8", "replace").decode()
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:most]


def as_object(body: bytes) -> dict[str, object] | None:
    """The JSON object that the body is, or None."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def as_objects(said: object) -> list[dict[str, object]]:
    """The objects in a JSON list; whatever else stands there is passed over."""
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def moment(said: object, latest: datetime) -> datetime:
    """The moment the far side names with its offset; `latest` if it names none, or one still to come."""
    try:
        named = datetime.fromisoformat(said if isinstance(said, str) else "")
        return min(named.astimezone(UTC), latest) if named.tzinfo else latest
    except (ValueError, OverflowError):
        return latest


__all__ = ["DRILL", "as_object", "as_objects", "in_full", "marked", "mobile", "moment", "now", "tidy"]
