from django.apps import AppConfig


class Step7ConfirmReceiptConfig(AppConfig):
    name = "escale.steps.step7_confirm_receipt"
    label = "step7_confirm_receipt"
