"""Addresses of the simulator."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
