"""Pages of step 7 on the reception site."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
