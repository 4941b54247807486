"""The API of "sltd-relay/1", the border check and the register of records."""

from django.urls import path

from escale.partners.border_alert.simulator import api, pages
from escale.partners.border_alert.simulator.records import STORE
from escale.partners.kit.faults import panel

app_name = "border_alert_simulator"
urlpatterns = [
    path("", pages.border),
    path("frontiere/", pages.border, name="border"),
    path("enregistrements/", pages.records_page, name="records"),
    path("documents", api.documents),
    path("documents/search", api.search),
    path("documents/counts", api.counts),
    path("documents/<str:identity>", api.document),
    path("_pannes", panel(STORE)),
]
