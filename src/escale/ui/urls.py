"""Addresses every site has."""

from django.urls import path, re_path

from escale.ui import views

urlpatterns = [
    path("sante/", views.health, name="health"),
    path("session/", views.session_left, name="session_left"),
    path("session/prolonger/", views.session_extend, name="session_extend"),
    path("mes-connexions/", views.my_sessions, name="my_sessions"),
    path("mes-connexions/fermer/", views.close_sessions, name="close_sessions"),
    re_path(r"^apparence/(?P<code>auto|light|dark)/$", views.scheme, name="scheme"),
    re_path(r"^langue/(?P<code>fr|en)/$", views.language, name="language"),
]
