"""Pages of step 4 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
