"""Addresses of the citizen's pages; none of them ever holds a receipt code or a name."""

from django.urls import path

from . import ledger, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("guide/", views.guides, name="guides"),
    path("guide/<slug:key>/", views.guide_page, name="guide"),
    path("apply/<slug:key>/", views.apply, name="apply"),
    path("follow/", views.follow, name="follow"),
    path("follow/case/", views.case, name="case"),
    path("follow/end/", views.leave, name="leave"),
    path("follow/paper/<int:entry>/", views.paper, name="paper"),
    path("follow/paper/<int:entry>.<str:format>", views.paper_file, name="paper_file"),
    path("follow/do/<slug:key>/", views.do, name="do"),
    path("answers/", views.answers_page, name="answers"),
    path("data/", views.data, name="data"),
    path("data/<str:key>-<int:number>.csv", views.rows, name="rows"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoints.json", ledger.as_json, name="checkpoints"),
    path("ledger/verify.py", ledger.verifier, name="verifier"),
    path("ledger/proof/", ledger.proof, name="proof"),
]
