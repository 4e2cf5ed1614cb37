"""Addresses of the annual report."""

from django.urls import path

from . import views

app_name = "report"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:number>/", views.of_year, name="year"),
    path("<int:number>/print/", views.printed, name="print"),
    path("<int:number>/figures.json", views.as_json, name="json"),
    path("<int:number>/figures.csv", views.as_csv, name="csv"),
    path("<int:number>/figures/<str:key>/", views.figure_page, name="figure"),
    path("<int:number>/checks/<str:name>/", views.check_page, name="check"),
    path("<int:number>/tables/<str:name>/", views.table_page, name="table"),
]
