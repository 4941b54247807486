from django.apps import AppConfig


class Step5DispatchConfig(AppConfig):
    name = "escale.steps.step5_dispatch"
    label = "step5_dispatch"
