from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "escale.ui"
    label = "ui"
