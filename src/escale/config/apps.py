"""Wires the house when Django starts."""

from django.apps import AppConfig
from django.conf import settings


class EscaleConfig(AppConfig):
    name = "escale.config"
    label = "escale_config"

    def ready(self) -> None:
        from escale.config import checks  # noqa: F401, PLC0415 - registers the system checks
        from escale.partners import registry  # noqa: PLC0415 - adapters need the settings

        registry.install(settings.ADAPTERS, settings.PARTNER_OPTIONS)
