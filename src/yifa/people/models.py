"""People who log in, offices, posts and who held them. Rows are dated and never rewritten: a change is a new row."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from .mistakes import PeopleError


class User(AbstractUser):
    """A person who can log in; what they may do comes from the posts they hold."""

    name = models.CharField("姓名", max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name or self.username


class Recorded(models.Model):
    """A row that stays as it was written."""

    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PeopleError("E201", f"“{self}”的记载不能改写，只能写明自哪一天起变更。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise PeopleError("E202", f"“{self}”的记载不能删除，只能写明到哪一天为止。")


class Office(Recorded):
    """How an office is from `since`; `code` stays when its name, its parent or its mark change. See `tree`."""

    code = models.CharField(max_length=60, db_index=True)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=20)
    parent = models.CharField(max_length=60, blank=True)
    into = models.CharField(max_length=60, blank=True)
    mark = models.CharField(max_length=20, blank=True)  # 机关代字
    area = models.CharField(max_length=12, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=10, blank=True)  # U: not confirmed by a source
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # only where the office ends

    def __str__(self) -> str:
        return self.name


class Post(Recorded):
    """How a post is from `since`: which office it belongs to, what it may do and how far it reaches. See `duties`."""

    code = models.CharField(max_length=80, db_index=True)
    office = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    roles = models.CharField(max_length=200)  # role keys, comma between
    scope = models.CharField(max_length=10, default="own")  # own, subtree, county
    families = models.CharField(
        max_length=500, blank=True
    )  # what it deals with, comma between; "" for everything
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # only where the post ends

    def __str__(self) -> str:
        return self.title


class Holding(models.Model):
    """Who held a post from when to when, as its holder or as the deputy who stands in. Closed by its last day."""

    post = models.CharField(max_length=80, db_index=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    deputy = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user} {self.post}"


class Absence(models.Model):
    """A person who cannot act from when to when: the deputies of their posts may."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user} {self.since}"
