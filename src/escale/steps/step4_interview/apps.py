from django.apps import AppConfig


class Step4InterviewConfig(AppConfig):
    name = "escale.steps.step4_interview"
    label = "step4_interview"
