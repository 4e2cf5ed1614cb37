"""A procedure that contradicts itself is stopped while its file is read: which word, what is wrong, what to do, an id.

Each mistake below is the smallest class that makes it. An id of the source that is missing here fails the last test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import yifa.procedure
from yifa.clock import working_days
from yifa.law import statute
from yifa.people import APPLICANT, CLERK, LAW
from yifa.procedure import (
    START,
    Case,
    Count,
    Facts,
    Funnel,
    Journal,
    Outcome,
    Period,
    Procedure,
    ProcedureError,
    Receipts,
    Register,
    Registry,
    Share,
    State,
    Step,
    Stock,
    ask,
    entry,
    told,
)

law = statute("disclosure-regulation")
SINCE = law.since
MISTAKES: list[tuple[str, str, Callable[[], object]]] = []


def mistake(id: str, names: str = "") -> Callable[[Callable[[], object]], Callable[[], object]]:
    """A mistake, the id it is refused with, and what the message must name."""

    def keep(make: Callable[[], object]) -> Callable[[], object]:
        MISTAKES.append((id, names, make))
        return make

    return keep


class Said(Facts):
    text: str = ask("内容")


class Until(Facts):
    until: date = ask("至")


class Nothing(Facts):
    pass


# ── Names and shape ──────────────────────────────────────────────────────────


@mistake("E101", "done")
def twice() -> object:
    class Wrong(Procedure):
        """程序"""

        done = State("办结", final=True)
        done = State("完结", final=True)  # type: ignore[no-redef]

    return Wrong


@mistake("E102", "Wrong")
def nameless() -> object:
    class Wrong(Procedure):
        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E116", "steps")
def a_reserved_name() -> object:
    class Wrong(Procedure):
        """程序"""

        steps = State("办结", final=True)  # type: ignore[assignment]

    return Wrong


@mistake("E126", "since")
def of_no_day() -> object:
    class Wrong(Procedure):
        """程序"""

        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E103", "START")
def never_begun() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        done = State("办结", final=True)
        end = Step("办结", open >> done, law(33), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E119", "one step, not 2")
def a_register_with_two_doors() -> object:
    class Wrong(Register):
        """名册"""

        since = SINCE
        listed = State("在册")
        gone = State("退出", final=True)
        enter = Step("登记", START >> listed, law(29), by=CLERK, asks=Nothing)
        enter_again = Step("补登", START >> listed, law(29), by=CLERK, asks=Nothing)
        leave = Step("退出", listed >> gone, law(29), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E119", "nothing ever leaves")
def a_register_nobody_leaves() -> object:
    class Wrong(Register):
        """名册"""

        since = SINCE
        listed = State("在册")
        enter = Step("登记", START >> listed, law(29), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E120", "one step, not 2")
def a_journal_of_two_things() -> object:
    class Wrong(Journal):
        """台账"""

        since = SINCE
        hold = entry("举办", law(29), by=CLERK, asks=Nothing)
        visit = entry("走访", law(29), by=CLERK, asks=Nothing)

    return Wrong


# ── States and steps ─────────────────────────────────────────────────────────


@mistake("E104", "“在办” (open)")
def no_way_out() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        begin = Step("受理", START >> open, law(29), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E105", "“搁置” (shelved)")
def no_way_in() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        shelved = State("搁置")
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Nothing)
        end = Step("办结", shelved >> done, law(33), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E106", "“办结” (done)")
def after_the_end() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Nothing)
        reopen = Step("重启", done >> open, law(33), by=CLERK, asks=Nothing)
        end = Step("再办结", open >> done, law(33), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E115", "“begin”")
def a_state_of_somebody_else() -> object:
    elsewhere = State("别处")

    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> elsewhere, law(29), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E127", "受理")
def two_steps_of_one_name() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        done = State("办结", final=True)
        begin = Step("受理", START >> open, law(29), by=CLERK, asks=Nothing)
        end = Step("受理", open >> done, law(33), by=CLERK, asks=Nothing)

    return Wrong


@mistake("E117", "but when")
def the_law_acts_at_no_time() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        done = State("办结", final=True)
        begin = Step("受理", START >> open, law(29), by=CLERK, asks=Nothing)
        lapse = Step("视为放弃", open >> done, law(30), by=LAW, asks=Nothing)

    return Wrong


@mistake("E117", "not the law's own")
def somebody_waits_for_the_law() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        done = State("办结", final=True)
        begin = Step("受理", START >> open, law(29), by=CLERK, asks=Nothing)
        wait_in = Period("等候", working_days(7), law(30), begin, reading=True)
        lapse = Step("视为放弃", open >> done, law(30), by=APPLICANT, asks=Nothing, after=wait_in)

    return Wrong


@mistake("E128", "“fix”")
def a_correction_of_what_is_not_there() -> object:
    strange = Step("别的", START >> State("x"), law(29), by=CLERK, asks=Said)
    strange.key = "strange"

    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        done = State("办结", final=True)
        begin = Step("受理", START >> open, law(29), by=CLERK, asks=Nothing)
        fix = Step("更正", open >> done, law(29), by=CLERK, asks=Said, amends=strange)

    return Wrong


# ── Facts ────────────────────────────────────────────────────────────────────


@mistake("E111", "weight")
def a_fact_of_no_kind() -> object:
    class Odd(Facts):
        weight: float = ask("重量")

    return _asking(Odd)


@mistake("E122", "silent")
def a_fact_without_a_label() -> object:
    class Odd(Facts):
        silent: str = "x"

    return _asking(Odd)


def _asking(facts: type[Facts]) -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=facts)

    return Wrong


# ── Conditions ───────────────────────────────────────────────────────────────


class Right(Procedure):
    """程序"""

    since = SINCE
    open = State("在办")
    done = State("办结", final=True)
    begin = Step("受理", START >> open, law(29), by=CLERK, asks=Said)
    end = Step("办结", open >> done, law(33), by=CLERK, asks=Nothing)


@mistake("E108", "没有“月亮应当是圆的”一句")
def a_sentence_the_law_does_not_say() -> object:
    return Right.begin.requires("月亮应当是圆的", law(29))(lambda case, facts: True)


@mistake("E110", "module")
def a_guard_from_elsewhere() -> object:
    def guard(case: Case, facts: Said) -> bool:
        return True

    guard.__module__ = "somewhere.else"
    return Right.begin.requires("不论", law(29), reading=True)(guard)


@mistake("E125", "exactly a case and the step's facts")
def a_guard_of_one_thing() -> object:
    return Right.begin.requires("不论", law(29), reading=True)(lambda case: True)  # type: ignore[arg-type,misc]


@mistake("E129", "reads Until")
def a_guard_of_other_facts() -> object:
    class Base(Procedure):
        """程序甲"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Said)

    def guard(case: Case, facts: Until) -> bool:
        return True

    Base.begin.requires("不论", law(29), reading=True)(guard)  # type: ignore[arg-type]

    class Wrong(Base):
        """程序甲"""

        since = date(2020, 1, 1)

    return Wrong


# ── Articles, periods ────────────────────────────────────────────────────────


@mistake("E113", "begin")
def a_law_that_was_not_there_yet() -> object:
    class Wrong(Procedure):
        """程序"""

        since = date(2010, 1, 1)
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Nothing)

    return Wrong


def _with_a_period(**more: object) -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        done = State("办结", final=True)
        begin = Step("受理", START >> open, law(29), by=CLERK, asks=Said)
        lengthen = Step("延长", open >> done, law(33), by=CLERK, asks=Said)
        answer_in = Period(
            "答复期限",
            more.pop("length", working_days(20)),  # type: ignore[arg-type]
            law(33),
            more.pop("runs_from", begin),  # type: ignore[arg-type]
            reading=bool(more.pop("reading", True)),
            longer_by=lengthen if more.pop("longer", False) else None,
            until_by=lengthen if more.pop("until", False) else None,
            paused_in=more.pop("paused", ()),  # type: ignore[arg-type]
        )

    return Wrong


@mistake("E107", "does not say")
def a_length_the_law_does_not_say() -> object:
    return _with_a_period(length=working_days(77), reading=False)


@mistake("E112", "does not ask `days`")
def lengthened_by_nothing() -> object:
    return _with_a_period(longer=True)


@mistake("E112", "does not ask `until`")
def ended_on_no_day() -> object:
    return _with_a_period(until=True)


@mistake("E123", "“day”")
def a_told_day_nobody_tells() -> object:
    return _with_a_period(length=told("day"))


@mistake("E115", "names a step this class does not have")
def a_period_from_a_strange_step() -> object:
    return _with_a_period(runs_from=_strange())


@mistake("E115", "pauses in an undeclared state")
def a_pause_in_a_strange_state() -> object:
    elsewhere = State("别处")
    elsewhere.key = "elsewhere"
    return _with_a_period(paused=elsewhere)


def _strange() -> Step[Said]:
    step = Step("别的", START >> State("x"), law(29), by=CLERK, asks=Said)
    step.key = "strange"
    return step


# ── Figures, editions ────────────────────────────────────────────────────────


class Kind(Outcome):
    A = "甲"


class Sealed(Facts):
    name: str = ask("姓名", sealed=True)
    names: tuple[str, ...] = ask("名单")


@mistake("E109", "“colour”")
def counted_by_what_is_not_asked() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Said)
        red = Count("红的", of=begin, where={"colour": "red"})

    return Wrong


@mistake("E121", "sealed")
def counted_by_a_persons_name() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Sealed)
        names = Count("姓名", of=begin, by="name")

    return Wrong


@mistake("E121", "a list")
def counted_by_a_list() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Sealed)
        names = Count("名单", of=begin, by="names")

    return Wrong


@mistake("E130", "share “rate”")
def a_share_of_nothing() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Said)
        rate = Share("比例", of=begin)

    return Wrong


@mistake("E118", "“end”")
def a_stock_one_cannot_tell() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        open = State("在办")
        shelved = State("搁置")
        done = State("办结", final=True)
        begin = Step("受理", START >> open, law(29), by=CLERK, asks=Said)
        shelve = Step("搁置", open >> shelved, law(29), by=CLERK, asks=Said)
        end = Step("办结", (open | shelved) >> done, law(33), by=CLERK, asks=Nothing)
        running = Stock("在办", within=(open,))

    return Wrong


@mistake("E131", "begins no later than Right")
def an_edition_of_the_same_day() -> object:
    class Wrong(Right):
        """程序"""

        since = SINCE

    return Wrong


@mistake("E132", "registered already")
def two_of_one_key() -> object:
    registry = Registry([])
    registry.add(Right)
    registry.add(Right)
    return registry


@mistake("E133", "nobody finds sum of step “begin”")
def what_nobody_finds() -> object:
    class Added(Facts):
        sum: int = ask("合计", found=True, default=0)

    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("办结", final=True)
        begin = Step("受理", START >> done, law(29), by=CLERK, asks=Added)

    Registry([]).add(Wrong)
    return Wrong


@mistake("E134", "“gather” collects")
def a_collector_that_does_not_ask_which_calling() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        gather = Step("记录", START >> done, law(29), by=LAW, asks=Facts, collects="calls")

    return Wrong


@mistake("E135", "“graded” is not a part of “reached”")
def a_funnel_that_widens() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, asks=Said)
        due = Count("应到", of=note)
        reached = Count("接通", of=note, where={"text": ("甲", "乙")})
        graded = Count("已评价", of=note, where={"text": ("乙", "丙")})
        path = Funnel("漏斗", stages=(due, reached, graded))

    return Wrong


@mistake("E135", "has 2 stages")
def a_funnel_of_two() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, asks=Said)
        due = Count("应到", of=note)
        path = Funnel("漏斗", stages=(due, due))

    return Wrong


@mistake("E135", "asks the whole number “due”")
def a_funnel_of_nobody_knows_how_many() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, asks=Said)
        everyone = Count("应到", of=note)
        path = Funnel("漏斗", stages=(everyone, everyone, everyone), due="due")

    return Wrong


@mistake("E136", "finds no open text “code”")
def receipts_without_a_code() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, asks=Said)
        shown = Receipts("公示", of=note, code="code", shows=("text",))

    return Wrong


@mistake("E136", "publish “name”")
def receipts_that_name_somebody() -> object:
    class Named(Facts):
        name: str = ask("姓名", sealed=True)
        code: str = ask("回执", found=True, default="")

    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, asks=Named)
        shown = Receipts("公示", of=note, code="code", shows=("name",))

    return Wrong


def with_document(**about: object) -> object:
    class Draft(Facts):
        text: str = ask("送审稿", document=True, **about)  # type: ignore[arg-type]

    class Wrong(Journal):
        """台账"""

        since = SINCE
        note = entry("记录", law(29), by=CLERK, asks=Draft)

    return Wrong


@mistake("E137", "Draft.text: a document cannot be sealed")
def a_sealed_document() -> object:
    return with_document(sealed=True)


@mistake("E137", "a document is not long")
def a_document_as_long_text() -> object:
    return with_document(long=True)


@mistake("E137", "a document is not carried")
def a_carried_document() -> object:
    return with_document(carried=True)


@mistake("E137", "no document is known beforehand")
def a_document_by_default() -> object:
    return with_document(default="无")


@mistake("E137", "Draft.text: a document is a str")
def several_documents_in_one_fact() -> object:
    class Draft(Facts):
        text: tuple[str, ...] = ask("送审稿", document=True)

    class Wrong(Journal):
        """台账"""

        since = SINCE
        note = entry("记录", law(29), by=CLERK, asks=Draft)

    return Wrong


class Draft(Facts):
    text: str = ask("送审稿", document=True)


@mistake("E137", "“ask_for” is taken from outside")
def a_document_from_outside() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        ask_for = Step("申请", START >> done, law(29), by=APPLICANT, public=True, asks=Draft)

    return Wrong


@mistake("E137", "“note” is filled in away from the desk")
def a_document_handed_in_afield() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, afield=True, asks=Draft)

    return Wrong


@mistake("E137", "cases are called by the document “text”")
def a_document_as_a_name() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        subject = ("text",)
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, asks=Draft)

    return Wrong


@mistake("E121", "a document")
def a_count_by_a_document() -> object:
    class Wrong(Procedure):
        """程序"""

        since = SINCE
        done = State("已记录", final=True)
        note = Step("记录", START >> done, law(29), by=CLERK, asks=Draft)
        notes = Count("记录", of=note, by="text")

    return Wrong


# ── The promise ──────────────────────────────────────────────────────────────

NEEDS_TEXTS = {"E107", "E108"}


def cases() -> list[object]:
    return [
        pytest.param(
            *one,
            id=f"{one[0]} {one[2].__name__}",
            marks=pytest.mark.skipif(
                one[0] in NEEDS_TEXTS and law(29).says("申请") is None,
                reason="YIFA_STATUTES names no folder of statute texts",
            ),
        )
        for one in MISTAKES
    ]


@pytest.mark.parametrize(("id", "names", "make"), cases())
def test_the_mistake_is_refused_by_its_id_and_named(id: str, names: str, make: Callable[[], object]) -> None:
    with pytest.raises(ProcedureError) as refused:
        make()
    where, _, rest = str(refused.value).partition(": ")
    assert refused.value.id == id, str(refused.value)
    assert where
    assert names in str(refused.value)
    assert re.search(r"\S\. ?\S.*\.|。.*。", rest), "what is wrong, and what to do about it"


def test_a_class_without_a_mistake_is_read() -> None:
    assert Right.title == "程序"


def test_every_id_of_the_source_is_made_here_and_no_other() -> None:
    folder = Path(yifa.procedure.__file__).parent
    known = {id for file in folder.glob("*.py") for id in re.findall(r'"(E1\d\d)"', file.read_text("utf-8"))}
    assert {id for id, _, _ in MISTAKES} == known
