from django.apps import AppConfig


class Step3PostedItemsConfig(AppConfig):
    name = "escale.steps.step3_posted_items"
    label = "step3_posted_items"
