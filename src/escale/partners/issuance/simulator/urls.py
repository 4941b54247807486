"""The API of "titres-sim/1" and its pages."""

from django.urls import path

from escale.partners.issuance.simulator import api, pages
from escale.partners.issuance.simulator.titles import STORE
from escale.partners.kit.faults import panel

app_name = "issuance_simulator"
urlpatterns = [
    path("", pages.all_orders),
    path("demandes/", pages.all_orders, name="orders"),
    path("demandes/<str:reference>", api.order, name="order"),
    path("demandes/<str:reference>/", pages.one_order, name="one-order"),
    path("demandes/<str:reference>/avancer", pages.advance, name="advance"),
    path("demandes/<str:reference>/rejeter", pages.reject, name="reject"),
    path("demandes/<str:reference>/page.<str:kind>", pages.produced_page, name="produced-page"),
    path("evenements", api.events),
    path("specimens/", pages.specimens, name="specimens"),
    path("specimens/<str:login>.<str:kind>", pages.specimen_page, name="specimen-page"),
    path("titres/activation-attendue", api.expect_receipt),
    path("titres/receptions", api.confirm_receipt),
    path("titres/invalidations", api.invalidate),
    path("titres/etat", api.state),
    path("titres/consultation", api.consult),
    path("_pannes", panel(STORE)),
]
