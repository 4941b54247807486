"""Settings of the simulators' own process: no product database, no product code but ports and values."""

from __future__ import annotations

import os
from pathlib import Path

DATA_DIR = Path(os.environ.get("ESCALE_DATA_DIR", "var")).resolve()
DEBUG = False
SECRET_KEY = "simulators-only-demonstration"  # nothing of value is signed with it: production never mounts simulators
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "escale.config.simulator_urls"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "fr"
INSTALLED_APPS = [
    "escale.partners.kit",
    "escale.partners.franceconnect",
    "escale.partners.proconnect",
    "escale.partners.register",
    "escale.partners.tax_stamp",
    "escale.partners.courier",
    "escale.partners.webconference",
    "escale.partners.issuance",
    "escale.partners.border_alert",
    "escale.partners.mailer",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "escale.partners.kit.guide.shown"],
        },
    }
]
DATABASES: dict[str, dict[str, object]] = {}
DATA_UPLOAD_MAX_MEMORY_SIZE = 30_000_000
PORTAL_URL = os.environ.get("ESCALE_PORTAL_URL", "http://127.0.0.1:8000")
RECEPTION_URL = os.environ.get("ESCALE_RECEPTION_URL", "http://127.0.0.1:8001")
DESK_URL = os.environ.get("ESCALE_DESK_URL", "http://127.0.0.1:8002")
SIMULATORS_URL = os.environ.get("ESCALE_SIMULATORS_URL", "http://127.0.0.1:8100")
SMTP_PORT = int(os.environ.get("ESCALE_SMTP_PORT", "8125"))
