from django.apps import AppConfig


class Step2ApplicationConfig(AppConfig):
    name = "escale.steps.step2_application"
    label = "step2_application"
