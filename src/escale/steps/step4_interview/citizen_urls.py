"""Pages of step 4 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
