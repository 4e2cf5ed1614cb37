"""A county of two offices; a clerk and a head in one, a clerk in the other, an administrator, a person without a post."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yifa.cases.kernel import Done, act
from yifa.matters.emergency.response import facts as r
from yifa.matters.emergency.response.procedure import Response
from yifa.matters.emergency.warnings import facts as w
from yifa.matters.emergency.warnings.procedure import Rousing, Warning
from yifa.matters.oversight.disclosure import facts as f
from yifa.people import offices, posts
from yifa.people.duties import Post
from yifa.people.models import User
from yifa.people.tree import Office
from yifa.procedure import registry

BEGIN = date(2016, 1, 1)
GOVERNMENT, JUSTICE = "x-gov", "x-justice"
CLERK, HEAD, OTHER, WATCH = "gov.clerk", "gov.head", "justice.clerk", "justice.certificates"
TODAY = date.today()


@pytest.fixture
def county(db: None) -> Iterator[None]:
    offices.forget()
    posts.forget()
    cache.clear()
    offices.record_all(
        [
            Office(code="x", since=BEGIN, name="新县", name_en="Xin County", kind="county"),
            Office(
                code=GOVERNMENT,
                since=BEGIN,
                name="新县人民政府办公室",
                short="县政府办公室",
                parent="x",
                mark="新政办",
            ),
            Office(code=JUSTICE, since=BEGIN, name="新县司法局", parent="x", mark="新司"),
        ]
    )
    both = frozenset({"disclosure", "study"})
    posts.record_all(
        [
            Post(
                code=CLERK,
                since=BEGIN,
                office=GOVERNMENT,
                title="经办人",
                roles=frozenset({"clerk"}),
                families=both,
            ),
            Post(code=HEAD, since=BEGIN, office=GOVERNMENT, title="主任", roles=frozenset({"head"})),
            Post(code=OTHER, since=BEGIN, office=JUSTICE, title="经办人", roles=frozenset({"clerk"})),
            Post(
                code=WATCH,
                since=BEGIN,
                office=JUSTICE,
                title="证件管理员",
                roles=frozenset({"clerk"}),
                scope="county",
            ),
        ]
    )
    yield
    offices.forget()
    posts.forget()
    cache.clear()


def _person(username: str, name: str, *codes: str, staff: bool = False) -> User:
    user = posts.person(username, name)
    user.is_staff = staff
    user.save()
    for code in codes:
        posts.give(code, user, BEGIN)
    return user


def _at_desk(user: User, post: str = "") -> Client:
    client = Client()
    client.force_login(user)
    if post:
        client.post("/desk/post/", {"post": post})
    return client


@pytest.fixture
def wang(county: None) -> User:
    return _person("wang", "王某", CLERK, HEAD)


@pytest.fixture
def li(county: None) -> User:
    return _person("li", "李某", OTHER, WATCH)


@pytest.fixture
def clerk(wang: User) -> Client:
    """王某 at the counter of the government office."""
    return _at_desk(wang, CLERK)


@pytest.fixture
def head(wang: User) -> Client:
    """The same person as head of the office."""
    return _at_desk(wang, HEAD)


@pytest.fixture
def stranger(li: User) -> Client:
    """A clerk of another office."""
    return _at_desk(li, OTHER)


@pytest.fixture
def registrar(li: User) -> Client:
    """The keeper of the whole county's certificates."""
    return _at_desk(li, WATCH)


@pytest.fixture
def idle(county: None) -> Client:
    """Somebody who can log in and holds no post."""
    return _at_desk(_person("zhao", "赵某"))


@pytest.fixture
def keeper(county: None) -> Client:
    """The administrator, who holds no post either."""
    return _at_desk(_person("admin", "管理员", staff=True))


@pytest.fixture
def application(wang: User) -> Callable[..., Done]:
    """A request entered at the counter, some days ago."""

    def make(days_ago: int = 3, **told: Any) -> Done:
        given = {
            "kind": f.Applicant.PERSON, "name": "王某甲", "identity": "411523199001010011", "contact": "13900000000",
            "wanted": "2022年村级公路预算",
        }  # fmt: skip
        step = registry().family("disclosure").receive
        facts = f.Registration(on=TODAY - timedelta(days=days_ago), **(given | told))
        return act(step, facts, posts.actor_in(CLERK, TODAY, wang))

    return make


def hidden(page: bytes) -> dict[str, str]:
    """The hidden fields of a step's form."""
    return dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', page.decode()))


@pytest.fixture
def take(clerk: Client) -> Callable[..., Any]:
    """Open a step's form, fill it in, send it."""

    def send(address: str, client: Client | None = None, **typed: str) -> Any:
        who = client or clerk
        return who.post(
            address, hidden(who.get(address).content) | {"on": TODAY.isoformat(), "_do": "act"} | typed
        )

    return send


# ── The duty room ────────────────────────────────────────────────────────────

ON_WATCH = "gov.watch"


@pytest.fixture
def watch(wang: User) -> Client:
    """王某 on watch, for every matter."""
    both = frozenset({"clerk", "head"})
    posts.record(Post(code=ON_WATCH, since=BEGIN, office=GOVERNMENT, title="值班员", roles=both))
    posts.give(ON_WATCH, wang, BEGIN)
    return _at_desk(wang, ON_WATCH)


@pytest.fixture
def alarm(watch: Client, wang: User) -> tuple[int, int]:
    """A warning in force, a response running, two people being called: the warning and the call-out."""
    actor = posts.actor_in(ON_WATCH, TODAY, wang)
    rain = {
        "issuer": "气象台",
        "issued": f"{TODAY} 14:05",
        "area": "全县",
        "until": TODAY + timedelta(days=1),
    }
    notice = w.Notice(on=TODAY, event="暴雨", kind=w.Kind.WEATHER, colour=w.Colour.RED, **rain)
    warning = act(Warning.receive, notice, actor).case
    start = r.Start(
        on=TODAY,
        subject="防汛",
        level=r.Level.TWO,
        plan="预案",
        until=TODAY + timedelta(days=2),
        measures="巡查",
    )
    act(Response.launch, start, actor)
    people = "王某，10000000001\n李某，10000000002"
    rouse = w.Rouse(on=TODAY, about="暴雨叫应", words="请立即转移", more=people, only_more=True)
    return warning, act(Rousing.begin, rouse, actor).case
