"""What the machine finds of a warning in its message, and whom it calls: those who hold a post, as the register stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yifa.calls import cap12
from yifa.calls import machine as calls
from yifa.calls.cap12 import Alert, CapError, National
from yifa.calls.queue import Callee
from yifa.calls.told import Summary
from yifa.clock import SHANGHAI
from yifa.procedure import Brought, Case, Readout, Reason, Refused, Scene

from . import facts
from .procedure import CallLadder, Rousing, Warning

POSTS = "emergency_post"  # the register of those who answer for a place, by its key
NUMBERS = ("telephone", "substitute_telephone", "superior_telephone")
MAIL = "mail"


# ── What the message says ────────────────────────────────────────────────────


KINDS = (
    ("山洪", facts.Kind.FLASH_FLOOD),
    ("地质灾害", facts.Kind.GEOLOGY),
    ("滑坡", facts.Kind.GEOLOGY),
    ("泥石流", facts.Kind.GEOLOGY),
)
UNSAID = "（报文没有写明）"
DIVISION = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?")


def refused(error: CapError, step: str) -> Refused:
    cite = Warning.steps[step].cite
    return Refused(*(Reason(str(fault), cite, f"yifa.{error.id}") for fault in error.faults))


def unfit(why: tuple[str, str], step: str) -> Refused:
    """A message in good form that this step cannot be taken with."""
    sentence, id = why
    return Refused(Reason(sentence, Warning.steps[step].cite, id))


@Warning.receive.reads
def notice_of(data: bytes, scene: Scene) -> Readout | None:
    """The form of a warning, from an alert or an update."""
    message = _message(data, "receive")
    if message is None or message.msg_type not in ("Alert", "Update"):
        return None
    return Readout({**_notice(message), "cap": cap12.whole(data)})


@Warning.lift.reads
def lifting_of(data: bytes, scene: Scene) -> Readout | None:
    """The form that lifts a warning, from the message that cancels it; of the warning that is still in force."""
    message = _message(data, "lift")
    if message is None or message.msg_type != "Cancel":
        return None
    found = _in_force(message, scene)
    if not found:
        raise unfit(cap12.NOT_IN_FORCE, "lift")
    info = message.info
    return Readout(
        {
            "on": _day(message.sent),
            "lifted": _written(message.sent),
            "issuer": (info.sender_name if info else "") or message.sender,
            "cap": cap12.whole(data),
        },
        found[0],
    )


def _message(data: bytes, step: str) -> Alert | None:
    if not cap12.is_cap(data):
        return None
    try:
        return cap12.read(data)
    except CapError as error:
        raise refused(error, step) from error


def _notice(message: Alert) -> dict[str, Any]:
    """What the form asks, as the message says it."""
    info = message.info
    assert info is not None
    begins, ends = info.onset or info.effective, info.expires
    colour = info.colour or info.guessed_colour
    return {
        "on": _day(message.sent),
        "event": info.event,
        "kind": next(
            (kind for word, kind in KINDS if word in info.event + info.headline), facts.Kind.WEATHER
        ),
        "colour": facts.Colour[colour] if colour else None,
        "issuer": info.sender_name or message.source or message.sender,
        "issued": _written(message.sent),
        "since": _written(begins) if begins else "",
        "until": _day(ends) if ends else _day(message.sent),
        "area": "、".join(area.text for area in info.areas) or UNSAID,
        "warns": info.description,
        "measures": info.instruction,
        "exercise": message.exercise,
    }


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).date()


def _written(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@Warning.receive.finds
def in_the_message(case: Case, notice: facts.Notice, scene: Scene) -> dict[str, Any]:
    """Who sent it, what it updates, whether it is entered already, and whether the form still says what it says."""
    if not notice.cap:
        identity = " ".join(filter(None, (notice.issuer, notice.event, notice.colour.label, notice.issued)))
        return {
            "identity": identity, "sender": "", "sent_at": "", "references": (), "updates": None, "same": True,
            "known": _entered(identity, case, scene), "codes": (),
        }  # fmt: skip
    message = _told(notice.cap, "receive")
    if message.msg_type not in ("Alert", "Update"):
        raise unfit(cap12.NO_WARNING, "receive")
    said = _notice(message)
    held = ("kind", "issuer", "exercise", "issued", *(["colour"] if said["colour"] else []))
    if message.info and message.info.expires:
        held = (*held, "until")
    return {
        "identity": message.identity,
        "sender": message.sender,
        "sent_at": message.sent,
        "codes": _codes(message),
        "references": tuple(",".join(triple) for triple in message.references),
        "updates": _updated(message, case, scene),
        "same": all(getattr(notice, name) == said[name] for name in held),
        "known": _entered(message.identity, case, scene),
    }


def _codes(message: Alert) -> tuple[str, ...]:
    """The administrative divisions it names, by their codes (GB/T 2260 and GB/T 10114: six, nine or twelve digits)."""
    areas = message.info.areas if message.info else ()
    return tuple(dict.fromkeys(code for area in areas for _, code in area.codes if DIVISION.fullmatch(code)))


def _updated(message: Alert, case: Case, scene: Scene) -> int | None:
    """The latest warning the message takes over from; putting the entry right later does not change which it was."""
    if case.standing.seq:
        opening = case.opening
        assert isinstance(opening, facts.Notice)
        return opening.updates
    return next(iter(_in_force(message, scene)), None) if message.msg_type == "Update" else None


def _told(cap: str, step: str) -> Alert:
    try:
        return cap12.read(cap.encode())
    except CapError as error:
        raise refused(error, step) from error


def _entered(identity: str, case: Case, scene: Scene) -> bool:
    """Is another case the same message?"""
    rows = scene.listed("warning", (), where={"identity": (identity,)})
    return any(row[0] != scene.case for row in rows)


def _in_force(message: Alert, scene: Scene) -> list[int]:
    """The warnings this message refers to that still stand, the latest first."""
    told = [f"{sender},{identifier},{sent}" for sender, identifier, sent in message.references]
    rows = scene.listed("warning", (), states=("in_force",), where={"identity": told}) if told else []
    return sorted((row[0] for row in rows), reverse=True)


@Warning.receive.writes("CAP 报文（原文转发）", "cap.xml")
def passed_on(case: Case, scene: Scene) -> bytes:
    """The message as it came: the county passes warnings on and issues none."""
    notice = case.opening
    assert isinstance(notice, facts.Notice)
    return notice.cap.encode()


@Warning.receive.writes("CAP 回执", "cap-ack.xml")
def acknowledgement(case: Case, scene: Scene) -> bytes:
    """What is answered to whoever sent it."""
    notice = case.opening
    assert isinstance(notice, facts.Notice)
    if not notice.cap:
        return b""
    message = _told(notice.cap, "receive")
    entered = datetime.fromisoformat(scene.moment(notice.on)).astimezone(SHANGHAI).replace(microsecond=0)
    national = National.read(message.identifier)
    area = national.area if national else "000000"
    identifier = f"{area}00000000_{entered:%Y%m%d%H%M%S}_{scene.case % 10}"
    said = f"{scene.name_of(scene.office, notice.on)}已收到并登记"
    return cap12.write(
        cap12.acknowledged(
            message, identifier=identifier, sender=scene.office, sent=entered.isoformat(), note=said
        )
    )


@Warning.receive.brings
def earlier_ones_end(case: Case, notice: facts.Notice, scene: Scene) -> Iterator[Brought[Any]]:
    """What a message updates does not stand beside it."""
    if notice.updates:
        message = _told(notice.cap, "receive")
        for earlier in _in_force(message, scene):
            yield Brought(Warning.replace, facts.Replaced(on=notice.on, by=message.identifier), case=earlier)


@Warning.lift.finds
def of_this_one(case: Case, lifting: facts.Lifting, scene: Scene) -> dict[str, Any]:
    """A message that cancels must name this warning; without one, the office's own word is taken."""
    if not lifting.cap:
        return {"same": True}
    message = _told(lifting.cap, "lift")
    return {"same": message.msg_type == "Cancel" and scene.case in _in_force(message, scene)}


# ── Who is called ────────────────────────────────────────────────────────────


@Rousing.begin.finds
def fixed(case: Case, rouse: facts.Rouse, scene: Scene) -> dict[str, Any]:
    return calls.found(case, rouse, scene, called(case, rouse, scene))


@Rousing.begin.brings
def begun(case: Case, rouse: facts.Rouse, scene: Scene) -> Iterator[Brought[Any]]:
    yield from calls.begun(case, rouse, scene, called(case, rouse, scene))


def called(case: Case, rouse: facts.Rouse, scene: Scene) -> list[Callee]:
    """Everybody the call-out is about, each once."""
    with calls.refusing(case, "begin"):
        more = calls.people_written(rouse.more, "另行名单")
    return calls.once_each([*([] if rouse.only_more else _in_post(case, rouse, scene)), *more])


def _in_post(case: Case, rouse: facts.Rouse, scene: Scene) -> list[Callee]:
    codes = scene.offices(rouse.on)
    with calls.refusing(case, "begin"):
        meant = {calls.place_named(name, codes) for name in rouse.townships}
    wanted: dict[str, Sequence[str]] = {}
    if rouse.duty.duties:
        wanted["duty"] = rouse.duty.duties
    if rouse.level.levels:
        wanted["level"] = rouse.level.levels
    rows = scene.listed(POSTS, ("name", "loudspeaker"), states=("serving",), where=wanted)
    mine = [row for row in rows if not meant or row[1] in meant]
    numbers = scene.opened([row[0] for row in mine], (*NUMBERS, MAIL))
    short = calls.short_names(codes)
    return [_callee(row, numbers.get(row[0], {}), short.get(row[1], "")) for row in mine]


def _callee(row: Sequence[Any], numbers: Mapping[str, str], place: str) -> Callee:
    """Their own numbers, mail and loudspeaker; of substitute and superior the telephone."""
    name, loudspeaker = str(row[4]), str(row[5] or "")
    own = {"loudspeaker": loudspeaker, "mail": numbers.get(MAIL, "")}
    return Callee(name, calls.addresses(*(numbers.get(n, "") for n in NUMBERS), own=own), place)


@Rousing.finish.brings
def counted_as_messages(case: Case, summary: Summary, scene: Scene) -> Iterator[Brought[Any]]:
    """What the call-out sent and a line confirmed was the warning spread: it stands among the warning's own messages."""
    opening = case.opening
    assert isinstance(opening, facts.Rouse)
    if opening.drill or not summary.messages:
        return
    for warning in calls.grown_out_of(scene, "warning"):
        spread = facts.Spread(
            on=summary.on, channel="叫应", messages=summary.messages, source="叫应情况报告，由系统计数"
        )
        yield Brought(Warning.spread, spread, case=warning)


@Rousing.begin.drafts("warning")
def from_warning(case: Case, scene: Scene) -> dict[str, Any]:
    """The occasion and the words, from the warning as it was issued."""
    notice = case.opening
    assert isinstance(notice, facts.Notice)
    head = f"{notice.event}{notice.colour.label}预警"
    drill = "演练，演练。" if notice.exercise else ""
    words = f"{drill}{notice.issuer}{notice.issued}发布{head}，可能影响{notice.area}。{notice.warns}{notice.measures}"
    return {
        "about": f"{head}叫应",
        "words": words,
        "drill": notice.exercise,
        "townships": _townships(notice.area, scene.offices(notice.on)),
    }


def _townships(area: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    """The full names of the offices whose places a warning names; none when it names anything wider, which then is everybody."""
    short, named = calls.short_names(codes), []
    full = {short[code]: max((n for n, c in codes.items() if c == code), key=len) for code in short}
    for place in re.split(r"[、，,；;\s]+", area):
        if place not in full:
            return ()
        named.append(full[place])
    return tuple(named)


# ── Rules ────────────────────────────────────────────────────────────────────

CallLadder.lay_down.finds(calls.readable)
