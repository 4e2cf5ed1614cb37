"""A county that studied, issued certificates and answered applications in 2022 and 2023."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from yifa.cases.kernel import Do, act_many
from yifa.matters.enforcement.certificate import facts as cf
from yifa.matters.enforcement.certificate.procedure import Certificate
from yifa.matters.leadership.study import facts as sf
from yifa.matters.leadership.study.procedure import Study
from yifa.matters.oversight.disclosure import facts as df
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.people.actor import Actor
from yifa.people.models import Office
from yifa.people.offices import forget

HELD = (
    [("STANDING_COMMITTEE", "BEFORE_MEETING")] * 2
    + [("EXECUTIVE_MEETING", "BEFORE_MEETING")] * 4
    + [("LAW_COMMITTEE", "TOPIC")] * 2
    + [("PARTY_GROUP", "TOPIC")] * 3
    + [("STUDY_GROUP", "STUDY_GROUP")] * 4
)


@pytest.fixture
def offices(db):
    for code, name, kind in (("x", "新县", "county"), ("x-gov", "新县人民政府办公室", "department")):
        Office.objects.create(
            code=code,
            name=name,
            kind=kind,
            mark="新政办",
            parent="" if code == "x" else "x",
            since=date(2010, 1, 1),
        )
    forget()
    yield
    forget()


@pytest.fixture
def clerk():
    return Actor(None, "李某", "p", "x-gov", frozenset({"clerk", "head"}), None)


@pytest.fixture
def worked(offices, clerk):
    """The year 2023: 11 and 4+2+4 sessions, 5 certificates issued and 2 ended, 3 applications and 2 answers."""
    stream = []
    for n, (body, form) in enumerate(HELD):
        told = sf.Session(
            on=date(2023, 1 + n % 12, 10), body=sf.Body[body], form=sf.Form[form], topic="行政处罚法"
        )
        stream.append(Do(Study.hold, told, clerk))
    for n in range(5):
        on = date(2023, 2 + n, 1)
        told = cf.Holder(on=on, holder=f"张某{n}", number=f"N{n}", passed=on - timedelta(days=9))
        stream.append(Do(Certificate.issue, told, clerk, ref=f"c{n}"))
    for n in range(2):
        stream.append(
            Do(
                Certificate.cancel,
                cf.Cancellation(on=date(2023, 9, 1 + n), cause=cf.Cause.RETIRED),
                clerk,
                ref=f"c{n}",
            )
        )
    for n in range(3):
        told = df.Registration(
            on=date(2023, 3, 6 + n), kind=df.Applicant.PERSON, name="王某甲", identity="411523199001010011",
            contact="13900000000", wanted="2022年村级公路预算",
        )  # fmt: skip
        stream.append(Do(Disclosure.receive, told, clerk, ref=f"d{n}"))
    for n in range(2):
        told = df.Reply(on=date(2023, 3 + n, 20), answer=df.Answer.GRANTED, content="见附件")
        stream.append(Do(Disclosure.answer, told, clerk, ref=f"d{n}"))
    act_many(stream)
