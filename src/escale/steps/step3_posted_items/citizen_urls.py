"""Pages of step 3 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
