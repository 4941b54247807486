"""Pages of step 4 on the portal."""

from django.urls import path

from escale.steps.step4_interview import (
    citizen_views as views,
    citizen_views_booking as booking,
    citizen_views_presence as second,
)

urlpatterns = [
    path("demande/<str:ref>/rendez-vous/", booking.interview_booking, name="interview_booking"),
    path("demande/<str:ref>/rendez-vous/confirmer/", booking.interview_confirm, name="interview_confirm"),
    path("demande/<str:ref>/rendez-vous/horloge/", booking.interview_clock, name="interview_clock"),
    path("demande/<str:ref>/rendez-vous/langue/", booking.interview_language, name="interview_language"),
    path("demande/<str:ref>/rendez-vous/attente/", booking.interview_waiting, name="interview_waiting"),
    path("demande/<str:ref>/rendez-vous/annuler/", booking.interview_cancel, name="interview_cancel"),
    path("demande/<str:ref>/rendez-vous/entretien.ics", booking.interview_calendar, name="interview_calendar"),
    path("demande/<str:ref>/essai/", views.rehearsal, name="rehearsal"),
    path("demande/<str:ref>/salle/", views.room, name="room"),
    path("demande/<str:ref>/salle/messages/", views.room_messages, name="room_messages"),
    path("demande/<str:ref>/salle/presence/", second.room_presence, name="room_presence"),
    path("presence/", second.presence, name="presence"),
    path("demande/<str:ref>/salle/panne/", views.room_failure, name="room_failure"),
    path("demande/<str:ref>/recepisse/", views.receipt_of_request, name="receipt_of_request"),
    path("demande/<str:ref>/recepisse/recepisse.pdf", views.receipt_file, name="receipt_file"),
]
