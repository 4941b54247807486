"""Addresses of the portal; each step adds its own."""

from django.urls import path

from escale.portal import case_views, opinion_views, public_views

urlpatterns = [
    path("", public_views.home, name="home"),
    path("verifier/", public_views.self_check_start, name="self_check"),
    path("verifier/resultat/", public_views.self_check_result, name="self_check_result"),
    path("verifier/<slug:slug>/", public_views.self_check_question, name="self_check_question"),
    path("documents/", public_views.documents, name="documents"),
    path("aide/", public_views.help_page, name="help"),
    path("delais/", public_views.delays_page, name="delays"),
    path("delais.json", public_views.delays_json, name="delays_json"),
    path("accessibilite/", public_views.accessibility, name="accessibility"),
    path("donnees-personnelles/", public_views.privacy, name="privacy"),
    path("mentions-legales/", public_views.legal, name="legal"),
    path("mes-demandes/", case_views.my_cases, name="my_cases"),
    path("demande/<str:ref>/", case_views.case_home, name="case_home"),
    path("demande/<str:ref>/messages/", case_views.case_messages, name="case_messages"),
    path("demande/<str:ref>/historique/", case_views.history, name="case_history"),
    path("demande/<str:ref>/avis/", opinion_views.opinion, name="case_opinion"),
    path("demande/<str:ref>/mes-donnees/", case_views.my_data, name="case_data"),
]
