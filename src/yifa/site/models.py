"""What the site itself remembers: one-time codes, and what was already set up."""

from django.conf import settings
from django.db import models


class Code(models.Model):
    """A one-time way in, until its owner has chosen a password. Only its digest is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "site_code"

    def __str__(self) -> str:
        return f"{self.user} ≤ {self.until:%Y-%m-%d %H:%M}"


class Mark(models.Model):
    """Something that happens once in the life of this database, and when it did."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "site_mark"

    def __str__(self) -> str:
        return self.key
