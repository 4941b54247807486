"""Addresses of the simulator, under ``/timbre/``."""

from django.urls import path
from django.views.generic import RedirectView

from escale.partners.kit import faults
from escale.partners.tax_stamp.simulator import api, gateway, notifications, pay_page, shop, soap
from escale.partners.tax_stamp.simulator.stamps import STORE

__all__ = ["notifications", "urlpatterns"]  # notifications registers itself with the ticker when imported

urlpatterns = [
    path("", RedirectView.as_view(url="/timbre/boutique/")),
    path("_pannes", faults.panel(STORE)),
    path("token", gateway.token),
    path("timbres/1.0/consultation", api.consult),
    path("timbres/1.0/reservations/<str:case>", api.reserve),
    path("timbres/1.0/reservations/<str:case>/consommation", api.consume),
    path("timbres/1.0/reservations/<str:case>/liberation", api.release),
    path("timbres/1.0/achats/<str:reference>", api.purchase),
    path("payfip/tpa/services/securite", soap.endpoint),
    path("payfip/tpa/paiementws.web", pay_page.pay),
    path("payfip/operations/", pay_page.listing),
    path("payfip/operations/<str:idop>/notification", pay_page.notify_again),
    path("boutique/", shop.shop),
    path("boutique/<uuid:purchase>/", shop.sold),
    path("boutique/<uuid:purchase>/timbre.pdf", shop.sold_pdf),
]
