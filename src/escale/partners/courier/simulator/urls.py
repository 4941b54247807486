"""Addresses of the simulator, under ``/dhl/``."""

from django.urls import path
from django.views.generic import RedirectView

from escale.partners.courier.simulator import api, life, pages
from escale.partners.courier.simulator.parcels import STORE
from escale.partners.kit import faults

__all__ = ["life", "urlpatterns"]  # life registers itself with the ticker when imported

urlpatterns = [
    path("", RedirectView.as_view(url="/dhl/colis/")),
    path("_pannes", faults.panel(STORE)),
    path("mydhlapi/shipments", api.create),
    path("mydhlapi/shipments/<str:number>/tracking", api.track),
    path("mydhlapi/shipments/<str:number>/proof-of-delivery", api.proof_of_delivery),
    path("mydhlapi/shipments/<str:number>/get-image", api.image),
    path("mydhlapi/tracking", api.track_many),
    path("colis/", pages.listing),
    path("colis/<str:waybill>/", pages.parcel_page),
    path("colis/<str:waybill>/etiquette.pdf", pages.label_pdf),
    path("colis/<str:waybill>/evenement", pages.act, {"action": "evenement"}),
    path("colis/<str:waybill>/scenario", pages.act, {"action": "scenario"}),
    path("colis/<str:waybill>/perdu", pages.act, {"action": "perdu"}),
    path("etiquettes/", pages.shop),
    path("etiquettes/<str:waybill>/", pages.sold),
    path("etiquettes/<str:waybill>/etiquette.pdf", pages.label_pdf),
]
