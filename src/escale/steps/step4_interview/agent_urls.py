"""Pages of step 4 on the desk."""

from django.urls import path

from escale.steps.step4_interview import (
    agent_views as views,
    agent_views_calendar as calendar,
    agent_views_hours as hours,
    agent_views_pooling as pooling,
    agent_views_room as room,
)

HERE = "bureau/entretien/<str:ref>/"
urlpatterns = [
    path("bureau/agenda/horaires/<int:agent_id>/", hours.desk_hours, name="desk_hours"),
    path("bureau/agenda/jours/", hours.desk_days, name="desk_days"),
    path("bureau/agenda/jours/<int:day_off_id>/rouvrir/", hours.desk_day_open, name="desk_day_open"),
    path("bureau/agenda/renforts/", pooling.desk_pooling, name="desk_pooling"),
    path("bureau/agenda/renforts/<int:pooling_id>/", pooling.desk_pooling_answer, name="desk_pooling_answer"),
    path("bureau/agenda/", calendar.desk_calendar, name="desk_calendar"),
    path("bureau/agenda/salle/", room.desk_waiting_room, name="desk_waiting_room"),
    path(HERE, views.desk_interview, name="desk_interview"),
    path(f"{HERE}messages/", views.desk_room_messages, name="desk_room_messages"),
    path(f"{HERE}commencer/", views.desk_interview_start, name="desk_interview_start"),
    path(f"{HERE}conflit/", views.desk_conflict, name="desk_conflict"),
    path(f"{HERE}fiche/", views.desk_sheet, name="desk_sheet"),
    path(f"{HERE}zone/", views.desk_mrz, name="desk_mrz"),
    path(f"{HERE}defi/", views.desk_challenge, name="desk_challenge"),
    path(f"{HERE}defi/<int:challenge_id>/", views.desk_challenge_judged, name="desk_challenge_judged"),
    path(f"{HERE}panne/", views.desk_interview_failure, name="desk_interview_failure"),
    path(f"{HERE}deplacer/", calendar.desk_interview_move, name="desk_interview_move"),
    path(f"{HERE}annuler/", calendar.desk_interview_cancel, name="desk_interview_cancel"),
    path(f"{HERE}decision/", views.desk_decision, name="desk_decision"),
    path(f"{HERE}numero/", views.desk_number, name="desk_number"),
    path(f"{HERE}image/", room.desk_still_ask, name="desk_still_ask"),
    path(f"{HERE}image/<int:still_id>/", room.desk_still_keep, name="desk_still_keep"),
    path(f"{HERE}image/<int:still_id>/vue", room.desk_still, name="desk_still"),
    path(f"{HERE}secours/", room.desk_backup, name="desk_backup"),
    path(f"{HERE}photo-precedente", room.desk_previous_photo, name="desk_previous_photo"),
    path(f"{HERE}photo", views.desk_interview_photo, name="desk_interview_photo"),
]
