"""Pages of step 5 on the portal."""

from django.urls import URLPattern, path

from escale.steps.step5_dispatch import citizen_views

urlpatterns: list[URLPattern] = [path("demande/<str:ref>/renvoi/", citizen_views.resend, name="case_resend")]
