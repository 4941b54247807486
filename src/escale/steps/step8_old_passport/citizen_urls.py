"""Pages of step 8 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
