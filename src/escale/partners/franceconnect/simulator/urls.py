"""Addresses of the simulator: FranceConnect+'s own under ``api/v2``, the identity provider's, and the switches."""

from __future__ import annotations

from django.urls import path

from escale.partners.franceconnect.simulator import journey, tokens, views
from escale.partners.franceconnect.simulator.protocol import STORE
from escale.partners.kit.faults import panel

urlpatterns = [
    path("api/v2/.well-known/openid-configuration", views.discovery),
    path("api/v2/authorize", journey.authorize),
    path("api/v2/token", tokens.token),
    path("api/v2/token/revocation", tokens.revocation),
    path("api/v2/userinfo", tokens.userinfo),
    path("api/v2/jwks", views.jwks),
    path("api/v2/session/end", views.end_session),
    path("api/v2/interaction/<str:name>", journey.choose_provider),
    path("api/v2/interaction/<str:name>/consent", journey.inform),
    path("fournisseur/<str:name>", journey.choose_person),
    path("_clients", views.register_client),
    path("_reglages", views.switches),
    path("_pannes", panel(STORE)),
]
