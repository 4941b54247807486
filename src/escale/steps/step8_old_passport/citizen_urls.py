"""Pages of step 8 on the portal."""

from django.urls import URLPattern, path

from escale.steps.step8_old_passport import citizen_views as views

CASE = "demande/<str:ref>/deux-obligations/"
urlpatterns: list[URLPattern] = [
    path(CASE, views.duties, name="two_duties"),
    path(CASE + "etiquette", views.generate, name="return_generate"),
    path(CASE + "etiquette.pdf", views.label, name="return_label"),
    path(CASE + "annoncer", views.announce, name="return_announce"),
    path(CASE + "visa", views.ask_to_keep, name="return_visa"),
]
