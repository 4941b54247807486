"""Addresses every site has."""

from django.urls import path, re_path

from escale.ui import views

urlpatterns = [
    path("sante/", views.health, name="health"),
    re_path(r"^langue/(?P<code>fr|en)/$", views.language, name="language"),
]
