"""Pages of step 6 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
