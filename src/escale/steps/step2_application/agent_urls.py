"""Pages of step 2 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
