"""Addresses of the desk's own pages; each step adds its own."""

from django.urls import path

from escale.desk import sign_in_views, supervision_views, views

urlpatterns = [
    path("", views.root, name="desk_root"),
    path("connexion/", sign_in_views.sign_in, name="sign_in"),
    path("connexion/retour", sign_in_views.sign_in_return, name="sign_in_return"),
    path("deconnexion/", sign_in_views.sign_out, name="sign_out"),
    path("bureau/", views.home, name="desk_home"),
    path("bureau/dossiers/", views.cases, name="desk_cases"),
    path("bureau/dossiers/vues/", views.keep_view, name="desk_views"),
    path("bureau/dossiers/suivant/", views.next_case, name="desk_next"),
    path("bureau/dossiers/<str:ref>/", views.case_file, name="desk_case"),
    path("bureau/dossiers/<str:ref>/foyer/", views.household, name="desk_household"),
    path("bureau/dossiers/<str:ref>/dossier/", views.dossier, name="desk_dossier"),
    path("bureau/dossiers/<str:ref>/note", views.add_note, name="desk_note"),
    path("bureau/dossiers/<str:ref>/prendre", views.take, name="desk_take"),
    path("bureau/poste-regarde/", supervision_views.look_at, name="desk_look_at"),
    path("bureau/poste/", supervision_views.post_settings, name="desk_post"),
    path("bureau/equipe/", supervision_views.team, name="desk_team"),
    path("bureau/equipe/<int:agent_id>/", supervision_views.rights, name="desk_rights"),
    path("bureau/partenaires/", supervision_views.partners, name="desk_partners"),
    path("bureau/statistiques/", supervision_views.statistics, name="desk_statistics"),
    path("bureau/journal/", supervision_views.journal, name="desk_journal"),
]
