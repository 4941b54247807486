from django.apps import AppConfig


class Step6DeliveryConfig(AppConfig):
    name = "escale.steps.step6_delivery"
    label = "step6_delivery"
