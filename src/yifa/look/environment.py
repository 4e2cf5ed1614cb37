"""The Jinja2 environment every page is drawn in."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from tablericons.jinja import icon as tablericons_icon

from . import charts, write
from .cite import cite
from .fields import in_sections
from .spoken import figure, long, spoken, stays_chinese
from .words import language, tag, word


@lru_cache(maxsize=256)
def icon(name: str, size: int = 18, label: str = "") -> Markup:
    """One Tabler icon inline; hidden from screen readers unless it says something of its own."""
    said = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true", "focusable": "false"}
    return Markup(tablericons_icon(f"outline/{name}", size=size, **{"class": "sign"}, **said))


def today() -> date:
    return timezone.localdate()


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _in_language(written: Callable[..., str]) -> Callable[..., str]:
    def filter_(value: Any, *args: Any) -> str:
        return written(value, *args, language=language())

    return filter_


def _near(when: Any, now: date | None = None) -> str:
    return write.short_day(when, now or today(), language())


def _left(due: date | None, now: date | None = None) -> str:
    return write.left(due, now or today(), language())


def environment(**options: Any) -> Environment:
    """Django's Jinja2 backend calls this once. Autoescape is on; a name nobody gave is an error, not a gap."""
    env = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})
    env.globals.update(
        _=word,
        icon=icon,
        static=static,
        url=url,
        language=language,
        page_language=tag,
        today=today,
        charts=charts,
    )
    env.filters.update(
        day=_in_language(write.day),
        moment=_in_language(write.moment),
        yuan=_in_language(write.yuan),
        ten_thousand=_in_language(write.ten_thousand),
        number=write.number,
        short_day=_near,
        left=_left,
        cite=cite,
        word=word,
        spoken=spoken,
        stays_chinese=stays_chinese,
        figure=figure,
        long=long,
        sections=in_sections,
    )
    return env
