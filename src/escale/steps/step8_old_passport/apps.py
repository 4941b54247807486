from django.apps import AppConfig


class Step8OldPassportConfig(AppConfig):
    name = "escale.steps.step8_old_passport"
    label = "step8_old_passport"
