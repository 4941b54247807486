"""Pages of step 3 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
