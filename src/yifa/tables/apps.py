from django.apps import AppConfig


class Tables(AppConfig):
    name = "yifa.tables"
    label = "tables"
    verbose_name = "表格"
