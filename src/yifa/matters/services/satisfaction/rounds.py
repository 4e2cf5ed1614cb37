"""What the machine does for a round: fixes the list, leaves out who asked to be left out, takes in what became of each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from yifa.calls import hours, over, queue, spelled
from yifa.calls import machine as calls
from yifa.calls.channel import News
from yifa.calls.dialogue.script import Script, satisfaction
from yifa.calls.ladder import Ladder, LadderError
from yifa.calls.over import Over, Tried
from yifa.calls.queue import Callee
from yifa.procedure import Brought, Case, Reason, Refused, Scene, Step

from . import facts
from .callbacks import CallBack, CallBackRound, OptOut
from .procedure import BadRatingOrder

MOST = 20_000  # people of one round
LONGEST = 4_000  # characters kept of what somebody said
CHANNELS = {"talk", "voice", "sms"}


@dataclass(frozen=True)
class Listed:
    """One finished case of a round, and the telephone of whoever it was for."""

    number: str
    item: str
    telephone: str
    office: str = ""


# ── The list ─────────────────────────────────────────────────────────────────


def listed(case: Case, told: facts.Round, scene: Scene) -> list[Listed]:
    """Everybody of the round, each case once: what was written, then what the office itself has entered as finished."""
    with calls.refusing(case, "begin"):
        found = written(told.people_list, scene.offices(told.on))
    if told.finished_from and told.finished_until:
        found += entered(told.finished_from, told.finished_until, scene)
    return list({one.number: one for one in reversed(found)}.values())[::-1]


def written(text: str, offices: Mapping[str, str]) -> list[Listed]:
    """One case a line: number, item, telephone, office if it is another's; `LadderError` names the line."""
    found = []
    for n, row in enumerate(text.splitlines(), 1):
        words = [word.strip() for word in row.replace("，", ",").replace("\t", ",").split(",")]
        if not any(words):
            continue
        if not 2 <= len(words) <= 4 or not words[0] or not words[1]:
            said = f"名单第{n}行“{row[:30]}”应当写成：办件编号，事项，电话，机关（电话、机关可以没有）"
            raise LadderError("E804", said)
        number, item, telephone, office = (*words, "", "")[:4]
        if telephone and not calls.dialled(telephone):
            raise LadderError("E804", f"名单第{n}行的电话“{telephone[:20]}”不像电话号码")
        if office and office not in offices:
            raise LadderError("E804", f"名单第{n}行：没有叫“{office[:30]}”的机关，请写全称或者规范简称")
        found.append(Listed(number, item, telephone, offices.get(office, "")))
    if len(found) > MOST:
        raise LadderError("E804", f"一个批次最多{MOST}人，名单上有{len(found)}人，请分批")
    return found


def entered(first: date, last: date, scene: Scene) -> list[Listed]:
    rows = scene.listed("service_rating", ("number", "item"), since=first, until=last, office=scene.office)
    numbers = scene.opened([row[0] for row in rows], ("telephone",))
    return [
        Listed(str(number), str(item), numbers.get(id, {}).get("telephone", ""), str(office))
        for id, office, _, _, number, item in rows
    ]


def left_out(people: Sequence[Listed], scene: Scene) -> set[str]:
    """Numbers whose holders asked to be called no more, known by their digests."""
    rows = scene.listed("opt_out", ("digest",), states=("there",))
    digests = {str(row[4]) for row in rows}
    if not digests:
        return set()
    numbers = {one.telephone for one in people if one.telephone}
    return {number for number in numbers if scene.digest(bare(number)) in digests}


def bare(number: str) -> str:
    """A number as it is known again, however it is written.

    >>> bare("+86 139-0000-0000"), bare("0376-2950000")
    ('13900000000', '03762950000')
    """
    digits = "".join(c for c in number if c.isdecimal())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def script_of(told: facts.Round) -> Script:
    script = satisfaction()
    if told.script not in (script.id, script.title):
        raise LadderError("E805", f"没有叫“{told.script[:40]}”的话术；现有：{script.id}")
    return script


def plan_of(told: facts.Round) -> Ladder:
    ladder = spelled.read(told.plan, told.about)
    if not any(rung.channel == "talk" for rung in ladder.rungs):
        raise LadderError("E805", f"重呼计划里没有“回访电话”；照这样写：{facts.PLAN}")
    return ladder


# ── A round ──────────────────────────────────────────────────────────────────


@CallBackRound.begin.finds
def fixed(case: Case, told: facts.Round, scene: Scene) -> dict[str, Any]:
    """Who is due, and how many of them cannot be called; a correction leaves the list as it was."""
    names = ("version", "due", "left_out", "no_number", "salt", "roster")
    if case.standing.seq:
        must_stay(case.opening, told)
        return {name: getattr(case.opening, name) for name in names}
    with calls.refusing(case, "begin"):
        script = script_of(told)
        plan_of(told)
        hours.read(told.hours)
        people = listed(case, told, scene)
        if not people:
            raise LadderError("E804", "回访名单上没有人")
    out, salt = left_out(people, scene), scene.secret()
    callees = [_callee(one) for one in people]
    return {
        "version": script.version,
        "due": len(people),
        "left_out": sum(one.telephone in out for one in people),
        "no_number": sum(not one.telephone for one in people),
        "salt": salt,
        "roster": calls.digest(callees, salt),
    }


def must_stay(before: Any, told: facts.Round) -> None:
    """People are being called by what was fixed: to correct it on paper alone would make the record untrue."""
    fixed = ("people_list", "finished_from", "finished_until", "script", "plan", "hours", "drill")
    if any(getattr(before, name) != getattr(told, name) for name in fixed):
        said = "名单、话术、重呼计划、时段和是否演练在发起时已经固定，不能更正；有误的，终止呼叫后另行发起"
        raise Refused(Reason(said, CallBackRound.begin.cite, "yifa.E803"))


def _callee(one: Listed) -> Callee:
    about = {"number": one.number, "item": one.item, "telephone": one.telephone}
    numbers = dict.fromkeys(sorted(CHANNELS), one.telephone)
    return Callee(one.number, {"SELF": numbers}, one.office, json.dumps(about, ensure_ascii=False))


@CallBackRound.begin.brings
def dialled(case: Case, told: facts.Round, scene: Scene) -> Iterator[Brought[Any]]:
    """Whoever may be called goes into the delivery table; whoever may not has their record at once."""
    people = listed(case, told, scene)
    out = left_out(people, scene)
    called = [one for one in people if one.telephone and one.telephone not in out]
    if called:
        with calls.refusing(case, "begin"):
            script, ladder = script_of(told), plan_of(told)
            queue.begin(
                label=told.about,
                text=script.title,
                subject=f"{script.id}@{script.version}",
                ladder=ladder,
                callees=[_callee(one) for one in called],
                office=scene.office,
                by="",
                at=datetime.now(UTC),
                drill=told.drill,
                case=scene.case,
                hours=told.hours,
                within=calls.cursor_of(scene),
            )
    for one in people:
        if not one.telephone or one.telephone in out:
            result = facts.Result.LEFT_OUT if one.telephone else facts.Result.NO_NUMBER
            yield _put_down(told.on, told, one, result, scene)


def _put_down(on: date, told: facts.Round, one: Listed, result: facts.Result, scene: Scene) -> Brought[Any]:
    back = facts.CalledBack(
        on=on,
        number=one.number,
        item=one.item,
        result=result,
        round=told.about,
        dials=0,
        drill=told.drill,
        telephone=one.telephone,
    )
    return Brought(CallBack.put_down, back, office=one.office)


# ── What became of each ──────────────────────────────────────────────────────

ENDINGS = {
    "DONE": facts.Result.FINISHED,
    "REFUSED": facts.Result.DECLINED,
    "OPTED_OUT": facts.Result.OPTED_OUT,
    "LATER": facts.Result.LATER,
    "HUNG_UP": facts.Result.HUNG_UP,
    "UNCLEAR": facts.Result.UNCLEAR,
    "SILENT": facts.Result.SILENT,
    "BROKEN": facts.Result.BROKEN,
}
NEWS = {
    News.FAILED: facts.Result.WRONG_NUMBER,
    News.UNKNOWN: facts.Result.UNKNOWN,
    News.ACCEPTED: facts.Result.UNKNOWN,
    News.DELIVERED: facts.Result.UNKNOWN,
    News.BUSY: facts.Result.BUSY,
    News.NO_ANSWER: facts.Result.NO_ANSWER,
    News.ANSWERED: facts.Result.HUNG_UP,
    News.HEARD: facts.Result.SILENT,
    News.REPLIED: facts.Result.UNCLEAR,
}
GRADES = {grade.label: grade for grade in facts.Grade}
GRADES |= {grade.name: grade for grade in facts.Grade}


@CallBack.ring.finds
def became(case: Case, told: facts.Rung, scene: Scene) -> dict[str, Any]:
    """What became of the calling, from the delivery table; it is this record's from now on."""
    cursor = calls.cursor_of(scene)
    try:
        it = over.take(told.calling, cursor)
    except LadderError as error:
        raise Refused(Reason(error.sentence, CallBack.ring.cite, f"yifa.{error.id}")) from error
    row = cursor.one("SELECT label FROM calls_callout WHERE case_id = ?", (it.case,))
    talk = deciding(it.talks)
    return {
        "number": it.about.get("number", ""),
        "item": it.about.get("item", ""),
        "result": result_of(it, talk),
        "grade": grade_of(talk),
        "means": facts.Means.ROBOT,
        "round": str(row[0]) if row else "",
        "dials": dials_of(it.tries),
        "seconds": whole(talk.get("seconds")),
        "script": f"{said(talk['script'], 60)} 第{whole(talk.get('version'))}版"
        if talk.get("script")
        else "",
        "drill": it.drill,
        "words": said(talk.get("words"), LONGEST),
        "telephone": it.about.get("telephone", ""),
    }


def whole(told: object) -> int:
    """A number as a line may tell it; anything else is none."""
    return min(int(told), 86_400) if isinstance(told, int | float) and 0 <= told < 10**9 else 0


def said(told: object, most: int) -> str:
    """Words as a line may tell them, without what nobody can say."""
    return "".join(c for c in str(told or "")[:most] if c.isprintable() or c == "\n")


def deciding(talks: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Of several talks with one person: the last that brought a grade, else the last that was an opting out, else the last."""
    for asked in (
        lambda talk: grade_of(talk) is not None,
        lambda talk: talk.get("opted_out"),
        lambda talk: True,
    ):
        found = [talk for talk in talks if asked(talk)]
        if found:
            return found[-1]
    return {}


def grade_of(talk: Mapping[str, Any]) -> facts.Grade | None:
    """A code this county's grades know; a script of one's own may ask for something else."""
    return GRADES.get(str(talk.get("grade") or ""))


def result_of(it: Over, talk: Mapping[str, Any]) -> facts.Result:
    """One word for what became of it: the talk says it, else the last dial, else that there was none."""
    if talk:
        out = bool(talk.get("opted_out")) or any(one.get("opted_out") for one in it.talks)
        if grade_of(talk) is not None:
            if out:
                return facts.Result.GRADED_OPTED_OUT
            done = talk.get("ending") == "DONE"
            return facts.Result.GRADED if done else facts.Result.GRADED_EARLY
        return facts.Result.OPTED_OUT if out else ENDINGS.get(str(talk.get("ending")), facts.Result.UNCLEAR)
    made = [one for one in it.tries if one.news is not News.FAILED] or list(it.tries)
    if not made:
        return facts.Result.STOPPED
    return max((NEWS[one.news] for one in made), key=lambda result: result.stage)


def dials_of(tries: Sequence[Tried]) -> int:
    return len(tries)


def followed_up(case: Case, told: facts.CalledBack | facts.Rung, scene: Scene) -> Iterator[Brought[Any]]:
    """A bad grade is an order at once; who asks to be called no more is left out from now on. An exercise sets nothing going."""
    if told.drill:
        return
    if told.grade is not None and told.grade.bad:
        yield Brought(
            BadRatingOrder.assign,
            facts.Order(
                on=told.on,
                source=facts.Source.CALL_BACK,
                number=told.number,
                item=told.item,
                grade=told.grade,
                named=True,
                words=told.words,
                telephone=told.telephone,
            ),
        )
    if told.result.opted_out and told.telephone and not listed_out(told.telephone, scene):
        out = facts.OptedOut(on=told.on, telephone=told.telephone, how=facts.Asked.ON_CALL)
        yield Brought(OptOut.enter, out)


RECORDS: tuple[Step[Any], ...] = (CallBack.enter, CallBack.ring, CallBack.put_down)
for record in RECORDS:
    record.brings(followed_up)


def listed_out(number: str, scene: Scene) -> bool:
    digest = scene.digest(bare(number))
    return bool(scene.listed("opt_out", (), states=("there",), where={"digest": (digest,)}))


@OptOut.enter.finds
def known_again(case: Case, told: facts.OptedOut, scene: Scene) -> dict[str, Any]:
    if not calls.dialled(told.telephone.replace(" ", "")):
        said = "不像电话号码；只写数字，可以带区号和短横"
        raise Refused(Reason(said, OptOut.enter.cite, "yifa.E801"))
    return {"digest": scene.digest(bare(told.telephone))}


# ── By hand, and the end ─────────────────────────────────────────────────────


@CallBackRound.call_by_hand.brings
def rung_by_hand(case: Case, hand: facts.ByHand, scene: Scene) -> Iterator[Brought[Any]]:
    """Whoever is rung by hand is not dialled any more."""
    told, cursor = case.opening, calls.cursor_of(scene)
    assert isinstance(told, facts.Round)
    mine = dict(over.left(scene.case, cursor))
    if hand.calling not in mine:
        said = f"本批次里没有{hand.calling}号，或者已经登记过结果"
        raise Refused(Reason(said, CallBackRound.call_by_hand.cite, "yifa.E802"))
    it = over.take(hand.calling, cursor)
    back = facts.CalledBack(
        on=hand.on,
        number=it.about.get("number", ""),
        item=it.about.get("item", ""),
        result=hand.result.result,
        grade=hand.grade,
        means=facts.Means.PERSON,
        round=told.about,
        dials=dials_of(it.tries) + 1,
        drill=it.drill,
        words=hand.words,
        telephone=it.about.get("telephone", ""),
    )
    yield Brought(CallBack.put_down, back, office=mine[hand.calling])


@CallBackRound.stop.finds
def how_many(case: Case, told: facts.Stopped, scene: Scene) -> dict[str, Any]:
    return {"count": len(over.left(scene.case, calls.cursor_of(scene)))}


@CallBackRound.stop.brings
def stopped(case: Case, told: facts.Stopped, scene: Scene) -> Iterator[Brought[Any]]:
    """Everybody who is left has their record now: what the last dial came to, or that there was none."""
    for calling, office in over.left(scene.case, calls.cursor_of(scene)):
        yield Brought(CallBack.ring, facts.Rung(on=told.on, calling=calling), office=office)


@CallBackRound.finish.finds
def summed_up(case: Case, told: facts.Ended, scene: Scene) -> dict[str, Any]:
    """Everybody on the list has exactly one record, or it is not over.

    Asked of the delivery table: somebody may have linked other call-backs to the round by hand, and they fill no gap.
    """
    opening = case.opening
    assert isinstance(opening, facts.Round)
    rows = scene.listed("call_back", ("number", "result", "grade"), grown_from=scene.case)
    each = {row[4]: (facts.Result[row[5]], row[6]) for row in reversed(rows)}
    results = list(each.values())
    satisfied = {grade.name for grade in facts.SATISFIED}
    return {
        "open": len(over.left(scene.case, calls.cursor_of(scene))),
        "due": opening.due,
        "dialled": sum(result.stage >= 1 for result, _ in results),
        "reached": sum(result.stage >= 2 for result, _ in results),
        "graded": sum(result.stage >= 4 for result, _ in results),
        "satisfied": sum(result.stage >= 4 and grade in satisfied for result, grade in results),
    }


@CallBackRound.finish.brings
def forgotten(case: Case, told: facts.Ended, scene: Scene) -> Iterator[Brought[Any]]:
    """The round needs names and numbers no more; what the records hold is sealed there."""
    over.forget(scene.case, calls.cursor_of(scene))
    yield from ()
