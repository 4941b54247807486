"""Pages of step 6 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
