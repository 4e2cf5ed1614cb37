"""`yifa report 2023 --format html|json`: the year's report as one text, for a file or another program."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone

from .edition import checks, edition
from .views import json_text, plan


def report(year: int, format: str = "html") -> str:
    """The report of a year: its numbers as JSON, or the whole as one page of HTML that needs no other file."""
    made = edition(year, plan(), lambda _, key: f"#{key}")
    if format == "json":
        return json_text(made)
    told = {"edition": made, "checks": checks(year), "at": timezone.now()}
    return render_to_string("report/alone.html", told, using="jinja2")
