"""Addresses of the reception site (ANTS)."""

from django.urls import include, path

urlpatterns = [
    path("", include("escale.ui.urls")),
    path("", include("escale.reception.urls")),
    path("", include("escale.steps.step7_confirm_receipt.reception_urls")),
]
handler404 = "escale.ui.errors.not_found"
handler500 = "escale.ui.errors.failed"
