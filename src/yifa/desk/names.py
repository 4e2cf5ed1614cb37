"""What offices and posts are called in a list or a sentence, in the reader's language."""

from datetime import date

from yifa.look.words import language
from yifa.people.offices import office
from yifa.people.posts import post_title


def office_label(code: str, on: date | None = None) -> str:
    """The short name where there is one: lists are narrow."""
    try:
        row = office(code, on)
    except KeyError:
        return code
    return row.name_en or row.name if language() == "en" else row.short or row.name


def post_label(code: str) -> str:
    return post_title(code, lang=language())
