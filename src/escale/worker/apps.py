from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "escale.worker"
    label = "worker"
