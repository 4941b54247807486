"""Addresses of the portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("escale.ui.urls")),
    path("", include("escale.portal.urls")),
    path("partenaires/", include("escale.hooks.urls")),
    path("", include("escale.steps.step1_sign_in.citizen_urls")),
    path("", include("escale.steps.step2_application.citizen_urls")),
    path("", include("escale.steps.step3_posted_items.citizen_urls")),
    path("", include("escale.steps.step4_interview.citizen_urls")),
    path("", include("escale.steps.step5_dispatch.citizen_urls")),
    path("", include("escale.steps.step6_delivery.citizen_urls")),
    path("", include("escale.steps.step7_confirm_receipt.citizen_urls")),
    path("", include("escale.steps.step8_old_passport.citizen_urls")),
]
handler404 = "escale.ui.errors.not_found"
handler500 = "escale.ui.errors.failed"
