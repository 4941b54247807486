"""Pages of step 1 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
