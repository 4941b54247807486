"""Home of the simulators, and the virtual clock."""

from django.urls import path

from escale.partners.kit import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("horloge/", pages.clock_page, name="clock"),
    path("sante/", pages.health, name="health"),
]
