"""System checks: what must never be true in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register
def production_is_real(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Production refuses the virtual clock's demonstration keys, plain HTTP and simulators."""
    if not settings.PRODUCTION:
        return []
    found = []
    if (
        "demonstration" in settings.SECRET_KEY
        or "demonstration" in settings.INDEX_KEY
        or "demo:" in settings.VAULT_KEYS
    ):
        found.append(
            Error(
                "Demonstration keys in production.",
                hint="Set ESCALE_SECRET_KEY, ESCALE_VAULT_KEYS, ESCALE_INDEX_KEY.",
                id="escale.E001",
            )
        )
    if not settings.SECURE_COOKIES:
        found.append(
            Error("A site is not served over https.", hint="Set ESCALE_*_URL to https addresses.", id="escale.E002")
        )
    if not all((settings.PUBLISHER, settings.PUBLICATION_DIRECTOR, settings.HOSTING, settings.DATA_PROTECTION_CONTACT)):
        found.append(
            Error(
                "The legal notice does not say who publishes and hosts the service.",
                hint="Set ESCALE_PUBLISHER and the settings beside it (docs/operations.md).",
                id="escale.E005",
            )
        )
    for name in settings.ADAPTERS:
        try:
            options = settings.PARTNER_OPTIONS(name)
        except ValueError as unusable:
            found.append(Error(f"{name} cannot be used: {unusable}", hint="See docs/operations.md.", id="escale.E004"))
            continue
        if settings.SIMULATORS_URL in str(options):
            found.append(
                Error(f"{name} points at the simulators.", hint="Set its address (docs/partners).", id="escale.E003")
            )
    return found
