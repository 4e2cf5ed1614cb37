"""A small county: two offices, a clerk in each, a head, a county-wide registrar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from yifa.matters.oversight.disclosure import facts as f
from yifa.people.actor import Actor

GOVERNMENT, JUSTICE = "xinxian-gov-office", "xinxian-justice"


@pytest.fixture
def county(db: None) -> None:
    from yifa.people import offices
    from yifa.people.models import Office

    for code, name, mark in (
        (GOVERNMENT, "新县人民政府办公室", "新政办"),
        (JUSTICE, "新县司法局", "新司"),
    ):
        Office.objects.create(code=code, name=name, kind="department", mark=mark, since=date(2010, 1, 1))
    offices.forget()


def actor(office: str, *roles: str, scope: frozenset[str] | str | None = "own") -> Actor:
    reach = frozenset({office}) if scope == "own" else scope
    return Actor(7, "李某", f"{office}.{roles[0]}", office, frozenset(roles), reach, "经办人")  # type: ignore[arg-type]


@pytest.fixture
def clerk() -> Actor:
    return actor(GOVERNMENT, "clerk")


@pytest.fixture
def head() -> Actor:
    return actor(GOVERNMENT, "head")


@pytest.fixture
def stranger() -> Actor:
    return actor(JUSTICE, "clerk")


@pytest.fixture
def registrar() -> Actor:
    return actor(JUSTICE, "clerk", scope=None)


@pytest.fixture
def application() -> Callable[..., f.Registration]:
    def make(on: date = date(2023, 3, 6), **told: Any) -> f.Registration:
        given = {
            "kind": f.Applicant.PERSON,
            "name": "王某甲",
            "identity": "411523199001010011",
            "contact": "13900000000",
            "wanted": "2022年村级公路预算",
        }
        return f.Registration(on=on, **(given | told))

    return make
