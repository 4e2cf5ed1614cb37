"""yifa setup, yifa check, yifa once."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from yifa.law.folders import library_folder
from yifa.people.county import load_county
from yifa.people.models import User
from yifa.people.posts import person
from yifa.site.errors import stop
from yifa.site.models import Code
from yifa.site.once import issue

ADMINISTRATOR = "guanli"


def county_folder(named: str | None) -> Path:
    """The folder of the county's facts: the one named, or the library's."""
    folder = Path(named) if named else library_folder() / "counties" / settings.YIFA_COUNTY
    if not folder.is_dir():
        stop(f"没有县的资料文件夹 {folder} · There is no such folder of a county's facts. [yifa.E720]")
    return folder


def prepare(county: Path) -> None:
    """The tables and the county: safe to repeat."""
    call_command("migrate", interactive=False, verbosity=0)
    if connection.vendor != "sqlite":
        call_command("createcachetable", verbosity=0)
    load_county(county)


def administrator() -> User:
    """The first person: made without a password, comes in by a one-time code."""
    found = User.objects.filter(is_superuser=True).order_by("pk").first()
    if found is None:
        found = person(ADMINISTRATOR, "系统管理员")
        found.is_staff = found.is_superuser = True
        found.save(update_fields=["is_staff", "is_superuser"])
    return found


def needs_code(user: User) -> bool:
    """Nobody has chosen a password yet, so an earlier code may have been lost with the terminal."""
    return not user.has_usable_password() or Code.objects.filter(user=user).exists()


def setup(given: argparse.Namespace) -> int:
    """Make the database, load the county, say how to come in."""
    prepare(county_folder(given.county))
    print(f"已建好：{settings.YIFA_HOME} · Set up.")
    user = administrator()
    if needs_code(user):
        print(f"一次性登录码（{user.username}，24 小时内有效）· One-time code: {issue(user)}")
    print("启动：yifa serve · Start it with: yifa serve")
    return 0


def check(given: argparse.Namespace) -> int:
    """Django's own checks, and models without a migration."""
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check_changes=True, dry_run=True)
    return 0


def once(given: argparse.Namespace) -> int:
    """A new one-time code; the earlier one ends, the password stays until the code is used."""
    if given.username:
        user = User.objects.filter(username=given.username).first()
        if user is None:
            stop(f"没有用户“{given.username}” · There is no such user. [yifa.E721]")
    else:
        user = administrator()
    print(f"{user.username}: {issue(user)}")
    print("在登录页选择“一次性登录码”输入，24 小时内有效 · Type it on the sign-in page within 24 hours.")
    return 0
