"""A stock by what was told at its opening, a share of two procedures, growth on the same stretch before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from django.conf import settings

from yifa import counts
from yifa.cases.kernel import act
from yifa.counts import figure, records, since, year
from yifa.counts.grid import by_office
from yifa.people import Actor
from yifa.procedure import Growth, ProcedureError, Register, Stock
from yifa.procedure.registry import use

from .shops import Closing, Kind, Opening, Shop, Visit, Visited

pytestmark = pytest.mark.django_db
Y = year(2023)


@pytest.fixture(autouse=True)
def county() -> Iterator[None]:
    use(["tests.counts.shops"])
    yield
    use(settings.YIFA_MATTERS)


def clerk(office: str) -> Actor:
    return Actor(7, "李某", f"{office}.clerk", office, frozenset({"clerk"}), frozenset({office}))


def enter(on: date, kind: Kind = Kind.FIRM, office: str = "A") -> int:
    return act(Shop.enter, Opening(on=on, name="某店", kind=kind), clerk(office), office=office).case


def close(case: int, on: date, office: str = "A") -> None:
    act(Shop.close, Closing(on=on), clerk(office), case=case, office=office)


def visit(on: date, kind: Kind = Kind.FIRM) -> None:
    act(Visited.visit, Visit(on=on, kind=kind), clerk("A"), office="A")


def opened_on(key: str, span: counts.Span = Y, part: str | None = None) -> list[int]:
    found, after = [], None
    while True:
        page = records(key, span, part, after=after, limit=2)
        found += [r.case for r in page.records]
        if (after := page.after) is None:
            return found


@pytest.fixture
def shops() -> list[int]:
    """Three firms and two stalls before the year, one of each more within it; a firm and a stall close."""
    F, S = Kind.FIRM, Kind.STALL
    cases = [enter(date(2022, 3, n + 1), kind) for n, kind in enumerate((F, F, F, S, S))]
    cases += [enter(date(2023, 5, 1), F), enter(date(2023, 6, 1), S, "B")]
    close(cases[0], date(2023, 7, 1))
    close(cases[3], date(2023, 7, 2))
    return cases


def test_a_stock_keeps_those_opened_with_the_values_named(shops: list[int]) -> None:
    assert figure("shop.firms", Y).value == 3
    assert figure("shop.everyone", Y).value == 5
    assert figure("shop.firms", year(2022)).value == 3
    assert sorted(opened_on("shop.firms")) == [shops[1], shops[2], shops[5]]


def test_a_share_may_be_of_stocks_and_opens_on_both_sides(shops: list[int]) -> None:
    found = figure("shop.share_of_firms", Y)
    assert (found.numerator, found.denominator, found.written) == (3, 5, "60%")
    assert sorted(opened_on("shop.share_of_firms", part="part")) == [shops[1], shops[2], shops[5]]
    assert len(opened_on("shop.share_of_firms")) == found.records == 5


def test_a_share_may_have_its_whole_in_another_procedure(shops: list[int]) -> None:
    visit(date(2023, 8, 1))
    visit(date(2023, 8, 2))
    visit(date(2023, 8, 3), Kind.STALL)
    found = figure("visited.reached", Y)
    assert (found.numerator, found.denominator, found.written) == (2, 3, "66.67%")
    assert len(opened_on("visited.reached", part="part")) == 2
    assert set(opened_on("visited.reached")) == {shops[1], shops[2], shops[5]}
    assert "类型”为“企业”、处于“在册”的案卷数" in found.definition.sentence


def test_growth_is_what_was_added_in_percent_of_what_was(shops: list[int]) -> None:
    found = figure("shop.growth", Y)
    assert (found.numerator, found.denominator, found.written) == (-3, 5, "-60%")
    assert opened_on("shop.growth") == shops[5:]
    assert opened_on("shop.growth", part="whole") == shops[:5]
    assert figure("shop.stock_growth", Y).written == "0%"


def test_growth_over_several_years_is_on_as_many_years_before() -> None:
    for on in (date(2020, 5, 1), date(2021, 5, 1)):
        enter(on)
    for on in (date(2022, 1, 1), date(2022, 5, 1), date(2023, 12, 31)):
        enter(on)
    found = figure("shop.growth", since(2022, date(2023, 12, 31)))
    assert (found.numerator, found.denominator, found.written) == (1, 2, "50%")
    points = dict(found.definition.points)
    assert points["分母"] == "2020年1月至2021年12月的“登记”的次数；分母为0时写“不适用”"


def test_growth_from_nothing_does_not_apply() -> None:
    enter(date(2023, 5, 1))
    found = figure("shop.growth", Y)
    assert (found.value, found.written) == (None, "不适用")


@pytest.mark.usefixtures("shops")
def test_the_table_by_office_agrees_with_each_office_asked_alone() -> None:
    keys = ["shop.firms", "shop.share_of_firms", "shop.growth", "shop.entered", "visited.reached"]
    table = by_office(keys, Y)
    for key in keys:
        for office in ("A", "B"):
            assert table[key].get(office) in (figure(key, Y, [office]).value, None), (key, office)


def test_the_live_cube_equals_the_recompute_whatever_happens() -> None:
    rng = Random(7)
    open_cases: list[int] = []
    for n in range(40):
        on = date(2022 + n // 20, 1 + n % 12, 1 + n % 27)
        if open_cases and rng.random() < 0.3:
            close(open_cases.pop(0), date(2023, 12, 30))
        else:
            open_cases.append(enter(on, rng.choice(list(Kind))))
    assert counts.compare(engine="sql") == []
    assert counts.compare(engine="ledger") == []
    assert figure("shop.everyone", Y).value == len(open_cases)
    assert figure("shop.firms", Y).value == len(opened_on("shop.firms"))


def test_a_stock_by_what_is_never_asked_is_refused_when_it_is_read() -> None:
    with pytest.raises(ProcedureError, match=r"“colour”.*E109"):

        class Wrong(Shop):
            """店铺"""

            since = date(2024, 1, 1)
            red = Stock("红", within=(Shop.open,), where={"colour": "red"})


def test_growth_stands_in_the_sheet() -> None:
    assert Shop.sheet()["counts"]["growth"]["of"] == "shop.entered"
    assert issubclass(Shop, Register)
    assert isinstance(Shop.growth, Growth)
