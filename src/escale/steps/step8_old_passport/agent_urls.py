"""Pages of step 8 on the desk."""

from django.urls import URLPattern, path

from escale.steps.step8_old_passport import agent_views as views

CASE = "bureau/dossiers/<str:ref>/"
urlpatterns: list[URLPattern] = [
    path("bureau/quarante-jours/", views.board, name="desk_forty_days"),
    path("bureau/signalements/", views.relay, name="desk_relay"),
    path(CASE + "suspension", views.hold, name="desk_hold"),
    path(CASE + "liste", views.decide, name="desk_list_decision"),
    path(CASE + "visa", views.answer_visa, name="desk_visa"),
    path(CASE + "visa/copie", views.visa_copy, name="desk_visa_copy"),
    path(CASE + "titre", views.about_title, name="desk_title"),
    path(CASE + "signalement/retrait", views.ask_withdrawal, name="desk_withdrawal"),
]
