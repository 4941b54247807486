from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "escale.desk"
    label = "desk"
