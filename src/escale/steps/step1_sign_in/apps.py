from django.apps import AppConfig


class Step1SignInConfig(AppConfig):
    name = "escale.steps.step1_sign_in"
    label = "step1_sign_in"
