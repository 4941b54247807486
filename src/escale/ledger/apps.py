from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "escale.ledger"
    label = "ledger"
