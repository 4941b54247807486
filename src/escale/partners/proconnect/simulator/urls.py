"""Addresses of the simulator: ProConnect's own under ``api/v2``, the identity provider's, and the switches."""

from __future__ import annotations

from django.urls import path

from escale.partners.kit.faults import panel
from escale.partners.proconnect.simulator import journey, tokens, views
from escale.partners.proconnect.simulator.protocol import STORE

urlpatterns = [
    path("api/v2/.well-known/openid-configuration", views.discovery),
    path("api/v2/authorize", journey.authorize),
    path("api/v2/token", tokens.token),
    path("api/v2/token/introspection", tokens.introspection),
    path("api/v2/token/revocation", tokens.revocation),
    path("api/v2/userinfo", tokens.userinfo),
    path("api/v2/jwks", views.jwks),
    path("api/v2/session/end", views.end_session),
    path("api/v2/interaction/<str:name>", journey.enter_email),
    path("fournisseur/<str:name>", journey.choose_agent),
    path("_clients", views.declare_client),
    path("_reglages", views.switches),
    path("_pannes", panel(STORE)),
]
