from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "escale.vault"
    label = "vault"
