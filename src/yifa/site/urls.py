"""Every address of the site. Nothing is shown to a stranger unless its view says `login_not_required`."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from yifa.site.views import once

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yifa.portal.urls")),
    path("desk/", include("yifa.desk.urls")),
    path("report/", include("yifa.report.urls")),
    path("accounts/once/", once, name="once"),
    path("accounts/", include("allauth.urls")),
    path("language/", login_not_required(set_language), name="language"),
]

handler400 = "yifa.site.views.bad_request"
