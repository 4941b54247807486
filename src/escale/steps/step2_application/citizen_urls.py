"""Pages of step 2 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
