"""The ledger under real acts: an application is recorded, verified, its applicant forgotten, and verified again."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from yifa.cases.kernel import act
from yifa.cases.rebuild import compare
from yifa.ledger import checkpoints, entries, guards
from yifa.ledger.cli import export
from yifa.ledger.erase import erase
from yifa.ledger.verify import verify
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.people import offices
from yifa.people.actor import Actor
from yifa.people.models import Office
from yifa.site.home import sqlite

from .conftest import _connected, _home
from .test_erase import files_with

OFFICE = "xinxian-gov-office"
HEAD = Actor(7, "李某", "head", OFFICE, frozenset({"clerk", "head"}), None, "负责人")
PERSON = {"name": "封某某", "identity": "411523199001010011", "contact": "13912345678"}
ANOTHER = {"name": "李某某", "identity": "411523198803030022", "contact": "13700000000"}


@pytest.fixture(params=["sha256", "sm3"])
def county(request: Any, tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Path]:
    home = _home(tmp_path, settings)
    settings.YIFA_LEDGER_ALGO = request.param
    with django_db_blocker.unblock(), _connected(sqlite(home, "NORMAL")):
        call_command("migrate", verbosity=0)
        Office.objects.create(
            code=OFFICE, name="新县人民政府办公室", kind="department", mark="新政办", since=date(2010, 1, 1)
        )
        offices.forget()
        yield home
    offices.forget()


def apply(person: dict[str, str], on: date = date(2023, 3, 6)) -> int:
    told = f.Registration(on=on, kind=f.Applicant.PERSON, wanted="2022年村级公路预算", **person)
    return act(Disclosure.receive, told, HEAD).case


def test_a_person_is_forgotten_and_the_record_stands(county: Path, settings: Any) -> None:
    case = apply(PERSON)
    apply(ANOTHER)
    made = checkpoints.make(date(2023, 3, 6))
    assert made.algo == settings.YIFA_LEDGER_ALGO
    assert {entry.algo for entry in entries.read()} == {settings.YIFA_LEDGER_ALGO}
    assert verify().ok
    assert erase(case, HEAD, "保存期限届满").settled
    verdict = verify()
    assert (verdict.ok, verdict.entries, verdict.checkpoints) == (True, 3, 1)
    assert not compare()
    words = [word.encode() for word in PERSON.values()]
    assert files_with(county, *words) == []
    export(county / "out")
    assert files_with(county, *words) == []
    apply(ANOTHER, date(2023, 3, 7))
    assert verify().ok


def test_one_byte_of_a_real_entry_is_named(county: Path) -> None:
    apply(PERSON)
    case = apply(ANOTHER)
    with connection.cursor() as cursor:
        guards.take_down(cursor, "sqlite")
        cursor.execute(
            "UPDATE ledger_entry SET body = replace(body, '2023-03-06', '2023-03-07') WHERE case_id = %s",
            [case],
        )
    wrong = verify().first_wrong
    assert wrong is not None
    assert (wrong.entry, wrong.case, wrong.seq, wrong.what) == (2, case, 1, "正文被改动")
