"""Addresses every site has."""

from django.urls import path, re_path

from escale.ui import views

urlpatterns = [
    path("sante/", views.health, name="health"),
    path("session/", views.session_left, name="session_left"),
    path("session/prolonger/", views.session_extend, name="session_extend"),
    re_path(r"^apparence/(?P<code>auto|light|dark)/$", views.scheme, name="scheme"),
    re_path(r"^langue/(?P<code>fr|en)/$", views.language, name="language"),
]
