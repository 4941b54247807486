"""Pages of step 2 on the desk."""

from django.urls import path

from escale.steps.step2_application import agent_views as views

CASE = "bureau/dossiers/<str:ref>/demande/"
urlpatterns = [
    path(CASE + "pieces/<uuid:document>/<int:number>", views.page, name="desk_application_page"),
    path(CASE + "accepter", views.accept, name="desk_application_accept"),
    path(CASE + "ecarter/<slug:kind>", views.overrule, name="desk_application_overrule"),
    path(CASE + "corriger", views.correct, name="desk_application_correct"),
    path(CASE + "terminer", views.end, name="desk_application_end"),
]
