"""A county of four offices and two posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from yifa.people import offices, posts
from yifa.people.duties import Post
from yifa.people.models import User
from yifa.people.tree import Office

BEGIN = date(2016, 1, 1)
CLERK, WATCH = "justice.clerk", "government.watch"


@pytest.fixture
def county(db: None) -> None:
    offices.forget()
    posts.forget()
    offices.record_all(
        [
            Office(code="county", since=BEGIN, name="新县", name_en="Xin County", kind="county"),
            Office(code="government", since=BEGIN, name="新县人民政府", kind="government", parent="county"),
            Office(code="justice", since=BEGIN, name="新县司法局", parent="government", mark="新司"),
            Office(code="market", since=BEGIN, name="新县市场监督管理局", parent="government"),
        ]
    )
    posts.record_all(
        [
            Post(code=CLERK, since=BEGIN, office="justice", title="经办人", roles=frozenset({"clerk"})),
            Post(
                code=WATCH,
                since=BEGIN,
                office="government",
                title="督查专员",
                roles=frozenset({"head"}),
                scope="subtree",
                families=frozenset({"disclosure"}),
            ),
        ]
    )


@pytest.fixture
def someone(db: None) -> Callable[[str], User]:
    return lambda username: posts.person(username, f"{username}某")
