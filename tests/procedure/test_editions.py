"""A case runs under the rules of the day it began; a new edition is a subclass with a day of its own."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.clock import national
from yifa.law import statute
from yifa.people import CLERK
from yifa.procedure import (
    START,
    Case,
    Facts,
    Procedure,
    Refused,
    Register,
    Registry,
    State,
    Step,
    ask,
    asks_of,
    stays,
)

law = statute("business-environment-regulation")
ON = date(2023, 3, 1)


class Entry(Facts):
    name: str = ask("名称")


class FullerEntry(Entry):
    code: str = ask("代码")


class Leaving(Facts):
    pass


class Shop(Register):
    """店铺"""

    since = date(2020, 1, 1)
    listed = State("在册")
    gone = State("退出", final=True)
    enter = Step("登记", START >> listed, law(54), by=CLERK, asks=Entry)
    leave = Step("退出", listed >> gone, law(54), by=CLERK, asks=Leaving)


class Shop2023(Shop):
    """店铺"""

    since = date(2023, 1, 1)
    enter = Step("登记", START >> Shop.listed, law(54), by=CLERK, asks=FullerEntry)
    inspect = Step("检查", stays(Shop.listed), law(54), by=CLERK, asks=Leaving)


@Shop2023.enter.requires("代码不得空白", law(54), reading=True)
def has_a_code(case: Case, entry: FullerEntry) -> bool:
    return entry.code != ""


@pytest.fixture
def registry() -> Registry:
    made = Registry([])
    made.add(Shop2023)
    made.add(Shop)
    return made


@pytest.mark.parametrize(
    ("day", "edition"),
    [("2020-01-01", Shop), ("2022-12-31", Shop), ("2023-01-01", Shop2023), ("2199-12-31", Shop2023)],
)
def test_the_edition_is_that_of_the_day(registry: Registry, day: str, edition: type[Procedure]) -> None:
    assert registry.on("shop", date.fromisoformat(day)) is edition


def test_before_the_first_edition_there_was_no_rule(registry: Registry) -> None:
    with pytest.raises(Refused, match="店铺的规定自2020年1月1日起施行，不能登记此前的事项") as refused:
        registry.on("shop", date(2019, 12, 31))
    assert [r.id for r in refused.value.reasons] == ["yifa.R008"]


def test_both_are_one_family_and_lists_show_the_newest(registry: Registry) -> None:
    assert Shop2023.key == Shop.key == "shop"
    assert registry.families() == [Shop2023]
    assert registry.editions() == [Shop, Shop2023]
    assert registry.edition("shop", "Shop") is Shop
    with pytest.raises(KeyError):
        registry.edition("shop", "Shop1999")


def test_an_edition_keeps_what_it_does_not_say_anew() -> None:
    assert Shop2023.states == Shop.states
    assert Shop2023.leave is Shop.leave
    assert set(Shop2023.steps) - set(Shop.steps) == {"inspect"}
    assert "inspect" not in Shop.steps


def test_a_case_of_the_old_edition_knows_nothing_of_the_new_one() -> None:
    old = Case(Shop, national()).do(Shop.enter, Entry(on=ON, name="甲"))
    with pytest.raises(KeyError):
        old.do(Shop2023.inspect, Leaving(on=ON))
    new = Case(Shop2023, national()).do(Shop2023.enter, FullerEntry(on=ON, name="甲", code="1"))
    assert new.do(Shop2023.inspect, Leaving(on=ON)).standing.seq == 2


def test_a_new_condition_binds_no_case_of_the_old_edition() -> None:
    Case(Shop, national()).do(Shop.enter, Entry(on=ON, name="甲"))
    with pytest.raises(Refused, match="代码不得空白"):
        Case(Shop2023, national()).do(Shop2023.enter, FullerEntry(on=ON, name="甲", code=""))


def test_changes_and_corrections_ask_what_the_entry_of_their_edition_asks() -> None:
    assert {a.name for a in asks_of(Shop.steps["amend"].asks)} == {"name"}
    assert {a.name for a in asks_of(Shop2023.steps["amend"].asks)} == {"name", "code"}
    assert {a.name for a in asks_of(Shop2023.steps["correct"].asks)} == {"name", "code", "dated", "why"}
    assert Shop2023.steps["correct"].amends is Shop2023.enter
    assert Shop.steps["correct"].amends is Shop.enter
    assert Shop2023.steps["withdraw"] is Shop.steps["withdraw"]


def test_the_editions_have_fingerprints_of_their_own() -> None:
    assert Shop.fingerprint() != Shop2023.fingerprint()
