from django.apps import AppConfig


class Texts(AppConfig):
    name = "yifa.texts"
    label = "texts"
    verbose_name = "文本"
    default_auto_field = "django.db.models.BigAutoField"
