"""Pages of step 6 on the desk."""

from django.urls import URLPattern, path

from escale.steps.step6_delivery import agent_views

urlpatterns: list[URLPattern] = [
    path("bureau/dossiers/<str:ref>/acheminement", agent_views.decide, name="desk_delivery"),
    path("bureau/dossiers/<str:ref>/passage", agent_views.type_scan, name="desk_scan"),
]
