"""Pages of step 1 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
