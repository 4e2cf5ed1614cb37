"""Addresses of the citizen's pages; none of them ever holds a receipt code.

Nor a name, but what is searched for: in the published lists of a draw, in statutes and what is published.
"""

from django.urls import path

from . import answering, draws, finding, ledger, receipts, views

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
    path("search/", finding.find, name="search"),
    path("law/", finding.laws, name="laws"),
    path("law/<str:title>/<str:edition>/", finding.law, name="law"),
    path("draws/", draws.draws, name="draws"),
    path("draws/verify_draw.py", draws.script, name="draw_script"),
    path("draws/verify_draw.mjs", draws.module, name="draw_module"),
    path("draws/<int:id>/", draws.draw, name="draw"),
    path("draws/<int:id>/draw.json", draws.draw_file, name="draw_file"),
    path("draws/<int:id>/commitment.json", draws.commitment, name="draw_commitment"),
    path("receipts/", receipts.index, name="receipts"),
    path("receipts/<slug:family>/<slug:key>/<int:month>/", receipts.of_month, name="receipt_list"),
    path("receipts/<slug:family>/<slug:key>/<int:month>.json", receipts.as_json, name="receipt_json"),
    path("data/", views.data, name="data"),
    path("data/<str:key>-<int:number>.csv", views.rows, name="rows"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoints.json", ledger.as_json, name="checkpoints"),
    path("ledger/verify.py", ledger.verifier, name="verifier"),
    path("ledger/proof/", ledger.proof, name="proof"),
    path("a/<str:token>/", answering.answer, name="answer"),
    path("news/<str:channel>/", answering.pushed, name="news"),
]
