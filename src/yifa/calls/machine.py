"""What the machine does at each step of a call-out: it fixes the list, puts it into the delivery table, closes callings, reviews."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from yifa.cases.store import Cursor
from yifa.ledger.chain import canonical
from yifa.procedure import Brought, Case, Lost, Reason, Refused, Scene

from . import over, queue, spelled
from .afterwards import length, line, review
from .ladder import MIAN, End, Ladder, LadderError
from .queue import Callee
from .told import Answered, Calling, Destruction, GivenUp, Rule, Sent, Summary, Visit

FIXED = ("rungs", "rungs_from", "people", "places", "unreachable", "salt", "roster")
TELEPHONED = ("voice", "sms", "webhook")
LONGEST = 4000  # characters of the minutes that a summary keeps; the table has all of them


@contextmanager
def refusing(case: Case, step: str) -> Iterator[None]:
    """What a ladder does not allow is refused like anything else, at this step's place in the law."""
    try:
        yield
    except LadderError as error:
        raise Refused(Reason(error.sentence, case.procedure.steps[step].cite, f"yifa.{error.id}")) from error


def cursor_of(scene: Scene) -> Cursor:
    """The transaction the step is taken in: what is done here stands or falls with it."""
    cursor: Cursor = scene.cursor  # type: ignore[attr-defined]  # over a database every scene has one
    return cursor


# ── The beginning ────────────────────────────────────────────────────────────


def ladder_of(told: Calling, scene: Scene) -> Ladder:
    """The county's own rule of that name, in force; the built-in one when none is named."""
    if not told.ladder:
        return MIAN
    rows = scene.listed(
        "call_ladder", ("name", "rungs", "basis"), states=("in_force",), where={"name": (told.ladder,)}
    )
    if not rows:
        raise LadderError("E635", f"没有名为“{told.ladder}”的现行叫应规则")
    _, _, _, _, name, rungs, basis = rows[-1]
    return spelled.read(rungs, name, basis)


def found(case: Case, told: Calling, scene: Scene, people: Sequence[Callee]) -> dict[str, Any]:
    """What a call-out is fixed to when it begins; `people` as the matter picked them. A correction leaves it as it is."""
    if case.standing.seq:
        opening = case.opening
        return {name: getattr(opening, name) for name in FIXED}
    with refusing(case, "begin"):
        ladder = ladder_of(told, scene)
        if not people:
            raise LadderError("E633", "没有要叫应的人")
    salt = scene.secret()
    spread = Counter(callee.office for callee in people)
    return {
        "rungs": spelled.write(ladder),
        "rungs_from": ladder.source,
        "people": len(people),
        "places": "\n".join(f"{place or '未注明'}：{n}人" for place, n in spread.items()),
        "unreachable": sum(not any(callee.addresses.values()) for callee in people),
        "salt": salt,
        "roster": digest(people, salt),
    }


def digest(people: Iterable[Callee], salt: str) -> str:
    """SHA-256 over the secret number and the list, sorted; it tells nothing once the number is destroyed."""
    listed = sorted(
        canonical([p.name, p.office, {k: dict(v) for k, v in p.addresses.items()}]) for p in people
    )
    return hashlib.sha256("\n".join([salt, *listed]).encode()).hexdigest()


def begun(case: Case, told: Calling, scene: Scene, people: Sequence[Callee]) -> Iterator[Brought[Any]]:
    """Everybody into the delivery table, in the same transaction as the act."""
    if len(people) != told.people:
        raise Refused(Reason("名单刚刚有变动，请重新发起", None, "yifa.E636"))
    told_by = ladder_of(told, scene)
    with refusing(case, "begin"):
        queue.begin(
            label=told.about,
            text=told.words,
            subject=told.about,
            ladder=told_by,
            callees=people,
            office=scene.office,
            by="",
            at=datetime.now(UTC),
            drill=told.drill,
            case=scene.case,
            within=cursor_of(scene),
        )
    yield from ()


# ── While it goes on ─────────────────────────────────────────────────────────


def callout_of(scene: Scene) -> int:
    row = cursor_of(scene).one("SELECT id FROM calls_callout WHERE case_id = ?", (scene.case,))
    if row is None:
        raise LadderError("E637", "这件叫应没有呼叫名单")
    return int(row[0])


def _meant(scene: Scene, callee: int, place: str = "", ends: tuple[str, ...] = ("",)) -> list[int]:
    """The callings a step is about: the one named, which must stand at one of `ends`, or all that have used every rung."""
    sql = 'SELECT id, office, next, "end" FROM calls_calling WHERE callout_id = ? ORDER BY id'
    rows = cursor_of(scene).all(sql, (callout_of(scene),))
    if callee:
        mine = next((row for row in rows if int(row[0]) == callee), None)
        if mine is None:
            raise LadderError("E632", f"这次叫应里没有{callee}号")
        if mine[3] not in ends:
            raise LadderError("E632", f"{callee}号{End[mine[3]].value if mine[3] else '还没有派人上门'}")
        return [callee]
    places = {row[1] for row in rows}
    if place and place not in places:
        raise LadderError("E632", f"名单里没有“{place}”，可以写：{'、'.join(sorted(filter(None, places)))}")
    return [int(id) for id, office, due, end in rows if due is None and not end and place in ("", office)]


def counted(step: str) -> Any:
    """A finder for a step about one calling or all that are left: how many it is about, at least one."""

    def find(case: Case, told: Sent | GivenUp, scene: Scene) -> dict[str, Any]:
        with refusing(case, step):
            ids = _meant(scene, told.callee, getattr(told, "place", ""))
            if not ids:
                raise LadderError("E638", "没有轮完各级仍未应答的人；正在呼叫的，请指明呼叫编号")
        return {"count": len(ids)}

    return find


def there(step: str, *ends: str) -> Any:
    """A finder for a step about one calling: it must be of this call-out, and stand where the step can be taken."""

    def find(case: Case, told: Answered | Visit, scene: Scene) -> dict[str, Any]:
        with refusing(case, step):
            _meant(scene, told.callee, ends=ends)
        return {}

    return find


def handed(case: Case, told: Sent, scene: Scene) -> Iterator[Brought[Any]]:
    yield from _closed(case, scene, "hand_over", partial(_counted, scene, told), End.HANDED, told.to, "")


def answered(case: Case, told: Answered, scene: Scene) -> Iterator[Brought[Any]]:
    yield from _closed(case, scene, "answer", lambda: [told.callee], End.ANSWERED, "值班登记", told.how)


def _counted(scene: Scene, told: Sent | GivenUp) -> list[int]:
    """Whom the step is about, who are still as many as its entry says: somebody may have answered this moment."""
    ids = _meant(scene, told.callee, getattr(told, "place", ""))
    if len(ids) != told.count:
        raise Lost
    return ids


def visited(case: Case, told: Visit, scene: Scene) -> Iterator[Brought[Any]]:
    with refusing(case, "visit"):
        queue.met(told.callee, told.met.label, within=cursor_of(scene))
    yield from ()


def given_up(case: Case, told: GivenUp, scene: Scene) -> Iterator[Brought[Any]]:
    who = scene.name_of(scene.office, told.on)
    meant = partial(_counted, scene, told)
    yield from _closed(case, scene, "give_up", meant, End.GIVEN_UP, who, told.reason)


def _closed(
    case: Case, scene: Scene, step: str, meant: Callable[[], Iterable[int]], end: End, by: str, why: str
) -> Iterator[Brought[Any]]:
    now = datetime.now(UTC)
    with refusing(case, step):
        for id in meant():
            queue.close(id, end, by, why, now, within=cursor_of(scene))
    yield from ()


# ── The end ──────────────────────────────────────────────────────────────────


def summed_up(case: Case, told: Summary, scene: Scene) -> dict[str, Any]:
    """How it went. While somebody is still being called it is not over."""
    with refusing(case, "finish"):
        r = review(callout_of(scene), cursor_of(scene))
    minutes = [line(minute) for minute in r.minutes]
    return {
        "open": r.open,
        "answered": r.answered,
        "handed": r.handed,
        "given_up": r.given_up,
        "tries": r.tries,
        "messages": r.messages,
        "half": length(r.half),
        "longest": length(r.longest),
        "minutes": _shortened(minutes),
    }


def _shortened(lines: Sequence[str]) -> str:
    kept: list[str] = []
    size = 0
    for n, one in enumerate(lines):
        size += len(one) + 1
        if size > LONGEST:
            return "\n".join([*kept, f"（此后{len(lines) - n}行见叫应页面）"])
        kept.append(one)
    return "\n".join(kept)


def destroyed(case: Case, told: Destruction, scene: Scene) -> dict[str, Any]:
    """How much is to be destroyed."""
    with refusing(case, "destroy"):
        callout = callout_of(scene)
    c = cursor_of(scene)
    people = c.one("SELECT count(*) FROM calls_calling WHERE callout_id = ?", (callout,))
    tries = c.one(f"SELECT count(*) FROM calls_try WHERE calling_id IN ({_OF})", (callout,))
    return {"people": int(people[0]) if people else 0, "tries": int(tries[0]) if tries else 0}


_OF = "SELECT id FROM calls_calling WHERE callout_id = ?"


def wiped(case: Case, told: Destruction, scene: Scene) -> Iterator[Brought[Any]]:
    """Names, numbers and words go; times and results stay."""
    over.forget(scene.case, cursor_of(scene))
    yield from ()


def key_destroyed(done: Any) -> None:
    """The key of what the case had sealed goes too, once the step is committed."""
    from .destroying import destroy_key  # a procedure is read without a database

    destroy_key(done.case)


def grown_out_of(scene: Scene, family: str) -> list[int]:
    """The cases of a family that this call-out grew out of."""
    sql = (
        "SELECT l.from_case FROM cases_link l JOIN cases_case k ON k.id = l.from_case"
        " WHERE l.to_case = ? AND k.family = ? ORDER BY l.from_case"
    )
    return [int(row[0]) for row in cursor_of(scene).all(sql, (scene.case, family))]


# ── Rules ────────────────────────────────────────────────────────────────────


def readable(case: Case, told: Rule, scene: Scene) -> dict[str, Any]:
    """A rule that cannot be followed is refused with the line that is wrong."""
    with refusing(case, next(iter(case.procedure.opening())).key):
        spelled.read(told.rungs, told.name)
    return {}


def people_written(text: str, where: str = "") -> list[Callee]:
    """People one a line: name, telephone, then those of substitute and superior, if any; `LadderError` names the line."""
    found = []
    for n, row in enumerate(text.splitlines(), 1):
        words = [word.strip() for word in row.replace("，", ",").replace("\t", ",").split(",")]
        if not any(words):
            continue
        name, *numbers = words
        if not name or not numbers or not all(map(dialled, filter(None, numbers))) or len(numbers) > 3:
            raise LadderError(
                "E639", f"名单第{n}行“{row[:30]}”应当写成：姓名，电话，替补电话，上级电话（后两项可以没有）"
            )
        found.append(Callee(name, addresses(*numbers), where))
    return found


def place_named(name: str, codes: Mapping[str, str]) -> str:
    """The code of the office called so; `LadderError` when there is none."""
    if name not in codes:
        raise LadderError("E637", f"没有叫“{name}”的机关，请写全称或者规范简称")
    return codes[name]


def short_names(codes: Mapping[str, str]) -> dict[str, str]:
    """What each office is called in short."""
    found: dict[str, str] = {}
    for name, code in codes.items():
        found[code] = min(found.get(code, name), name, key=len)
    return found


def dialled(number: str) -> bool:
    """Does it look like a number that can be dialled?"""
    digits = number.removeprefix("+").replace("-", "")
    return digits.isascii() and digits.isdecimal() and 3 <= len(digits) <= 15


def addresses(
    number: str = "", substitute: str = "", superior: str = "", *, own: Mapping[str, str] | None = None
) -> dict[str, dict[str, str]]:
    """Addresses as a calling has them: a number is good for a voice, a text message, and to be called upon in a group.

    `own`: further addresses of the person's own, by channel.
    """
    numbers = {"SELF": number, "SUBSTITUTE": substitute, "SUPERIOR": superior}
    found = {whom: dict.fromkeys(TELEPHONED, n) for whom, n in numbers.items() if n}
    further = {channel: address for channel, address in (own or {}).items() if address}
    if further:
        found["SELF"] = found.get("SELF", {}) | further
    return found


def once_each(people: Iterable[Callee]) -> list[Callee]:
    """Whoever stands there twice under the same name and numbers is called once."""
    return list({(p.name, json.dumps(p.addresses, sort_keys=True)): p for p in people}.values())
