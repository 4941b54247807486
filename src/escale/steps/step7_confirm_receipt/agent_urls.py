"""Pages of step 7 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
