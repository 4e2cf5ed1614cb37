"""What the machine does with a rating: gives its receipt, turns a bad one into an order, leads it back to the person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yifa.clock import due, national, working_days
from yifa.procedure import Brought, Case, Reason, Refused, Scene, Step

from . import facts, rounds
from .procedure import BadRatingOrder, RatingAppeal, ServiceRating

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SHORT = 10  # signs of a receipt: 49 bits, so that it is guessed by nobody and still read over the telephone


# ── A rating ─────────────────────────────────────────────────────────────────


def receipt(case: Case, told: facts.Rating, scene: Scene) -> dict[str, Any]:
    """A short number nobody can guess; it says nothing of the person, the case or the day."""
    number, code = int(scene.secret(), 16), ""
    for _ in range(SHORT):
        number, n = divmod(number, len(LETTERS))
        code += LETTERS[n]
    return {"receipt": code}


def handed_over(case: Case, told: facts.Rating, scene: Scene) -> Iterator[Brought[Any]]:
    """A bad rating is an order at once, in the same transaction, for the office it is about."""
    if not told.grade.bad:
        return
    finished = case.opening
    assert isinstance(finished, facts.Finished)
    sealed = scene.opened([scene.case], ("telephone",)).get(scene.case, {})
    yield Brought(
        BadRatingOrder.assign,
        facts.Order(
            on=told.on,
            source=facts.Source.RATING,
            number=finished.number,
            item=finished.item,
            grade=told.grade,
            named=told.named,
            words=told.words,
            telephone=sealed.get("telephone", ""),
            rating=scene.case,
        ),
    )


def said_once_more(case: Case, told: facts.Rating, scene: Scene) -> Iterator[Brought[Any]]:
    """The order that waited for it is closed by it."""
    waiting = scene.listed("bad_rating_order", (), states=("waiting",), grown_from=scene.case)
    for order in waiting:
        yield Brought(BadRatingOrder.second_given, facts.Second(on=told.on, grade=told.grade), case=order[0])


FIRST: tuple[Step[Any], ...] = (ServiceRating.rate, ServiceRating.rate_at_counter)
SECOND: tuple[Step[Any], ...] = (ServiceRating.rate_again, ServiceRating.rate_again_at_counter)
for step in (*FIRST, *SECOND):
    step.finds(receipt)
for step in FIRST:
    step.brings(handed_over)
for step in SECOND:
    step.brings(said_once_more)


# ── An order ─────────────────────────────────────────────────────────────────


def rule_of(scene: Scene) -> tuple[str, str, int, str] | None:
    """The county's rule in force: its office, name, days and basis; the latest where there are several."""
    rows = scene.listed("rating_rule", ("name", "days", "basis"), states=("in_force",))
    if not rows:
        return None
    _, office, _, _, name, days, basis = rows[-1]
    return str(office), str(name), int(days), str(basis)


@BadRatingOrder.assign.finds
def until_when(case: Case, order: facts.Order, scene: Scene) -> dict[str, Any]:
    """By the county's own rule. A county without one still takes the rating: the order has no last day then, and says so."""
    rule = rule_of(scene)
    if rule is None:
        return {"until": None, "rule": "本县尚未公布好差评规则，没有统一的整改期限"}
    _, name, days, basis = rule
    last = due(order.on, working_days(days), national()).day
    return {"until": last, "rule": f"{name}（{basis}）：{days}个工作日"}


@BadRatingOrder.appeal.brings
def before_the_bureau(case: Case, appeal: facts.Appeal, scene: Scene) -> Iterator[Brought[Any]]:
    """It lies with the office that laid down the rule, where the office that was rated decides nothing."""
    rule, order = rule_of(scene), case.opening
    assert isinstance(order, facts.Order)
    if rule is None:
        said = "本县尚未公布好差评规则，没有受理申诉的机关"
        raise Refused(Reason(said, BadRatingOrder.appeal.cite, "yifa.E800"))
    yield Brought(
        RatingAppeal.file,
        facts.Appealed(
            on=appeal.on,
            ground=appeal.ground,
            why=appeal.why,
            order=scene.case,
            number=order.number,
            item=order.item,
        ),
        office=rule[0],
    )


def there(family: str, case: int, state: str, number: str, scene: Scene) -> bool:
    """Does the case it came from stand where it was left?"""
    rows = scene.listed(family, (), states=(state,), where={"number": (number,)}) if case else []
    return any(row[0] == case for row in rows)


@RatingAppeal.uphold.brings
def dropped(case: Case, ruling: facts.Ruling, scene: Scene) -> Iterator[Brought[Any]]:
    """The order ends; the rating is marked, and stays where it is."""
    appeal = case.opening
    assert isinstance(appeal, facts.Appealed)
    if there("bad_rating_order", appeal.order, "appealed", appeal.number, scene):
        yield Brought(BadRatingOrder.exclude, ruling, case=appeal.order)


@BadRatingOrder.exclude.brings
def marked(case: Case, ruling: facts.Ruling, scene: Scene) -> Iterator[Brought[Any]]:
    order = case.opening
    assert isinstance(order, facts.Order)
    if there("service_rating", order.rating, "rated", order.number, scene):
        excluded = facts.Excluded(on=ruling.on, ground=ruling.reason)
        yield Brought(ServiceRating.exclude, excluded, case=order.rating)


@RatingAppeal.dismiss.brings
def taken_up_again(case: Case, ruling: facts.Ruling, scene: Scene) -> Iterator[Brought[Any]]:
    appeal = case.opening
    assert isinstance(appeal, facts.Appealed)
    if there("bad_rating_order", appeal.order, "appealed", appeal.number, scene):
        yield Brought(BadRatingOrder.go_on, ruling, case=appeal.order)


@BadRatingOrder.feed_back.brings
def asked_once_more(case: Case, fed: facts.FedBack, scene: Scene) -> Iterator[Brought[Any]]:
    """Whoever rated may rate again, with the code they have."""
    order = case.opening
    assert isinstance(order, facts.Order)
    if there("service_rating", order.rating, "rated", order.number, scene):
        yield Brought(ServiceRating.invite_again, facts.Invited(on=fed.on), case=order.rating)


__all__ = ["rounds", "rule_of"]
