"""Pages of step 7 on the desk."""

from django.urls import URLPattern, path

from escale.steps.step7_confirm_receipt import agent_views

urlpatterns: list[URLPattern] = [
    path("bureau/dossiers/<str:ref>/debloquer", agent_views.unlock, name="desk_unlock_receipt"),
]
