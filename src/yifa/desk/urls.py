"""The desk's addresses. Families and steps are looked up in the registry; unknown ones are 404."""

from django.urls import path

from . import (
    absences,
    account,
    afield,
    calling,
    case,
    drop,
    erase,
    finding,
    inbox,
    listing,
    papers,
    posts,
    room,
    sheets,
    step,
)

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("worker.js", afield.worker, name="worker"),
    path("post/", account.choose_post, name="post"),
    path("search/", finding.find, name="search"),
    path("law/", finding.laws, name="laws"),
    path("law/<str:title>/<str:edition>/", finding.law, name="law"),
    path("account/", account.account, name="account"),
    path("p/", inbox.matters, name="matters"),
    path("p/<slug:family>/", listing.listing, name="listing"),
    path("p/<slug:family>/export.<str:format>", sheets.export_list, name="export"),
    path("p/<slug:family>/import/", sheets.bring, name="import"),
    path("p/<slug:family>/import/form.xlsx", sheets.blank, name="blank"),
    path("p/<slug:family>/new/<slug:step>/", step.begin, name="new"),
    path("case/<int:id>/", case.case, name="case"),
    path("case/<int:id>/do/<slug:step>/", step.take, name="do"),
    path("case/<int:id>/paper/<int:entry>/", papers.read, name="paper"),
    path("case/<int:id>/paper/<int:entry>.<str:format>", papers.download, name="paper_file"),
    path("case/<int:id>/fact/<int:entry>/<str:name>", papers.fact, name="fact"),
    path("case/<int:id>/file/<slug:step>/<str:name>", papers.machine_file, name="file"),
    path("case/<int:id>/erase/", erase.erase, name="erase"),
    path("room/", room.room, name="room"),
    path("room/<int:id>/", calling.ladder, name="ladder"),
    path("room/<int:id>/<int:calling>/", calling.person, name="called"),
    path("drop/", drop.drop, name="drop"),
    path("posts/", posts.posts, name="posts"),
    path("absences/", absences.away, name="absences"),
    path("people/", posts.people, name="people"),
    path("posts/<str:code>/", posts.post, name="holders"),
]
