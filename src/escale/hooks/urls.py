"""Addresses of the hooks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
