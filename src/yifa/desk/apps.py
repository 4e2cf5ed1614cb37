"""The desk as Django knows it."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "yifa.desk"
    verbose_name = "办公桌"
