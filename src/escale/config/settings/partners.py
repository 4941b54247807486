"""Which adapter speaks to each partner, and with which options. Only addresses and keys differ from the simulators."""

from __future__ import annotations

import importlib
import os
from typing import Any

from escale.config import env
from escale.config.settings.base import DATA_DIR, SIMULATORS_URL, SITES
from escale.partners.courier.settings import label_page

# partner → (module of the adapter, name of the class, name of the options function in its settings module)
ADAPTERS: dict[str, tuple[str, str, str]] = {
    "franceconnect": ("escale.partners.franceconnect.adapter", "ADAPTER", "options"),
    "proconnect": ("escale.partners.proconnect.adapter", "ADAPTER", "options"),
    "register": ("escale.partners.register.adapter", "ADAPTER", "options"),
    "tax_stamp": ("escale.partners.tax_stamp.adapter", "ADAPTER", "options"),
    "payment": ("escale.partners.tax_stamp.payment", "PAYMENT_ADAPTER", "payment_options"),
    "courier": ("escale.partners.courier.adapter", "ADAPTER", "options"),
    "webconference": ("escale.partners.webconference.adapter", "ADAPTER", "options"),
    "issuance": ("escale.partners.issuance.adapter", "ADAPTER", "options"),
    "border_alert": ("escale.partners.border_alert.adapter", "ADAPTER", "options"),
    "mailer": ("escale.partners.mailer.adapter", "ADAPTER", "options"),
}


def PARTNER_OPTIONS(name: str) -> dict[str, Any]:
    """Keyword arguments of an adapter, from the environment."""
    module, _, function = ADAPTERS[name]
    settings_module = importlib.import_module(module.rsplit(".", 1)[0] + ".settings")
    options: dict[str, Any] = getattr(settings_module, function)(
        os.environ,
        data_dir=DATA_DIR,
        simulators_url=SIMULATORS_URL,
        portal_url=SITES["portal"],
        desk_url=SITES["desk"],
        reception_url=SITES["reception"],
    )
    return options


# carrier → where an applicant buys its label, when it is not the page of the catalogue (escale.case.carriers)
LABEL_PAGES = {"dhl": label_page(os.environ, simulators_url=SIMULATORS_URL)}

# STUN and TURN servers of the product's own video room, as JSON: [{"urls": "turns:…", "secret": "…"}].
ICE_SERVERS: list[dict[str, Any]] = env.objects("ESCALE_ICE_SERVERS")
