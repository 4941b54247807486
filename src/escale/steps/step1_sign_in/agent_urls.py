"""Pages of step 1 on the desk."""

from django.urls import path

from escale.steps.step1_sign_in import agent_views as views

urlpatterns = [
    path("bureau/dossiers/<str:ref>/eligibilite/", views.lose, name="desk_eligibility"),
]
