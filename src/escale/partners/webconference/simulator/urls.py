"""The rooms of the Webconférence and of Visio, and Visio's API for applications."""

from django.urls import path

from escale.partners.kit.faults import panel
from escale.partners.webconference.simulator import pages, visio
from escale.partners.webconference.simulator.rooms import STORE

app_name = "webconference_simulator"
urlpatterns = [
    path("external_api.js", pages.external_api, name="external-api"),
    path("visio/external-api/v1.0/application/token/", visio.token),
    path("visio/external-api/v1.0/rooms/", visio.rooms_collection),
    path("visio/external-api/v1.0/rooms/<uuid:identity>/", visio.one_room),
    path("visio/external-api/v1.0/rooms/<uuid:identity>", visio.one_room),
    path("visio/<slug:slug>", visio.room_page, name="visio-room"),
    path("visio/<slug:slug>/<str:action>", visio.act),
    path("_pannes", panel(STORE)),
    path("<str:room>", pages.room, name="room"),
    path("<str:room>/<str:action>", pages.act),
]
