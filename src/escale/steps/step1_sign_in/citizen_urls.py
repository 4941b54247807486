"""Pages of step 1 on the portal."""

from django.urls import path

from escale.steps.step1_sign_in import citizen_views as views

urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/retour", views.sign_in_return, name="sign_in_return"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("registre/", views.register_match, name="register_match"),
    path("demande/<str:ref>/eligibilite/passeport/", views.eligibility_passport, name="eligibility_passport"),
    path("demande/<str:ref>/eligibilite/situation/", views.eligibility_situation, name="eligibility_situation"),
    path("demande/<str:ref>/conditions/", views.ineligible, name="ineligible"),
]
