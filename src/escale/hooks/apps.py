from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "escale.hooks"
    label = "hooks"
