"""Django's start: tell the notation which matters this county works in."""

from django.apps import AppConfig
from django.conf import settings

from yifa.procedure.registry import use


class SiteConfig(AppConfig):
    """The room that knows everyone."""

    name = "yifa.site"
    label = "site"
    verbose_name = "依法"

    def ready(self) -> None:
        use(settings.YIFA_MATTERS)
