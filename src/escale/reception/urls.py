"""Addresses of the reception."""

from django.urls import URLPattern, path

from escale.reception import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="reception_home"),
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/retour", views.sign_in_return, name="sign_in_return"),
    path("deconnexion/", views.sign_out, name="sign_out"),
]
