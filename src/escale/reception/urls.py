"""Addresses of the reception."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
