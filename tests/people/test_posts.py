"""Who may act in which post on which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from yifa.people import CLERK as CLERK_ROLE
from yifa.people import HEAD, models, offices, posts
from yifa.people.duties import Post
from yifa.people.mistakes import PeopleError
from yifa.people.models import User
from yifa.people.posts import absent, actors_of, back, end, give

from .conftest import BEGIN, CLERK, WATCH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]

DAY = timedelta(days=1)
FIRST, TODAY, LAST = date(2023, 3, 1), date(2023, 6, 1), date(2023, 8, 31)
Someone = Callable[[str], User]


def acting(user: User, on: date = TODAY) -> list[tuple[str, bool]]:
    return [(a.post, a.deputy) for a in actors_of(user, on)]


def test_a_person_acts_in_a_post_from_the_first_day_to_the_last(someone: Someone) -> None:
    user = someone("li")
    give(CLERK, user, FIRST, LAST)
    days = (FIRST - DAY, FIRST, LAST, LAST + DAY)
    assert [bool(actors_of(user, day)) for day in days] == [False, True, True, False]


def test_a_post_that_is_taken_away_is_gone_at_the_next_question(someone: Someone) -> None:
    user = someone("li")
    held = give(CLERK, user, FIRST)
    assert acting(user) == [(CLERK, False)]
    end(held.id, TODAY - DAY)
    assert acting(user) == []
    assert [h.until for h in posts.holders(CLERK)] == [TODAY - DAY]


def test_a_post_recorded_by_mistake_was_never_held(someone: Someone) -> None:
    user = someone("li")
    end(give(CLERK, user, FIRST).id, FIRST - DAY)
    assert acting(user, FIRST) == []


def test_the_same_post_given_twice_is_held_once(someone: Someone) -> None:
    user = someone("li")
    assert give(CLERK, user, FIRST) == give(CLERK, user, TODAY)
    assert len(actors_of(user, TODAY)) == 1


def test_own_reaches_the_office_and_subtree_what_hangs_below(someone: Someone) -> None:
    user = someone("li")
    give(CLERK, user, FIRST)
    give(WATCH, user, FIRST)
    clerk, watch = actors_of(user, TODAY)
    assert clerk.scope == {"justice"}
    assert watch.scope == {"government", "justice", "market"}
    assert (clerk.sees("market"), watch.sees("market"), watch.sees("county")) == (False, True, False)
    assert (clerk.may(CLERK_ROLE), clerk.may(HEAD)) == (True, False)
    assert (watch.handles("disclosure"), watch.handles("study"), clerk.handles("study")) == (
        True,
        False,
        True,
    )


def test_a_post_of_county_scope_reaches_every_office(someone: Someone) -> None:
    posts.change_post(CLERK, TODAY, scope="county")
    user = someone("li")
    give(CLERK, user, FIRST)
    assert actors_of(user, TODAY - DAY)[0].scope == {"justice"}
    assert actors_of(user, TODAY)[0].scope is None


def test_reach_follows_the_tree_of_the_day(someone: Someone) -> None:
    user = someone("li")
    give(CLERK, user, FIRST)
    offices.close("market", TODAY - DAY, into="justice")
    assert actors_of(user, TODAY - DAY)[0].scope == {"justice"}
    assert actors_of(user, TODAY)[0].scope == {"justice", "market"}


def test_a_deputy_acts_only_while_the_holder_is_away_and_is_recorded_as_deputy(someone: Someone) -> None:
    holder, deputy = someone("li"), someone("wang")
    give(CLERK, holder, FIRST)
    give(CLERK, deputy, FIRST, deputy=True)
    assert acting(deputy) == []
    absent(holder, TODAY, None, "病假")
    assert acting(deputy, TODAY - DAY) == []
    assert acting(deputy) == [(CLERK, True)]
    back(holder, TODAY + 5 * DAY)
    assert acting(deputy, TODAY + 4 * DAY) == [(CLERK, True)]
    assert acting(deputy, TODAY + 5 * DAY) == []


def test_a_deputy_acts_while_the_post_is_vacant(someone: Someone) -> None:
    holder, deputy = someone("li"), someone("wang")
    held = give(CLERK, holder, FIRST)
    give(CLERK, deputy, FIRST, deputy=True)
    end(held.id, TODAY - DAY)
    assert acting(deputy) == [(CLERK, True)]


def test_of_two_holders_one_away_leaves_nothing_to_the_deputy(someone: Someone) -> None:
    one, other, deputy = someone("li"), someone("zhang"), someone("wang")
    give(CLERK, one, FIRST)
    give(CLERK, other, FIRST)
    give(CLERK, deputy, FIRST, deputy=True)
    absent(one, TODAY, None)
    assert acting(deputy) == []


def test_a_holder_who_is_also_deputy_acts_as_holder(someone: Someone) -> None:
    user = someone("li")
    give(CLERK, user, FIRST, deputy=True)
    give(CLERK, user, FIRST)
    assert acting(user) == [(CLERK, False)]


def test_an_account_that_is_closed_acts_in_nothing(someone: Someone) -> None:
    user = someone("li")
    give(CLERK, user, FIRST)
    user.is_active = False
    user.save()
    assert acting(user) == []


@pytest.mark.parametrize(
    "gone", [lambda: posts.close_post(CLERK, TODAY - DAY), lambda: offices.close("justice", TODAY - DAY)]
)
def test_nobody_acts_in_a_post_or_an_office_that_has_ended(
    someone: Someone, gone: Callable[[], object]
) -> None:
    user = someone("li")
    give(CLERK, user, FIRST)
    gone()
    assert acting(user, TODAY - DAY) == [(CLERK, False)]
    assert acting(user) == []


def test_a_post_that_changes_keeps_what_it_was() -> None:
    written = list(models.Post.objects.order_by("id").values())
    posts.change_post(CLERK, TODAY, title="高级经办人", roles=frozenset({"clerk", "head"}))
    assert (posts.post_title(CLERK, TODAY - DAY), posts.post_title(CLERK, TODAY)) == ("经办人", "高级经办人")
    assert list(models.Post.objects.order_by("id").values())[: len(written)] == written


def test_the_questions_of_a_request_cost_one_query(
    someone: Someone, django_assert_num_queries: object
) -> None:
    user = someone("li")
    give(CLERK, user, FIRST)
    actors_of(user, TODAY)
    with django_assert_num_queries(1):  # type: ignore[operator]
        actors_of(user, TODAY)


@pytest.mark.parametrize(
    ("told", "id"),
    [
        ({"roles": frozenset({"king"})}, "E212"),
        ({"scope": "world"}, "E213"),
        ({"office": "nowhere"}, "E214"),
    ],
)
def test_a_post_that_makes_no_sense_is_refused(told: dict[str, object], id: str) -> None:
    row = Post(**{"code": "x", "since": BEGIN, "office": "justice", "title": "甲", **told})  # type: ignore[arg-type]
    with pytest.raises(PeopleError, match=id):
        posts.found_post(row)


def test_a_holding_cannot_end_before_it_began_or_be_stretched_again(someone: Someone) -> None:
    held = give(CLERK, someone("li"), FIRST, LAST)
    for until in (FIRST - 2 * DAY, LAST + DAY):
        with pytest.raises(PeopleError, match="E216"):
            end(held.id, until)


def test_a_post_without_a_holder_acts_in_its_own_name(someone: Someone) -> None:
    actor = posts.actor_in(CLERK, TODAY)
    assert (actor.person, actor.name, actor.title) == (None, "", "经办人")
    user = someone("li")
    give(CLERK, user, FIRST)
    assert posts.actor_in(CLERK, TODAY).person == user.pk


def test_the_law_and_the_person_outside_have_titles_too() -> None:
    assert [posts.post_title(code) for code in ("law", "applicant", "gone")] == ["法律规定", "申请人", "gone"]
    assert posts.person_name(None) == ""


def test_the_offices_own_post_comes_before_one_that_reaches_it() -> None:
    posts.change_post(WATCH, TODAY, roles=frozenset({"clerk"}))
    assert [p.code for p in posts.able("disclosure", CLERK_ROLE, TODAY, "justice")] == [WATCH, CLERK]
    assert [p.code for p in posts.able("study", CLERK_ROLE, TODAY, "justice")] == [CLERK]
    assert [o.code for o in posts.serving("study", CLERK_ROLE, TODAY)] == ["justice"]


def test_a_new_account_has_no_password(someone: Someone) -> None:
    assert not someone("li").has_usable_password()
