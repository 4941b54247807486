"""Pages of step 8 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
