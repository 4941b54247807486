"""Pages of step 5 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
