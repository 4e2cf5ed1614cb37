"""A county with two offices, and a person outside it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache

from yifa.people import posts
from yifa.people.actor import Actor
from yifa.people.duties import Post
from yifa.people.models import Office
from yifa.people.offices import forget

SINCE = date(2010, 1, 1)


@pytest.fixture(autouse=True)
def offices(db):
    rows = (
        ("x", "新县", "county", "", ""),
        ("x-gov", "新县人民政府办公室", "department", "x", "0376-2950000"),
        ("x-justice", "新县司法局", "department", "x", ""),
    )
    for code, name, kind, parent, contact in rows:
        Office.objects.create(
            code=code,
            name=name,
            kind=kind,
            parent=parent,
            mark="新政办",
            contact=contact,
            since=SINCE,
        )
    forget()
    posts.forget()
    cache.clear()
    yield
    forget()
    posts.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def staff(offices):
    """The government office has someone to take applications; the justice bureau has the post, and nobody in it."""
    for office in ("x-gov", "x-justice"):
        told = {"title": "经办人", "roles": frozenset({"clerk"}), "families": frozenset({"disclosure"})}
        posts.found_post(Post(code=f"{office}.clerk", since=SINCE, office=office, **told))
    li = posts.person("li", "李某")
    posts.give("x-gov.clerk", li, SINCE)
    return li


@pytest.fixture
def clerk():
    return Actor(None, "李某", "p", "x-gov", frozenset({"clerk", "head"}), frozenset({"x-gov"}))


@pytest.fixture
def ticket(client):
    def get(address: str) -> str:
        page = client.get(address).content.decode()
        return re.search(r'name="ticket" value="([^"]+)"', page)[1]

    return get


@pytest.fixture
def form(ticket):
    """What a person types into the form of a disclosure application."""

    def make(**told: str) -> dict[str, str]:
        return {
            "ticket": ticket("/apply/disclosure/"),
            "website": "",
            "office": "x-gov",
            "kind": "PERSON",
            "name": "王某甲",
            "identity": "411523199001010011",
            "contact": "13900000000",
            "wanted": "2022年村级公路预算",
            "form": "ELECTRONIC",
            **told,
        }

    return make


@pytest.fixture
def applied(client, form):
    """One application made on the portal: its receipt code."""
    page = client.post("/apply/disclosure/", form()).content.decode()
    return re.search(r'id="receipt-code"[^>]*>([^<]+)<', page)[1]
