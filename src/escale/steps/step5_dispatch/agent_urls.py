"""Pages of step 5 on the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
