from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "escale.reception"
    label = "reception"
