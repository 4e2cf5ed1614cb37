"""What one person is shown at the address in their message, and their word that it has reached them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yifa.cases.store import Store

from . import queue
from .ladder import End, LadderError
from .queue import moment

CONFIRMED = "点开链接确认收到"


@dataclass(frozen=True, slots=True)
class Told:
    """What was to reach them. answered: when it had; closed: the calling ended otherwise."""

    calling: int
    label: str
    text: str
    office: str  # the code of who called
    drill: bool
    answered: datetime | None
    closed: bool


def told(calling: int) -> Told | None:
    """None when there is no such calling."""
    sql = (
        'SELECT o.label, o.text, o.office, o.drill, c."end", c.ended FROM calls_calling c'
        " JOIN calls_callout o ON o.id = c.callout_id WHERE c.id = ?"
    )
    row = Store().cursor().one(sql, (calling,))
    if row is None:
        return None
    label, text, office, drill, end, ended = row
    answered = moment(int(ended)) if end == End.ANSWERED.name and ended is not None else None
    return Told(calling, label, text, office, bool(drill), answered, end == End.GIVEN_UP.name)


def confirm(calling: int, at: datetime) -> bool:
    """Their word is taken; False when the calling had ended before, which then stands."""
    try:
        queue.close(calling, End.ANSWERED, "本人", CONFIRMED, at)
    except LadderError:
        return False
    return True


__all__ = ["CONFIRMED", "Told", "confirm", "told"]
