"""Pages of step 7 on the portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
