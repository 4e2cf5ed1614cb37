from django.apps import AppConfig


class Calls(AppConfig):
    name = "yifa.calls"
    label = "calls"
    verbose_name = "叫应"
    default_auto_field = "django.db.models.BigAutoField"
