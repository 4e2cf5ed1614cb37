"""Applications for disclosure and what became of them, each found by trying days until the law and the volumes agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, TypeVar

from yifa.clock import national
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.people import APPLICANT, CLERK, HEAD
from yifa.procedure import Case, Facts, Outcome, Role, Step
from yifa.site.volumes import Told, VolumesError, labels

from . import days, words
from .acts import Invented, Part

CORRECTED, CONSULTED, EXTENDED = "补正", "第三方", "延期"
COURSE = (CORRECTED, CONSULTED, EXTENDED)
LAPSED, WAIVED = "视为放弃", "撤回"
TRIES = 500
T = TypeVar("T", bound=Facts)
O = TypeVar("O", bound=Outcome)  # noqa: E741


# ── What the volumes tell ────────────────────────────────────────────────────


@dataclass(frozen=True)
class Application:
    """So many applications alike. Months are their first days; `outcome` "" and `closed` None: still open."""

    office: str
    received: date
    kind: str
    channel: str
    course: frozenset[str]
    outcome: str
    closed: date | None
    late: bool
    n: int


def read(told: Told, year: int) -> tuple[Application, ...]:
    """The applications a table tells of; carried in, received, finished and carried out must agree."""
    told.only("total", "application")
    found = [_alike(row) for row in told.rows("application")]
    total, first, after = told.table("total"), date(year, 1, 1), date(year + 1, 1, 1)
    total.only("carried_in", "received", "finished", "carried_out")
    before = [a for a in found if a.received < first]
    for a in found:
        if a.received >= after or (a.closed and a.closed < first):
            told.wrong("E738", "application", f"{a.received:%Y-%m} 收到的一行不属于 {year} 年")
    total.must_add_up("carried_in", sum(a.n for a in before), "上年收到、结转本年的")
    total.must_add_up("received", sum(a.n for a in found if a.received >= first), "本年收到的")
    total.must_add_up("finished", sum(a.n for a in found if a.closed and a.closed < after), "本年办结的")
    still = sum(a.n for a in found if a.closed is None or a.closed >= after)
    total.must_add_up("carried_out", still, "结转下年的")
    return tuple(found)


def _alike(row: Told) -> Application:
    row.only("office", "received", "kind", "channel", "course", "outcome", "closed", "late", "n")
    course = row.choices("course", COURSE)
    outcome = row.choice("outcome", [*labels(f.Answer), LAPSED, WAIVED]) if "outcome" in row.told else ""
    closed = row.month("closed") if "closed" in row.told else None
    received = row.month("received")
    if bool(outcome) != bool(closed):
        row.wrong("E732", "closed" if outcome else "outcome", "没有写：办结的既写结果，也写月份")
    if closed and closed < received:
        row.wrong("E735", "closed", "早于收到的月份")
    if outcome == LAPSED and CORRECTED not in course:
        row.wrong("E738", "course", f"“{LAPSED}”须先告知{CORRECTED}")
    late = row.yes("late")
    if late and outcome in ("", LAPSED, WAIVED):
        row.wrong("E738", "late", "只有已经答复的才谈得上逾期答复")
    return Application(
        row.office(),
        received,
        row.choice("kind", labels(f.Applicant)),
        row.choice("channel", labels(f.Channel)),
        course,
        outcome,
        closed,
        late,
        row.number("n", default=1),
    )


# ── The cases ────────────────────────────────────────────────────────────────


class Course:
    """One case in the making: what the law says of it so far, and the acts taken."""

    def __init__(self, office: str, ref: str, rng: Random) -> None:
        self.office, self.ref, self.rng = office, ref, rng
        self.case = Case(D, national())
        self.acts: list[Invented] = []

    @property
    def on(self) -> date:
        return self.acts[-1].on

    def later(self, least: int, most: int) -> date:
        return days.later(self.on, self.rng.randint(least, most))

    def do(self, step: Step[T], facts: T, role: Role = CLERK) -> None:
        self.case = self.case.do(step, facts)
        self.acts.append(Invented(step, facts, self.ref, self.office, role))

    # What may happen on the way

    def asked(self, kind: f.Applicant) -> dict[str, Any]:
        """What every application tells."""
        return {
            "kind": kind,
            "name": words.applicant(kind.label, self.rng),
            "identity": words.INVENTED,
            "contact": words.INVENTED,
            "wanted": self.rng.choice(words.WANTED) + words.INVENTED,
        }

    def submit(self, on: date, kind: f.Applicant) -> None:
        self.do(D.submit, f.Application(on=on, **self.asked(kind)), APPLICANT)

    def begin(self, on: date, kind: f.Applicant, channel: f.Channel) -> None:
        if channel is f.Channel.INTERNET:
            self.submit(on, kind)
            self.do(D.confirm, f.Receipt(on=self.later(1, 1), channel=channel))
        else:
            self.do(D.receive, f.Registration(on=on, channel=channel, **self.asked(kind)))

    def ask_for_correction(self) -> None:
        on = self.later(1, 5)
        missing = f"所需信息的时间范围和文件名称不明确{words.INVENTED}"
        self.do(D.request_correction, f.Gap(on=on, missing=missing, until=days.later(on, 10)))

    def correct(self) -> None:
        wanted = self.rng.choice(words.WANTED) + words.INVENTED
        self.do(D.correct, f.Supplement(on=self.later(2, 7), wanted=wanted))

    def consult(self, *, agrees: bool) -> None:
        self.do(D.consult, f.Consultation(on=self.later(1, 3), party=words.applicant("商业企业", self.rng)))
        reason = "" if agrees else f"涉及商业秘密{words.INVENTED}"
        self.do(D.hear, f.Opinion(on=self.later(4, 13), agrees=agrees, reason=reason))

    def extend(self) -> bool:
        on, due = self.later(8, 15), self.case.due(D.answer_in)
        if due is None or on > due:
            return False
        reason = f"需要检索的档案较多{words.INVENTED}"
        self.do(D.extend, f.Extension(on=on, days=self.rng.choice((10, 15, 20)), reason=reason), HEAD)
        return True

    # How it ends

    def end(self, on: date, outcome: str) -> None:
        if outcome == LAPSED:
            self.do(D.lapse, f.Lapse(on=on))
        elif outcome == WAIVED:
            self.do(D.waive, f.Waiver(on=on, reason=words.INVENTED))
        else:
            self.answer(on, labelled(f.Answer, outcome))

    def answer(self, on: date, answer: f.Answer) -> None:
        reason = f"依据{answer.cite}{words.INVENTED}" if answer.group != f.Group.OPEN else ""
        content = (
            f"所申请信息的复制件一份{words.INVENTED}" if answer.group in (f.Group.OPEN, f.Group.PART) else ""
        )
        self.do(D.answer, f.Reply(on=on, answer=answer, reason=reason, content=content))
        if answer is f.Answer.GRANTED:
            headline = f"依申请公开转为主动公开的信息{words.INVENTED}"
            summary = f"已经提供给申请人的信息，现予公开，公众可以在县政府网站查阅{words.INVENTED}"
            self.do(D.publish, f.Publication(on=self.later(2, 6), headline=headline, summary=summary), HEAD)


def applications(told: tuple[Application, ...], year: int, rng: Random) -> Iterator[Invented]:
    """Every application the volumes tell of."""
    for n, alike in enumerate(told, 1):
        for k in range(alike.n):
            yield from _application(alike, n, f"disclosure-{n}-{k}", rng)


def _application(told: Application, n: int, ref: str, rng: Random) -> list[Invented]:
    for _ in range(TRIES):
        course = Course(told.office, ref, rng)
        if _run(course, told):
            return course.acts
    what = "逾期" if told.late else "按期"
    closed = f"{told.closed:%Y-%m}{what}办结" if told.closed else "尚未办结"
    raise VolumesError(
        f"disclosure.application[{n}] {told.received:%Y-%m}收到、{'、'.join(sorted(told.course)) or '直接答复'}、"
        f"{closed}：没有一种依法的日期安排能做到，请改月份 [yifa.E739]"
    )


def _run(course: Course, told: Application) -> bool:
    """One try; False where these days do not meet the volumes."""
    start = course.rng.choice(days.of_month(told.received))
    course.begin(start, labelled(f.Applicant, told.kind), labelled(f.Channel, told.channel))
    if course.on.month != start.month:
        return False
    if CORRECTED in told.course:
        course.ask_for_correction()
        if told.outcome != LAPSED:
            course.correct()
    if CONSULTED in told.course:
        course.consult(agrees=told.outcome != f.Answer.THIRD_PARTY.label)
    if EXTENDED in told.course and not course.extend():
        return False
    if told.closed is None:
        return True
    possible = [on for on in days.of_month(told.closed) if on > course.on and _fits(course.case, told, on)]
    if possible:
        course.end(course.rng.choice(possible), told.outcome)
    return bool(possible)


def _fits(case: Case, told: Application, on: date) -> bool:
    if told.outcome == LAPSED:
        return case.expired(D.correct_in, on)
    if told.outcome == WAIVED:
        return True
    return case.in_time(D.answer_in, on) is not told.late


def labelled(kind: type[O], label: str) -> O:
    return next(one for one in kind if one.label == label)


# ── What waits on the desk today ─────────────────────────────────────────────


def on_the_desk(office: str, today: date, rng: Random) -> list[Invented]:
    """Running applications, so that the demonstration's inbox has something in it; none is of the year."""
    soon, correcting, fresh, unconfirmed = (Course(office, f"waiting-{n}", rng) for n in range(4))
    soon.begin(days.earlier(today, 18), f.Applicant.PERSON, f.Channel.COUNTER)
    correcting.begin(days.earlier(today, 12), f.Applicant.BUSINESS, f.Channel.SIGNED_MAIL)
    correcting.ask_for_correction()
    fresh.begin(days.earlier(today, 5), f.Applicant.PERSON, f.Channel.COUNTER)
    unconfirmed.submit(days.earlier(today, 1), f.Applicant.PERSON)
    return sorted(
        (act for c in (soon, correcting, fresh, unconfirmed) for act in c.acts), key=lambda act: act.on
    )


PART = Part("disclosure", read, applications, on_the_desk)
