"""One-time codes: the only way in before there is a password."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from yifa.people.models import User
from yifa.site.models import Code
from yifa.site.once import ALPHABET, issue, redeem

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang() -> User:
    user = User(username="wang", name="王某")
    user.set_unusable_password()
    user.save()
    return user


def test_a_code_lets_its_owner_in_once(wang: User) -> None:
    code = issue(wang)
    assert redeem(code) == wang
    assert redeem(code) is None


def test_a_code_may_be_typed_in_small_letters_and_without_dashes(wang: User) -> None:
    assert redeem(issue(wang).lower().replace("-", " ")) == wang


def test_a_new_code_ends_the_one_before(wang: User) -> None:
    first, second = issue(wang), issue(wang)
    assert redeem(first) is None
    assert redeem(second) == wang


def test_a_code_ends_after_a_day(wang: User) -> None:
    code = issue(wang)
    assert redeem(code, now=timezone.now() + timedelta(hours=25)) is None


def test_a_code_does_not_let_in_somebody_who_was_switched_off(wang: User) -> None:
    code = issue(wang)
    wang.is_active = False
    wang.save()
    assert redeem(code) is None


def test_the_database_does_not_hold_the_code(wang: User) -> None:
    code = issue(wang)
    kept = Code.objects.get(user=wang)
    assert code.replace("-", "") not in kept.digest.upper()
    assert set(code) <= {*ALPHABET, "-"}


def test_the_old_password_ends_when_a_code_is_used(wang: User) -> None:
    wang.set_password("a long old password")
    wang.save()
    redeem(issue(wang))
    wang.refresh_from_db()
    assert not wang.has_usable_password()


def test_coming_in_with_a_code_leads_to_choosing_a_password(wang: User) -> None:
    client = Client()
    came = client.post("/accounts/once/", {"code": issue(wang)})
    assert came.status_code == 302
    assert came["Location"] == "/accounts/password/set/"
    assert client.get(came["Location"]).status_code == 200


def test_a_wrong_code_is_told_in_a_sentence_and_lets_nobody_in(wang: User) -> None:
    client = Client()
    refused = client.post("/accounts/once/", {"code": "AAAA-BBBB-CCCC-DDDD"})
    assert refused.status_code == 400
    assert "一次性登录码不正确或者已经失效" in refused.content.decode()
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_from_outside() -> None:
    client = Client()
    client.post(
        "/accounts/signup/",
        {"username": "intruder", "password1": "correct horse 12", "password2": "correct horse 12"},
    )
    assert not User.objects.filter(username="intruder").exists()


def test_a_short_password_is_not_taken(wang: User) -> None:
    client = Client()
    client.post("/accounts/once/", {"code": issue(wang)})
    client.post("/accounts/password/set/", {"password1": "short1", "password2": "short1"})
    wang.refresh_from_db()
    assert not wang.has_usable_password()
