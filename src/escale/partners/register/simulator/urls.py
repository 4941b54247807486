"""Addresses of the simulator: the proposed protocol under ``v1``, and the demonstration's pages."""

from __future__ import annotations

from django.urls import path

from escale.partners.kit.faults import panel
from escale.partners.register.simulator import views
from escale.partners.register.simulator.tries import STORE

urlpatterns = [
    path("v1/inscriptions/verification", views.verify),
    path("inscrits/", views.listing),
    path("inscrits/<str:numic>/", views.details),
    path("_pannes", panel(STORE)),
]
