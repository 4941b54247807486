"""Addresses of the desk."""

from django.urls import include, path

urlpatterns = [
    path("", include("escale.ui.urls")),
    path("", include("escale.desk.urls")),
    path("", include("escale.steps.step1_sign_in.agent_urls")),
    path("", include("escale.steps.step2_application.agent_urls")),
    path("", include("escale.steps.step3_posted_items.agent_urls")),
    path("", include("escale.steps.step4_interview.agent_urls")),
    path("", include("escale.steps.step5_dispatch.agent_urls")),
    path("", include("escale.steps.step6_delivery.agent_urls")),
    path("", include("escale.steps.step7_confirm_receipt.agent_urls")),
    path("", include("escale.steps.step8_old_passport.agent_urls")),
]
handler404 = "escale.ui.errors.not_found"
handler500 = "escale.ui.errors.failed"
