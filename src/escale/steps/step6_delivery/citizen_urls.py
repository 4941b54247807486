"""Pages of step 6 on the portal."""

from django.urls import URLPattern, path

from escale.steps.step6_delivery import citizen_views

urlpatterns: list[URLPattern] = [
    path("demande/<str:ref>/acheminement/", citizen_views.tracking, name="case_delivery"),
    path("demande/<str:ref>/acheminement/pas-moi", citizen_views.dispute, name="case_delivery_dispute"),
]
