"""The invented year: lawful, within its volumes, the same every time, and plainly invented."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest

from yifa.cases.kernel import act_many
from yifa.clock import national
from yifa.counts.crosschecks import findings
from yifa.counts.reckoning import figures
from yifa.counts.span import month_end
from yifa.counts.span import year as year_of
from yifa.law.folders import library_folder
from yifa.people import SYSTEM, offices, posts
from yifa.people.county import load_county, read_county
from yifa.procedure import Case, Facts, asks_of, registry
from yifa.site.invent import invent, waiting
from yifa.site.invent.acts import Invented
from yifa.site.invent.year import PARTS, Volumes, read_volumes, year
from yifa.site.volumes import VolumesError

XINXIAN = library_folder() / "counties" / "xinxian"
FILE = XINXIAN / "years" / "2023.toml"
DESK = "xinxian-gov-office"


@pytest.fixture(scope="module")
def volumes() -> Volumes:
    return read_volumes(FILE, {o.code: o.name for o in read_county(XINXIAN).offices})


@pytest.fixture(scope="module")
def acts(volumes: Volumes) -> list[Invented]:
    return year(volumes)


@pytest.fixture
def county(db: None) -> None:
    offices.forget()
    posts.forget()
    load_county(XINXIAN)


def by_case(acts: list[Invented]) -> dict[str, list[Invented]]:
    ordered = sorted(acts, key=lambda a: a.ref)
    return {ref: list(some) for ref, some in groupby(ordered, key=lambda a: a.ref)}


def test_the_same_volumes_give_the_same_year(volumes: Volumes, acts: list[Invented]) -> None:
    assert [(a.step.key, a.facts, a.ref) for a in year(volumes)] == [
        (a.step.key, a.facts, a.ref) for a in acts
    ]


def test_the_acts_come_in_the_order_of_their_days(acts: list[Invented]) -> None:
    assert [a.on for a in acts] == sorted(a.on for a in acts)


def of_parts(volumes: Volumes, *, any_day: bool) -> list[Invented]:
    """The acts of the parts that keep no office hours, or of all others."""
    parts = [part for part in PARTS if part.any_day is any_day]
    return [act for p in parts for act in p.acts(volumes.of[p.key], volumes.year, Random(p.key))]


def test_what_keeps_no_office_hours_is_warnings_incidents_responses_and_the_watch(volumes: Volumes) -> None:
    families = {a.step.family for a in of_parts(volumes, any_day=True)}
    assert families == {"warning", "incident", "zero_report", "response", "duty_log"}


def test_every_other_act_falls_on_a_working_day(volumes: Volumes) -> None:
    acts = of_parts(volumes, any_day=False)
    assert acts
    assert [a.on for a in acts if not national().is_working(a.on)] == []


def test_warnings_come_on_days_off_too(volumes: Volumes) -> None:
    received = [a.on for a in of_parts(volumes, any_day=True) if a.step.key == "receive"]
    assert {national().is_working(on) for on in received} == {True, False}


def test_somebody_is_on_watch_on_each_day_of_the_flood_season(acts: list[Invented]) -> None:
    watches = [a.on for a in acts if a.step.family == "duty_log"]
    assert watches == [date(2023, 5, 1) + timedelta(days=n) for n in range(153)]


def test_every_office_that_reports_does_so_of_each_months_last_day(acts: list[Invented]) -> None:
    reports = Counter(a.on for a in acts if a.step.family == "zero_report")
    assert set(reports) == {month_end(date(2023, month, 1)) for month in range(1, 13)}
    assert len(set(reports.values())) == 1


def test_the_law_allows_every_act(acts: list[Invented]) -> None:
    for some in by_case(acts).values():
        case = Case(registry().on(some[0].step.family, some[0].on), national())
        if not some[0].step.opens:
            continue  # brought by a draw: who comes out of it, only the kernel knows
        for act in some:
            case = led_on(case, act)
            case = case.do(act.step, act.facts)


def led_on(case: Case, act: Invented) -> Case:
    """The case after what another's step brought to it in between, where the act could not be taken otherwise."""
    if not case.refusals(act.step):
        return case
    wanted = set(act.step.sources)
    brought = (
        s
        for s in case.procedure.steps.values()
        if s.roles == (SYSTEM,) and not case.refusals(s) and s.move.target and s.move.target.key in wanted
    )
    step = next(brought)
    return case.do(step, step.asks(on=act.on))


def sealed(facts: Facts) -> list[Any]:
    return [getattr(facts, a.name) for a in asks_of(type(facts)) if a.sealed]


# Area code of Xinyang and a subscriber's number with 0 in front: none is given out like that, well-formed as it is.
NOBODYS = re.compile(r"0376(0\d{6})")
NAMED = (
    "holder", "topic", "leader", "headline", "officer", "keeper", "chief", "substitute", "superior", "issuer", "warns",
    "plan", "village", "summary", "first", "what", "events", "basis", "source", "review", "safe",
)  # fmt: skip


def test_every_person_and_every_text_says_that_it_is_invented(acts: list[Invented]) -> None:
    for act in acts:
        told = [*sealed(act.facts), *(getattr(act.facts, n, "") for n in NAMED)]
        texts = [text for text in told if isinstance(text, str) and not NOBODYS.fullmatch(text)]
        assert all("虚构" in text for text in texts if text), act


def test_no_invented_person_has_a_number_that_could_be_real(acts: list[Invented]) -> None:
    digits = [text for act in acts for text in sealed(act.facts) if any(c.isdigit() for c in str(text)[:1])]
    assert all("虚构" in text or NOBODYS.fullmatch(text) for text in digits)
    assert any(NOBODYS.fullmatch(text) for text in digits)
    assert {act.facts.identity for act in acts if hasattr(act.facts, "identity") and act.facts.identity} <= {  # type: ignore[attr-defined]
        "（演示数据，虚构）"
    }


def test_the_certificates_come_and_go_as_the_volumes_say(volumes: Volumes, acts: list[Invented]) -> None:
    counted = Counter(
        (a.step.key, a.office, a.on.month)
        for a in acts
        if a.step.family == "certificate" and a.on.year == 2023
    )
    told = volumes.of["certificate"]
    for key, some in (
        ("issue", told.issued),
        ("cancel", told.cancelled),
        ("suspend", told.suspended),
        ("give_back", told.returned),
    ):
        wanted = {(key, s.office, s.month.month): s.n for s in some if s.n}
        assert {at: n for at, n in counted.items() if at[0] == key} == wanted


def test_volumes_no_lawful_days_can_meet_are_refused_by_name(volumes: Volumes) -> None:
    slow = replace(volumes.of["disclosure"][0], closed=date(2023, 9, 1), late=False)
    with pytest.raises(
        VolumesError, match=r"disclosure\.application\[1\] 2022-12收到.*2023-09按期办结.*E739"
    ):
        year(replace(volumes, of={**volumes.of, "disclosure": (slow,)}))


# ── Acted ────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("county")
def test_once_acted_the_figures_are_those_of_the_volumes(volumes: Volumes) -> None:
    act_many(invent(FILE))
    span, told = year_of(2023), volumes.of["certificate"]
    wanted = {
        "study.sessions": sum(s.n for s in volumes.of["study"]),
        "study.study_group": sum(s.n for s in volumes.of["study"] if s.body == "县委理论学习中心组"),
        "certificate.issued": sum(s.n for s in told.issued),
        "certificate.ended": sum(s.n for s in told.cancelled),
        "certificate.held": sum(s.n for s in (*told.opening, *told.issued))
        - sum(s.n for s in told.cancelled),
        "disclosure.received": sum(a.n for a in volumes.of["disclosure"] if a.received.year == 2023),
    }
    assert {key: figure.value for key, figure in figures(wanted, span).items()} == wanted
    assert all(f.holds for f in findings(span) if f.kind == "balance")


@pytest.mark.usefixtures("county")
def test_every_act_is_taken_by_an_invented_official_of_the_right_office() -> None:
    for do in invent(FILE):
        if do.actor.post == "applicant":
            continue
        assert "虚构" in do.actor.name
        assert any(role.key in do.actor.roles for role in do.step.roles)
        assert do.actor.handles(do.step.family)
        assert do.actor.sees(do.office)
        if do.step.family == "disclosure":
            assert do.actor.office == do.office


@pytest.mark.usefixtures("county")
def test_no_invented_official_can_log_in() -> None:
    list(invent(FILE))
    from yifa.people.models import User

    assert User.objects.exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


@pytest.mark.usefixtures("county")
def test_something_waits_on_the_desk_on_any_day() -> None:
    for today in (date(2026, 2, 25), date(2026, 11, 23), date(2024, 1, 2)):
        stream = list(waiting("disclosure", DESK, today))
        assert all(do.facts.on <= today for do in stream)
        assert {do.office for do in stream} == {DESK}
    assert act_many(iter(stream)).cases == 4


@pytest.mark.usefixtures("county")
def test_an_office_nobody_answers_for_is_named(tmp_path: Path) -> None:
    file = tmp_path / "2023.toml"
    file.write_text(FILE.read_text("utf-8").replace('"xinxian-housing"', '"xinxian-study-group"'), "utf-8")
    with pytest.raises(VolumesError, match=r"没有一个职务能在“xinxian-study-group”办理 disclosure.*E740"):
        invent(file)
